"""Source to passages: reads sheets, repairs them, splits them. Knows no vector, no model, no web."""
