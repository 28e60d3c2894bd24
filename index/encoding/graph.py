"""Graph: the layers of a BERT as ONNX Runtime reads them.

It holds the operations alone, 70 kB: it says where each weight lies in the model's own safetensors file, beside which
it is to be put. The vectors of the vocabulary, most of the model, are no part of it: it is given those of the tokens.
"""

import math
from collections.abc import Mapping

import numpy as np
from onnx import NodeProto, TensorProto, helper, numpy_helper

from index.encoding.weights import Weights

_OPSET, _IR = 20, 10  # of ONNX; 20 is the first that has Gelu
_KINDS = {"F16": TensorProto.FLOAT16, "F32": TensorProto.FLOAT}


def build_graph(weights: Weights, config: Mapping[str, int | float]) -> bytes:
    """A file of ONNX that takes `tokens` (texts, tokens, size) to `states` of the same shape; or raise ValueError.

    `hidden` (texts, 1, 1, tokens) is 0 where a text has a token, and very negative where it is filled up.
    """
    layers = _Layers(weights, config)
    layers.build(int(config["num_hidden_layers"]))
    shape: list[str | int | None] = ["texts", "tokens", int(config["hidden_size"])]
    given = [
        helper.make_tensor_value_info("tokens", TensorProto.FLOAT, shape),
        helper.make_tensor_value_info("hidden", TensorProto.FLOAT, ["texts", 1, 1, "tokens"]),
    ]
    made = [helper.make_tensor_value_info("states", TensorProto.FLOAT, shape)]
    graph = helper.make_graph(layers.nodes, "layers", given, made, layers.held)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=_IR)
    return bytes(model.SerializeToString())


class _Layers:
    """Operations put one after the other. States go from layer to layer as rows, one a token of any text."""

    def __init__(self, weights: Weights, config: Mapping[str, int | float]) -> None:
        self._weights, self._epsilon = weights, config["layer_norm_eps"]
        self.nodes: list[NodeProto] = []
        self.held: list[TensorProto] = []
        size, heads = int(config["hidden_size"]), int(config["num_attention_heads"])
        self._rows = self._hold("rows", np.array([-1, size]))
        self._a_head = self._hold("a_head", np.array([heads, size // heads]))
        self._scale = self._hold("scale", np.array(1 / math.sqrt(size // heads), dtype=np.float32))

    def build(self, count: int) -> None:
        """All the layers."""
        whole = self._do("Shape", "tokens")
        texts = self._do("Slice", whole, self._hold("from", np.array([0])), self._hold("to", np.array([2])))
        parted = self._do("Concat", texts, self._a_head, axis=0)
        states = self._norm(self._do("Reshape", "tokens", self._rows), "embeddings.LayerNorm")
        for number in range(count):
            states = self._read_layer(states, f"encoder.layer.{number}", parted)
        self.nodes.append(helper.make_node("Reshape", [states, whole], ["states"]))

    def _read_layer(self, states: str, name: str, parted: str) -> str:
        seen = self._attend(states, f"{name}.attention.self", parted)
        seen = self._linear(seen, f"{name}.attention.output.dense")
        states = self._norm(self._do("Add", states, seen), f"{name}.attention.output.LayerNorm")
        wide = self._do("Gelu", self._linear(states, f"{name}.intermediate.dense"))
        narrow = self._linear(wide, f"{name}.output.dense")
        return self._norm(self._do("Add", states, narrow), f"{name}.output.LayerNorm")

    def _attend(self, states: str, name: str, parted: str) -> str:
        """What each token takes from the tokens of its text, each head apart."""

        def part(rows: str, order: list[int]) -> str:
            return self._do("Transpose", self._do("Reshape", rows, parted), perm=order)

        query = part(self._do("Mul", self._linear(states, f"{name}.query"), self._scale), [0, 2, 1, 3])
        key = part(self._linear(states, f"{name}.key"), [0, 2, 3, 1])
        value = part(self._linear(states, f"{name}.value"), [0, 2, 1, 3])
        shares = self._do("Softmax", self._do("Add", self._do("MatMul", query, key), "hidden"), axis=-1)
        taken = self._do("Transpose", self._do("MatMul", shares, value), perm=[0, 2, 1, 3])
        return self._do("Reshape", taken, self._rows)

    def _linear(self, rows: str, name: str) -> str:
        return self._do("Gemm", rows, self._weight(f"{name}.weight"), self._weight(f"{name}.bias"), transB=1)

    def _norm(self, rows: str, name: str) -> str:
        weight, bias = self._weight(f"{name}.weight"), self._weight(f"{name}.bias")
        return self._do("LayerNormalization", rows, weight, bias, axis=-1, epsilon=self._epsilon)

    def _do(self, operation: str, *inputs: str, **attributes: int | float | list[int]) -> str:
        """One operation; the name of what it gives."""
        name = f"{operation}_{len(self.nodes)}"
        node = helper.make_node(operation, list(inputs), [name])
        node.attribute.extend(helper.make_attribute(key, value) for key, value in attributes.items())
        self.nodes.append(node)
        return name

    def _hold(self, name: str, values: np.ndarray) -> str:
        self.held.append(numpy_helper.from_array(values, name))
        return name

    def _weight(self, name: str) -> str:
        """A weight, left where it is; in single precision once the graph is opened."""
        tensor = self._weights.find_tensor(name)
        held = TensorProto(name=name, data_type=_KINDS[tensor.kind], dims=tensor.shape)
        held.data_location = TensorProto.EXTERNAL
        place = {"location": self._weights.path.name, "offset": tensor.start, "length": tensor.length}
        for key, value in place.items():
            held.external_data.add(key=key, value=str(value))
        self.held.append(held)
        return self._do("Cast", name, to=TensorProto.FLOAT)
