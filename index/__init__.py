"""Passages to hits: embeds, indexes, searches. Knows no prompt, no web.

Imports go one way, each room uses those before it alone: encoding; signals and places; the modules that lie here (what
a version holds, how it is built and opened: manifest, passages, sheet_index, catalogue, build, version_folder, opened);
storage and ranking; measuring and training.
"""
