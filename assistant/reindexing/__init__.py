"""Reindexing: sources become a version in service, judged before it takes its place, and told to staff."""
