"""Train the packaged adapter: python -m training.train [--seed N] [--to FILE]; on a GPU when there is one."""

import argparse
import random
import sys
import time
from dataclasses import replace
from pathlib import Path

from index.encoding.adapter import PACKAGED, write_adapter
from index.training.pairs import Pair, pair_questions, pair_structure
from index.training.tuning import Plan, tune_bundled
from training.checks import ROOT, SHARED, is_kept_apart, read_collection, read_piaf_training, read_written

MODELS = ROOT / "var" / "models"
_QUESTIONS_A_PASSAGE = 2  # of PIAF: reading the passage is what costs


def read_sources() -> dict[str, list[Pair]]:
    """The pairs to learn from, by source; nothing that a check asks about."""
    own = [sheet for sheet in read_collection(ROOT / "sheets") if not is_kept_apart(sheet.id)]
    methods = [sheet for sheet in read_collection(SHARED / "corpus/multibao-methods") if not is_kept_apart(sheet.id)]
    return {
        "sheets, written": pair_questions(read_written("sheets"), own),
        "methods, written": pair_questions(read_written("methods"), methods),
        "sheets, structure": pair_structure(own),
        "methods, structure": pair_structure(methods),
        "PIAF": _pair_piaf(),
    }


def _pair_piaf() -> list[Pair]:
    pairs: dict[str, list[Pair]] = {}
    for question, sheet in read_piaf_training():
        text = "\n".join(block.text for block in sheet.sections[0].blocks)
        pairs.setdefault(sheet.id, []).append(Pair(question, f"{sheet.title}\n{text}", sheet.id, topic=sheet.title))
    chance = random.Random(0)  # noqa: S311 - nothing secret
    return [
        pair for _, each in sorted(pairs.items()) for pair in chance.sample(each, min(_QUESTIONS_A_PASSAGE, len(each)))
    ]


def train(plan: Plan, path: Path, left_out: tuple[str, ...] = ()) -> None:
    """Train on all sources but those left out, and write the adapter."""
    sources = {name: pairs for name, pairs in read_sources().items() if name not in left_out}
    for name, pairs in sources.items():
        print(f"{len(pairs):5} pairs of {name}", file=sys.stderr)
    start = time.monotonic()

    def tell(step: int, steps: int, loss: float) -> None:
        print(f"{step}/{steps} loss {loss:.3f} {time.monotonic() - start:.0f} s", file=sys.stderr, flush=True)

    corrections = tune_bundled(MODELS, list(sources.values()), plan, tell)
    write_adapter(path, corrections, seed=str(plan.seed), sources=", ".join(sources))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--rate", type=float, default=Plan.rate)
    parser.add_argument("--epochs", type=int, default=Plan.epochs)
    parser.add_argument("--tokens", type=int, default=Plan.tokens)
    parser.add_argument("--without", nargs="*", default=[])
    parser.add_argument("--to", type=Path, default=PACKAGED)
    chosen = parser.parse_args()
    plan = replace(Plan(), seed=chosen.seed, rate=chosen.rate, epochs=chosen.epochs, tokens=chosen.tokens)
    train(plan, chosen.to, tuple(chosen.without))
