"""Notions: what tells two to four notions apart: the centre's notes one after the other, then practices."""

from __future__ import annotations

from assistant.answers.draft import Draft
from assistant.answers.kinds.kind import Case, Kind, Passed
from assistant.answers.noted import illustrate, link_notes, show_note
from assistant.finding.notes import find_apart
from assistant.wording.notes import note_words


def _draft(case: Case) -> Draft | Passed:
    if not case.reading.form.distinction:
        return Passed("la question ne demande pas ce qui distingue des notions")
    notes = find_apart(case.reading, case.sources)
    if not notes:
        return Passed("elle ne nomme pas deux notions sur lesquelles le centre a une note")
    library, language = case.sources.notes.library(), case.reading.understood.language
    words = note_words(language)
    shown = [
        paragraph
        for note in notes
        for paragraph in show_note(note, language, [other for other in notes if other is not note])
    ]
    opening = [words.apart] if any("**" in paragraph.partition("**" + words.colon)[2] for paragraph in shown) else []
    practices = illustrate(notes, case.found, library, case.index, language)
    near = dict.fromkeys(each for note in notes for each in library.related(note) if each not in notes)
    blocks = [*opening, *shown, f"*{words.apart_limit}*", practices.text, link_notes(list(near), language)]
    text = "\n\n".join(block for block in blocks if block)
    return Draft(kind="notions", text=text, citations=practices.citations, notes=notes)


KIND = Kind("notions", "Différence de notions", _draft, exact=True, family="notion")
