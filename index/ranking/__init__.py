"""Ranking: a question and an opened version become hits."""
