"""Training: pairs made from sheets tune an adapter of the default model."""
