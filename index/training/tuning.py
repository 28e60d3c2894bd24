"""Tuning: trains an adapter of the default model, so that questions fall nearer to the passages that answer them.

Late interaction and the dense vector are trained together, by cross-entropy over the passages of a batch (InfoNCE,
van den Oord et al. 2018, arXiv:1807.03748), with the scores that retrieval uses: MaxSim of centred tokens weighted by
rarity, and the cosine of pooled vectors. PEFT would do the low-rank part, but staff's `assistant adapt` would then
need it installed for the few lines below.
"""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from sentence_transformers import SentenceTransformer
from torch.nn.functional import cross_entropy, normalize
from transformers.utils.logging import disable_progress_bar

from index.encoding.adapter import BASE, LowRank, read_adapter
from index.encoding.bundled import prepare_bundled_model
from index.training.pairs import Pair

_LATE_TEMPERATURE, _DENSE_TEMPERATURE = 0.05, 0.02
_WARM_UP = 0.1  # of the steps


@dataclass(frozen=True)
class Plan:
    """How to train. More than one epoch, or a greater rate, was measured to spoil other texts."""

    rank: int = 8
    alpha: float = 32.0
    rate: float = 1e-4
    epochs: int = 1
    batch: int = 32
    tokens: int = 112  # of a passage; the rest is left out
    seed: int = 0


@dataclass(frozen=True)
class _Read:
    """Texts as the model sees them: states (texts, tokens, dimension), pooled (texts, dimension) and which tokens
    count (texts, tokens); `ids` (texts, tokens)."""

    states: torch.Tensor
    pooled: torch.Tensor
    counts: torch.Tensor
    ids: torch.Tensor


class _Adapted(torch.nn.Module):
    """A linear map with a low-rank correction beside it: the map stays as it is, the correction learns."""

    def __init__(self, linear: torch.nn.Linear, start: LowRank) -> None:
        super().__init__()
        self.linear, self.scale = linear, start.scale
        self.down = torch.nn.Parameter(torch.tensor(start.down).to(linear.weight))
        self.up = torch.nn.Parameter(torch.tensor(start.up).to(linear.weight))

    def forward(self, states: torch.Tensor) -> torch.Tensor:
        """The map's own outcome plus the correction's."""
        low = torch.nn.functional.linear(torch.nn.functional.linear(states, self.down), self.up)
        kept: torch.Tensor = self.linear(states)
        return kept + self.scale * low

    def correction(self) -> LowRank:
        """What was learnt."""
        down, up = (each.detach().float().cpu().numpy() for each in (self.down, self.up))
        return LowRank(down, up, self.scale)


def train_adapter(
    model: SentenceTransformer,
    sources: Sequence[Sequence[Pair]],
    plan: Plan,
    progress: Callable[[int, int, float], None] | None = None,
    start: Mapping[str, LowRank] | None = None,
) -> dict[str, LowRank]:
    """The corrections learnt from pairs, by the name of their linear map; `progress` is told step, steps and loss.

    They begin at `start` if it is given, an adapter made before, at nothing otherwise.

    A batch holds pairs of one source, so that what sets sources apart teaches nothing. The model, in float32, is
    changed while it learns and given back as it was.
    """
    adapted = _adapt(model, start or _start_from_nothing(model, plan))
    rarities = [measure_rarity(model, source) for source in sources]
    batches = [each for epoch in range(plan.epochs) for each in _draw_batches(sources, plan, epoch)]
    parameters = [each for layer in adapted.values() for each in (layer.down, layer.up)]
    optimiser = torch.optim.AdamW(parameters, lr=plan.rate, weight_decay=0.01)
    warm_up = max(1, round(_WARM_UP * len(batches)))
    for step, (source, pairs) in enumerate(batches):
        for group in optimiser.param_groups:
            group["lr"] = plan.rate * min((step + 1) / warm_up, (len(batches) - step) / max(1, len(batches) - warm_up))
        loss = _compute_loss(model, pairs, rarities[source], plan)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimiser.step()
        if progress:
            progress(step + 1, len(batches), float(loss.detach()))
    for name, layer in adapted.items():
        _bert(model).set_submodule(name, layer.linear)
    return {name: layer.correction() for name, layer in adapted.items()}


def tune_bundled(
    models_dir: Path,
    sources: Sequence[Sequence[Pair]],
    plan: Plan,
    progress: Callable[[int, int, float], None] | None = None,
    start: Path | None = None,
) -> dict[str, LowRank]:
    """Train an adapter of the default model, on a GPU when there is one; `start` is the adapter it goes on from."""
    folder = prepare_bundled_model(models_dir / BASE)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    disable_progress_bar()
    model = SentenceTransformer(str(folder), device=device, model_kwargs={"dtype": torch.float32})
    return train_adapter(model, sources, plan, progress, read_adapter(start) if start else None)


def measure_rarity(model: SentenceTransformer, pairs: Sequence[Pair]) -> torch.Tensor:
    """The weight of each token id (vocabulary,), as the late signal weighs it: the fewer sheets hold it, the more."""
    sheets: dict[str, set[int]] = {}
    texts = list({pair.passage: pair.sheet for pair in pairs}.items())
    for (_, sheet), ids in zip(texts, model.tokenizer([text for text, _ in texts])["input_ids"], strict=True):
        sheets.setdefault(sheet, set()).update(ids)
    counts = torch.zeros(len(model.tokenizer))
    for held in sheets.values():
        counts[list(held)] += 1
    return torch.log1p(len(sheets) / (0.5 + counts))


def _draw_batches(sources: Sequence[Sequence[Pair]], plan: Plan, epoch: int) -> list[tuple[int, list[Pair]]]:
    """Batches of one source each, pairs of one topic side by side, in an order that the seed decides."""
    chance = random.Random(f"{plan.seed} {epoch}")  # noqa: S311 - nothing secret
    batches = []
    for number, source in enumerate(sources):
        place = {topic: chance.random() for topic in sorted({pair.topic for pair in source})}
        pairs = sorted(chance.sample(list(source), len(source)), key=lambda pair: place[pair.topic])
        count = max(1, round(len(pairs) / plan.batch))
        edges = [round(part * len(pairs) / count) for part in range(count + 1)]
        batches += [(number, pairs[start:end]) for start, end in itertools.pairwise(edges)]
    return chance.sample(batches, len(batches))


def _compute_loss(model: SentenceTransformer, pairs: Sequence[Pair], rarity: torch.Tensor, plan: Plan) -> torch.Tensor:
    texts = list(dict.fromkeys(pair.passage for pair in pairs))
    owners = {pair.passage: pair.sheet for pair in pairs}
    questions = _read(model, [pair.question for pair in pairs], model.prompts["query"] or "", plan.tokens)
    passages = _read(model, texts, model.prompts["document"] or "", plan.tokens)
    right = torch.tensor([texts.index(pair.passage) for pair in pairs], device=passages.pooled.device)
    same = torch.tensor([[owners.get(text) == pair.sheet for text in texts] for pair in pairs], device=right.device)
    same[torch.arange(len(pairs)), right] = False
    dense = questions.pooled @ passages.pooled.T / _DENSE_TEMPERATURE
    late = _match(questions, passages, rarity.to(right.device)) / _LATE_TEMPERATURE
    # Another text of the right sheet is no wrong answer: it does not count at all.
    return sum(
        (cross_entropy(scores.masked_fill(same, -torch.inf), right) for scores in (dense, late)), torch.zeros(())
    )


def _match(questions: _Read, passages: _Read, rarity: torch.Tensor) -> torch.Tensor:
    """MaxSim as index.signals.late has it (questions, passages), the mean state being that of the batch's passages."""
    mean = passages.states[passages.counts].mean(dim=0)
    wanted, held = normalize(questions.states - mean, dim=-1), normalize(passages.states - mean, dim=-1)
    cosines = torch.einsum("qid,pjd->qpij", wanted, held)
    best = cosines.masked_fill(~passages.counts[None, :, None, :], -1.0).amax(dim=-1)
    weights = rarity[questions.ids] * questions.counts
    return torch.einsum("qpi,qi->qp", best, weights / weights.sum(dim=1, keepdim=True))


def _read(model: SentenceTransformer, texts: Sequence[str], prefix: str, most: int) -> _Read:
    tokenizer = model.tokenizer
    read = tokenizer(
        [prefix + text for text in texts], truncation=True, max_length=most, padding=True, return_tensors="pt"
    )
    read = {name: values.to(model.device) for name, values in read.items()}
    output = model(dict(read))
    first = len(tokenizer(prefix, add_special_tokens=False)["input_ids"]) + 1
    special = torch.isin(read["input_ids"], torch.tensor(tokenizer.all_special_ids, device=model.device))
    counts = read["attention_mask"].bool() & ~special
    counts[:, :first] = False  # the prefix, as index.encoding.encoder leaves it out
    pooled = normalize(output["sentence_embedding"].float(), dim=-1)
    return _Read(output["token_embeddings"].float(), pooled, counts, read["input_ids"])


def _start_from_nothing(model: SentenceTransformer, plan: Plan) -> dict[str, LowRank]:
    """Corrections that change nothing yet: one matrix of each is random, the other zero."""
    generator = torch.Generator().manual_seed(plan.seed)
    start = {}
    for name, module in _bert(model).named_modules():
        if isinstance(module, torch.nn.Linear) and name.startswith("encoder.layer."):
            down = torch.randn(plan.rank, module.in_features, generator=generator) / math.sqrt(module.in_features)
            up = np.zeros((module.out_features, plan.rank), dtype=np.float32)
            start[name] = LowRank(down.numpy(), up, plan.alpha / plan.rank)
    return start


def _adapt(model: SentenceTransformer, start: Mapping[str, LowRank]) -> dict[str, _Adapted]:
    """Put a correction beside every linear map that has one, and let nothing else learn."""
    bert, adapted = _bert(model), {}
    bert.requires_grad_(requires_grad=False)
    for name, correction in start.items():
        linear = bert.get_submodule(name)
        assert isinstance(linear, torch.nn.Linear)
        adapted[name] = _Adapted(linear, correction)
        bert.set_submodule(name, adapted[name])
    return adapted


def _bert(model: SentenceTransformer) -> torch.nn.Module:
    bert = model[0].auto_model
    assert isinstance(bert, torch.nn.Module)
    return bert
