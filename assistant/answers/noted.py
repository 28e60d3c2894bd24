"""Noted: how an answer shows a note of the centre: its own words, marked as the centre's, with its law and its page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.answers.draft import Citation, Citations
from assistant.finding.findings import Finding
from assistant.finding.notes import find_subjects
from assistant.notes.naming import Names
from assistant.notes.note import Law, Note, note_path
from assistant.notes.shelf import Library
from assistant.wording import describe_sheet, escape, quote
from assistant.wording.notes import NoteWords, note_words
from index.opened import Index
from index.passages import Sentence
from index.ranking.retrieval import Hit
from ingest.sentence import split_sentences
from language.grammar import Grammar
from language.shapes import ASIDE
from language.text import ANY, read_text

_PRACTICES, _OF_SEVERAL = 3, 2  # of one notion, of each of several
_RELATED = 6  # links
_SHORTEST, _LONGEST = 9, 40  # words of a sentence that illustrates a notion: a longer one names it among other things
# A line of a calendar, or of its steps, tells when something was, not what it is.
_SHEET = Grammar("sheet")
_LONGEST_LABEL = 100  # characters
_LANGUAGES = ("fr", "en")


def show_note(note: Note, language: str, apart: Iterable[Note] = ()) -> list[str]:
    """The paragraphs of a note; the sentences that name one of the notions that it is set `apart` from are in bold."""
    words = note_words(language)
    english = language == "en" and bool(note.text_en)
    term = (note.english if english else "") or note.term
    text = note.text_en if english else note.text
    names = Names(apart)
    lead = f"**{words.mark}**{words.colon}[{escape(term)}]({note_path(note.slug)})"
    first, *rest = [_write_text(part, names) for part in text.split("\n\n")]
    paragraphs = [f"{lead}\n\n{first}", *rest]
    if note.laws:
        paragraphs.append("\n".join(_write_law(law, note, words) for law in note.laws))
    return paragraphs


def list_note_lines(notes: Iterable[Note]) -> frozenset[str]:
    """Every line by which an answer may show these notes, without what is in bold."""
    return frozenset(
        line.replace("**", "")
        for note in notes
        for language in _LANGUAGES
        for paragraph in show_note(note, language)
        for line in paragraph.split("\n")
        if line
    )


def link_notes(notes: Sequence[Note], language: str) -> str:
    """The line that leads to other notes, "" without any."""
    words = note_words(language)
    english = language == "en"
    links = [
        f"[{escape((each.english if english else '') or each.term)}]({note_path(each.slug)})"
        for each in notes[:_RELATED]
    ]
    return f"{words.see_also}{words.colon}{', '.join(links)}." if links else ""


def find_practices(
    notes: Sequence[Note], sentences: Sequence[tuple[Hit, Sentence]], library: Library
) -> list[tuple[Hit, Sentence]]:
    """The practices that say a notion in one of these sentences, the first that does; some for each note."""
    told = dict[str, tuple[Hit, Sentence]]()
    for note in notes:
        names = Names(find_subjects(note, library))
        saying = dict[str, tuple[Hit, Sentence]]()
        for hit, sentence in sentences:
            known = hit.sheet.id in told or hit.sheet.id in saying or hit.sheet.kind != "practice"
            if not known and _says(sentence, names):
                saying[hit.sheet.id] = hit, sentence
        told |= dict(list(saying.items())[: _OF_SEVERAL if len(notes) > 1 else _PRACTICES])
    return list(told.values())


@dataclass(frozen=True)
class Practices:
    """What illustrates notes, as it is shown: quotes alone."""

    text: str
    citations: tuple[Citation, ...]


def illustrate(
    notes: Sequence[Note], found: Iterable[Finding], library: Library, index: Index, language: str
) -> Practices:
    """The practices that illustrate notes, each with the sentence that does; or that none does."""
    citations, words = Citations(), note_words(language)
    sentences = [(each.hit, each.sentence) for each in found]
    items = [
        f"{number}. {describe_sheet(hit.sheet, index)}\n\n"
        f"   {quote(escape(sentence.text), citations.cite(sentence, hit.sheet.title))}"
        for number, (hit, sentence) in enumerate(find_practices(notes, sentences, library), start=1)
    ]
    text = "\n\n".join([words.practices, *items]) if items else f"*{words.no_practice}*"
    return Practices(text, citations.all())


def _says(sentence: Sentence, names: Names) -> bool:
    """Whether a sentence that is whole names a notion."""
    text = sentence.text
    whole = _SHORTEST <= len(text.split()) <= _LONGEST and text[-1] in ".!…»"
    return whole and not _is_labelled(text) and names.says(ASIDE.sub(" ", text))


def _is_labelled(text: str) -> bool:
    """Whether a sentence starts with a date or a step and a colon: it is an item of a list."""
    label, colon, _ = text[:_LONGEST_LABEL].partition(": ")
    return bool(colon) and (any(map(str.isdigit, label)) or _SHEET.has("step", read_text(label, ANY)))


def _write_text(text: str, names: Names) -> str:
    """A paragraph on one line, its sentences that name one of these notions in bold."""
    sentences = split_sentences(" ".join(text.split()))
    return " ".join(f"**{escape(each)}**" if names.find(each) else escape(each) for each in sentences)


def _write_law(law: Law, note: Note, words: NoteWords) -> str:
    where = f"{law.text}, {words.article} {law.article}" if law.article else law.text
    says = f"{words.colon}{escape(law.says)}" if law.says else ""
    checked = f" *({words.checked.format(day=words.day(note.checked))})*" if note.checked else ""
    return f"- {escape(where)}{says}{checked}"
