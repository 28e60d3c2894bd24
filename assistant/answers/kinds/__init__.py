"""Kinds: the forms of answers, one module each, which exports one `Kind`."""
