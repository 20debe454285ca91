"""The written graph computes what BERT computes: compared with a plain numpy BERT."""

import json
from math import erf
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
from numpy.typing import NDArray

from assistant.adapters.embed.bert_onnx import build_bert, read_shape
from assistant.domain.errors import ModelError
from tests.fixtures import tiny_bert

Floats = NDArray[np.float64]


def plain_bert(weights: dict[str, NDArray[np.float32]], ids: list[int]) -> Floats:
    """One sequence through BERT, written from its paper with loops over heads; shape (tokens, hidden)."""

    def linear(name: str, rows: Floats) -> Floats:
        return rows @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]

    def normal(name: str, rows: Floats) -> Floats:
        centred = rows - rows.mean(axis=1, keepdims=True)
        spread = np.sqrt((centred**2).mean(axis=1, keepdims=True) + 1e-12)
        return centred / spread * weights[f"{name}.weight"] + weights[f"{name}.bias"]

    table = weights["embeddings.word_embeddings.weight"].astype(np.float64)
    rows = table[ids] + weights["embeddings.position_embeddings.weight"][: len(ids)]
    rows = normal("embeddings.LayerNorm", rows + weights["embeddings.token_type_embeddings.weight"][0])
    size = tiny_bert.HIDDEN // tiny_bert.HEADS
    for layer in range(tiny_bert.LAYERS):
        prefix = f"encoder.layer.{layer}"
        query, key, value = (linear(f"{prefix}.attention.self.{part}", rows) for part in ("query", "key", "value"))
        mixed = np.zeros_like(query)
        for head in range(tiny_bert.HEADS):
            part = slice(head * size, (head + 1) * size)
            scores = np.exp(query[:, part] @ key[:, part].T / np.sqrt(size))
            mixed[:, part] = scores / scores.sum(axis=1, keepdims=True) @ value[:, part]
        rows = normal(f"{prefix}.attention.output.LayerNorm", rows + linear(f"{prefix}.attention.output.dense", mixed))
        wide = linear(f"{prefix}.intermediate.dense", rows)
        active = wide * 0.5 * (1 + np.vectorize(erf)(wide / np.sqrt(2)))
        rows = normal(f"{prefix}.output.LayerNorm", rows + linear(f"{prefix}.output.dense", active))
    return rows


def run(graph: bytes, ids: NDArray[np.int64], mask: NDArray[np.int64]) -> NDArray[np.float32]:
    session = onnxruntime.InferenceSession(graph, providers=["CPUExecutionProvider"])
    feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
    return np.asarray(session.run(["last_hidden_state"], feed)[0])


@pytest.fixture
def graph(tmp_path: Path) -> bytes:
    shape = read_shape(tiny_bert.write(tmp_path) / "config.json")
    return build_bert(tiny_bert.weights(), shape).SerializeToString()


def test_it_computes_what_a_plain_bert_computes(graph: bytes) -> None:
    ids = [2, 4, 5, 6, 7, 8, 9, 3]
    found = run(graph, np.array([ids]), np.ones((1, len(ids)), np.int64))[0]
    np.testing.assert_allclose(found, plain_bert(tiny_bert.weights(), ids), atol=2e-5)


def test_padding_changes_nothing(graph: bytes) -> None:
    long, short = [2, 4, 5, 6, 7, 8, 9, 3], [2, 10, 11, 3]
    ids = np.array([long, short + [0] * 4])
    mask = np.array([[1] * 8, [1] * 4 + [0] * 4])
    found = run(graph, ids, mask)
    np.testing.assert_allclose(found[1, :4], plain_bert(tiny_bert.weights(), short), atol=2e-5)


def test_a_missing_weight_is_named(tmp_path: Path) -> None:
    shape = read_shape(tiny_bert.write(tmp_path) / "config.json")
    incomplete = {name: held for name, held in tiny_bert.weights().items() if name != "encoder.layer.1.output.dense.bias"}
    with pytest.raises(ModelError, match=r"encoder\.layer\.1\.output\.dense\.bias is missing"):
        build_bert(incomplete, shape)


@pytest.mark.parametrize(
    ("key", "value"),
    [("model_type", "roberta"), ("hidden_act", "gelu_new"), ("position_embedding_type", "rotary"), ("num_attention_heads", 5)],
)
def test_what_is_no_plain_bert_is_refused(tmp_path: Path, key: str, value: object) -> None:
    path = tiny_bert.write(tmp_path) / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {key: value}))
    with pytest.raises(ModelError, match="cannot be converted"):
        read_shape(path)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"hidden_size": "many"}'])
def test_an_unreadable_config_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "config.json").write_text(text)
    with pytest.raises(ModelError, match=r"config\.json cannot be read"):
        read_shape(tmp_path / "config.json")
