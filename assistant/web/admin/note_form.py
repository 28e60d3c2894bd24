"""The form of a note: what staff wrote in it, kept as they wrote it until it is right."""

from __future__ import annotations

import re
from datetime import date

from starlette.datastructures import FormData

from assistant.notes.note import MOST_LAWS, Law, Note
from ingest.sheet import Frozen
from language.text import read_text

_ROWS_TO_ADD = 2  # empty articles below those that are there
_LONGEST = 20_000  # characters read of a field: beyond, `find_problems` tells it is too long anyway
_NO_DAY = "Écrivez une date comme 2026-11-29."
_NO_GENRE = "Choisissez notion ou obligation."


class LawRow(Frozen):
    """An article as it is written in the form."""

    text: str = ""
    article: str = ""
    says: str = ""


class NoteForm(Frozen):
    """What is written in each field; `known` when the note exists, and `preview` when it is only to be looked at."""

    slug: str = ""
    known: bool = False
    term: str = ""
    others: str = ""
    english: str = ""
    genre: str = "notion"
    related: str = ""
    question: str = ""
    laws: tuple[LawRow, ...] = (LawRow(),) * _ROWS_TO_ADD
    checked: str = ""
    text: str = ""
    text_en: str = ""
    preview: bool = False

    def problems(self) -> dict[str, str]:
        """What cannot even be read as a note, by field."""
        wrong = {}
        if self.checked and _read_day(self.checked) is None:
            wrong["checked"] = _NO_DAY
        if self.genre not in ("notion", "obligation"):
            wrong["genre"] = _NO_GENRE
        return wrong

    def to_note(self) -> Note:
        """The note that is written here, right or not."""
        return Note(
            slug=self.slug,
            term=self.term,
            others=_split(self.others),
            english=self.english,
            genre="obligation" if self.genre == "obligation" else "notion",
            related=_split(self.related),
            question=self.question,
            laws=tuple(Law(**row.model_dump()) for row in self.laws if row.text or row.article or row.says),
            checked=_read_day(self.checked),
            text=self.text,
            text_en=self.text_en,
        )


EMPTY = NoteForm()


def write_form(note: Note) -> NoteForm:
    """The form of a note that exists."""
    rows = [LawRow(text=law.text, article=law.article, says=law.says) for law in note.laws]
    spare = [LawRow()] * max(0, min(_ROWS_TO_ADD, MOST_LAWS - len(rows)))
    return NoteForm(
        slug=note.slug,
        known=True,
        term=note.term,
        others="\n".join(note.others),
        english=note.english,
        genre=note.genre,
        related="\n".join(note.related),
        question=note.question,
        laws=(*rows, *spare),
        checked=note.checked.isoformat() if note.checked else "",
        text=note.text,
        text_en=note.text_en,
    )


def read_form(data: FormData) -> NoteForm:
    """What was sent. The name of a note that is added without one is made of its term."""

    def line(name: str) -> str:
        return " ".join(str(data.get(name, ""))[:_LONGEST].split())

    def lines(name: str) -> str:
        text = str(data.get(name, ""))[:_LONGEST].replace("\r\n", "\n").replace("\r", "\n")
        return re.sub(r"\n{3,}", "\n\n", "\n".join(each.strip() for each in text.split("\n"))).strip()

    laws = tuple(
        LawRow(text=line(f"law_text_{row}"), article=line(f"law_article_{row}"), says=line(f"law_says_{row}"))
        for row in range(MOST_LAWS + 1)
        if f"law_text_{row}" in data
    )
    known = line("known") == "1"
    plain = ("term", "english", "genre", "question", "checked")
    return NoteForm(
        slug=line("slug") if known else make_slug(line("slug") or line("term")),
        known=known,
        laws=laws or EMPTY.laws,
        others=lines("others"),
        related=lines("related"),
        text=lines("text"),
        text_en=lines("text_en"),
        preview="preview" in data,
        **{name: line(name) for name in plain},
    )


def make_slug(written: str) -> str:
    """A name as a file has it: "Jury d'habitants" is jury-d-habitants."""
    return "-".join(re.findall(r"[a-z0-9]+", read_text(written).words))


def _split(written: str) -> tuple[str, ...]:
    """One a line, or parted by semicolons, each once."""
    return tuple(dict.fromkeys(part for each in re.split(r"[\n;]", written) if (part := " ".join(each.split()))))


def _read_day(written: str) -> date | None:
    try:
        return date.fromisoformat(written) if written else None
    except ValueError:
        return None
