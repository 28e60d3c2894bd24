"""Prepared: the default model as questions and sheets are read with it: no PyTorch, and nothing read before it serves.

Its layers run in ONNX Runtime; the vocabulary, most of the model, stays on the disk in half precision but for the rows
of the tokens that a text has. What it gives is what sentence-transformers gives (docs/adr/0037).
"""

import hashlib
import json
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from index.encoding.pieces import Pieces
from index.encoding.sessions import open_session
from index.encoding.tokens import Tokens
from index.encoding.weights import Weights

_FORM = 1  # of the graph: raised when the operations change
_HIDDEN = -1e9  # added to what a token that only fills up would weigh


class PreparedModel:
    """A BERT from a folder of sentence-transformers, pooled by the mean of its states."""

    def __init__(self, folder: Path) -> None:
        """Open what `bundled.py` wrote; raise OSError or ValueError when it is damaged."""
        weights = Weights.find(folder / "model.safetensors")
        self.prompts = _read_prompts(folder / "config_sentence_transformers.json")
        self._pieces = Pieces(folder / "tokenizer.json")
        self._vocabulary = weights.map_tensor("embeddings.word_embeddings.weight")
        self._places = weights.map_tensor("embeddings.position_embeddings.weight").astype(np.float32)
        self._places += weights.map_tensor("embeddings.token_type_embeddings.weight")[0]
        self._layers = open_session(_find_graph(folder, weights))
        self._longest, self.dimension = self._places.shape

    def cut(self, texts: Sequence[str], whole: bool = False) -> list[Tokens]:
        """The tokens of texts: as many as the model reads, unless they are wanted `whole`."""
        return self._pieces.cut(texts, None if whole else self._longest)

    def read(self, texts: Sequence[np.ndarray]) -> tuple[np.ndarray, list[np.ndarray]]:
        """Of each text, given as ids of tokens, its vector: (texts, dimension); and its states: (tokens, dimension)."""
        lengths = [len(ids) for ids in texts]
        tokens = np.zeros((len(texts), max(lengths), self.dimension), dtype=np.float32)
        hidden = np.full((len(texts), 1, 1, max(lengths)), _HIDDEN, dtype=np.float32)
        for row, ids in enumerate(texts):
            tokens[row, : len(ids)] = self._vocabulary[ids] + self._places[: len(ids)]
            hidden[row, ..., : len(ids)] = 0
        (read,) = self._layers.run(["states"], {"tokens": tokens, "hidden": hidden})
        states = [read[row, :length] for row, length in enumerate(lengths)]
        return np.stack([each.mean(axis=0) for each in states]), states


def _find_graph(folder: Path, weights: Weights) -> Path:
    """The graph of the layers, written unless it is there: a folder of a former version has none.

    Its name tells which weights it was written for, so that others in their place have a graph of their own.
    """
    config = (folder / "config.json").read_bytes()
    digest = hashlib.sha256(f"{_FORM} {weights.digest} ".encode() + config).hexdigest()
    path = folder / f"layers-{digest[:12]}.onnx"
    if not path.is_file():
        from index.encoding.graph import build_graph  # noqa: PLC0415 - for the first start alone

        try:
            content = build_graph(weights, json.loads(config))
        except (LookupError, TypeError) as error:
            raise ValueError(f"{folder / 'config.json'} est abîmé") from error
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-") as aside:
            written = Path(aside) / path.name
            written.write_bytes(content)
            os.replace(written, path)
    return path


def _read_prompts(file: Path) -> dict[str, str]:
    try:
        return {name: str(prompt) for name, prompt in json.loads(file.read_bytes())["prompts"].items()}
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise ValueError(f"{file} est abîmé") from error
