"""Tokens: what a text is cut in for a model, and where each token stands in it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from tokenizers import Tokenizer


@dataclass(frozen=True, eq=False)
class Tokens:
    """A text cut: `ids` (tokens,), `offsets` (tokens, 2) in its characters, `inside` (tokens,) for those of the text.

    The others were put around it.
    """

    ids: np.ndarray
    offsets: np.ndarray
    inside: np.ndarray


def cut(tokenizer: Tokenizer, texts: Sequence[str], longest: int | None) -> list[Tokens]:
    """The tokens of texts between special ones, `longest` with them; of a text that is too long, the first."""
    tokens = []
    for each in tokenizer.encode_batch(texts, add_special_tokens=False):
        if longest is not None:
            each.truncate(longest - tokenizer.num_special_tokens_to_add(is_pair=False))
        whole = tokenizer.post_process(each)
        offsets = np.array(whole.offsets, dtype=np.int32).reshape(-1, 2)
        inside = ~np.array(whole.special_tokens_mask, dtype=bool)
        tokens.append(Tokens(np.array(whole.ids, dtype=np.int32), offsets, inside))
    return tokens
