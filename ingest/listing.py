"""Listing: which files of a folder are tables, texts, pages and documents of a source, and which are left over."""

from collections.abc import Iterable
from fnmatch import fnmatch
from pathlib import Path

from ingest.layout import Layout
from ingest.repair import tidy

_TABLE = ".csv"
# Other forms of a table, read when a folder has no CSV file: a pattern of a layout stands for them too.
_OTHER_FORMS = (".csv.gz", ".tsv", ".xlsx", ".ods", ".xls")
_COPIES = (("copie de ", "copy of "), (" - copie", " - copy", "_copie", "_copy", "-copie", "-copy", " copie", " copy"))


def list_source_files(path: Path, layout: Layout) -> tuple[list[Path], list[Path]]:
    """The tables and the Markdown sheets that a layout reads in a folder, or the file itself, by its kind."""
    if path.is_file():
        return ([], [path]) if is_text(path.name) else ([path], [])
    pages = set(list_files(path, layout.files.pages))
    texts = [text for text in list_files(path, layout.files.sheets, layout.files.ignore) if text not in pages]
    return _list_tables(path, layout), texts


def list_set_aside(path: Path, layout: Layout) -> list[Path]:
    """The tables of a folder that are not read, those that the layout ignores among them."""
    read = _list_tables(path, layout)
    forms = tuple(f"**/*{form}" for form in (_TABLE, *_OTHER_FORMS))
    return [file for file in list_files(path, forms) if file not in read]


def list_files(folder: Path, patterns: tuple[str, ...], ignored: tuple[str, ...] = ()) -> list[Path]:
    """The files of a folder that follow one of the patterns, in capitals or not.

    Hidden ones, those that a spreadsheet keeps beside an open file, and links out of the folder are not read.
    """
    root = folder.resolve()
    found = {path for pattern in patterns for path in folder.glob(_any_case(pattern)) if path.is_file()}
    found = {path for path in found if not any(part.startswith(".") for part in path.relative_to(folder).parts)}
    found = {path for path in found if not path.name.startswith("~$") and path.resolve().is_relative_to(root)}
    return sorted(path for path in found if not is_ignored(path, ignored))


def is_ignored(path: Path, patterns: Iterable[str]) -> bool:
    """Whether a file's name follows one of the patterns, in capitals or not."""
    return any(fnmatch(path.name.lower(), pattern.lower()) for pattern in patterns)


def is_text(name: str) -> bool:
    """Whether a file is a Markdown text."""
    return name.lower().endswith((".md", ".markdown"))


def is_copy(path: Path, others: Iterable[Path]) -> bool:
    """Whether a file is a copy left beside its original: "fiches - Copie.csv", "fiches (1).csv"."""
    original = _name_original(path)
    beside = {_stem(other) for other in others if other.parent == path.parent}
    return original != _stem(path) and original in beside


def _list_tables(path: Path, layout: Layout) -> list[Path]:
    """The tables that the first pattern finds, in the first form that there is; without leftover copies."""
    for form in (_TABLE, *_OTHER_FORMS):
        for pattern in layout.files.tables:
            written = pattern[: -len(_TABLE)] + form if pattern.lower().endswith(_TABLE) else pattern
            if tables := list_files(path, (written,), layout.files.ignore):
                return [table for table in tables if not is_copy(table, tables)]
    return []


def _any_case(pattern: str) -> str:
    """The pattern with each letter in both cases; Python 3.11 has no other way."""
    if "[" in pattern:  # it says itself which letters
        return pattern
    return "".join(
        f"[{letter.lower()}{letter.upper()}]" if letter.isalpha() and letter.lower() != letter.upper() else letter
        for letter in pattern
    )


def _stem(path: Path) -> str:
    return tidy(path.stem).strip().casefold()


def _name_original(path: Path) -> str:
    stem = _stem(path)
    head, _, number = stem.removesuffix(")").rpartition("(")
    if stem.endswith(")") and number.isdecimal():
        stem = head.strip()
    starts, ends = _COPIES
    for start in starts:
        stem = stem.removeprefix(start)
    return next((stem.removesuffix(end) for end in ends if stem.endswith(end)), stem).strip()
