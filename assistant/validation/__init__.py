"""Validation: what people write in settings, forms and requests, checked and told in French."""
