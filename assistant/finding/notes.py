"""Notes: which of the centre's notes answer a question: on what a word means, what differs, what the law asks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from assistant.finding.search import Sources
from assistant.notes.naming import Named, Names
from assistant.notes.note import Note
from assistant.notes.shelf import Library
from assistant.process.computing import compute
from assistant.reading.message import read_sheet_number
from assistant.reading.reading import Reading
from index.encoding.budget import aside
from language.grammar import Grammar
from language.letters import fold
from language.shapes import PHRASE_END
from language.text import ANY, read_text

if TYPE_CHECKING:
    from index.encoding.encoder import Encoder

MOST_APART = 4  # notions set beside each other: degrees of participation are four
_FORM = Grammar("form")
# Cosines of a question with those that notes answer: of another obligation they reach 0.82, mostly with a small lead;
# of questions whose form asks for the law and that are not on it, 0.81 with a lead of 0.03 (training/questions: forms,
# obligations, answers). What is hardly nearer than another (`_APART`) was wrong in two of three.
_LIKELY, _LEAD, _SURE, _APART = 0.76, 0.045, 0.86, 0.035
_NAMED_LIKELY, _NAMED_BEHIND = 0.66, 0.05  # of the notes on all that a question names: how near, how far behind others
_OF_SUBJECT, _OF_NAME = 0.08, 0.25  # what it adds that the question names what a note is about, or the note itself


def find_defined(reading: Reading, sources: Sources) -> Note | None:
    """The notion whose meaning a question asks, named as the thing asked and not as one of a place."""
    if not reading.form.definition or _is_elsewhere(reading):
        return None
    library = sources.notes.library()
    for text in _readings(reading):
        for named in library.names.find(text):
            if _is_asked(named, text) and not _is_of_one(named, text):
                return library.notes[named.slug]
    return None


def find_apart(reading: Reading, sources: Sources) -> tuple[Note, ...]:
    """The notions that a question wants told apart, in its order; none when it names fewer than two."""
    if not reading.form.distinction or _is_elsewhere(reading):
        return ()
    library = sources.notes.library()
    for text in _readings(reading):
        named = [each for each in library.names.find(text) if library.notes[each.slug].genre == "notion"]
        if any(_is_of_one(each, text) for each in named):
            return ()
        slugs = list(dict.fromkeys(each.slug for each in named))
        if 2 <= len(slugs) <= MOST_APART:
            return tuple(library.notes[slug] for slug in slugs)
    return ()


def find_obligation(reading: Reading, sources: Sources) -> Note | None:
    """The note that answers a question on what the law asks; that of a notion with its law when no obligation does."""
    if not reading.form.obligation or reading.centre == "surely" or _is_of_sheets(reading):
        return None
    library = sources.notes.library()
    main = _find_main(reading)
    named = {each.slug for text in ((main,) if main else _readings(reading)) for each in library.names.find(text)}
    if not named and (reading.only or _names_place(reading)):
        return None  # "c'est obligatoire à Rennes ?" is asked of a sheet
    best = _find_by_article(reading.written, library) or _find_nearest(reading, library, named, sources.encoder)
    if best:
        return best
    return next((library.notes[slug] for slug in _in_order(reading, library) if library.notes[slug].laws), None)


def prepare_notes(sources: Sources) -> None:
    """Read what questions on the law are compared with, before the first one is asked."""
    notes = sources.notes.library().of_genre("obligation")
    if notes:
        _read_questions(tuple(note.question for note in notes), sources.encoder)
        _read_questions(tuple(note.english for note in notes), sources.encoder)


def find_subjects(note: Note, library: Library) -> tuple[Note, ...]:
    """The notions that a note is about: itself, or those that the question of an obligation names."""
    if note.genre == "notion":
        return (note,)
    named = (library.notes[each.slug] for each in library.names.find(note.question))
    other_forms = (each for each in library.related(note) if Names([each]).says(note.question))  # "tirer au sort"
    return tuple(dict.fromkeys(each for each in (*named, *other_forms) if each.genre == "notion"))


def _find_by_article(written: str, library: Library) -> Note | None:
    """The note that stands on an article that is named, an obligation rather than a notion."""
    found = _FORM.find("article", read_text(written, ANY))
    articles = {f"{each['code'].upper()}{each['number'].replace(' ', '-')}" for each in found}
    notes = (*library.of_genre("obligation"), *library.of_genre("notion")) if articles else ()
    return next((note for note in notes if articles & {law.article for law in note.laws}), None)


def _find_nearest(reading: Reading, library: Library, named: set[str], encoder: Encoder) -> Note | None:
    """The obligation whose question is nearest, when it is near enough for what both name."""
    notes = library.of_genre("obligation")
    if not notes:
        return None
    near = _measure_near(reading, notes, encoder)
    subjects = [{each.slug for each in find_subjects(note, library)} for note in notes]
    owns = np.array([note.slug in named for note in notes])
    abouts = np.array([bool(each & named) for each in subjects])
    scores = near + _OF_NAME * owns + _OF_SUBJECT * abouts
    first, lead = _find_first(scores)
    alone, apart = _find_first(near)
    if (scores[first] >= _SURE and lead >= _APART) or (first == alone and near[first] >= _LIKELY and apart >= _LEAD):
        return notes[first]
    related = [each | {note.slug, *note.related} for note, each in zip(notes, subjects, strict=True)]
    whole = [row for row, each in enumerate(related) if named and named <= each]
    best = max(whole, key=lambda row: float(scores[row]), default=None)
    if best is None or near[best] < max(_NAMED_LIKELY, float(near.max()) - _NAMED_BEHIND):
        return None
    return notes[best]


def _find_first(scores: np.ndarray) -> tuple[int, float]:
    """The row of the best score, and how far it is before the next."""
    order = np.argsort(-scores)
    return int(order[0]), float(scores[order[0]] - scores[order[1]]) if len(order) > 1 else 1.0


def _measure_near(reading: Reading, notes: Sequence[Note], encoder: Encoder) -> np.ndarray:
    """The cosine of a question with that of each note; of one in English, the mean with the note's English name.

    What comes before its main clause, "si je réunis des habitants tirés au sort, ", counts for half.
    """
    asked = compute(encoder.encode_question, reading.asked).vector
    if main := _find_main(reading):
        asked = (asked + compute(encoder.encode_question, main).vector) / 2
    near = _read_questions(tuple(note.question for note in notes), encoder) @ asked
    if reading.understood.language != "en":
        return np.asarray(near)
    return np.asarray((near + _read_questions(tuple(note.english for note in notes), encoder) @ asked) / 2)


def _find_main(reading: Reading) -> str:
    """The main clause of a question that sets a condition first, "si je tire au sort, suis-je…"; "" of another."""
    condition = _FORM.search("condition", read_text(reading.asked, reading.understood.language))
    return reading.asked[condition.end :].strip(" ,") if condition else ""


@lru_cache(maxsize=4)  # with the notes before and after a change, for two models
def _read_questions(questions: tuple[str, ...], encoder: Encoder) -> np.ndarray:
    """The vectors of the questions that notes answer: (questions, dimension). No question at work pays for them."""
    with aside():
        return compute(encoder.encode_questions, questions)


def _readings(reading: Reading) -> Sequence[str]:
    """The question with its typos mended, then as it was written: a rare word may have been taken for one."""
    return tuple(dict.fromkeys((reading.asked, reading.written)))


def _in_order(reading: Reading, library: Library) -> Iterator[str]:
    return (each.slug for text in _readings(reading) for each in library.names.find(text))


def _is_elsewhere(reading: Reading) -> bool:
    """Whether a question is about the centre, about what a place did, or about sheets."""
    return reading.centre == "surely" or _names_place(reading) or _is_of_sheets(reading)


def _names_place(reading: Reading) -> bool:
    """Whether the question itself names a place: those of the questions before are carried along."""
    return any(place.name and fold(place.name) in fold(reading.asked) for place in reading.understood.places)


def _is_of_sheets(reading: Reading) -> bool:
    """Whether a question counts or lists sheets, or says the number of one."""
    listed = reading.listed
    counted = listed is not None and (listed.sheets or listed.about)
    return bool(counted or read_sheet_number(read_text(reading.written)))


def _is_of_one(named: Named, written: str) -> bool:
    """Whether a notion is that of a name, one that exists and of which sheets tell: "le conseil citoyen à Lille"."""
    text = read_text(written)
    ends = (found.end for found in _FORM.find("of_one", text.after(named.end)))
    return any(written[end].isupper() and written[end + 1 : end + 2].islower() for end in ends)


def _is_asked(named: Named, written: str) -> bool:
    """Whether a name is what a question asks the meaning of: only small words stand before it in its clause."""
    text = read_text(written)
    phrases = [found.end for found in _FORM.find("definition", text) if found.end <= named.start]
    breaks = [found.end() for found in PHRASE_END.finditer(written, 0, named.start)]
    before = read_text(written[max([0, *phrases, *breaks]) : named.start]).words.split()
    return all(_FORM.lists("before_notion", word) for word in before)
