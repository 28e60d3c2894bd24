"""Obligation: what the law asks or allows: the centre's note with its articles, then practices that illustrate it."""

from __future__ import annotations

from assistant.answers.draft import Draft
from assistant.answers.kinds.kind import Case, Kind, Passed
from assistant.answers.noted import illustrate, link_notes, show_note
from assistant.answers.threshold import tell_side
from assistant.finding.notes import find_obligation
from assistant.notes.note import Note
from assistant.wording.notes import note_words
from language.letters import fold


def _draft(case: Case) -> Draft | Passed:
    if not case.reading.form.obligation:
        return Passed("la question ne demande pas ce que dit le droit")
    note = find_obligation(case.reading, case.sources)
    if note is None:
        return Passed("aucune note du centre ne répond à cette question de droit")
    if (law := _find_other_law(case, note)) is not None:
        return Passed(f"la note du centre ne parle pas de « {law} », que la question nomme")
    library, language = case.sources.notes.library(), case.reading.understood.language
    words = note_words(language)
    unfounded = "" if note.laws else words.not_checked
    practices = illustrate([note], case.found, library, case.index, language)
    related = link_notes(library.related(note), language)
    limit = f"*{words.obligation_limit}*"
    blocks = [tell_side(note, case.reading), *show_note(note, language), unfounded, limit, practices.text, related]
    text = "\n\n".join(block for block in blocks if block)
    return Draft(kind="obligation", text=text, citations=practices.citations, notes=(note,))


def _find_other_law(case: Case, note: Note) -> str | None:
    """The law or name that a question is about, when neither the sheets nor the note know it."""
    abstention = case.abstention
    if abstention is None or abstention.reason != "name":
        return None
    laws = (f"{law.text} article {law.article} {law.says}" for law in note.laws)
    known = _squeeze(" ".join((note.text, note.term, note.english, *note.others, *laws)))
    return None if _squeeze(abstention.about) in known else abstention.about


def _squeeze(text: str) -> str:
    """Its letters and digits: "article L. 103-2" and "article L103-2" are one."""
    return "".join(filter(str.isalnum, fold(text)))


KIND = Kind("obligation", "Obligation", _draft, exact=True, family="notion")
