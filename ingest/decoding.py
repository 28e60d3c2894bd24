"""Decoding: the bytes of a file become text; a byte that is not UTF-8 is marked where it stands, to be told there."""

import gzip
import zlib
from dataclasses import dataclass
from pathlib import Path

_LARGEST = 50_000_000  # bytes
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
# What stands in a folder for a file that Git LFS did not bring: https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md
_POINTER = b"version https://git-lfs.github.com/spec/"
_NOT_BROUGHT = "ce n'est pas le fichier, mais ce qui le remplace dans un dépôt Git LFS : récupérez-le (git lfs pull)"
_MARKED = {code: bytes([code - 0xDC00]).decode("cp1252", "replace") for code in range(0xDC80, 0xDD00)}


class NotText(Exception):
    """A file holds no text that can be read; the message says why and how to mend it, in French."""


@dataclass(frozen=True)
class Decoded:
    """The text of a file. Bytes that are not UTF-8 are marked in it (`unmark`), where most of it is; `remark` is "",
    or what there is to say of the whole file, in French."""

    text: str
    remark: str = ""


def decode_file(path: Path) -> Decoded:
    """The text of a file, compressed or not, or raise NotText. Spreadsheets often write no UTF-8."""
    content = _read_bytes(path)
    if content.startswith(_UTF_16):
        return Decoded(content.decode("utf-16", errors="replace"))
    if content.count(b"\0") > len(content) // 100:
        raise NotText("ce n'est pas un tableau CSV. Dans le tableur : Enregistrer sous, « CSV UTF-8 »")
    text = content.decode("utf-8-sig", errors="surrogateescape")
    if not is_marked(text):
        return Decoded(text)
    accented = len(text) - len(text.encode("ascii", errors="ignore"))
    if 2 * sum(map(is_marked, text)) <= accented:
        return Decoded(text)
    reason = "ce fichier n'est pas en UTF-8 : lu comme du Windows-1252. Préférez « CSV UTF-8 »"
    return Decoded(content.decode("cp1252", errors="replace"), reason)


def is_marked(text: str) -> bool:
    """Whether a text has a byte that is not UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def unmark(text: str) -> str:
    """The text with its bytes that are not UTF-8 read as Windows-1252, which they nearly always are."""
    return text.translate(_MARKED)


def check_brought(start: bytes) -> None:
    """Raise NotText for what stands in the place of a file in a Git LFS repository."""
    if start.startswith(_POINTER):
        raise NotText(_NOT_BROUGHT)


def _read_bytes(path: Path) -> bytes:
    too_large = NotText(f"le fichier dépasse {_LARGEST // 1_000_000} Mo. Découpez-le en plusieurs tableaux")
    if path.stat().st_size > _LARGEST:
        raise too_large
    with path.open("rb") as start:
        is_compressed = start.read(2) == b"\x1f\x8b"
    try:
        with gzip.open(path) if is_compressed else path.open("rb") as file:
            content = file.read(_LARGEST + 1)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise NotText("ce fichier compressé est abîmé ou incomplet : compressez-le à nouveau") from error
    if len(content) > _LARGEST:
        raise too_large
    check_brought(content)
    return content
