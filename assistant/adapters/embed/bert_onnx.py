"""Writes a BERT encoder as an ONNX graph of standard operators from its published weights. Called by the converter."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from assistant.domain.errors import ModelError

OPSET = 20
"""First opset with Gelu as one operator; LayerNormalization is there since 17."""

IR_VERSION = 10
"""The file format that belongs to opset 20 and 21, so that older runtimes than the writer can read it."""

MASKED = -10000.0
"""Added to the score of padding; small enough that softmax gives 0, large enough not to overflow any type."""

Weights = Mapping[str, NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class BertShape:
    """The sizes of a BERT encoder, as its config.json states them."""

    hidden: int
    layers: int
    heads: int
    epsilon: float

    @property
    def head_size(self) -> int:
        """Length of one attention head's vectors."""
        return self.hidden // self.heads


def read_shape(config: Path) -> BertShape:
    """Read config.json; raises ModelError when it is no plain BERT (other architecture, activation or positions)."""
    try:
        stated = cast(dict[str, Any], json.loads(config.read_text("utf-8")))
        shape = BertShape(
            hidden=int(stated["hidden_size"]),
            layers=int(stated["num_hidden_layers"]),
            heads=int(stated["num_attention_heads"]),
            epsilon=float(stated["layer_norm_eps"]),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _refused(f"its config.json cannot be read ({error})") from error
    expected = {"model_type": "bert", "hidden_act": "gelu", "position_embedding_type": "absolute"}
    for key, value in expected.items():
        if stated.get(key, value) != value:
            raise _refused(f"its {key} is {stated[key]!r}, and only {value!r} can be converted")
    if shape.hidden % shape.heads:
        raise _refused("its hidden size is no multiple of its number of heads")
    return shape


def build_bert(weights: Weights, shape: BertShape) -> onnx.ModelProto:
    """Return the encoder with inputs input_ids, attention_mask, token_type_ids of (batch, sequence) int64
    and the output last_hidden_state of (batch, sequence, hidden) float32; raises ModelError for missing weights.
    """
    graph = _Graph(weights, shape)
    hidden = graph.embeddings()
    bias = graph.attention_bias()
    for layer in range(shape.layers):
        hidden = graph.layer(layer, hidden, bias)
    graph.add("Identity", [hidden], "last_hidden_state")
    ids = [helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "sequence"]) for name in INPUTS]
    out = helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, ["batch", "sequence", shape.hidden])
    made = helper.make_graph(graph.nodes, "bert", ids, [out], list(graph.tensors.values()))
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", OPSET)], producer_name="mneme")
    model.ir_version = IR_VERSION
    onnx.checker.check_model(model)
    return model


INPUTS = ("input_ids", "attention_mask", "token_type_ids")


class _Graph:
    """The graph under construction: its nodes, its constants, and one method per part of the encoder."""

    def __init__(self, weights: Weights, shape: BertShape) -> None:
        self.weights = weights
        self.shape = shape
        self.nodes: list[onnx.NodeProto] = []
        self.tensors: dict[str, onnx.TensorProto] = {}

    def add(self, operator: str, inputs: Sequence[str], output: str, **attributes: Any) -> str:
        """Append a node with one output; return the output's name."""
        self.nodes.append(helper.make_node(operator, list(inputs), [output], name=output + "/" + operator, **attributes))
        return output

    def constant(self, name: str, value: NDArray[Any]) -> str:
        """Store a constant once; return its name."""
        if name not in self.tensors:
            self.tensors[name] = numpy_helper.from_array(np.ascontiguousarray(value), name)
        return name

    def weight(self, name: str) -> NDArray[np.float32]:
        """Return a published weight; raises ModelError when the file lacks it."""
        held = self.weights.get(name)
        if held is None:
            raise _refused(f"the weight {name} is missing")
        return np.asarray(held, dtype=np.float32)

    def embeddings(self) -> str:
        """Sum the word, position and segment vectors and normalise them."""
        words = self.constant("words", self.weight("embeddings.word_embeddings.weight"))
        places = self.constant("positions", self.weight("embeddings.position_embeddings.weight"))
        segments = self.constant("segments", self.weight("embeddings.token_type_embeddings.weight"))
        word = self.add("Gather", [words, "input_ids"], "word")
        segment = self.add("Gather", [segments, "token_type_ids"], "segment")
        length = self.add("Shape", ["input_ids"], "length", start=1, end=2)
        zero = self.constant("zero", np.array([0], np.int64))
        place = self.add("Slice", [places, zero, length, zero], "position")
        both = self.add("Add", [word, segment], "word_segment")
        total = self.add("Add", [both, place], "embedded")
        return self.normalise("embeddings.LayerNorm", total)

    def attention_bias(self) -> str:
        """Turn the mask (1 real, 0 padding) into what is added to the scores: (batch, 1, 1, sequence)."""
        real = self.add("Cast", ["attention_mask"], "mask_float", to=TensorProto.FLOAT)
        axes = self.constant("axes", np.array([1, 2], np.int64))
        wide = self.add("Unsqueeze", [real, axes], "mask_wide")
        padding = self.add("Sub", [self.constant("one", np.array(1.0, np.float32)), wide], "mask_padding")
        return self.add("Mul", [padding, self.constant("masked", np.array(MASKED, np.float32))], "mask_bias")

    def layer(self, index: int, hidden: str, bias: str) -> str:
        """One encoder layer: attention and feed-forward, each added to its input and normalised."""
        prefix = f"encoder.layer.{index}"
        context = self.attention(prefix, hidden, bias)
        projected = self.linear(f"{prefix}.attention.output.dense", context)
        attended = self.normalise(
            f"{prefix}.attention.output.LayerNorm", self.add("Add", [projected, hidden], f"{prefix}.attention.sum")
        )
        wide = self.linear(f"{prefix}.intermediate.dense", attended)
        active = self.add("Gelu", [wide], f"{prefix}.gelu")
        narrow = self.linear(f"{prefix}.output.dense", active)
        return self.normalise(f"{prefix}.output.LayerNorm", self.add("Add", [narrow, attended], f"{prefix}.sum"))

    def attention(self, prefix: str, hidden: str, bias: str) -> str:
        """Scaled dot-product attention over all heads; returns (batch, sequence, hidden)."""
        query = self.heads(f"{prefix}.attention.self.query", hidden, (0, 2, 1, 3))
        key = self.heads(f"{prefix}.attention.self.key", hidden, (0, 2, 3, 1))
        value = self.heads(f"{prefix}.attention.self.value", hidden, (0, 2, 1, 3))
        scores = self.add("MatMul", [query, key], f"{prefix}.scores")
        scale = self.constant("scale", np.array(self.shape.head_size**0.5, np.float32))
        scaled = self.add("Div", [scores, scale], f"{prefix}.scaled")
        biased = self.add("Add", [scaled, bias], f"{prefix}.biased")
        shares = self.add("Softmax", [biased], f"{prefix}.shares", axis=-1)
        mixed = self.add("MatMul", [shares, value], f"{prefix}.mixed")
        rows = self.add("Transpose", [mixed], f"{prefix}.rows", perm=[0, 2, 1, 3])
        merged = self.constant("merged", np.array([0, 0, self.shape.hidden], np.int64))
        return self.add("Reshape", [rows, merged], f"{prefix}.context")

    def heads(self, name: str, hidden: str, order: tuple[int, int, int, int]) -> str:
        """Project and split into heads; `order` permutes (batch, sequence, head, part)."""
        split = self.constant("split", np.array([0, 0, self.shape.heads, self.shape.head_size], np.int64))
        parts = self.add("Reshape", [self.linear(name, hidden), split], f"{name}.parts")
        return self.add("Transpose", [parts], f"{name}.heads", perm=list(order))

    def linear(self, name: str, hidden: str) -> str:
        """Multiply by the weight, published as (out, in), and add the bias."""
        kernel = self.constant(f"{name}.weight", self.weight(f"{name}.weight").T)
        offset = self.constant(f"{name}.bias", self.weight(f"{name}.bias"))
        product = self.add("MatMul", [hidden, kernel], f"{name}.product")
        return self.add("Add", [product, offset], f"{name}.out")

    def normalise(self, name: str, hidden: str) -> str:
        """Layer normalisation over the last axis."""
        gain = self.constant(f"{name}.weight", self.weight(f"{name}.weight"))
        offset = self.constant(f"{name}.bias", self.weight(f"{name}.bias"))
        return self.add("LayerNormalization", [hidden, gain, offset], f"{name}.out", axis=-1, epsilon=self.shape.epsilon)


def _refused(why: str) -> ModelError:
    return ModelError(
        f"The model cannot be converted: {why}.",
        kept="Nothing was installed.",
        remedy="Install a model from the catalogue, or report the file.",
    )
