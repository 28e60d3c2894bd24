"""Encoder: text to vectors with a sentence-transformers model, a vector a text and one a token."""

import json
import platform
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

import httpx2
import numpy as np
import torch
from huggingface_hub import HfApi, snapshot_download
from huggingface_hub.errors import LocalEntryNotFoundError
from safetensors import SafetensorError
from sentence_transformers import SentenceTransformer
from transformers.utils.logging import disable_progress_bar

from index.encoding import bundled
from index.encoding.adapter import find_adapter, name_model
from index.encoding.budget import aside, spend_text
from ingest.refusal import Refusal

Precision = Literal["float32", "bfloat16"]
Progress = Callable[[int, int], None]  # called with the number of texts done so far, and in all

# Questions: what an answer looks at again after the search. More would only make repeated questions look fast.
_REMEMBERED = 4
# Tokens, of which each is compared with all those of the sheets; people write 25. Of a longer question the beginning
# and the end are read: what is asked stands in either, who asks and why between.
_LONGEST_QUESTION, _END = 104, 52
_TOKENS_A_BATCH = 4096  # padded tokens; more gains nothing on two cores and takes memory
_TURNS = 3  # of measuring how fast each precision is; the first also prepares kernels
_LEAST_COSINE = 0.995  # between bfloat16 and float32 vectors, for bfloat16 to be used
# Prefixes of the models that were trained with them but do not declare them.
_E5_PROMPTS = {"query": "query: ", "document": "passage: "}


class ModelUnusable(Refusal):
    """The embedding model cannot be opened; the message says why and how to mend it, in French."""


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
    """A sentence-transformers model with the right prefixes."""

    def __init__(self, model: SentenceTransformer, name: str) -> None:
        self._model = model
        self.name = name
        self.dimension = int(model.get_embedding_dimension() or 0)
        prompts = {name: prompt or "" for name, prompt in model.prompts.items()}
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

    def _shorten(self, question: str) -> tuple[str, int]:
        """A question, or the beginning and the end of one of too many tokens; and how many tokens that is."""
        tokenize = self._model.tokenizer
        read = tokenize(question, add_special_tokens=False, return_offsets_mapping=True, verbose=False)
        spans = read["offset_mapping"]
        if len(spans) <= _LONGEST_QUESTION:
            return question, len(spans)
        begins, ends = spans[-_END][0], spans[_LONGEST_QUESTION - _END - 1][1]
        return f"{question[:ends]} {question[begins:]}", _LONGEST_QUESTION

    def _encode(self, texts: Sequence[str], prefix: str, progress: Progress | None) -> Iterator[tuple[int, Encoded]]:
        """Each text with its position."""
        tokenizer = self._model.tokenizer
        tokens = tokenizer(
            [prefix + text for text in texts],
            truncation=True,
            max_length=self._model.max_seq_length,
            return_offsets_mapping=True,
            return_special_tokens_mask=True,
        )
        done = 0
        for batch in _batches([len(ids) for ids in tokens["input_ids"]]):
            columns = {name: [tokens[name][i] for i in batch] for name in ("input_ids", "attention_mask")}
            features = tokenizer.pad(columns, return_tensors="pt")
            with torch.inference_mode():
                output = self._model(dict(features))
            vectors = torch.nn.functional.normalize(output["sentence_embedding"].float(), dim=-1).numpy()
            states = output["token_embeddings"]
            for row, position in enumerate(batch):
                offsets = np.array(tokens["offset_mapping"][position], dtype=np.int32)
                special = np.array(tokens["special_tokens_mask"][position], dtype=bool)
                kept = ~special & (offsets[:, 1] > len(prefix))
                vectors_of_tokens = states[row, : len(kept)].float().numpy()[kept]
                yield (
                    position,
                    Encoded(
                        vector=vectors[row],
                        tokens=vectors_of_tokens,
                        token_ids=np.array(tokens["input_ids"][position], dtype=np.int32)[kept],
                        offsets=np.maximum(offsets[kept] - len(prefix), 0),
                    ),
                )
            done += len(batch)
            if progress:
                progress(done, len(texts))


def open_encoder(model: str, models_dir: Path, adapter: str = "") -> Encoder:
    """The model of this name: the bundled one, a local folder, or a name the library knows; or raise ModelUnusable.

    `adapter` is what index.encoding.adapter.find_adapter may be asked for; raises AdapterWrong if it cannot serve.
    The precision is measured once for each model and processor and remembered in `models_dir`.
    """
    added = find_adapter(model, adapter)
    name = name_model(model, added)
    try:
        folder = _find_model(model, models_dir / name, added)
        return Encoder(_open(folder, _choose_precision(folder, name, models_dir)), name)
    except (OSError, ValueError, RuntimeError, ImportError, httpx2.HTTPError, SafetensorError) as error:
        reason = str(error).strip().split("\n")[0][:300]
        raise ModelUnusable(
            f"Le modèle {model!r} ne s'ouvre pas ({reason}). Supprimez {str(models_dir / name)!r} pour qu'il soit "
            f"refait s'il est abîmé, ou donnez dans ASSISTANT_EMBEDDING_MODEL "
            f"{bundled.NAME!r}, un dossier sentence-transformers ou un nom que ce serveur peut télécharger."
        ) from error


def _find_model(model: str, prepared: Path, adapter: Path | None) -> str:
    """A folder, or the name of a model that is known to be there: the library would look for it for a minute.

    The bundled model is `prepared` in a folder of its own, with its adapter.
    """
    if model == bundled.NAME:
        return str(bundled.prepare_bundled_model(prepared, adapter))
    if Path(model).is_dir():
        return model
    try:
        return snapshot_download(model, local_files_only=True)
    except LocalEntryNotFoundError:
        HfApi().model_info(model, timeout=10)
        return model


def _open(folder: str, precision: Precision) -> SentenceTransformer:
    disable_progress_bar()  # it would draw on the terminal at each start
    # Half of the bytes are read and kept: a vocabulary of 250 000 pieces is most of a multilingual model.
    dtype = torch.float16 if precision == "float32" else torch.bfloat16
    model = SentenceTransformer(folder, device="cpu", model_kwargs={"dtype": dtype}).eval()
    if precision == "float32":
        _compute_in_single(model)
    return model


def _compute_in_single(model: SentenceTransformer) -> None:
    """Make single precision of everything but the vocabulary, whose vectors are read back in it one by one."""
    vocabulary = getattr(model[0].model, "get_input_embeddings", lambda: None)()
    kept = None
    if isinstance(vocabulary, torch.nn.Embedding):
        kept = vocabulary.weight
        vocabulary.register_forward_hook(lambda _module, _ids, states: states.float())
    for values in (*model.parameters(), *model.buffers()):
        if values is not kept and values.is_floating_point():
            values.data = values.data.float()


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


def _choose_precision(folder: str, model: str, models_dir: Path) -> Precision:
    """bfloat16 when this processor has units for it, and it is measured to be faster and exact enough."""
    if not has_bfloat16_units():
        return "float32"
    record = models_dir / "precision.json"
    key = f"{model} | {platform.machine()} | {_processor()}"
    known: dict[str, Precision] = json.loads(record.read_text(encoding="utf-8")) if record.is_file() else {}
    if key not in known:
        known[key] = _measure_precision(folder)
        models_dir.mkdir(parents=True, exist_ok=True)
        record.write_text(json.dumps(known, indent=1), encoding="utf-8")
    return known[key]


def has_bfloat16_units() -> bool:
    """Whether this processor multiplies bfloat16 matrices in units of its own."""
    capabilities = torch.cpu.get_capabilities()
    return bool(capabilities.get("amx_bf16") or capabilities.get("avx512_bf16") or capabilities.get("bf16"))


def _processor() -> str:
    return str(torch.cpu.get_capabilities().get("cpu_name", platform.processor()))


def _measure_precision(folder: str) -> Precision:
    """Encode a few texts of several lengths in both precisions; compare time and vectors.

    The least of several turns, taken by each precision after the other, so that what else the machine does at the
    first start does not decide for ever.
    """
    sentence = "La commune a réuni des habitants tirés au sort pour débattre du budget et du plan climat. "
    texts = [sentence * (1 + i % 4) + str(i) for i in range(24)]
    encoders: dict[Precision, Encoder] = {
        precision: Encoder(_open(folder, precision), folder) for precision in ("float32", "bfloat16")
    }
    seconds: dict[Precision, list[float]] = {precision: [] for precision in encoders}
    vectors: dict[Precision, np.ndarray] = {}
    for _ in range(_TURNS):
        for precision, encoder in encoders.items():
            start = time.process_time()
            encoded = dict(encoder.encode_passages(texts))
            seconds[precision].append(time.process_time() - start)
            vectors[precision] = np.stack([encoded[i].vector for i in range(len(texts))])
    cosine = float((vectors["float32"] * vectors["bfloat16"]).sum(axis=1).min())
    faster = min(seconds["bfloat16"]) < min(seconds["float32"])
    return "bfloat16" if cosine >= _LEAST_COSINE and faster else "float32"
