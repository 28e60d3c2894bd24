"""Exports: answers and lists as files to take away."""
