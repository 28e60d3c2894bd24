"""Encoding: texts to vectors by the embedding model, whose reading of one question has a budget."""
