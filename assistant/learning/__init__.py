"""Learning: what staff learn from what people ask - questions kept without who asked, opinions, rulings of staff."""
