"""Signing in, what is the same for staff and members: limits of tries, password checks, forms."""
