"""Measures: how good rankings, filters and answers are against a judged set.

nDCG is that of Järvelin and Kekäläinen 2002 (doi:10.1145/582415.582418) with gains 2^grade - 1 (Burges et al. 2005);
every share is rounded to four decimals. A figure over no question at all is not made: its function raises ValueError.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from index.filters import Filters
from ingest.sheet import Frozen

DEPTH = 10  # hits that count


@dataclass(frozen=True)
class Ranked:
    """What was found for a question: ids of sheets, best first, each once; and the grades of the relevant ones."""

    sheets: tuple[str, ...]
    relevant: Mapping[str, int]
    kind: str = ""


@dataclass(frozen=True)
class ToldFact:
    """What was told where a fact was asked: the spellings accepted, the sheet that states it, the sheets cited."""

    answer: str
    cited: Collection[str]
    accept: tuple[str, ...]
    sheet: str

    @property
    def is_right(self) -> bool:
        """An accepted spelling stands in the answer, not within a longer number or word."""
        text = _plain(self.answer)
        return any(re.search(rf"(?<!\w){_spelling(wanted)}(?!\w)", text) for wanted in self.accept)

    @property
    def is_cited(self) -> bool:
        """The sheet that states the fact is among those cited."""
        return self.sheet in self.cited


class RankingFigures(Frozen):
    """Means over `n` questions: nDCG@10, share whose first sheet has the best grade there is, recall@10."""

    n: int
    ndcg10: float
    first_is_best_grade: float
    recall10: float


class SearchFigures(RankingFigures):
    """The same, with the nDCG@10 of each kind of question."""

    by_kind: dict[str, float]


class TurnFigures(Frozen):
    """Turns of conversations: the later ones need what came before; None where there is no such turn."""

    all: RankingFigures
    first: RankingFigures | None
    later: RankingFigures | None


class FilterFigures(Frozen):
    """Filters understood: share of questions where all are as wanted; precision and recall of single values."""

    n: int
    exact: float
    precision: float
    recall: float


class FactFigures(Frozen):
    """Shares of facts that the answer states, whose sheet it cites, and both."""

    n: int
    right_and_cited: float
    right: float
    cited: float


class AbstainFigures(Frozen):
    """Share of questions that were declined."""

    n: int
    abstained: float


def ndcg(ranked: Ranked) -> float:
    """nDCG@10 of one ranking; 0 when nothing is relevant."""
    grades = [ranked.relevant.get(sheet, 0) for sheet in ranked.sheets[:DEPTH]]
    ideal = _discounted(sorted(ranked.relevant.values(), reverse=True)[:DEPTH])
    return _discounted(grades) / ideal if ideal else 0.0


def recall(sheets: Sequence[str], wanted: Collection[str]) -> float:
    """The share of the sheets wanted, at least one, that are among the first ten."""
    return len(set(sheets[:DEPTH]) & set(wanted)) / len(wanted)


def measure_ranking(asked: Sequence[Ranked]) -> RankingFigures:
    """Means over questions that each have a relevant sheet."""
    return RankingFigures(
        n=len(asked),
        ndcg10=_mean([ndcg(ranked) for ranked in asked]),
        first_is_best_grade=_mean([_starts_best(ranked) for ranked in asked]),
        recall10=_mean([recall(ranked.sheets, ranked.relevant) for ranked in asked]),
    )


def measure_search(asked: Sequence[Ranked]) -> SearchFigures:
    """Means over questions that each have a relevant sheet, and by kind; one without a kind is of kind ""."""
    kinds = sorted({ranked.kind for ranked in asked})
    by_kind = {kind: _mean([ndcg(ranked) for ranked in asked if ranked.kind == kind]) for kind in kinds}
    return SearchFigures(**measure_ranking(asked).model_dump(), by_kind=by_kind)


def measure_turns(first: Sequence[Ranked], later: Sequence[Ranked]) -> TurnFigures:
    """Means over the first turns of conversations, over the others, and over all."""
    return TurnFigures(
        all=measure_ranking([*first, *later]),
        first=measure_ranking(first) if first else None,
        later=measure_ranking(later) if later else None,
    )


def measure_filters(understood: Sequence[tuple[Filters, Filters]]) -> FilterFigures:
    """Of pairs of the filters understood and those wanted; a value is a key with one of its codes."""
    values = [(_values(found), _values(wanted)) for found, wanted in understood]
    right = sum(len(found & wanted) for found, wanted in values)
    return FilterFigures(
        n=len(values),
        exact=_mean([found == wanted for found, wanted in values]),
        precision=round(right / max(1, sum(len(found) for found, _ in values)), 4),
        recall=round(right / max(1, sum(len(wanted) for _, wanted in values)), 4),
    )


def measure_facts(told: Sequence[ToldFact]) -> FactFigures:
    """Shares over what was told."""
    return FactFigures(
        n=len(told),
        right_and_cited=_mean([fact.is_right and fact.is_cited for fact in told]),
        right=_mean([fact.is_right for fact in told]),
        cited=_mean([fact.is_cited for fact in told]),
    )


def measure_abstention(abstained: Sequence[bool]) -> AbstainFigures:
    """Share of questions declined: to be high over those out of scope, low over the others."""
    return AbstainFigures(n=len(abstained), abstained=_mean(abstained))


def _discounted(grades: Sequence[int]) -> float:
    return math.fsum((2.0**grade - 1) / math.log2(rank + 1) for rank, grade in enumerate(grades, start=1))


def _starts_best(ranked: Ranked) -> bool:
    return bool(ranked.sheets) and ranked.relevant.get(ranked.sheets[0], 0) == max(ranked.relevant.values())


def _mean(values: Sequence[float]) -> float:
    if not values:
        raise ValueError("a mean needs at least one question")
    return round(sum(values) / len(values), 4)


def _values(filters: Filters) -> set[tuple[str, str]]:
    """("porteur", "PV"), ("annee", "2019")… of each value that is set."""
    return {
        (key, str(value))
        for key, values in filters.to_json().items()
        for value in (values if isinstance(values, list) else [values])
    }


def _plain(text: str) -> str:
    """Lower case, without bold marks; one kind of apostrophe, one kind of space."""
    folded = unicodedata.normalize("NFC", text).casefold().replace("*", "").replace("’", "'")
    return re.sub(r"\s+", " ", folded)


def _spelling(wanted: str) -> str:
    """A pattern in which a space may be left out: "47 000" is also "47000"."""
    return " ?".join(map(re.escape, _plain(wanted).split(" ")))
