"""Verdict: what one sheet says of one sentence of a note."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from assistant.checks.checker import Checker
from assistant.checks.figures import Figure, find_figures, is_small
from assistant.checks.negation import turns
from assistant.checks.note_figures import (
    LESS_TELLING,
    Home,
    Rival,
    find_homes,
    find_rival,
    is_elsewhere,
    write_figure,
)
from assistant.checks.note_names import find_other_name, find_strange, read_names
from assistant.checks.note_quotes import count_words, find_quoted, find_quotes, without_quotes
from assistant.checks.note_subject import How, Said, SheetText, Weights
from ingest.sheet import Frozen
from language.letters import has_name

NoteVerdict = Literal["exact", "supported", "contradicted", "unknown"]
Why = Literal["", "figure", "name", "quote"]

_PASSAGES = 4  # of a sheet, that a sentence is judged with
_MOST_FIGURES = 20  # of a sentence
_FEWEST = 4  # words of a sentence that is a sheet's own
# How much of a sentence a sheet's says, for its other figure or name to contradict: less where the sheet is named.
_SAME: dict[How, float] = {"named": 0.3, "before": 0.45, "near": 0.7}
_SUPPORTS: dict[How, float] = {"named": 0.45, "before": 0.5, "near": 0.7}
_SURELY = 0.8  # how near another year must be, for that of the sheet itself to be taken for a mistake


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


class Beside:
    """A sentence beside one sheet: `how` says why it is compared with this one."""

    def __init__(self, sentence: str, sheet: SheetText, how: How, weights: Weights, checker: Checker) -> None:
        self._sentence, self._sheet, self._how = sentence, sheet, how
        self._weights, self._checker = weights, checker
        self._strange = find_strange(sentence, sheet.text)
        self._covered = self._cover(sentence)

    def judge(self) -> Checked | None:
        """What the sheet says of the sentence, None when it says nothing of it."""
        if not self._covered:
            return None
        if quotes := find_quotes(self._sentence):
            return self._judge_quotes(quotes)
        if copied := _find_copied(self._sentence, self._sheet.said):
            return self._tell("exact", copied)
        return self._find_wrong(self._sentence) or self._find_support()

    def _cover(self, sentence: str) -> list[tuple[float, Said]]:
        """The sentences of the sheet, those first that say most of this one, its strange names left out."""
        words = re.sub("|".join(map(re.escape, self._strange)), " ", sentence) if self._strange else sentence
        covered = [(self._weights.cover(words, self._sheet, said, self._how), said) for said in self._sheet.said]
        return sorted(covered, key=lambda each: -each[0])

    def _tell(self, verdict: NoteVerdict, quote: str, told: str = "", why: Why = "") -> Checked:
        return Checked(
            sentence=self._sentence, verdict=verdict, sheet=self._sheet.sheet.id, quote=quote, told=told, why=why
        )

    def _judge_quotes(self, quotes: Sequence[str]) -> Checked | None:
        """Quotes are exact or altered; the figures that stand beside them must be the sheet's."""
        texts = [passage.text for passage in self._sheet.passages]
        found = [quoted for quote in quotes if (quoted := find_quoted(quote, texts))]
        if altered := next((each for each in found if not each.exact), None):
            return self._tell("contradicted", _sentence_of(altered.text, self._sheet), altered.text, "quote")
        if len(found) < len(quotes):
            return None
        rest = without_quotes(self._sentence)
        self._covered = self._cover(rest)
        beside = [figure for figure in _read_figures(rest) if not is_small(figure)]
        if wrong := self._find_wrong(rest):
            return wrong
        if not all(find_homes(each, beside, self._covered) or _is_known(each, self._sheet) for each in beside):
            return None
        return self._tell("exact", _sentence_of(found[0].text, self._sheet))

    def _find_wrong(self, sentence: str) -> Checked | None:
        """Where the sheet gives another figure of the same thing, or another name."""
        if self._how == "near" and self._strange:
            return None  # it speaks of somebody else
        least = _SAME[self._how]
        rivals = [
            rival
            for rival in _find_rivals(sentence, self._covered, least)
            if rival.nearness >= _SURELY or not _is_known(rival.stated, self._sheet)
        ]
        if rivals:
            best = max(rivals, key=lambda rival: rival.nearness)
            return self._tell("contradicted", best.said.text, write_figure(best.told, best.said.text), "figure")
        if self._strange and (other := find_other_name(self._strange, sentence, self._covered, least)):
            return self._tell("contradicted", other.said.text, other.told, "name")
        return None

    def _find_support(self) -> Checked | None:
        """A sentence is supported by one that gives its figures of the same things, or when the checker is sure."""
        if self._strange:
            return None
        every = _read_figures(self._sentence)
        figures = [figure for figure in every if not is_small(figure)]
        found = [next(iter(find_homes(figure, figures, self._covered)), None) for figure in figures]
        homes = [home for home in found if home]
        best = max(homes, key=lambda home: (home.stated.kind not in LESS_TELLING, home.cover), default=None)
        fits = len(homes) == len(figures) and all(each.fits for each in homes)
        if best and fits and self._is_near(best, homes) and not turns(self._sentence, [best.said.text]):
            return self._tell("supported", best.said.text)
        if not all(home or _is_known(figure, self._sheet) for figure, home in zip(figures, found, strict=True)):
            return None
        if not all(_is_counted(figure, self._covered) for figure in every if is_small(figure)):
            return None
        proof = self._prove()
        return self._tell("supported", best.said.text if best else proof) if proof else None

    def _is_near(self, telling: Home, homes: Sequence[Home]) -> bool:
        """Whether the sheet's sentences say most of this one, that with its most telling figure half as much."""
        least = _SUPPORTS[self._how]
        return max(home.cover for home in homes) >= least and telling.cover >= least / 2

    def _prove(self) -> str:
        """The sentence of the sheet that proves this one, in the checker's judgement; "" when it is not sure."""
        near = list({said.passage.id: said.passage for _, said in self._covered}.values())[:_PASSAGES]
        passages = [(each.heading, each.text) for each in near]
        judged = self._checker.judge(self._sentence, passages, self._sheet.known)
        return judged.proofs[0].sentence if judged.verdict == "confirmed" and judged.proofs else ""


def _read_figures(sentence: str) -> tuple[Figure, ...]:
    """The figures of a sentence; the first ones of a list, each of which is compared with all of a sheet."""
    return find_figures(sentence)[:_MOST_FIGURES]


def _find_rivals(sentence: str, covered: Sequence[tuple[float, Said]], least: float) -> list[Rival]:
    """The figures of the sheet that stand where a sentence gives others."""
    stated = _read_figures(sentence)
    kept = []
    for figure in stated:
        rival = find_rival(figure, stated, covered, least)
        home: Home | None = next(iter(find_homes(figure, stated, covered)), None)
        if rival and (home is None or is_elsewhere(home, rival)):
            kept.append(rival)
    return kept


def _is_counted(figure: Figure, covered: Sequence[tuple[float, Said]]) -> bool:
    """Whether a sheet has a small number of the same thing, which the checker leaves to the writer."""
    return any(home.fits for home in find_homes(figure, [figure], covered))


def _is_known(figure: Figure, sheet: SheetText) -> bool:
    """Whether what is known beside the text has a figure: the year of a prize."""
    return any(held == figure for held in find_figures(sheet.known))


def _find_copied(sentence: str, said: Sequence[Said]) -> str:
    """The sentence of a sheet that a sentence copies, or is a part of; "" when there is none."""
    for each in said:
        shorter = min(count_words(each.text), count_words(sentence))
        if shorter >= _FEWEST and (has_name(each.text, sentence) or _is_all_of(sentence, each.text)):
            return each.text
    return ""


def _is_all_of(sentence: str, said: str) -> bool:
    """Whether a sentence is a sheet's with a few words before it that state nothing more."""
    if not has_name(sentence, said):
        return False
    return len(find_figures(sentence)) == len(find_figures(said)) and not set(read_names(sentence)) - set(
        read_names(said)
    )


def _sentence_of(quoted: str, sheet: SheetText) -> str:
    """The sentence of a sheet that has these words, or the words where they stand in several."""
    return next((said.text for said in sheet.said if has_name(said.text, quoted)), quoted)
