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
from typing import TYPE_CHECKING

import numpy as np

from index.encoding.sessions import open_session

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

_BITS = 2
_LEVELS = 1 << _BITS
_A_BYTE = 8 // _BITS  # coordinates
_FACTOR = 2  # bytes, of the factor that ends a code
_COVERED = 4.5  # standard deviations of a coordinate of the question that a byte covers
_SLICE = 4096  # tokens opened at a time, so that they stay in the processor's cache
_OPSET, _IR = 13, 10  # of ONNX, for the product of bytes


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
        levels = np.empty((len(codes), len(self.mean)), dtype=np.uint8)
        for start in range(0, len(codes), _SLICE):
            packed = codes[start : start + _SLICE, :-_FACTOR]
            for place, part in enumerate(np.split(levels[start : start + _SLICE], _A_BYTE, axis=1)):
                part[:] = (packed >> (_BITS * place)) & (_LEVELS - 1)
            levels[start : start + _SLICE] *= 2
        factors = np.ascontiguousarray(codes[:, -_FACTOR:]).view(np.float16)[:, 0]
        return OpenCodes(levels, factors.astype(np.float32))

    def compare(self, states: np.ndarray, opened: OpenCodes) -> np.ndarray:
        """Cosines of states (states, dimension) with coded ones: (states, tokens)."""
        scale = 127 / _COVERED
        wanted = np.rint(np.clip(self._turn(states) * scale, -127, 127)).astype(np.int8)
        products = _multiply(opened.levels, wanted)
        return np.asarray(products * (opened.factors / np.float32(scale * math.sqrt(len(self.mean)))))

    def _turn(self, states: np.ndarray) -> np.ndarray:
        """States minus the mean, of the same norm, turned: each coordinate has a deviation of 1."""
        centred = states.astype(np.float32) - self.mean
        norms = np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), 1e-9)
        return np.asarray((centred * (math.sqrt(len(self.mean)) / norms)) @ self.turn)


def _multiply(levels: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Bytes of the question (states, dimension) by levels (tokens, dimension) minus 3: (states, tokens), exact."""
    asked, products = np.ascontiguousarray(wanted.T), np.empty((len(wanted), len(levels)), dtype=np.float32)
    for start in range(0, len(levels), _SLICE):
        part = slice(start, start + _SLICE)
        products[:, part] = _multiplier().run(None, {"levels": levels[part], "wanted": asked})[0].T
    return products


@cache
def _multiplier() -> InferenceSession:
    """A product of bytes by ONNX Runtime: numpy has none, and its single precision takes half as long again.

    Where the processor has units for bytes (VNNI, AMX) it uses them.
    """
    from onnx import TensorProto, helper, numpy_helper  # noqa: PLC0415 - for searching alone

    product = helper.make_node("MatMulInteger", ["levels", "wanted", "zero"], ["products"])
    given = [
        helper.make_tensor_value_info("levels", TensorProto.UINT8, ["tokens", "dimension"]),
        helper.make_tensor_value_info("wanted", TensorProto.INT8, ["dimension", "states"]),
    ]
    made = [helper.make_tensor_value_info("products", TensorProto.INT32, ["tokens", "states"])]
    zero = numpy_helper.from_array(np.array(_LEVELS - 1, dtype=np.uint8), "zero")
    graph = helper.make_graph([product], "multiply", given, made, [zero])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=_IR)
    return open_session(model.SerializeToString())


@dataclass(frozen=True)
class OpenCodes:
    """Levels plus 3 (tokens, dimension), 0, 2, 4 or 6 in bytes, and the factor (tokens,) of each token."""

    levels: np.ndarray
    factors: np.ndarray
