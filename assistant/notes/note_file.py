"""The file of a note: front matter, the note in French, then the same in English."""

from __future__ import annotations

from datetime import date
from typing import Any

import yaml
from pydantic import ValidationError

from assistant.notes.note import Law, Note, find_problems
from ingest.plain_yaml import load_yaml, split_front
from ingest.refusal import Refusal
from language.letters import fold

LARGEST = 64 * 1024  # bytes
_ENGLISH = "in english"
_KEYS = {
    "terme": "term",
    "autres": "others",
    "english": "english",
    "genre": "genre",
    "liees": "related",
    "question": "question",
    "droit": "laws",
    "verifie": "checked",
}
_LAW_KEYS = {"texte": "text", "article": "article", "dit": "says"}


class NoteUnusable(Refusal):
    """The file of a note cannot be used; the message says why, in French."""


def read_note(slug: str, content: bytes, today: date) -> tuple[Note, tuple[str, ...]]:
    """The note of a file's content, with what is to be looked at and does not keep it from being shown.

    Raises NoteUnusable.
    """
    if len(content) > LARGEST:
        raise NoteUnusable(f"Le fichier est trop gros : {LARGEST // 1024} Ko au plus.")
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise NoteUnusable("Le fichier n'est pas en UTF-8 : enregistrez-le dans ce codage.") from error
    written, body = split_front(text)
    if written is None:
        raise NoteUnusable("Le fichier ne commence pas par les champs de la note, entre deux lignes « --- ».")
    front = _read_front(written)
    french, english = _part_languages(body)
    try:
        note = Note.model_validate(
            {"slug": slug, **_translate(front), "text": french.strip(), "text_en": english.strip()}
        )
    except ValidationError as error:
        raise NoteUnusable(_explain(error)) from error
    if problems := find_problems(note, today):
        raise NoteUnusable(" ".join(problem.reason for problem in problems))
    unknown = [
        f"Le champ « {key} » n'est pas lu : son nom est peut-être mal écrit." for key in front if key not in _KEYS
    ]
    untold = [] if note.text_en else ["La note n'a pas de partie « ## In English » : on la donne alors en français."]
    return note, (*unknown, *untold)


def _part_languages(body: str) -> tuple[str, str]:
    """The text of a note before its title "## In English", and what follows."""
    lines = body.split("\n")
    titles = (row for row, line in enumerate(lines) if line.startswith("##") and fold(line) == _ENGLISH)
    at = next(titles, len(lines))
    return "\n".join(lines[:at]), "\n".join(lines[at + 1 :])


def _read_front(text: str) -> dict[str, Any]:
    try:
        front = load_yaml(text)
    except yaml.MarkedYAMLError as error:
        row = error.problem_mark.line + 2 if error.problem_mark else 1
        raise NoteUnusable(
            f"Ligne {row} : les champs ne se lisent pas. Une valeur qui contient « : » se met entre guillemets droits."
        ) from error
    except (yaml.YAMLError, ValueError) as error:  # ValueError: a date such as 2026-13-45
        raise NoteUnusable("Les champs ne se lisent pas : une date s'écrit 2026-11-29.") from error
    if not isinstance(front, dict):
        raise NoteUnusable("Les champs ne se lisent pas : un par ligne, « terme: Jury citoyen ».")
    return {str(key): value for key, value in front.items()}


def _translate(front: dict[str, Any]) -> dict[str, Any]:
    """The fields under their names here. A number is what it is written as: an article may be called 7."""
    named = {_KEYS[key]: value for key, value in front.items() if key in _KEYS and value is not None}
    for name in ("term", "english", "question"):
        if name in named:
            named[name] = _write_plain(named[name])
    for name in ("others", "related"):
        value = named.get(name, [])
        named[name] = [_write_plain(each) for each in (value if isinstance(value, list) else [value])]
    laws = named.get("laws", [])
    named["laws"] = [_translate_law(each) for each in (laws if isinstance(laws, list) else [laws])]
    return named


def _translate_law(written: object) -> Law:
    if not isinstance(written, dict):
        raise NoteUnusable("« droit » est une liste : pour chaque article, texte, article et dit.")
    said = {str(key): _write_plain(value) for key, value in written.items() if value is not None}
    return Law.model_validate({_LAW_KEYS[key]: value for key, value in said.items() if key in _LAW_KEYS})


def _write_plain(value: object) -> str:
    if isinstance(value, bool | list | dict):
        raise NoteUnusable(f"« {value} » n'est pas un texte : mettez-le entre guillemets droits.")
    return " ".join(str(value).split())


def _explain(error: ValidationError) -> str:
    field = str(error.errors()[0]["loc"][0])
    key = next((key for key, name in _KEYS.items() if name == field), field)
    hint = {"genre": "notion ou obligation", "verifie": "une date comme 2026-11-29", "terme": "le nom de la notion"}
    return f"« {key} » est absent ou mal écrit : {hint.get(key, 'relisez LISEZMOI.txt')}."


def write_note(note: Note) -> str:
    """The content of the file of a note: what `read_note` reads as this note."""
    front: dict[str, Any] = {"terme": note.term}
    front |= {"autres": list(note.others)} if note.others else {}
    front |= {"english": note.english} if note.english else {}
    front["genre"] = note.genre
    front |= {"liees": list(note.related)} if note.related else {}
    front |= {"question": note.question} if note.question else {}
    if note.laws:
        front["droit"] = [{"texte": law.text, "article": law.article, "dit": law.says} for law in note.laws]
    if note.checked:
        front["verifie"] = note.checked
    matter = yaml.safe_dump(front, allow_unicode=True, sort_keys=False, width=10_000)
    english = f"\n## In English\n{note.text_en}\n" if note.text_en else ""
    return f"---\n{matter}---\n{note.text}\n{english}"
