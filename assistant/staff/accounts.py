"""Staff accounts: who may open the pages of administration; names and argon2 hashes, in one file."""

import fcntl
import hashlib
import json
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from assistant.credentials.passwords import Passwords
from assistant.credentials.private_file import write_private
from ingest.refusal import Refusal

_LONGEST_NAME, _MARKS = 64, ".@-_"  # characters, and those of a name that are no letters nor figures


class StaffWrong(Refusal):
    """An account cannot be made, found or read; the message says why and how to mend it, in French."""


class StaffAccounts:
    """The accounts of a data directory. Names are known whatever their case, passwords by their hash alone."""

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / "staff.json"
        self._lock = data_dir / "staff.lock"
        self._passwords = Passwords()

    def add(self, name: str, password: str) -> str:
        """Make an account and give its name as it is kept; or raise StaffWrong."""
        name = tidy_name(name)
        if not 1 <= len(name) <= _LONGEST_NAME or not all(each.isalnum() or each in _MARKS for each in name):
            raise StaffWrong(
                f"Nom {name!r} impossible : 64 lettres, chiffres, points, tirets ou @ au plus, sans espace."
            )
        kept = self._passwords.hash(password)
        with self._editing() as hashes:
            if name in hashes:
                raise StaffWrong(
                    f"Le compte {name!r} existe déjà. Pour changer son mot de passe, retirez-le "
                    f"(assistant staff remove {name}) puis ajoutez-le de nouveau."
                )
            hashes[name] = kept
        return name

    def list_names(self) -> list[str]:
        """The names, in order; or raise StaffWrong when the file cannot be read."""
        return sorted(self._read())

    def remove(self, name: str) -> str:
        """Forget an account, whose sessions end; or raise StaffWrong."""
        name = tidy_name(name)
        with self._editing() as hashes:
            if name not in hashes:
                known = ", ".join(sorted(hashes)) or "aucun"
                raise StaffWrong(f"Il n'y a pas de compte {name!r}. Comptes : {known}.")
            del hashes[name]
        return name

    def check(self, name: str, password: str) -> str | None:
        """The account's name when the password is its own. An unknown name costs as much time as a known one."""
        name = tidy_name(name)
        expected = self._read().get(name)
        if not self._passwords.is_right(expected, password) or expected is None:
            return None
        if self._passwords.is_dated(expected):
            self._hash_anew(name, expected, password)
        return name

    def find_mark(self, name: str) -> str | None:
        """What stands for an account and its password: another when the password is another, None without account."""
        known = self._read().get(name)
        return hashlib.sha256(known.encode()).hexdigest() if known else None

    def _hash_anew(self, name: str, expected: str, password: str) -> None:
        """Keep the password with today's parameters, unless the account changed meanwhile."""
        anew = self._passwords.hash(password)
        with self._editing() as hashes:
            if hashes.get(name) == expected:
                hashes[name] = anew

    @contextmanager
    def _editing(self) -> Iterator[dict[str, str]]:
        """The accounts, written when the block ends; one program at a time."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._lock.open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            hashes = self._read()
            yield hashes
            write_private(self._path, json.dumps(hashes, ensure_ascii=False, indent=1))

    def _read(self) -> dict[str, str]:
        try:
            return TypeAdapter(dict[str, str]).validate_json(self._path.read_bytes())
        except FileNotFoundError:
            return {}
        except (OSError, ValidationError) as error:
            raise StaffWrong(
                f"Le fichier des comptes {str(self._path)!r} ne se lit pas. Vérifiez ses droits, ou déplacez-le "
                "et refaites les comptes : assistant staff add NOM"
            ) from error


def tidy_name(name: str) -> str:
    """A name as it is kept, whatever the keyboard and the case."""
    return unicodedata.normalize("NFC", name).strip().casefold()
