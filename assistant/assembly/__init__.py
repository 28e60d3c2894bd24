"""Assembly: what answers and reindexings work with, opened once as the settings say."""
