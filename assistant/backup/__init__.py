"""Backup: all that matters in a data directory and its database, in one archive, and back."""
