"""File names: what a browser calls a file becomes a name that is safe in a folder of ours; what the file is."""

import re
import unicodedata
from typing import Literal

Kind = Literal["table", "document", "text"]
_TABLES = (".csv", ".csv.gz", ".tsv", ".xlsx", ".ods", ".xls")
_ENDINGS: dict[Kind, tuple[str, ...]] = {"table": _TABLES, "document": (".pdf",), "text": (".md", ".markdown")}
ENDINGS = tuple(ending for endings in _ENDINGS.values() for ending in endings)
_LONGEST = 120  # characters
# Letters, figures, spaces and what names of files usually have; nothing that a shell or a path reads.
_STRANGE = re.compile(r"[^\w .,()'#&+-]+")


def tidy_file_name(written: str) -> str:
    """The last part of a path as a plain name, its ending in lower case; "" when nothing is left."""
    name = unicodedata.normalize("NFC", written).replace("\\", "/").rpartition("/")[2]
    name = " ".join(_STRANGE.sub("_", name).split()).lstrip(". -")
    ending = next((each for each in sorted(ENDINGS, key=len, reverse=True) if name.lower().endswith(each)), "")
    stem = name[: len(name) - len(ending)].rstrip(". ")
    return f"{stem[: _LONGEST - len(ending)]}{ending}" if stem else ""


def find_kind(name: str) -> Kind | None:
    """What a file is by its ending; None for what is not taken."""
    return next((kind for kind, endings in _ENDINGS.items() if name.lower().endswith(endings)), None)
