"""Version store: where the versions of an index are kept, and what is done with them there, whatever the place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from index.build import Built
from index.manifest import IndexMissing, Manifest
from index.opened import Index
from ingest.sheet import Access, Document

_REMEMBERED = 20  # versions that were current


class VersionStore(Protocol):
    """Versions in a folder of this machine (`FolderStore`) or in PostgreSQL (`PostgresqlStore`)."""

    def alone(self) -> AbstractContextManager[None]:
        """Be the only one to change the versions, on any machine; or raise a Refusal."""

    def build(self, build: Callable[[Path], Built]) -> Built:
        """Keep the version that `build` writes into the folder it is given. It is not current yet."""

    def promote(self, version: str) -> None:
        """Make a version the current one, by one atomic step."""

    def current(self) -> str | None:
        """The name of the current version, or None when there is no index."""

    def manifests(self, access: Access = "members") -> list[Manifest]:
        """What readers of this access may know of the versions, newest first; those that cannot be read are left out.

        Staff see them whole.
        """

    def open(self, model: str, access: Access, version: str | None = None) -> Index:
        """A version, the current one by default, for readers of this access.

        Raises IndexMissing, IndexCorrupt or IndexStale.
        """

    def read_documents(self, version: str) -> list[Document]:
        """The members' documents of a version; none if they cannot be read."""

    def note_recall(self, version: str, recall: float | None, golden: str) -> None:
        """Write in a version's manifest what share of these golden questions it answered."""

    def verify(self, version: str | None = None) -> Manifest:
        """The manifest of a version, the current one by default, once all of it is checked; or raise as `open`."""

    def roll_back(self, model: str, version: str | None = None) -> Manifest:
        """Make a version current again, by default the one that was before this one, once it is checked.

        Raises IndexMissing, IndexCorrupt or IndexStale; the current version then stays.
        """

    def remove(self, version: str) -> None:
        """Forget a version."""

    def clean(self, keep: int) -> None:
        """Remove what interrupted runs left, and the oldest versions beyond `keep`; the current one always stays."""


def choose_served(served: Sequence[str], kept: Sequence[str], version: str | None) -> list[str]:
    """The version to go back to, then those that were current before it; or raise IndexMissing.

    `served` is the current version, then those before it; without a `version` it is the last one of those still `kept`.
    """
    before = [name for name in served[1:] if name in kept]
    wanted = version or next(iter(before), None)
    if wanted is None:
        raise IndexMissing("Aucune des versions gardées n'a été en service avant celle-ci.")
    if wanted not in kept:
        known = ", ".join(kept) or "aucune"
        raise IndexMissing(f"Version {wanted!r} inconnue ou illisible. Versions gardées : {known}.")
    # What was left is no place to come back to: going back once more goes one further.
    return before if version is None else put_first(version, served)


def put_first(version: str, served: Sequence[str]) -> list[str]:
    """The versions that were current, newest first, once this one is."""
    return [version, *(name for name in served if name != version)][:_REMEMBERED]
