"""Signals: what says that a text answers a question, each built, saved, loaded and searched alone."""
