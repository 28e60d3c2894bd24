"""Serving: what a running server answers from, and where its questions come in."""
