"""Dialogue: a question read with what came before it."""
