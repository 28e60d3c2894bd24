"""Scope: what is answered and what is not: signs that no sheet answers, names no sheet knows, what is declined."""
