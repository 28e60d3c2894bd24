"""Sharing: an answer at an address of its own, frozen as it was given, for whom whoever made it chose."""
