"""Keys: what opens something for whoever holds it. The database keeps their hash: who reads it can open nothing."""

import hashlib
import secrets


def make_key() -> str:
    """A key that nobody can guess."""
    return secrets.token_urlsafe(32)


def hash_key(key: str) -> str:
    """What is kept of a key."""
    return hashlib.sha256(key.encode()).hexdigest()
