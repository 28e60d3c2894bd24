"""Numbers, counts, dates and delays as French writes them."""
