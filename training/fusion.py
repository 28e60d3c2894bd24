"""Weights of the fusion: a conditional logit on questions kept apart from training: python -m training.fusion.

McFadden 1974 (Conditional logit analysis of qualitative choice behavior): the weights that make the sheet that
answers each question likeliest among all. The sets count alike, however many questions they have; no question on the
real sheets is used.
"""

import tempfile
from pathlib import Path

import torch

from assistant.evaluation.ranking import index_sheets
from assistant.reading.read import read_question
from index.encoding.encoder import Encoder, open_encoder
from index.ranking.fusion import SIGNALS
from index.ranking.retrieval import retrieve
from training.checks import Check, read_checks
from training.evaluate import MODELS

_LEARNT = ("own sheets kept apart", "methods kept apart", "PIAF articles kept apart")
_PENALTY = 0.01  # of the squared weights: the signals are so alike that the data alone would not share between them


def read_signals(check: Check, encoder: Encoder, folder: Path) -> list[tuple[torch.Tensor, int]]:
    """For each question the standardised signals of every sheet (sheets, signals), and the row of the answer."""
    index = index_sheets(check.sheets, encoder, folder)
    read = []
    for judged in check.questions:
        reading = read_question(judged.question, (), index)
        hits = retrieve(
            reading.asked,
            index,
            encoder,
            k=len(check.sheets),
            understood=reading.understood,
            weights=dict.fromkeys(SIGNALS, 1.0),
        )
        signals = torch.tensor([[hit.evidence[name] for name in SIGNALS] for hit in hits])
        answer = next(row for row, hit in enumerate(hits) if hit.sheet.id in judged.grades)
        read.append((signals, answer))
    return read


def fit(sets: list[list[tuple[torch.Tensor, int]]]) -> torch.Tensor:
    """The weights (signals,), none below zero."""
    logarithms = torch.full((len(SIGNALS),), -1.0, requires_grad=True)
    optimiser = torch.optim.LBFGS([logarithms], max_iter=200, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimiser.zero_grad()
        weights = logarithms.exp()
        each = [
            torch.stack([-(signals @ weights).log_softmax(0)[answer] for signals, answer in read]).mean()
            for read in sets
        ]
        value = torch.stack(each).mean() + _PENALTY * (weights**2).sum()
        value.backward()  # type: ignore[no-untyped-call]
        return value

    optimiser.step(loss)  # type: ignore[no-untyped-call]
    return logarithms.exp().detach()


def main() -> None:
    """Fit and print."""
    encoder = open_encoder("multilingual-e5-small", MODELS)
    checks = {check.name: check for check in read_checks()}
    with tempfile.TemporaryDirectory() as folder:
        sets = [read_signals(checks[name], encoder, Path(folder) / str(row)) for row, name in enumerate(_LEARNT)]
    for chosen in (*([each] for each in sets), sets):
        print({name: round(float(weight), 2) for name, weight in zip(SIGNALS, fit(chosen), strict=True)}, flush=True)


if __name__ == "__main__":
    main()
