"""Versions in a folder of this machine: one folder a version, and a file that tells which one is current."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from index import version_folder
from index.build import Built
from index.manifest import IndexCorrupt, IndexMissing, IndexStale, Manifest, check_model
from index.opened import Index
from index.storage.version_store import choose_served, put_first
from index.version_folder import flush, open_version, read_manifest, verify_version
from ingest.sheet import Access, Document

_CURRENT = "current"


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
        """Make a version the current one, by one atomic step."""
        self._point(put_first(version, self._read_served()))

    def current(self) -> str | None:
        """The name of the current version, or None when there is no index."""
        return next(iter(self._read_served()), None)

    def manifests(self, access: Access = "members") -> list[Manifest]:
        """The manifests of the versions on the disk, newest first; those that cannot be read are left out.

        The whole ones, as staff see them; for whoever answers visitors, theirs.
        """
        manifests = []
        for folder in sorted(self.index_dir.glob("[0-9]*"), reverse=True):
            try:
                manifests.append(read_manifest(folder, access))
            except (IndexCorrupt, IndexStale):
                continue
        return manifests

    def open(self, model: str, access: Access, version: str | None = None) -> Index:
        """A version, the current one by default, for readers of this access.

        Opened for the public, the members' folder is not touched. Raises IndexMissing, IndexCorrupt or IndexStale.
        """
        return open_version(self._find_folder(version), model, access)

    def read_documents(self, version: str) -> list[Document]:
        """The members' documents of a version; none if they cannot be read."""
        return version_folder.read_documents(self.index_dir / version)

    def note_recall(self, version: str, recall: float | None, golden: str) -> None:
        """Write in the whole manifest of a version what share of these golden questions it answered."""
        version_folder.note_recall(self.index_dir / version, recall, golden)

    def verify(self, version: str | None = None) -> Manifest:
        """The manifest of a version (the current one by default) once every file is checked, or raise as `open`."""
        if version and not (self.index_dir / version).is_dir():
            kept = ", ".join(manifest.version for manifest in self.manifests()) or "aucune"
            raise IndexMissing(f"Version {version!r} inconnue. Versions gardées : {kept}.")
        return verify_version(self._find_folder(version))

    def roll_back(self, model: str, version: str | None = None) -> Manifest:
        """Make a version current again, by default the one that was before this one, once its files are checked.

        Raises IndexMissing, IndexCorrupt or IndexStale; the current version then stays.
        """
        names = [manifest.version for manifest in self.manifests()]
        served = choose_served(self._read_served(), names, version)
        manifest = self.verify(served[0])
        check_model(manifest, model)
        read_manifest(self.index_dir / served[0], "public")  # it must be one that visitors can be answered from
        self._point(served)
        return manifest

    def remove(self, version: str) -> None:
        """Forget a version. Renamed first, so that one half removed is never taken for a whole one."""
        doomed = self.index_dir / f".removed-{version}"
        (self.index_dir / version).rename(doomed)
        shutil.rmtree(doomed, ignore_errors=True)

    def clean(self, keep: int) -> None:
        """Remove what interrupted runs left, and the oldest versions beyond `keep`; the current one always stays.

        To be called by the only program that writes here.
        """
        for leftover in self.index_dir.glob(".*"):
            if leftover.is_dir():
                shutil.rmtree(leftover, ignore_errors=True)
            else:
                leftover.unlink(missing_ok=True)
        current = self.current()
        names = sorted((folder.name for folder in self.index_dir.glob("[0-9]*") if folder.is_dir()), reverse=True)
        for name in [name for name in names if name != current][max(0, keep - 1) :]:
            self.remove(name)

    def _find_folder(self, version: str | None) -> Path:
        """The folder of a version, the current one by default; or raise IndexMissing."""
        wanted = version or self.current()
        if wanted is None:
            raise IndexMissing(f"Il n'y a pas encore d'index dans {self.index_dir}. Lancez : assistant reindex")
        return self.index_dir / wanted

    def _read_served(self) -> list[str]:
        """The current version, then those that were current before it, newest first."""
        try:
            return (self.index_dir / _CURRENT).read_text(encoding="utf-8").split()
        except FileNotFoundError:
            return []

    def _point(self, versions: Sequence[str]) -> None:
        pointer = self.index_dir / f".{_CURRENT}-{secrets.token_hex(4)}"
        try:
            pointer.write_text("\n".join(versions), encoding="utf-8")
            flush(pointer)
            os.replace(pointer, self.index_dir / _CURRENT)
        except BaseException:
            pointer.unlink(missing_ok=True)
            raise
