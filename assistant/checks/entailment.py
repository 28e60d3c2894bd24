"""Entailment: a second opinion on doubtful statements, by a cross-encoder of whoever runs the assistant.

It reads a source and a statement together and tells whether the one entails the other. Its labels are those that its
own configuration names: a model that does not name them is refused, for a guess would confirm what is false.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ingest.refusal import Refusal

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

_LEAST = 0.5  # chance of entailment
_ENTAILED = "entailment"
_KNOWN = frozenset({_ENTAILED, "contradiction", "neutral", "not_entailment"})


class EntailmentUnavailable(Refusal):
    """The model that ASSISTANT_CHECKER_MODEL names cannot be opened or used; the message says why, in French."""


class Entailment:
    """An opened cross-encoder, and which of its labels says that a source entails a statement."""

    def __init__(self, model: CrossEncoder, label: int) -> None:
        self._model, self._label = model, label

    def is_entailed(self, statement: str, sources: Sequence[str]) -> bool:
        """Whether one of these sources, each cut to what the model reads, entails a statement."""
        pairs = [(source, statement) for source in sources]
        chances = self._model.predict(pairs, apply_softmax=True, show_progress_bar=False, convert_to_numpy=True)
        return bool((chances[:, self._label] >= _LEAST).any())


def open_entailment(name: str) -> Entailment:
    """The cross-encoder of this folder, or of this name on the hub, or raise EntailmentUnavailable."""
    try:
        from sentence_transformers import CrossEncoder  # noqa: PLC0415 - with PyTorch, for those alone who name one
    except ImportError as error:
        raise EntailmentUnavailable(
            f"ASSISTANT_CHECKER_MODEL = {name!r} : ce modèle demande sentence-transformers. Lancez : make models."
        ) from error
    try:
        model = CrossEncoder(name)
    except Exception as error:  # each library below has its own errors for what is missing or wrong
        raise EntailmentUnavailable(
            f"ASSISTANT_CHECKER_MODEL = {name!r} : ce modèle ne s'ouvre pas ({str(error).splitlines()[0]}). "
            "Donnez un dossier qui le contient, ou son nom sur un dépôt que ce serveur peut joindre."
        ) from error
    labels = {str(label).lower(): int(row) for row, label in model.config.id2label.items()}
    if _ENTAILED not in labels or len(labels) < 2 or not labels.keys() <= _KNOWN:
        raise EntailmentUnavailable(
            f"ASSISTANT_CHECKER_MODEL = {name!r} : ce modèle n'est pas un modèle d'implication, ses étiquettes sont "
            f"{', '.join(sorted(labels))}. Il faut « entailment » avec « contradiction », « neutral » ou "
            "« not_entailment » dans son config.json (id2label)."
        )
    return Entailment(model, labels[_ENTAILED])
