"""Note file: the text of a note that somebody gives, as text, Markdown or Word, read within bounds of size and time."""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import Path
from typing import IO
from xml.parsers import expat

from ingest.refusal import Refusal, explain_os_error

LONGEST_NOTE = 200_000  # characters
LARGEST_FILE = 2_000_000  # bytes
SUFFIXES = (".txt", ".md", ".docx")
_LARGEST_XML = 8_000_000  # bytes of the text of a Word file once unpacked: a page takes some 20 000
_PIECE = 65_536  # bytes
_MAIN, _NOTES = "word/document.xml", ("word/footnotes.xml", "word/endnotes.xml")
_SPACES = {"tab": " ", "br": " ", "cr": " ", "noBreakHyphen": "-"}
_HEADINGS = ("heading", "titre", "title")


class NoteWrong(Refusal):
    """A text cannot be read; the message says why, in French."""


def read_note(path: Path) -> str:
    """The text of a .md, .txt or .docx file, or raise NoteWrong, which names it."""
    try:
        _need_known(path.name)
        with path.open("rb") as file:
            return read_content(path.name, file.read(LARGEST_FILE + 1))
    except NoteWrong as error:
        raise NoteWrong(f"{path} : {error}") from error
    except OSError as error:
        raise NoteWrong(f"{path} illisible : {explain_os_error(error)}.") from error


def read_content(name: str, content: bytes) -> str:
    """The text of a file of this name with this content, or raise NoteWrong."""
    _need_known(name)
    if len(content) > LARGEST_FILE:
        raise NoteWrong(f"Ce fichier est trop lourd : {LARGEST_FILE // 1_000_000} Mo au plus. Enlevez-en les images.")
    if name.lower().endswith(".docx"):
        return _read_word(content)
    try:
        return need_short(content.decode("utf-8-sig"), LONGEST_NOTE)
    except UnicodeDecodeError as error:
        raise NoteWrong("Ce fichier n'est pas du texte en UTF-8. Enregistrez-le en UTF-8, ou en .docx.") from error


def need_short(text: str, longest: int) -> str:
    """The text, or raise NoteWrong when it is longer."""
    if len(text) > longest:
        raise NoteWrong(f"Ce texte a {len(text)} caractères ; il en faut {longest} au plus. Coupez-le en parties.")
    return text


def _need_known(name: str) -> None:
    if not name.lower().endswith(SUFFIXES):
        raise NoteWrong("Donnez un fichier .txt, .md ou .docx.")


def _read_word(content: bytes) -> str:
    """The paragraphs of a Word document, cells and notes at the foot of pages included, a line each; headings bear "#".

    The file is unpacked piece by piece, so that one made to fill the memory is left as soon as it goes beyond.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            there = set(package.namelist())
            if _MAIN not in there:
                raise NoteWrong("Ce fichier n'est pas un document Word.")
            words = _WordReader()
            for part in (_MAIN, *(each for each in _NOTES if each in there)):
                with package.open(part) as file:
                    words.read(file)
            return "\n".join(words.lines)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError) as error:
        raise NoteWrong("Ce fichier n'est pas un document Word, ou il est abîmé ou protégé.") from error
    except expat.ExpatError as error:
        raise NoteWrong("Ce document Word est abîmé.") from error


class _WordReader:
    """Reads the parts of a document, of which it keeps the text alone."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._pieces: list[str] = []
        self._length = self._size = self._skipped = 0
        self._is_text = self._is_heading = False

    def read(self, file: IO[bytes]) -> None:
        """Add the paragraphs of a part; or raise NoteWrong when it goes beyond the bounds."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartDoctypeDeclHandler = self._refuse  # no entity is ever declared, so none can grow
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._add_text
        while piece := file.read(_PIECE):
            self._size += len(piece)
            if self._size > _LARGEST_XML:
                raise NoteWrong("Ce document Word est trop long. Coupez-le en parties.")
            parser.Parse(piece, False)
        parser.Parse(b"", True)

    def _refuse(self, *_declared: object) -> None:
        raise NoteWrong("Ce document Word n'a pas la forme attendue : enregistrez-le à nouveau depuis votre logiciel.")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(" ")[2]
        if name == "Fallback":  # the same words again, for older readers
            self._skipped += 1
        self._is_text = name == "t"
        if name == "pStyle":
            style = next((value for key, value in attributes.items() if key.endswith("val")), "")
            self._is_heading = style.lower().startswith(_HEADINGS)
        if name in _SPACES and self._pieces:
            self._add(_SPACES[name])

    def _end(self, tag: str) -> None:
        name = tag.rpartition(" ")[2]
        self._is_text = False
        if name == "Fallback":
            self._skipped -= 1
        if name == "p":
            if line := "".join(self._pieces).strip():
                self.lines.append(f"# {line}" if self._is_heading else line)
            self._pieces, self._is_heading = [], False

    def _add_text(self, text: str) -> None:
        if self._is_text and not self._skipped:
            self._add(text)

    def _add(self, text: str) -> None:
        self._pieces.append(text)
        self._length += len(text)
        if self._length > LONGEST_NOTE:
            raise NoteWrong(f"Ce texte a plus de {LONGEST_NOTE} caractères. Coupez-le en parties.")
