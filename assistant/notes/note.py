"""Note: what the centre says of one notion or of one obligation, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Literal

from ingest.repair import drop_unseen
from ingest.sheet import Frozen
from language.letters import slug

Genre = Literal["notion", "obligation"]
Field = Literal[
    "slug", "term", "others", "english", "genre", "related", "question", "laws", "checked", "text", "text_en"
]

LONGEST_SLUG, LONGEST_NAME, LONGEST_TEXT, LONGEST_LAW = 80, 160, 3_000, 600  # characters
MOST_NAMES, MOST_RELATED, MOST_LAWS = 30, 20, 8
PAGES = "/notions"  # where the pages of notes are
_OLD = timedelta(days=365)  # after which the law is to be read again


class Law(Frozen):
    """An article that a note stands on, and what it says in a sentence."""

    text: str
    article: str = ""
    says: str = ""


class Note(Frozen):
    """A note of the centre. `slug` is its file's name and its address; `checked` the day its law was last read.

    An obligation answers a `question`. `text_en` is the same in English, "" when nobody wrote it.
    """

    slug: str
    term: str
    others: tuple[str, ...] = ()
    english: str = ""
    genre: Genre = "notion"
    related: tuple[str, ...] = ()
    question: str = ""
    laws: tuple[Law, ...] = ()
    checked: date | None = None
    text: str
    text_en: str = ""

    def is_stale(self, today: date) -> bool:
        """Whether the law that the note stands on was not read for a year."""
        return bool(self.laws) and (self.checked is None or today - self.checked > _OLD)


class Problem(Frozen):
    """Why a note cannot be kept, in French, and the field to correct."""

    field: Field
    reason: str


def note_path(slug: str) -> str:
    """Where the page of a note is."""
    return f"{PAGES}/{slug}"


def is_slug(written: str) -> bool:
    """Whether a name may be a file's and an address's: small letters without accents, digits, single hyphens."""
    return len(written) <= LONGEST_SLUG and written.isascii() and written == slug(written) != ""


def find_problems(note: Note, today: date) -> list[Problem]:
    """What keeps a note from being shown, none when it is right."""
    return [*_check_names(note), *_check_law(note, today), *_check_texts(note)]


def _check_names(note: Note) -> Iterator[Problem]:
    if not is_slug(note.slug):
        yield Problem(
            field="slug",
            reason="Le nom du fichier s'écrit en minuscules sans accent, avec des tirets : jury-citoyen.",
        )
    if not note.term:
        yield Problem(field="term", reason="Donnez le terme.")
    for name in (note.term, note.english, note.question, *note.others):
        if len(name) > LONGEST_NAME:
            field: Field = "term" if name == note.term else "english" if name == note.english else "others"
            field = "question" if name == note.question else field
            yield Problem(field=field, reason=f"« {name[:40]}… » est trop long : {LONGEST_NAME} caractères au plus.")
    if len(note.others) > MOST_NAMES:
        yield Problem(field="others", reason=f"Trop d'autres mots : {MOST_NAMES} au plus.")
    if len(note.related) > MOST_RELATED:
        yield Problem(field="related", reason=f"Trop de notes liées : {MOST_RELATED} au plus.")
    if wrong := next((each for each in note.related if not is_slug(each)), ""):
        yield Problem(field="related", reason=f"« {wrong} » n'est pas un nom de note, comme jury-citoyen.")
    if note.genre == "obligation" and not note.question:
        yield Problem(field="question", reason="Une obligation répond à une question : écrivez-la.")


def _check_law(note: Note, today: date) -> Iterator[Problem]:
    if len(note.laws) > MOST_LAWS:
        yield Problem(field="laws", reason=f"Trop d'articles : {MOST_LAWS} au plus.")
    for law in note.laws:
        if not law.text:
            yield Problem(field="laws", reason="Un article n'a pas de texte de loi : nommez le code ou la loi.")
        elif not law.says:
            yield Problem(field="laws", reason=f"Dites en une phrase ce que dit « {law.text[:60]} ».")
        if max(map(len, (law.text, law.article, law.says))) > LONGEST_LAW:
            yield Problem(
                field="laws", reason=f"Un article est trop long : {LONGEST_LAW} caractères au plus par champ."
            )
    if note.laws and note.checked is None:
        yield Problem(field="checked", reason="Donnez la date à laquelle vous avez relu ces articles.")
    if note.checked and note.checked > today:
        yield Problem(field="checked", reason="La date de vérification est dans le futur.")


def _check_texts(note: Note) -> Iterator[Problem]:
    if not note.text:
        yield Problem(field="text", reason="Écrivez la note en français.")
    if len(note.text) > LONGEST_TEXT:
        yield Problem(field="text", reason=f"La note est trop longue : {LONGEST_TEXT} caractères au plus.")
    if len(note.text_en) > LONGEST_TEXT:
        yield Problem(
            field="text_en", reason=f"La note en anglais est trop longue : {LONGEST_TEXT} caractères au plus."
        )
    everything = "\n".join((note.term, note.english, note.question, *note.others, note.text, note.text_en))
    laws = "\n".join(f"{law.text}\n{law.article}\n{law.says}" for law in note.laws)
    if "\r" in everything + laws or drop_unseen(everything + laws) != everything + laws:
        yield Problem(field="text", reason="La note contient un caractère invisible : retapez le passage copié.")
