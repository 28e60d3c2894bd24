"""Version store: where the versions of an index are kept, and what is done with them there, whatever the place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from index import versions
from index.build import Built
from index.versions import Index, Manifest
from ingest.sheet import Access, Document


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


@dataclass(frozen=True)
class FolderStore:
    """Versions in a folder. Whoever changes them holds the lock of the data directory."""

    index_dir: Path

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Nothing to do: the folder is of this machine, whose lock is held."""
        yield

    def build(self, build: Callable[[Path], Built]) -> Built:
        """Let it be written in its place."""
        return build(self.index_dir)

    def promote(self, version: str) -> None:
        """See `versions.promote`."""
        versions.promote(self.index_dir, version)

    def current(self) -> str | None:
        """See `versions.current_version`."""
        return versions.current_version(self.index_dir)

    def manifests(self, access: Access = "members") -> list[Manifest]:
        """See `versions.list_versions`."""
        return versions.list_versions(self.index_dir, access)

    def open(self, model: str, access: Access, version: str | None = None) -> Index:
        """See `versions.open_index`."""
        return versions.open_index(self.index_dir, model, access, version)

    def read_documents(self, version: str) -> list[Document]:
        """See `versions.read_documents`."""
        return versions.read_documents(self.index_dir / version)

    def note_recall(self, version: str, recall: float | None, golden: str) -> None:
        """See `versions.note_recall`."""
        versions.note_recall(self.index_dir, version, recall, golden)

    def verify(self, version: str | None = None) -> Manifest:
        """See `versions.verify_version`."""
        return versions.verify_version(self.index_dir, version)

    def roll_back(self, model: str, version: str | None = None) -> Manifest:
        """See `versions.roll_back`."""
        return versions.roll_back(self.index_dir, model, version)

    def remove(self, version: str) -> None:
        """See `versions.remove_version`."""
        versions.remove_version(self.index_dir, version)

    def clean(self, keep: int) -> None:
        """See `versions.clean_versions`."""
        versions.clean_versions(self.index_dir, keep)
