"""Evaluation: judged sets are asked and measured; the adapter trained on them is kept if nothing got worse."""
