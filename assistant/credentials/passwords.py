"""Passwords: kept as argon2 hashes, compared in a time that does not tell whether the account exists."""

import secrets
import unicodedata
from functools import cached_property

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from ingest.refusal import Refusal

SHORTEST_PASSWORD = 12  # characters
LONGEST_PASSWORD = 1000


class PasswordWrong(Refusal):
    """A password cannot be chosen; the message says why, in French."""


class Passwords:
    """Makes and compares hashes. argon2 takes 64 MiB and some tenths of a second for each."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher()

    def hash(self, password: str) -> str:
        """What is kept of a password; or raise PasswordWrong."""
        check_password(password)
        return self._hasher.hash(_tidy_password(password))

    def is_right(self, expected: str | None, password: str) -> bool:
        """Whether a password is the one kept. Without one to compare with, it takes as much time to say no."""
        try:
            self._hasher.verify(expected or self._decoy, _tidy_password(password[:LONGEST_PASSWORD]))
        except (VerificationError, InvalidHashError):
            return False
        return expected is not None

    def is_dated(self, kept: str) -> bool:
        """Whether a hash was made with parameters that are not today's."""
        return self._hasher.check_needs_rehash(kept)

    @cached_property
    def _decoy(self) -> str:
        """The hash of a password that nobody has."""
        return self._hasher.hash(secrets.token_hex())


def check_password(password: str) -> None:
    """Raise PasswordWrong when a password is too short or too long."""
    if not SHORTEST_PASSWORD <= len(_tidy_password(password)) <= LONGEST_PASSWORD:
        raise PasswordWrong(
            f"Le mot de passe doit avoir au moins {SHORTEST_PASSWORD} caractères ({LONGEST_PASSWORD} au plus). "
            "Quelques mots sans lien entre eux conviennent bien."
        )


def _tidy_password(password: str) -> str:
    """The same accents typed on two keyboards may be other characters."""
    return unicodedata.normalize("NFC", password)
