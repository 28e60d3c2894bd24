"""Documents: the files of the members' documents, and what can be shown of each."""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from index.manifest import Manifest
from index.opened import Index
from ingest.passage import Passage
from ingest.pdf import DocumentLocked, is_locked, unlock_pdf
from ingest.refusal import Refusal
from ingest.source import DocumentFile, locate_documents
from ingest.source_list import Source

_log = logging.getLogger(__name__)
DOCUMENT = "document"  # the key of a document's passages


@dataclass(frozen=True)
class DocumentPage:
    """The text of one page of a document: its passages in order."""

    number: int
    passages: tuple[Passage, ...]


@dataclass(frozen=True)
class DocumentView:
    """What a member sees of a sheet's document: its pages, and whether its file is there and asks for a password."""

    pages: tuple[DocumentPage, ...]
    is_here: bool
    is_locked: bool


class DocumentFiles:
    """Finds the files where the sources of the version that is served hold them, again for each version."""

    def __init__(self, list_sources: Callable[[Manifest], Sequence[Source]], store: Path) -> None:
        self._list_sources, self._store = list_sources, store
        self._version = ""
        self._files: dict[str, DocumentFile] = {}
        self._lock = threading.Lock()

    def view(self, sheet_id: str, index: Index) -> DocumentView:
        """What there is of a sheet's document in the members' index."""
        passages = [each for each in index.passages_of_sheet(sheet_id) if each.key == DOCUMENT]
        by_page = groupby(passages, lambda each: each.page or 1)
        pages = tuple(DocumentPage(number, tuple(own)) for number, own in by_page)
        file = self._find(sheet_id, index)
        return DocumentView(pages, file is not None, bool(file and file.password is None and is_locked(file.path)))

    def read(self, sheet_id: str, index: Index) -> bytes | None:
        """The PDF of a sheet, without its lock when its password is known; None when it is not there."""
        file = self._find(sheet_id, index)
        if file is None:
            return None
        if file.password is not None and is_locked(file.path):
            try:
                return unlock_pdf(file.path, file.password)
            except DocumentLocked:
                pass  # the member may know the password
        return file.path.read_bytes()

    def _find(self, sheet_id: str, index: Index) -> DocumentFile | None:
        assert index.access == "members"
        version = index.manifest.version
        with self._lock:
            if self._version != version:
                self._files, self._version = self._locate(index.manifest), version
            file = self._files.get(sheet_id)
        return file if file and file.path.is_file() else None

    def _locate(self, manifest: Manifest) -> dict[str, DocumentFile]:
        try:
            return locate_documents(self._list_sources(manifest), self._store)
        except (Refusal, OSError) as error:
            _log.error("The members' documents cannot be found: %s", error)
            return {}
