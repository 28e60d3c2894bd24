"""Evaluate: the model's figures on every check: python -m training.evaluate [ADAPTER, or none, as the setting]."""

import json
import sys
import tempfile
from pathlib import Path

from assistant.evaluation.ranking import index_sheets, rank_judged
from index.encoding.encoder import open_encoder
from training.checks import read_checks

MODELS = Path("var/models")


def evaluate(choice: str, only: tuple[str, ...] = ()) -> dict[str, dict[str, float]]:
    """nDCG@10 of each signal by check; `choice` is what ASSISTANT_ADAPTER may say."""
    encoder = open_encoder("multilingual-e5-small", MODELS, choice)
    figures = {}
    indexes = {}
    with tempfile.TemporaryDirectory() as folder:
        for check in read_checks():
            if (only and check.collection not in only) or not check.questions:
                continue
            if check.collection not in indexes:
                indexes[check.collection] = index_sheets(check.sheets, encoder, Path(folder) / check.collection)
            ranking = rank_judged(indexes[check.collection], encoder, check.questions)
            figures[check.name] = {"dense": ranking.dense, "late": ranking.late, "whole": ranking.whole}
            print(
                f"{check.name:28} {len(check.questions):5} {ranking.dense:.3f} {ranking.late:.3f} {ranking.whole:.3f}",
                flush=True,
            )
    return figures


if __name__ == "__main__":
    print(json.dumps(evaluate(sys.argv[1] if len(sys.argv) > 1 else "", tuple(sys.argv[2:]))))
