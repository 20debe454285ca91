"""Converting fetched files and checking the result."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from assistant.adapters.embed import OnnxConverter
from assistant.adapters.embed.convert import compare, convert_weights, take_over
from assistant.adapters.embed.fastembed_text import Engine
from assistant.domain.errors import ModelError
from tests.fixtures import tiny_bert

TEXTS = ["the cat sat on a mat", "red green blue", "a dog ran to the house"]


def reference(tmp_path: Path, folder: Path) -> Path:
    rows = np.concatenate([Engine(tiny_bert.manifest(), folder, 1).embed([text]) for text in TEXTS])
    path = tmp_path / "reference.json"
    path.write_text(json.dumps({"texts": TEXTS, "vectors": rows.tolist(), "least_cosine": 0.94, "mean_cosine": 0.985}))
    return path


async def test_converted_weights_load_and_pass_their_check(tmp_path: Path) -> None:
    raw, ready = tiny_bert.write(tmp_path / "raw"), tmp_path / "ready"
    steps: list[tuple[str, float]] = []
    with ThreadPoolExecutor(1) as pool:
        converter = OnnxConverter(pool)
        await converter.convert(tiny_bert.manifest(), raw, ready, lambda *step: steps.append(step))
        await converter.check(tiny_bert.manifest(), ready, reference(tmp_path, ready))
    assert steps == [("converting", 0.0), ("converting", 1.0)]
    assert json.loads((ready / "tokenizer_config.json").read_text())["model_max_length"] == 16


def test_other_weights_fail_the_check(tmp_path: Path) -> None:
    convert_weights(tiny_bert.manifest(), tiny_bert.write(tmp_path / "raw"), tmp_path / "right")
    convert_weights(tiny_bert.manifest(), tiny_bert.write(tmp_path / "other", seed=1), tmp_path / "wrong")
    stored = reference(tmp_path, tmp_path / "right")
    compare(tiny_bert.manifest(), tmp_path / "right", stored)
    with pytest.raises(ModelError, match="does not give the vectors it should"):
        compare(tiny_bert.manifest(), tmp_path / "wrong", stored)


def test_the_int8_graph_stays_close_to_the_weights(tmp_path: Path) -> None:
    from safetensors.numpy import load_file

    from assistant.adapters.embed.bert_onnx import build_bert, read_shape

    raw = tiny_bert.write(tmp_path / "raw")
    convert_weights(tiny_bert.manifest(), raw, tmp_path / "int8")
    convert_weights(tiny_bert.manifest(), raw, tmp_path / "fp32")
    full = build_bert(load_file(raw / "model.safetensors"), read_shape(raw / "config.json"))
    (tmp_path / "fp32" / "model.onnx").write_bytes(full.SerializeToString())
    int8, fp32 = (Engine(tiny_bert.manifest(), tmp_path / kind, 1).embed(TEXTS) for kind in ("int8", "fp32"))
    assert np.sum(int8 * fp32, axis=1).min() > 0.97


@pytest.mark.parametrize("name", tiny_bert.FILES)
def test_a_missing_file_is_named(tmp_path: Path, name: str) -> None:
    raw = tiny_bert.write(tmp_path / "raw")
    (raw / name).unlink()
    with pytest.raises(ModelError, match=name):
        convert_weights(tiny_bert.manifest(), raw, tmp_path / "ready")


def test_damaged_weights_are_refused(tmp_path: Path) -> None:
    raw = tiny_bert.write(tmp_path / "raw")
    (raw / "model.safetensors").write_bytes((raw / "model.safetensors").read_bytes()[:500])
    with pytest.raises(ModelError, match="weights cannot be read"):
        convert_weights(tiny_bert.manifest(), raw, tmp_path / "ready")


def test_other_dimensions_than_the_manifest_says_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="32 numbers, the manifest says 64"):
        convert_weights(tiny_bert.manifest(dimensions=64), tiny_bert.write(tmp_path / "raw"), tmp_path / "ready")


async def test_a_ready_graph_is_taken_over_with_its_neighbours(tmp_path: Path) -> None:
    convert_weights(tiny_bert.manifest(), tiny_bert.write(tmp_path / "raw"), tmp_path / "hub")
    (tmp_path / "hub" / "onnx").mkdir()
    (tmp_path / "hub" / "model.onnx").rename(tmp_path / "hub" / "onnx" / "model.onnx")
    ready_made = tiny_bert.manifest(loader="tiny/test-cls", pooling="cls", graph="onnx/model.onnx")
    with ThreadPoolExecutor(1) as pool:
        await OnnxConverter(pool).convert(ready_made, tmp_path / "hub", tmp_path / "ready", lambda *_: None)
    compare(ready_made, tmp_path / "ready", tmp_path / "no-reference.json")
    assert list((tmp_path / "hub").iterdir()) == []


def test_a_ready_graph_without_its_data_is_refused(tmp_path: Path) -> None:
    convert_weights(tiny_bert.manifest(), tiny_bert.write(tmp_path / "raw"), tmp_path / "hub")
    with pytest.raises(ModelError, match=r"model\.onnx_data"):
        take_over(tiny_bert.manifest(extra=("model.onnx_data",)), tmp_path / "hub", tmp_path / "ready")
