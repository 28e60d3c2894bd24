"""Note: a text that somebody wrote, compared with the sheets: is what it says of practices exact?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal, get_args

from assistant.checks.checker import Checker
from assistant.checks.figures import find_figures, is_small
from assistant.checks.negation import turns
from assistant.checks.note_figures import Home, Rival, find_homes, find_rival, is_elsewhere, write_figure
from assistant.checks.note_file import LONGEST_NOTE, need_short
from assistant.checks.note_names import find_other_name, find_strange, read_names
from assistant.checks.note_quotes import count_words, find_quoted, find_quotes, has_words, without_quotes
from assistant.checks.note_subject import How, Said, SheetText, Weights, find_named
from assistant.finding.search import Sources, find_hits
from index.encoding.budget import Budget, QuestionTooCostly
from ingest.sentence import split_sentences
from ingest.sheet import Frozen, Sheet

NoteVerdict = Literal["exact", "supported", "contradicted", "unknown"]
Why = Literal["", "figure", "name", "quote"]

_SEARCHED = 500  # characters of a sentence by which its sheets are looked for
_SEARCHING = 2.0  # seconds of processor time: a sentence takes a hundredth of it, the first one of a process half
_SHEETS, _PASSAGES = 8, 4  # among which those named are looked for; of each, that a sentence is judged with
_NEAR = 3  # sheets that a sentence which names none is compared with
_FEWEST = 4  # words of a sentence that is a sheet's own
# How much of a sentence a sheet's says, for its other figure or name to contradict: less where the sheet is named.
_SAME: dict[How, float] = {"named": 0.3, "before": 0.45, "near": 0.7}
_SUPPORTS: dict[How, float] = {"named": 0.45, "before": 0.5, "near": 0.7}
_SURELY = 0.8  # how near another year must be, for that of the sheet itself to be taken for a mistake
_HEADING = re.compile(r"\s*#{1,6}\s")
_NUMBER = re.compile(r"\d{1,2}[.)]\s+")
_MARKS = " \t-*•>#_\u00a0"  # of bullets, headings and emphasis
_ORDER: tuple[NoteVerdict, ...] = get_args(NoteVerdict)
_LESS_TELLING = ("date", "ordinal")  # figures that many sentences have
_VERDICTS = {"exact": "Exact", "supported": "Soutenu", "contradicted": "CONTREDIT", "unknown": "Inconnu"}


class Checked(Frozen):
    """A sentence of a note, what the sheets say of it, and where: the sheet and its own sentence, "" when unknown.

    `told` is what the sheet gives where it contradicts, as it writes it, and `why` says what of: a figure, a name, the
    words of a quote.
    """

    sentence: str
    verdict: NoteVerdict
    sheet: str = ""
    quote: str = ""
    told: str = ""
    why: Why = ""


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


def cut_note(text: str) -> list[tuple[str, bool]]:
    """The sentences of a text without their bullets, each with whether it is a heading."""
    cut = [
        (_strip(sentence), bool(_HEADING.match(line)))
        for line in text.splitlines()
        for sentence in ([line] if _HEADING.match(line) else split_sentences(line))
    ]
    return [(sentence, is_heading) for sentence, is_heading in cut if count_words(sentence)]


def _strip(sentence: str) -> str:
    """A sentence less its bullet, its number and its emphasis."""
    bare = sentence.strip(_MARKS)
    return bare[numbered.end() :] if (numbered := _NUMBER.match(bare)) else bare


def sum_up(text: str, checked: Sequence[Checked]) -> NoteTold:
    """The sentences of a text that were compared, counted."""
    counts: dict[NoteVerdict, int] = {verdict: sum(each.verdict == verdict for each in checked) for verdict in _ORDER}
    every = sum(not is_heading for _, is_heading in cut_note(text))
    return NoteTold(sentences=tuple(checked), counts=counts, unchecked=every - len(checked))


def count_stating(text: str) -> int:
    """How many sentences of a text are compared."""
    return sum(states_something(sentence) for sentence, is_heading in cut_note(text) if not is_heading)


def states_something(sentence: str) -> bool:
    """Whether a sentence states a figure, a quote or a name that sheets could tell; a question states nothing."""
    if sentence.rstrip(' »"”').endswith("?"):
        return False
    large = any(not is_small(figure) for figure in find_figures(sentence))
    return large or bool(find_quotes(sentence)) or bool(read_names(sentence))


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
            found = [told for sheet in sheets if (told := self._compare(sentence, self._open(sheet), how))]
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
        known = [sheet for sheet in self._before if not find_strange(sentence, self._open(sheet).text)]
        yield "before", known
        yield "near", found[:_NEAR]

    def _search(self, sentence: str) -> list[Sheet]:
        """The sheets nearest to a sentence; none when finding them would keep others waiting."""
        try:
            hits = Budget(_SEARCHING).run(find_hits, sentence[:_SEARCHED], self._sources, k=_SHEETS)
        except QuestionTooCostly:
            return []
        return [hit.sheet for hit in hits]

    def _open(self, sheet: Sheet) -> SheetText:
        if sheet.id not in self._texts:
            self._texts[sheet.id] = SheetText(sheet, self._sources.index.passages_of_sheet(sheet.id))
        return self._texts[sheet.id]

    def _compare(self, sentence: str, sheet: SheetText, how: How) -> Checked | None:
        """What one sheet says of a sentence, None when it says nothing of it."""
        words = _without(find_strange(sentence, sheet.text), sentence)
        covered = [(self._weights.cover(words, sheet, said, how), said) for said in sheet.said]
        if not covered:
            return None
        covered.sort(key=lambda each: -each[0])
        make = _Maker(sentence, sheet.sheet.id)
        if quotes := find_quotes(sentence):
            return self._compare_quotes(quotes, sentence, sheet, covered, how, make)
        if copied := _find_copied(sentence, sheet.said):
            return make("exact", copied)
        return self._compare_words(sentence, sheet, covered, how, make)

    def _compare_quotes(
        self,
        quotes: Sequence[str],
        sentence: str,
        sheet: SheetText,
        covered: list[tuple[float, Said]],
        how: How,
        make: _Maker,
    ) -> Checked | None:
        """Quotes are exact or altered; what stands beside them must not be contradicted."""
        texts = [passage.text for passage in sheet.passages]
        found = [find_quoted(quote, texts) for quote in quotes]
        if altered := next((each for each in found if each and not each.exact), None):
            return make("contradicted", _sentence_of(altered.text, sheet), altered.text, "quote")
        if not all(found):
            return None
        rest = self._find_wrong(without_quotes(sentence), sheet, covered, how, make)
        return rest or make("exact", _sentence_of(found[0].text, sheet) if found[0] else "")

    def _compare_words(
        self, sentence: str, sheet: SheetText, covered: list[tuple[float, Said]], how: How, make: _Maker
    ) -> Checked | None:
        """A sentence is supported by one that gives its figures of the same things, or when the checker is sure."""
        if wrong := self._find_wrong(sentence, sheet, covered, how, make):
            return wrong
        if find_strange(sentence, sheet.text):
            return None
        figures = [figure for figure in find_figures(sentence) if not is_small(figure)]
        found = [next(iter(find_homes(figure, figures, covered)), None) for figure in figures]
        homes = [home for home in found if home]
        best = max(homes, key=lambda home: (home.stated.kind not in _LESS_TELLING, home.cover), default=None)
        fits = len(homes) == len(figures) and all(each.fits for each in homes)
        if best and fits and _is_near(best, homes, _SUPPORTS[how]) and not turns(sentence, [best.said.text]):
            return make("supported", best.said.text)
        if not all(home or _is_known(figure, sheet) for figure, home in zip(figures, found, strict=True)):
            return None
        proof = self._prove(sentence, sheet, covered)
        return make("supported", best.said.text if best else proof) if proof else None

    def _prove(self, sentence: str, sheet: SheetText, covered: list[tuple[float, Said]]) -> str:
        """The sentence of a sheet that proves one, in the checker's judgement; "" when it is not sure."""
        near = list({said.passage.id: said.passage for _, said in covered}.values())[:_PASSAGES]
        judged = self._checker.judge(sentence, [(each.heading, each.text) for each in near], sheet.known)
        return judged.proofs[0].sentence if judged.verdict == "confirmed" and judged.proofs else ""

    def _find_wrong(
        self, sentence: str, sheet: SheetText, covered: list[tuple[float, Said]], how: How, make: _Maker
    ) -> Checked | None:
        """Where the sheet gives another figure of the same thing, or another name."""
        strange = find_strange(sentence, sheet.text)
        if how == "near" and strange:
            return None  # it speaks of somebody else
        rivals = [
            rival
            for rival in _find_rivals(sentence, covered, _SAME[how])
            if rival.nearness >= _SURELY or not _is_known(rival.stated, sheet)
        ]
        if rivals:
            best = max(rivals, key=lambda rival: rival.nearness)
            return make("contradicted", best.said.text, write_figure(best.told, best.said.text), "figure")
        if strange and how != "near" and (other := find_other_name(strange, sentence, covered, _SAME[how])):
            return make("contradicted", other.said.text, other.told, "name")
        return None


class _Maker:
    """Makes what is told of one sentence from one sheet."""

    def __init__(self, sentence: str, sheet: str) -> None:
        self._sentence, self._sheet = sentence, sheet

    def __call__(self, verdict: NoteVerdict, quote: str, told: str = "", why: Why = "") -> Checked:
        return Checked(sentence=self._sentence, verdict=verdict, sheet=self._sheet, quote=quote, told=told, why=why)


def _find_rivals(sentence: str, covered: Sequence[tuple[float, Said]], least: float) -> list[Rival]:
    """The figures of the sheet that stand where a sentence gives others."""
    stated = find_figures(sentence)
    kept = []
    for figure in stated:
        rival = find_rival(figure, stated, covered, least)
        home: Home | None = next(iter(find_homes(figure, stated, covered)), None)
        if rival and (home is None or is_elsewhere(home, rival)):
            kept.append(rival)
    return kept


def _is_near(telling: Home, homes: Sequence[Home], least: float) -> bool:
    """Whether sentences of a sheet say most of a sentence, that with its most telling figure half of it."""
    return max(home.cover for home in homes) >= least and telling.cover >= least / 2


def _is_known(figure: object, sheet: SheetText) -> bool:
    """Whether what is known beside the text has a figure: the year of a prize."""
    return any(held == figure for held in find_figures(sheet.known))


def _without(names: Sequence[str], sentence: str) -> str:
    """A sentence less these names, which may be what is false in it."""
    return re.sub("|".join(map(re.escape, names)), " ", sentence) if names else sentence


def _find_copied(sentence: str, said: Sequence[Said]) -> str:
    """The sentence of a sheet that a sentence copies, or is a part of; "" when there is none."""
    for each in said:
        shorter = min(count_words(each.text), count_words(sentence))
        if shorter >= _FEWEST and (has_words(each.text, sentence) or _is_all_of(sentence, each.text)):
            return each.text
    return ""


def _is_all_of(sentence: str, said: str) -> bool:
    """Whether a sentence is a sheet's with a few words before it that state nothing more."""
    if not has_words(sentence, said):
        return False
    return len(find_figures(sentence)) == len(find_figures(said)) and not set(read_names(sentence)) - set(
        read_names(said)
    )


def _sentence_of(quoted: str, sheet: SheetText) -> str:
    """The sentence of a sheet that has these words, or the words where they stand in several."""
    return next((said.text for said in sheet.said if has_words(said.text, quoted)), quoted)
