"""Note: a text that somebody wrote, compared with the sheets: is what it says of practices exact?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import get_args

from assistant.checks.checker import Checker
from assistant.checks.figures import find_figures, is_small
from assistant.checks.note_file import LONGEST_NOTE, need_short
from assistant.checks.note_names import is_elsewhere, read_names
from assistant.checks.note_quotes import count_words, find_quotes
from assistant.checks.note_subject import How, SheetText, Weights, find_named
from assistant.checks.note_verdict import Beside, Checked, NoteVerdict
from assistant.finding.search import Sources, find_hits
from index.encoding.budget import Budget, QuestionTooCostly
from ingest.sentence import split_sentences
from ingest.sheet import Frozen, Sheet
from language.shapes import BULLET

_SEARCHED = 500  # characters of a sentence by which its sheets are looked for
_SEARCHING = 2.0  # seconds of processor time: a sentence takes a hundredth of it, the first one of a process half
_LONGEST = 1_000  # characters of what is compared as one sentence
_SHEETS = 8  # among which those named are looked for
_NEAR = 3  # sheets that a sentence which names none is compared with
_MARKS = " \t-*•>#_\u00a0"  # of bullets, headings and emphasis
_ORDER: tuple[NoteVerdict, ...] = get_args(NoteVerdict)
_VERDICTS = {"exact": "Exact", "supported": "Soutenu", "contradicted": "CONTREDIT", "unknown": "Inconnu"}


class NoteTold(Frozen):
    """What is told of a whole note: its sentences that were compared, how many have each verdict, and how many were
    not compared since they state nothing that sheets could tell.
    """

    sentences: tuple[Checked, ...]
    counts: dict[NoteVerdict, int]
    unchecked: int


def check_note(text: str, sources: Sources, checker: Checker) -> list[Checked]:
    """Each sentence of a text that has a figure, a quote or a name, in its order; or raise NoteWrong when too long."""
    return list(iterate_note(text, sources, checker))


def iterate_note(text: str, sources: Sources, checker: Checker) -> Iterator[Checked]:
    """The same one by one, so that others are computed for in between.

    A sentence that copies one of a sheet, or quotes it, is exact; one that a sheet says in other words, supported. It
    is contradicted when the sheet that it is about gives another figure or name of the same thing, or other words
    between the same quotation marks.
    """
    need_short(text, LONGEST_NOTE)
    comparison = _Comparison(sources, checker)
    for sentence, is_heading in cut_note(text):
        if is_heading:
            comparison.hear(sentence)
        elif states_something(sentence):
            yield comparison.check(sentence)
        elif counts_something(sentence) and (told := comparison.check(sentence)).verdict != "unknown":
            yield told


def cut_note(text: str) -> list[tuple[str, bool]]:
    """The sentences of a text without their bullets, each with whether it is a heading."""
    cut: list[tuple[str, bool]] = []
    for line in text.splitlines():
        bare, is_heading = _strip(line), line.lstrip().startswith("#")
        sentences = [bare] if is_heading else split_sentences(bare)
        cut += [(piece, is_heading) for sentence in sentences for piece in _cut_long(sentence)]
    return [(sentence, is_heading) for sentence, is_heading in cut if count_words(sentence)]


def _cut_long(sentence: str) -> list[str]:
    """A sentence, or its pieces when it goes on as no sentence does."""
    return [sentence[at : at + _LONGEST].strip() for at in range(0, len(sentence), _LONGEST)]


def _strip(line: str) -> str:
    """A line less its bullet, its number and its emphasis."""
    bare = line.replace("**", "").replace("__", "").strip(_MARKS)
    return BULLET.sub("", bare)


def sum_up(text: str, checked: Sequence[Checked]) -> NoteTold:
    """The sentences of a text that were compared, counted."""
    counts: dict[NoteVerdict, int] = {verdict: sum(each.verdict == verdict for each in checked) for verdict in _ORDER}
    every = sum(not is_heading for _, is_heading in cut_note(text))
    return NoteTold(sentences=tuple(checked), counts=counts, unchecked=every - len(checked))


def count_stating(text: str) -> int:
    """How many sentences of a text are compared."""
    sentences = [sentence for sentence, is_heading in cut_note(text) if not is_heading]
    return sum(states_something(each) or counts_something(each) for each in sentences)


def states_something(sentence: str) -> bool:
    """Whether a sentence states a figure, a quote or a name that sheets could tell; a question states nothing."""
    if sentence.rstrip(' »"”').endswith("?"):
        return False
    large = any(not is_small(figure) for figure in find_figures(sentence))
    return large or bool(find_quotes(sentence)) or bool(read_names(sentence))


def counts_something(sentence: str) -> bool:
    """Whether a sentence has a number, small ones too: "trois leviers" is the writer's, "deux élus" a sheet's."""
    return not _asks(sentence) and bool(find_figures(sentence))


def _asks(sentence: str) -> bool:
    return sentence.rstrip(' »"”').endswith("?")


def tell_verdict(verdict: NoteVerdict) -> str:
    """A verdict in French."""
    return _VERDICTS[verdict]


class _Comparison:
    """The sentences of one note, each beside the sheets that it is about."""

    def __init__(self, sources: Sources, checker: Checker) -> None:
        self._sources, self._checker = sources, checker
        self._weights = Weights(sources.index)
        self._texts: dict[str, SheetText] = {}
        self._before: list[Sheet] = []  # that the last sentence which named some did

    def hear(self, heading: str) -> None:
        """A heading names what the sentences under it are about."""
        self._before = find_named(heading, self._search(heading), self._weights)

    def check(self, sentence: str) -> Checked:
        """A sentence beside the sheets that it is about."""
        for how, sheets in self._choose(sentence):
            besides = [Beside(sentence, self._open(sheet), how, self._weights, self._checker) for sheet in sheets]
            found = [told for beside in besides if (told := beside.judge())]
            if found:
                return min(found, key=lambda told: _ORDER.index(told.verdict))
        return Checked(sentence=sentence, verdict="unknown")

    def _choose(self, sentence: str) -> Iterator[tuple[How, list[Sheet]]]:
        """The sheets that a sentence names alone; else those named before, then the nearest."""
        found = self._search(sentence)
        if named := find_named(
            sentence, {sheet.id: sheet for sheet in (*found, *self._before)}.values(), self._weights
        ):
            self._before = named
            yield "named", named
            return
        yield "before", [sheet for sheet in self._before if not is_elsewhere(sentence, self._open(sheet).text)]
        yield "near", found[:_NEAR]

    def _search(self, sentence: str) -> list[Sheet]:
        """The sheets nearest to a sentence; none when finding them would keep others waiting."""
        try:
            hits = Budget(_SEARCHING).run(find_hits, sentence[:_SEARCHED], self._sources, k=_SHEETS, taught=False)
        except QuestionTooCostly:
            return []
        return [hit.sheet for hit in hits]

    def _open(self, sheet: Sheet) -> SheetText:
        if sheet.id not in self._texts:
            self._texts[sheet.id] = SheetText(sheet, self._sources.index.passages_of_sheet(sheet.id))
        return self._texts[sheet.id]
