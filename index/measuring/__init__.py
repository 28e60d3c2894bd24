"""Measuring: how good rankings, filters and answers are against judged sets."""
