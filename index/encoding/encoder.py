"""Encoder: text to vectors with an embedding model, a vector a text and one a token."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import numpy as np

from index.encoding import bundled
from index.encoding.adapter import find_adapter, name_model
from index.encoding.budget import aside, spend_text
from index.encoding.prepared import PreparedModel
from index.encoding.tokens import Tokens
from ingest.refusal import Refusal

Progress = Callable[[int, int], None]  # called with the number of texts done so far, and in all

# Questions: what an answer looks at again after the search. More would only make repeated questions look fast.
_REMEMBERED = 4
# Tokens, of which each is compared with all those of the sheets; people write 25. Of a longer question the beginning
# and the end are read: what is asked stands in either, who asks and why between.
_LONGEST_QUESTION, _END = 104, 52
_TOKENS_A_BATCH = 1024  # padded tokens; four times more is a fifth slower: a layer's states leave the cache
_CUT_TOGETHER = 1024  # texts: enough to find some of like length, and all of a large corpus is never held in tokens
# Prefixes of the models that were trained with them but do not declare them.
_E5_PROMPTS = {"query": "query: ", "document": "passage: "}


class ModelUnusable(Refusal):
    """The embedding model cannot be opened; the message says why and how to mend it, in French."""


class Model(Protocol):
    """What an encoder works with: it cuts texts in tokens, and reads these."""

    @property
    def dimension(self) -> int: ...  # noqa: D102 - as the class says

    @property
    def prompts(self) -> Mapping[str, str]: ...  # noqa: D102

    def cut(self, texts: Sequence[str], whole: bool = False) -> list[Tokens]:
        """The tokens of texts: as many as the model reads, unless they are wanted `whole`."""

    def read(self, texts: Sequence[np.ndarray]) -> tuple[np.ndarray, list[np.ndarray]]:
        """Of each text, given as ids of tokens, its vector: (texts, dimension); and its states: (tokens, dimension)."""


@dataclass(frozen=True, eq=False)
class Encoded:
    """One text: its vector (dimension,), of norm 1, and the last-layer states of its tokens (tokens, dimension).

    `tokens`, `token_ids` (tokens,) and `offsets` (tokens, 2), in characters of the text, leave out the
    prefix and the special tokens.
    """

    vector: np.ndarray
    tokens: np.ndarray
    token_ids: np.ndarray
    offsets: np.ndarray


class Encoder:
    """A model with the right prefixes."""

    def __init__(self, model: Model, name: str) -> None:
        self._model = model
        self.name = name
        self.dimension = model.dimension
        prompts = model.prompts
        if not prompts.get("query") and "e5" in name.lower() and "instruct" not in name.lower():
            prompts = _E5_PROMPTS
        self._question_prefix = prompts.get("query", "")
        self._passage_prefix = prompts.get("document") or prompts.get("passage", "")

        self._remembered = lru_cache(maxsize=_REMEMBERED)(self._encode_question)

    def encode_question(self, question: str) -> Encoded:
        """One question, with the question prefix; the last ones are remembered, to be left as they are."""
        return self._remembered(question)

    def _encode_question(self, question: str) -> Encoded:
        read, tokens = self._shorten(question)
        spend_text(tokens)
        with aside():
            return next(iter(self._encode([read], self._question_prefix, None)))[1]

    def encode_questions(self, questions: Sequence[str]) -> np.ndarray:
        """The vectors of questions, read together: (questions, dimension)."""
        encoded = dict(self._encode([self._shorten(each)[0] for each in questions], self._question_prefix, None))
        return np.stack([encoded[row].vector for row in range(len(questions))])

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Iterator[tuple[int, Encoded]]:
        """Each text with its position, in no given order: texts of like length are read together."""
        return self._encode(texts, self._passage_prefix, progress)

    def find_offsets(self, texts: Sequence[str]) -> list[np.ndarray]:
        """Where the tokens of passages stand in them, which the model is not asked for: (tokens, 2) each."""
        read = self._model.cut([self._passage_prefix + text for text in texts])
        return [_find_kept(tokens, len(self._passage_prefix))[1] for tokens in read]

    def _shorten(self, question: str) -> tuple[str, int]:
        """A question, or the beginning and the end of one of too many tokens; and how many tokens that is."""
        (tokens,) = self._model.cut([question], whole=True)
        spans = tokens.offsets[tokens.inside]
        if len(spans) <= _LONGEST_QUESTION:
            return question, len(spans)
        begins, ends = spans[-_END][0], spans[_LONGEST_QUESTION - _END - 1][1]
        return f"{question[:ends]} {question[begins:]}", _LONGEST_QUESTION

    def _encode(self, texts: Sequence[str], prefix: str, progress: Progress | None) -> Iterator[tuple[int, Encoded]]:
        """Each text with its position."""
        done = 0
        for start in range(0, len(texts), _CUT_TOGETHER):
            tokens = self._model.cut([prefix + text for text in texts[start : start + _CUT_TOGETHER]])
            for batch in _batches([len(each.ids) for each in tokens]):
                vectors, states = self._model.read([tokens[position].ids for position in batch])
                norms = np.linalg.norm(vectors, axis=1, keepdims=True)
                for position, vector, read in zip(batch, vectors / np.maximum(norms, 1e-12), states, strict=True):
                    yield start + position, _keep_text(tokens[position], vector, read, len(prefix))
                done += len(batch)
                if progress:
                    progress(done, len(texts))


def open_encoder(model: str, models_dir: Path, adapter: str = "") -> Encoder:
    """The model of this name: the bundled one, a local folder, or a name the library knows; or raise ModelUnusable.

    `adapter` is what index.encoding.adapter.find_adapter may be asked for; raises AdapterWrong if it cannot serve.
    """
    added = find_adapter(model, adapter)
    name = name_model(model, added)
    try:
        if model == bundled.NAME:
            return Encoder(PreparedModel(bundled.prepare_bundled_model(models_dir / name, added)), name)
        from index.encoding.library import open_library_model  # noqa: PLC0415 - with torch, takes seconds

        return Encoder(open_library_model(model, name, models_dir), name)
    except ModuleNotFoundError as error:
        raise ModelUnusable(
            f"Le modèle {model!r} demande {error.name!r}, qui n'est pas installé ; {bundled.NAME!r} s'en passe. "
            "Lancez : make models"
        ) from error
    except (OSError, ValueError, ImportError) as error:
        reason = str(error).strip().split("\n")[0][:300]
        raise ModelUnusable(
            f"Le modèle {model!r} ne s'ouvre pas ({reason}). Supprimez {str(models_dir / name)!r} pour qu'il soit "
            f"refait s'il est abîmé, ou donnez dans ASSISTANT_EMBEDDING_MODEL "
            f"{bundled.NAME!r}, un dossier sentence-transformers ou un nom que ce serveur peut télécharger."
        ) from error


def _keep_text(tokens: Tokens, vector: np.ndarray, states: np.ndarray, prefix: int) -> Encoded:
    """What is kept of a text: nothing of its prefix, of so many characters, nor of its special tokens."""
    kept, offsets = _find_kept(tokens, prefix)
    return Encoded(
        vector=vector,
        tokens=states[kept],
        token_ids=tokens.ids[kept],
        offsets=offsets,
    )


def _find_kept(tokens: Tokens, prefix: int) -> tuple[np.ndarray, np.ndarray]:
    """Which tokens are kept, of all, and their offsets in the text without its prefix, (kept, 2)."""
    kept = tokens.inside & (tokens.offsets[:, 1] > prefix)
    return kept, np.maximum(tokens.offsets[kept] - prefix, 0)


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Positions grouped by length, so that little is padded, in batches of at most `_TOKENS_A_BATCH` tokens."""
    batch: list[int] = []
    for position in sorted(range(len(lengths)), key=lengths.__getitem__):
        if batch and lengths[position] * (len(batch) + 1) > _TOKENS_A_BATCH:
            yield batch
            batch = []
        batch.append(position)
    if batch:
        yield batch
