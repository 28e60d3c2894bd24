"""Definition: what a word means: the centre's note on the notion, then practices that illustrate it."""

from __future__ import annotations

from assistant.answers.draft import Draft
from assistant.answers.kinds.kind import Case, Kind, Passed
from assistant.answers.noted import illustrate, link_notes, show_note
from assistant.finding.notes import find_defined
from assistant.wording.notes import note_words


def _draft(case: Case) -> Draft | Passed:
    if not case.reading.form.definition:
        return Passed("la question ne demande pas le sens d'un mot")
    note = find_defined(case.reading, case.sources)
    if note is None:
        return Passed("aucune note du centre ne porte sur ce qu'elle demande")
    library, language = case.sources.notes.library(), case.reading.understood.language
    practices = illustrate([note], case.found, library, case.index, language)
    limit = f"*{note_words(language).definition_limit}*"
    related = link_notes(library.related(note), language)
    blocks = [*show_note(note, language), limit, practices.text, related]
    text = "\n\n".join(block for block in blocks if block)
    return Draft(kind="definition", text=text, citations=practices.citations, notes=(note,))


KIND = Kind("definition", "Définition", _draft, exact=True, family="notion")
