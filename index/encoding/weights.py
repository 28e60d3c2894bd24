"""Weights: where the numbers of a model lie in its safetensors file, so that they can be used from where they are."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

_LENGTH = 8  # bytes at the beginning, which tell how long the header after them is
_LONGEST_HEADER = 100_000_000  # bytes, the limit of the format


@dataclass(frozen=True)
class Tensor:
    """Numbers of a file: their type as the format names it ("F16"), their shape, their place in bytes."""

    kind: str
    shape: tuple[int, ...]
    start: int
    length: int


@dataclass(frozen=True)
class Weights:
    """The tensors of a safetensors file by name, and the digest of what tells them: names, shapes, places."""

    path: Path
    tensors: dict[str, Tensor]
    digest: str

    @classmethod
    def find(cls, path: Path) -> "Weights":
        """Read what a file says of itself, or raise ValueError when it is damaged, OSError when it is not there."""
        with path.open("rb") as file:
            length = int.from_bytes(file.read(_LENGTH), "little")
            header = file.read(length) if length <= _LONGEST_HEADER else b""
        try:
            told = {name: about for name, about in json.loads(header).items() if name != "__metadata__"}
            tensors = {name: _read_tensor(about, _LENGTH + length) for name, about in told.items()}
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"{path} est abîmé") from error
        if path.stat().st_size != max((each.start + each.length for each in tensors.values()), default=-1):
            raise ValueError(f"{path} n'est pas entier")
        return cls(path, tensors, hashlib.sha256(header).hexdigest())

    def find_tensor(self, name: str) -> Tensor:
        """The place of a tensor, or raise ValueError when the file does not hold it."""
        if name not in self.tensors:
            raise ValueError(f"{self.path} n'a pas de {name!r}")
        return self.tensors[name]

    def map_tensor(self, name: str) -> np.ndarray:
        """A tensor in half precision, left on the disk until its rows are read; or raise ValueError."""
        tensor = self.find_tensor(name)
        if tensor.kind != "F16":
            raise ValueError(f"{self.path} n'a pas {name!r} en demi-précision")
        return np.memmap(self.path, np.dtype("<f2"), "r", tensor.start, tensor.shape)


def _read_tensor(about: dict[str, object], data: int) -> Tensor:
    kind, shape, places = about["dtype"], about["shape"], about["data_offsets"]
    if not (isinstance(kind, str) and isinstance(shape, list) and isinstance(places, list)):
        raise TypeError
    start, end = map(int, places)
    return Tensor(kind, tuple(map(int, shape)), data + start, end - start)
