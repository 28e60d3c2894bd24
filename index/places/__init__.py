"""Places: those that a question names, with what they cover."""
