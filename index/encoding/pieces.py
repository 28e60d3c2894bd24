"""Pieces: the 250 000 that the default model cuts texts in, of which `tokenizers` is given those that a text may need.

It keeps pieces as a tree of hash tables: for all of them 290 MB and most of a second. How a text is cut depends on
nothing but the pieces that stand in it and the least score of all, so it is cut as by the whole (docs/adr/0049).
"""

import hashlib
import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import safe_open
from safetensors.numpy import save_file
from tokenizers import Tokenizer, models

from index.encoding.tokens import Tokens, cut

_FORM = 2  # of the file: raised when it changes
_SPACE = "▁"  # a word of the text starts with it, and so does its first piece


class Pieces:
    """The pieces of a tokenizer (Unigram, words parted at spaces), in the order of their bytes."""

    def __init__(self, tokenizer: Path) -> None:
        """Open those of a `tokenizer.json`; raise OSError or ValueError when it is damaged."""
        try:
            with safe_open(_find_file(tokenizer), "np") as file:
                self._rules = str(file.metadata()["rules"])
                pieces, self._scores, self._ids = (file.get_tensor(name) for name in ("pieces", "scores", "ids"))
                self._longest = int(file.get_tensor("longest"))
            self._normalize = Tokenizer.from_str(self._rules).normalizer.normalize_str
            rules = json.loads(self._rules)
        except OSError:
            raise
        except Exception as error:  # the libraries have no class in common for it
            raise ValueError(f"{tokenizer} est abîmé ({error})") from error
        self._pieces = pieces.view(f"S{pieces.shape[1]}")[:, 0]
        self._special = [each["content"] for each in rules["added_tokens"]]
        self._unknown = rules["model"]["unk_id"]
        self._always = [(piece, score) for piece, score in rules["model"]["vocab"]]
        self._always_rows = np.concatenate([self._find({piece}) for piece, _ in self._always])

    def cut(self, texts: Sequence[str], longest: int | None) -> list[Tokens]:
        """As `index.encoding.tokens.cut`."""
        rows = np.setdiff1d(self._find(self._find_parts(texts)), self._always_rows, assume_unique=True)
        added = zip(map(bytes.decode, self._pieces[rows].tolist()), self._scores[rows].tolist(), strict=True)
        tokenizer = Tokenizer.from_str(self._rules)
        tokenizer.model = models.Unigram([*self._always, *added], self._unknown, byte_fallback=False)
        ids = self._ids[np.concatenate([self._always_rows, rows])]
        return [Tokens(ids[each.ids], each.offsets, each.inside) for each in cut(tokenizer, texts, longest)]

    def _find_parts(self, texts: Iterable[str]) -> set[str]:
        """All that could be a piece of these texts."""
        words: set[str] = set()
        for text in texts:
            plain = reduce(lambda left, special: left.replace(special, " "), self._special, text)
            words.update(self._normalize(plain).replace(_SPACE, " ").split(" "))
        return {part for word in words for part in _parts(_SPACE + word, self._longest)}

    def _find(self, parts: Iterable[str]) -> np.ndarray:
        """The rows of those that are pieces."""
        encoded = [part for part in map(str.encode, parts) if len(part) <= self._pieces.itemsize]
        wanted = np.sort(np.array(encoded, dtype=self._pieces.dtype))  # found twice as fast in order
        rows = np.minimum(np.searchsorted(self._pieces, wanted), len(self._pieces) - 1)
        return np.asarray(rows[self._pieces[rows] == wanted])


def _parts(word: str, longest: int) -> Iterator[str]:
    for start in range(len(word)):
        for end in range(start + 1, min(len(word), start + longest) + 1):
            yield word[start:end]


def _find_file(tokenizer: Path) -> Path:
    """The file of a tokenizer's pieces, written beside it unless it is there, named after its content."""
    content = tokenizer.read_bytes()
    digest = hashlib.sha256(f"{_FORM} ".encode() + content).hexdigest()
    path = tokenizer.parent / f"pieces-{digest[:12]}.safetensors"
    if not path.is_file():
        with tempfile.TemporaryDirectory(dir=tokenizer.parent.parent, prefix=f".{tokenizer.parent.name}-") as aside:
            written = Path(aside) / path.name
            _write(json.loads(content), written)
            os.replace(written, path)
    return path


def _write(whole: dict[str, Any], path: Path) -> None:
    """The pieces of a tokenizer, with the rest of it: what no text is cut without stays there."""
    model, added = whole["model"], {each["content"] for each in whole["added_tokens"]}
    every = model["vocab"]
    order = sorted(range(len(every)), key=lambda row: every[row][0].encode())
    least = min(every, key=lambda each: each[1])
    always = [each for each in every if each[0] in added]
    rest = {**model, "vocab": [*always, least], "unk_id": always.index(every[model["unk_id"]])}
    pieces = np.array([every[row][0].encode() for row in order])
    tensors = {
        "pieces": pieces[:, None].view(np.uint8),
        "scores": np.array([every[row][1] for row in order]),
        "ids": np.array(order, dtype=np.int32),
        "longest": np.array(max(len(piece) for piece, _ in every)),  # characters
    }
    save_file(tensors, path, {"rules": json.dumps({**whole, "model": rest})})
