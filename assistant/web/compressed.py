"""Compressed files: compressed once and kept, rather than at each request as Chainlit does (0.25 s for its bundle)."""

import gzip
import hashlib
import os
import secrets
from collections.abc import Callable, Iterable
from functools import lru_cache, partial
from pathlib import Path

import brotli
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from assistant.process.background import start_background

_TEXTS = frozenset({".js", ".mjs", ".jsx", ".css", ".svg", ".json"})
_SHORTEST = 1_000  # bytes: below, compression is not worth a header
_QUICK_BELOW = 200_000  # bytes
_FORMS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": (".gz", lambda content: gzip.compress(content, 9, mtime=0)),
    "br": (".br", lambda content: bytes(brotli.compress(content, quality=11, lgwin=24))),
}


class CompressedFiles(StaticFiles):
    """The files of a folder that are served, in the smallest form that is kept of each and that the browser takes."""

    def __init__(self, folder: Path, kept: Path, cache_control: str) -> None:
        super().__init__(directory=folder)
        self._kept, self._cache_control = kept, cache_control

    def file_response(
        self, full_path: str | os.PathLike[str], stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """The file, or that the browser has it already."""
        whole = super().file_response(full_path, stat_result, scope, status_code)
        answer = whole
        for name in _accepted(Headers(scope=scope)):
            form = _form_path(Path(full_path), stat_result, self._kept, name)
            if form.is_file():
                answer = super().file_response(form, form.stat(), scope, status_code)
                answer.headers["Content-Type"] = whole.headers.get("Content-Type", "text/plain")
                answer.headers["Content-Encoding"] = name
                break
        answer.headers["Vary"] = "Accept-Encoding"
        answer.headers["Cache-Control"] = self._cache_control
        return answer


def compress_files(files: Iterable[Path], kept: Path) -> None:
    """Keep compressed forms of texts: the short ones at once, the others by a thread, which takes ten seconds once.

    Forms of texts that have changed are left behind: some kilobytes.
    """
    kept.mkdir(parents=True, exist_ok=True)
    texts = [path for path in files if path.suffix in _TEXTS and path.stat().st_size >= _SHORTEST]
    short = [path for path in texts if path.stat().st_size < _QUICK_BELOW]
    _compress(short, kept)
    long = [path for path in texts if path not in short]
    start_background("compress", partial(_compress, long, kept))


def _compress(files: Iterable[Path], kept: Path) -> None:
    paths = list(files)
    for name, (_, compress) in _FORMS.items():
        for path in paths:
            form = _form_path(path, path.stat(), kept, name)
            if form.exists():
                continue
            aside = form.with_name(f".{form.name}-{secrets.token_hex(4)}")
            aside.write_bytes(compress(path.read_bytes()))
            aside.replace(form)


def _accepted(headers: Headers) -> list[str]:
    """The forms that a browser takes, the smallest first."""
    taken = {each.split(";")[0].strip() for each in headers.get("accept-encoding", "").split(",") if "q=0" not in each}
    return [name for name in ("br", "gzip") if name in taken]


def _form_path(path: Path, stat: os.stat_result, kept: Path, name: str) -> Path:
    """Where a form is kept, under another name when the file is another."""
    return kept / (_digest(path, stat.st_size, stat.st_mtime_ns)[:24] + _FORMS[name][0])


@lru_cache(maxsize=1000)
def _digest(path: Path, _size: int, _modified: int) -> str:
    """Of what a file holds: one written again by each server, or installed anew, is compressed once all the same."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
