"""Passages to hits: embeds, indexes, searches. Knows no prompt, no web."""
