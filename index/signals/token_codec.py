"""Coding of token states: 98 bytes a token where the model gives 384 numbers.

Minus their mean, of norm 1, turned at random so that every coordinate has the same spread, each coordinate on two bits
(-3, -1, 1 or 3, half a deviation apart), with the factor that makes the cosine unbiased: RaBitQ (Gao and Long 2024,
arXiv:2405.12497), on more bits as its authors extend it (2024, arXiv:2409.09913). The question stays on a byte.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

_BITS = 2
_LEVELS = 1 << _BITS
_A_BYTE = 8 // _BITS  # coordinates
_FACTOR = 2  # bytes, of the factor that ends a code
_COVERED = 4.5  # standard deviations of a coordinate of the question that a byte covers
_SLICE = 4096  # tokens opened at a time, so that they stay in the processor's cache


@dataclass(frozen=True)
class TokenCodec:
    """Mean (dimension,) of a model's token states, measured once, and a rotation (dimension, dimension).

    A version takes those of the one before, so that the codes of texts that did not change are kept as they are.
    """

    mean: np.ndarray
    turn: np.ndarray

    @classmethod
    def train(cls, tokens: Sequence[np.ndarray]) -> TokenCodec:
        """Measure on the states (tokens, dimension) of texts; a hundred texts do. The dimension divides by 4."""
        mean = sum(states.sum(axis=0, dtype=np.float64) for states in tokens) / sum(map(len, tokens))
        turn, _ = np.linalg.qr(np.random.default_rng(0).normal(size=(len(mean), len(mean))))
        return cls(np.asarray(mean, dtype=np.float32), turn.astype(np.float32))

    @property
    def width(self) -> int:
        """Bytes of a code."""
        return len(self.mean) // _A_BYTE + _FACTOR

    def encode(self, states: np.ndarray) -> np.ndarray:
        """States (tokens, dimension) to codes (tokens, width) in bytes."""
        turned = self._turn(states)
        levels = np.clip(np.floor(turned) + _LEVELS // 2, 0, _LEVELS - 1)
        products = np.einsum("td,td->t", 2 * levels - (_LEVELS - 1), turned / math.sqrt(len(self.mean)))
        factors = (1 / np.maximum(products, 1e-3)).astype(np.float16)
        packed = np.zeros((len(states), len(self.mean) // _A_BYTE), dtype=np.uint8)
        for place, part in enumerate(np.split(levels.astype(np.uint8), _A_BYTE, axis=1)):
            packed |= part << (_BITS * place)
        return np.concatenate([packed, factors[:, None].view(np.uint8)], axis=1)

    def open(self, codes: np.ndarray) -> OpenCodes:
        """Codes (tokens, width) made ready to be compared; four times larger."""
        levels = np.empty((len(codes), len(self.mean)), dtype=np.int8)
        for start in range(0, len(codes), _SLICE):
            packed = codes[start : start + _SLICE, :-_FACTOR]
            for place, part in enumerate(np.split(levels[start : start + _SLICE], _A_BYTE, axis=1)):
                part[:] = (packed >> (_BITS * place)) & (_LEVELS - 1)
            levels[start : start + _SLICE] *= 2
            levels[start : start + _SLICE] -= _LEVELS - 1
        factors = np.ascontiguousarray(codes[:, -_FACTOR:]).view(np.float16)[:, 0]
        return OpenCodes(levels, factors.astype(np.float32))

    def compare(self, states: np.ndarray, opened: OpenCodes) -> np.ndarray:
        """Cosines of states (states, dimension) with coded ones: (states, tokens)."""
        scale = 127 / _COVERED
        wanted = np.rint(np.clip(self._turn(states) * scale, -127, 127)).astype(np.int8)
        products = _multiply_bytes(wanted, opened.levels) if _has_byte_units() else _multiply(wanted, opened.levels)
        return np.asarray(products * (opened.factors / np.float32(scale * math.sqrt(len(self.mean)))))

    def _turn(self, states: np.ndarray) -> np.ndarray:
        """States minus the mean, of the same norm, turned: each coordinate has a deviation of 1."""
        centred = states.astype(np.float32) - self.mean
        norms = np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), 1e-9)
        return np.asarray((centred * (math.sqrt(len(self.mean)) / norms)) @ self.turn)


@cache
def _has_byte_units() -> bool:
    """Whether this processor multiplies matrices of bytes in units of its own."""
    import torch  # noqa: PLC0415 - takes seconds, for searching alone

    capabilities = torch.cpu.get_capabilities()
    return bool(capabilities.get("avx512_vnni") or capabilities.get("amx_int8"))


def _multiply_bytes(wanted: np.ndarray, levels: np.ndarray) -> np.ndarray:
    """Bytes as they are: twice as fast as bfloat16, in half the memory, where the processor has units for it."""
    import torch  # noqa: PLC0415

    return np.asarray(torch._int_mm(torch.from_numpy(wanted), torch.from_numpy(levels).T).float().numpy())


def _multiply(wanted: np.ndarray, levels: np.ndarray) -> np.ndarray:
    """The same numbers in single precision, which holds them exactly: elsewhere twenty times faster than bytes."""
    import torch  # noqa: PLC0415

    asked, rows = torch.from_numpy(wanted).float(), torch.from_numpy(levels)
    products = torch.empty((len(wanted), len(levels)))
    for start in range(0, len(levels), _SLICE):
        part = slice(start, start + _SLICE)
        products[:, part] = asked @ rows[part].float().T
    return np.asarray(products.numpy())


@dataclass(frozen=True)
class OpenCodes:
    """Levels (tokens, dimension), from -3 to 3 in bytes, and the factor (tokens,) of each token."""

    levels: np.ndarray
    factors: np.ndarray
