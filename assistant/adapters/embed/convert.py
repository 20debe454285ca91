"""Turns fetched weights into the folder that the embedder loads, and checks it against stored vectors. Used by `models`."""

import asyncio
import json
import shutil
from concurrent.futures import Executor
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from assistant.adapters.embed.cross_encoder import PairEngine
from assistant.adapters.embed.fastembed_text import Engine
from assistant.adapters.embed.silent import silence
from assistant.domain.errors import ModelError
from assistant.domain.models import ModelManifest
from assistant.ports.models import Progress

if TYPE_CHECKING:
    from onnx import ModelProto

WEIGHTS = "model.safetensors"
KEPT = ("tokenizer.json", "config.json", "special_tokens_map.json")
TOKENIZER_CONFIG = "tokenizer_config.json"


class OnnxConverter:
    """The ModelConverter: BERT weights become an int8 ONNX graph; a ready graph is taken over as it is."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    async def convert(self, manifest: ModelManifest, raw: Path, into: Path, progress: Progress) -> None:
        """Write graph and tokenizer into the folder `into` (a second or two for 23 million weights); raises ModelError.

        A folder without safetensors must hold the graph that the manifest names; its files are moved, not copied.
        """
        work = take_over if (raw / manifest.graph).is_file() else convert_weights
        progress("converting", 0.0)
        await asyncio.get_running_loop().run_in_executor(self._executor, work, manifest, raw, into)
        progress("converting", 1.0)

    async def check(self, manifest: ModelManifest, folder: Path, reference: Path) -> None:
        """Load the folder's model and compare it with the vectors in `reference`, when there is such a file.

        Without one, loading, dimensions and finite values are all that is checked. Raises ModelError.
        """
        await asyncio.get_running_loop().run_in_executor(self._executor, compare, manifest, folder, reference)


def take_over(manifest: ModelManifest, raw: Path, into: Path) -> None:
    """Move the files of a ready graph; raises ModelError when one that it needs is missing."""
    into.mkdir(parents=True, exist_ok=True)
    for name in (manifest.graph, *manifest.extra, "tokenizer.json", TOKENIZER_CONFIG):
        if not (raw / name).is_file():
            raise _unfit(manifest, f"the file {name} is missing")
    for path in sorted(raw.iterdir()):
        path.rename(into / path.name)


def convert_weights(manifest: ModelManifest, raw: Path, into: Path) -> None:
    """Write the graph of a BERT from its safetensors, quantised to int8 per output channel, and its tokenizer."""
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    from assistant.adapters.embed.bert_onnx import build_bert, read_shape  # with it comes onnx: 10 MiB that only converting needs

    for name in (WEIGHTS, TOKENIZER_CONFIG, *KEPT):
        if not (raw / name).is_file():
            raise _unfit(manifest, f"the file {name} is missing")
    shape = read_shape(raw / "config.json")
    if shape.hidden != manifest.dimensions:
        raise _unfit(manifest, f"its vectors have {shape.hidden} numbers, the manifest says {manifest.dimensions}")
    try:
        weights = load_file(raw / WEIGHTS)
    except (SafetensorError, OSError, ValueError) as error:
        raise _unfit(manifest, f"its weights cannot be read ({error})") from error
    into.mkdir(parents=True, exist_ok=True)
    quantise(build_bert(weights, shape), into / manifest.graph)
    for name in KEPT:
        shutil.copyfile(raw / name, into / name)
    # The engine cuts texts where this file says; the model was trained to its manifest's limit, not to its table of positions.
    settings = cast(dict[str, Any], json.loads((raw / TOKENIZER_CONFIG).read_text("utf-8")))
    settings.pop("max_length", None)
    settings["model_max_length"] = manifest.max_tokens
    (into / TOKENIZER_CONFIG).write_text(json.dumps(settings, indent=1), "utf-8")


def quantise(model: "ModelProto", into: Path) -> None:
    """Write `model` with int8 weights, one scale per output channel (a single scale costs 5 points of cosine)."""
    silence()
    from onnx.helper import set_model_props
    from onnxruntime.quantization import quantize_dynamic

    # Without this mark the quantiser warns on the root logger that the graph was not simplified; it has nothing to simplify.
    set_model_props(model, {"onnx.quant.pre_process": "onnxruntime.quant"})
    quantize_dynamic(model, into, per_channel=True)


def compare(manifest: ModelManifest, folder: Path, reference: Path) -> None:
    """Embed the reference's texts one by one and compare; raises ModelError below its limits of cosine similarity."""
    if manifest.kind == "reranking":
        PairEngine(manifest, folder)  # loads it and asks it once
        return
    engine = Engine(manifest, folder)
    if not reference.is_file():
        return
    stored = cast(dict[str, Any], json.loads(reference.read_text("utf-8")))
    expected = np.asarray(stored["vectors"], dtype=np.float32)
    # One at a time: the scale of int8 activations is taken over a whole batch, so neighbours would shift the result.
    found = np.concatenate([engine.embed([manifest.document_prefix + text]) for text in stored["texts"]])
    cosines = np.sum(found * expected, axis=1) / np.linalg.norm(expected, axis=1)
    least, mean = float(cosines.min()), float(cosines.mean())
    if least < stored["least_cosine"] or mean < stored["mean_cosine"]:
        raise ModelError(
            f"The converted model {manifest.id} does not give the vectors it should: cosine similarity to the stored"
            f" reference is {mean:.3f} on average and {least:.3f} at worst,"
            f" where {stored['mean_cosine']} and {stored['least_cosine']} are demanded.",
            kept="Nothing was installed.",
            remedy="Try again; if it happens again, report it with the versions that `mneme doctor` prints.",
        )


def _unfit(manifest: ModelManifest, why: str) -> ModelError:
    return ModelError(
        f"The files fetched for {manifest.id} cannot be used: {why}.",
        kept="Nothing was installed.",
        remedy="Install it from another source, for example a complete local folder: mneme models install"
        f" {manifest.id} --from FOLDER.",
    )
