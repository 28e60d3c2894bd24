"""Evaluations: the figures of a judged set, kept from one run to the next and compared."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, get_args

from pydantic import ValidationError

from index.measuring.measure import AbstainFigures, FactFigures, FilterFigures, SearchFigures, TurnFigures
from ingest.sheet import Frozen

Part = Literal["search", "turns", "facts", "filters", "abstain", "wrongly_abstained"]
PARTS: tuple[Part, ...] = get_args(Part)
_FOLDER = "evaluations"


class Outcome(Frozen):
    """What became of one question: its score, 1 when nothing is to be wished for; what was wanted and what came."""

    part: Part
    id: str
    question: str
    score: float
    wanted: str
    found: str


class Evaluation(Frozen):
    """The figures of a set, and what gave them. A part is None when the set has no file for it.

    `abstain` is over the questions out of scope, `wrongly_abstained` over those of the search. `set_digest` stands
    for the questions: two evaluations compare when it is the same.
    """

    set: str
    set_digest: str
    date: str  # ISO 8601, UTC
    version: str
    model: str
    language_model: bool
    search: SearchFigures | None = None
    turns: TurnFigures | None = None
    facts: FactFigures | None = None
    filters: FilterFigures | None = None
    abstain: AbstainFigures | None = None
    wrongly_abstained: AbstainFigures | None = None
    questions: tuple[Outcome, ...] = ()

    def figures(self) -> dict[str, float]:
        """Every figure by its place: "search.ndcg10", "search.by_kind.need", "turns.later.recall10"…"""
        figures: dict[str, float] = {}
        _collect({part: figure for part, figure in self.model_dump().items() if part in PARTS}, "", figures)
        return figures


class Comparison(Frozen):
    """What changed since an evaluation of the same set: the difference of each figure, and questions by name."""

    date: str
    version: str
    differences: dict[str, float]
    better: tuple[str, ...]  # "search d004", "facts f12"
    worse: tuple[str, ...]


def keep_evaluation(evaluation: Evaluation, data_dir: Path) -> Path:
    """Write an evaluation where `read_last` finds it."""
    folder = data_dir / _FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    stamp = "".join(character for character in evaluation.date[:19] if character.isalnum())
    path = folder / f"{evaluation.set}-{stamp}.json"
    path.write_text(evaluation.model_dump_json(), encoding="utf-8")
    return path


def read_last(evaluation: Evaluation, data_dir: Path) -> Evaluation | None:
    """The last evaluation kept of the same questions; those that another version wrote otherwise are passed over."""
    for path in sorted((data_dir / _FOLDER).glob(f"{evaluation.set}-*.json"), reverse=True):
        try:
            last = Evaluation.model_validate_json(path.read_text(encoding="utf-8"))
        except ValidationError:
            continue
        if last.set_digest == evaluation.set_digest:
            return last
    return None


def compare(before: Evaluation, now: Evaluation) -> Comparison:
    """What changed between two evaluations of the same questions."""
    old, new = before.figures(), now.figures()
    scores = {(each.part, each.id): each.score for each in before.questions}
    known = [each for each in now.questions if (each.part, each.id) in scores]
    return Comparison(
        date=before.date,
        version=before.version,
        differences={name: round(new[name] - old[name], 4) for name in new if name in old},
        better=tuple(f"{each.part} {each.id}" for each in known if each.score > scores[each.part, each.id]),
        worse=tuple(f"{each.part} {each.id}" for each in known if each.score < scores[each.part, each.id]),
    )


def _collect(node: object, place: str, figures: dict[str, float]) -> None:
    if isinstance(node, dict):
        for name, child in node.items():
            _collect(child, f"{place}.{name}" if place else name, figures)
    elif isinstance(node, float):  # counts are integers, and no figures
        figures[place] = node
