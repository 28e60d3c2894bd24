"""Library: any model that sentence-transformers opens, for whoever names another than the default one.

On processors with units for bfloat16 it is used when it is measured there to be faster, and exact enough.
"""

import json
import platform
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import httpx2
import numpy as np
import torch
from huggingface_hub import HfApi, snapshot_download
from huggingface_hub.errors import LocalEntryNotFoundError
from safetensors import SafetensorError
from sentence_transformers import SentenceTransformer
from tokenizers import Tokenizer
from transformers.utils.logging import disable_progress_bar

from index.encoding.tokens import Tokens, cut

Precision = Literal["float32", "bfloat16"]

_LONGEST = 100_000  # tokens, of models that have no limit of their own
_TURNS = 3  # of measuring how fast each precision is; the first also prepares kernels
_LEAST_COSINE = 0.995  # between bfloat16 and float32 vectors, for bfloat16 to be used


class LibraryModel:
    """A model of sentence-transformers."""

    def __init__(self, model: SentenceTransformer) -> None:
        """Take an open model; raise ValueError when its tokenizer does not tell where in a text each token stands."""
        tokenizer = getattr(model.tokenizer, "backend_tokenizer", None)
        if not isinstance(tokenizer, Tokenizer):
            raise ValueError("son découpage en mots ne dit pas où ils sont")
        tokenizer.no_truncation()
        tokenizer.no_padding()
        self._model, self._tokenizer = model, tokenizer
        self.prompts = {name: prompt or "" for name, prompt in model.prompts.items()}
        self._longest = min(int(model.max_seq_length or model.tokenizer.model_max_length), _LONGEST)
        self.dimension = int(model.get_embedding_dimension() or 0)

    def cut(self, texts: Sequence[str], whole: bool = False) -> list[Tokens]:
        """The tokens of texts: as many as the model reads, unless they are wanted `whole`."""
        return cut(self._tokenizer, texts, None if whole else self._longest)

    def read(self, texts: Sequence[np.ndarray]) -> tuple[np.ndarray, list[np.ndarray]]:
        """Of each text, given as ids of tokens, its vector: (texts, dimension); and its states: (tokens, dimension)."""
        columns = {"input_ids": [ids.tolist() for ids in texts], "attention_mask": [[1] * len(ids) for ids in texts]}
        features = self._model.tokenizer.pad(columns, return_tensors="pt")
        with torch.inference_mode():
            output = self._model(dict(features))
        seen = features["attention_mask"].bool()
        states = [read[row].float().numpy() for read, row in zip(output["token_embeddings"], seen, strict=True)]
        return output["sentence_embedding"].float().numpy(), states


def open_library_model(model: str, name: str, models_dir: Path) -> LibraryModel:
    """The model of a local folder, or of a name that the library knows; or raise OSError or ValueError.

    Its precision is measured once for each model, by the name given to it, and processor; remembered in `models_dir`.
    """
    disable_progress_bar()  # it would draw on the terminal at each start
    try:
        folder = _find_model(model)
        return LibraryModel(_open(folder, _choose_precision(folder, name, models_dir)))
    except (RuntimeError, ImportError, httpx2.HTTPError, SafetensorError) as error:
        raise ValueError(str(error)) from error


def _find_model(model: str) -> str:
    """A folder, or the name of a model that is known to be there: the library would look for it for a minute."""
    if Path(model).is_dir():
        return model
    try:
        return snapshot_download(model, local_files_only=True)
    except LocalEntryNotFoundError:
        HfApi().model_info(model, timeout=10)
        return model


def _open(folder: str, precision: Precision) -> SentenceTransformer:
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
    models: dict[Precision, SentenceTransformer] = {
        precision: _open(folder, precision) for precision in ("float32", "bfloat16")
    }
    seconds: dict[Precision, list[float]] = {precision: [] for precision in models}
    vectors: dict[Precision, np.ndarray] = {}
    for _ in range(_TURNS):
        for precision, model in models.items():
            start = time.process_time()
            read = model.encode(texts, convert_to_tensor=True, normalize_embeddings=True)
            seconds[precision].append(time.process_time() - start)
            vectors[precision] = read.float().numpy()
    cosine = float((vectors["float32"] * vectors["bfloat16"]).sum(axis=1).min())
    faster = min(seconds["bfloat16"]) < min(seconds["float32"])
    return "bfloat16" if cosine >= _LEAST_COSINE and faster else "float32"
