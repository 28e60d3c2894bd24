"""Credentials: passwords, keys and signatures, how they are made, kept and compared."""
