"""Bringing: tables that staff bring by the browser: kept, described, previewed, read beside the settings' sources."""
