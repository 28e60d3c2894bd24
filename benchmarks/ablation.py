"""Ablation: each part of the search removed once, measured on the judged set and on PIAF.

`benchmarks/ablation.py [SET DIR]... [--limit N] [--json]`, on the data directory of the settings; a set that brings
its corpus is searched in it. Prints nDCG@10 of each set, and what removing each part costs. The adapter and the sheets'
questions are parts of an index: make another data directory without them, and run this on both.
"""

import argparse
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import get_args

from assistant.evaluation.command import open_knowledge
from assistant.evaluation.judged import JudgedSet
from assistant.evaluation.judged_set import read_set
from assistant.pipeline import Knowledge
from assistant.reading.read import read_question
from assistant.settings import read_settings
from index.measuring.measure import DEPTH, Ranked, measure_ranking
from index.ranking.evidence import Said
from index.ranking.fusion import SIGNALS, WEIGHTS, Weights
from index.ranking.retrieval import retrieve
from index.understood import Understood

SHARED = Path(__file__).parent.parent.parent / "shared"
# Of what the question is understood to say, the parts that change the words searched, and what they are without it;
# the others are weights of evidence.
_WORDS: Mapping[str, Mapping[str, object]] = {"synonyms": {"expansions": ()}}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="*", type=Path, default=[SHARED / "eval" / "dev", SHARED / "bench" / "piaf"])
    parser.add_argument("--limit", type=int, default=1000)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    tables = {}
    for folder in options.sets:
        judged = read_set(folder, options.limit)
        tables[judged.name] = ablate(judged, open_knowledge(judged, read_settings(), "public", None))
    print(json.dumps(tables) if options.json else _show(tables))


def ablate(judged: JudgedSet, knowledge: Knowledge) -> dict[str, float]:
    """nDCG@10 with everything, then without each part, by the name of what was removed."""
    encoder = knowledge.encoder
    # The same questions are read twenty times.
    encoder.encode_question = cache(encoder.encode_question)  # type: ignore[method-assign]
    table = {"nothing": _measure(judged, knowledge, WEIGHTS, {})}
    for part in (*SIGNALS, *get_args(Said)):
        table[part] = _measure(judged, knowledge, {**WEIGHTS, part: 0.0}, {})
    for part, nothing in _WORDS.items():
        table[part] = _measure(judged, knowledge, WEIGHTS, nothing)
    table["typos"] = _measure(judged, knowledge, WEIGHTS, {}, mended=False)
    table["all understanding"] = _measure(judged, knowledge, WEIGHTS, dict(Understood()), mended=False)
    return table


def _measure(
    judged: JudgedSet, knowledge: Knowledge, weights: Weights, without: Mapping[str, object], *, mended: bool = True
) -> float:
    every = []
    for question in judged.questions:
        reading = read_question(question.query, (), knowledge.index)
        asked = reading.asked if mended else question.query
        understood = reading.understood.model_copy(update=dict(without))
        hits = retrieve(asked, knowledge.index, knowledge.encoder, k=DEPTH, understood=understood, weights=weights)
        every.append(Ranked(tuple(hit.sheet.id for hit in hits), question.relevant))
    return measure_ranking(every).ndcg10


def _show(tables: dict[str, dict[str, float]]) -> str:
    names = dict.fromkeys(name for table in tables.values() for name in table)
    lines = [f"{'without':22}" + "".join(f"{name:>20}" for name in tables)]
    for name in names:
        cells = [f"{table[name]:.4f} ({table[name] - table['nothing']:+.4f})" for table in tables.values()]
        lines.append(f"{name:22}" + "".join(f"{cell:>20}" for cell in cells))
    return "\n".join(lines)


if __name__ == "__main__":
    main()
