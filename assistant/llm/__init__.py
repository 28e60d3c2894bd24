"""The language model, when there is one: what it is told, what it is given, what is kept of what it writes."""
