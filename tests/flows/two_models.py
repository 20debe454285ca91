"""A home with two tiny models of different dimensions, and a process in it that is killed half-way through a change of models."""

import asyncio
import json
import shutil
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.adapters.embed import FastembedText
from assistant.app.bootstrap import running
from assistant.app.environment import ROOT, Environment, environment
from assistant.orchestrator import changing
from tests.fixtures import tiny_bert

OLD, NEW = "tiny-old", "tiny-new"
DIMENSIONS = {OLD: 32, NEW: 48}
HALF = 12
QUESTION = "How many days of paid leave does a keeper get?"
GOLDEN = {"id": "g1", "lang": "en", "question": "What does the keeper feed the otters?", "answerable": True, "kind": "fact"}


def resources(place: Path) -> Path:
    """Write a catalogue of the two models, the shipped policy and a golden set of one question; return the folder."""
    (place / "models").mkdir(parents=True)
    (place / "configs").mkdir()
    shutil.copy(ROOT / "configs" / "policy.toml", place / "configs")
    corpus = place / "golden" / "corpus"
    corpus.mkdir(parents=True)
    fed = "The keeper feeds the otters trout and crayfish twice a day."
    (corpus / "otters.md").write_text(f"# Otters\n\n{fed}\n", "utf-8")
    (corpus / "roof.md").write_text("# Roof\n\nThe roof of the barn was mended with larch shingles.\n", "utf-8")
    case = {**GOLDEN, "answers": [{"path": "otters.md", "text": fed, "line": 3}]}
    (place / "golden" / "cases.jsonl").write_text(json.dumps(case) + "\n", "utf-8")
    for model_id, dimensions in DIMENSIONS.items():
        tiny_bert.write(place / "weights" / model_id, seed=dimensions, hidden=dimensions)
        files = "".join(f'"{name}" = ""\n' for name in tiny_bert.FILES)
        (place / "models" / f"{model_id}.toml").write_text(
            f'id = "{model_id}"\nname = "{model_id}"\nkind = "text-embedding"\nrevision = "r1"\n'
            f'dimensions = {dimensions}\nmax_tokens = 60\nlanguages = ["en"]\nlicence = "Apache-2.0"\nsize_bytes = 100000\n'
            'loader = "sentence-transformers/all-MiniLM-L6-v2"\ngraph = "model.onnx"\n\n[[sources]]\nkind = "folder"\n'
            f'name = ""\n\n[sources.files]\n{files}',
            "utf-8",
        )
    return place


def two_models(home: Path, place: Path) -> Environment:
    """Return the environment of a home with these resources; a new memory in it uses the old model."""
    settings = {"MNEME_HOME": str(home), "MNEME_EMBEDDING__MODEL": OLD, "MNEME_EMBEDDING__SWITCH_TOLERANCE": "1"}
    return replace(environment({**settings, "MNEME_EMBEDDING__BATCH": "2"}), resources=place)


async def change_until_killed(env: Environment) -> None:
    """Begin to prepare the new model, ask all the while, and hold half-way, saying so on stdout."""
    changing.WINDOW = 4
    embedded = 0
    plain = FastembedText.embed_documents

    async def embed(self: FastembedText, texts: Sequence[str], *, urgent: bool = False) -> NDArray[np.float32]:
        nonlocal embedded
        embedded += len(texts) if self.model.startswith(NEW) else 0
        if embedded > HALF:
            print("half", flush=True)
            await asyncio.Event().wait()
        return await plain(self, texts, urgent=urgent)

    FastembedText.embed_documents = embed  # type: ignore[method-assign]
    async with running(env) as assistant:
        await assistant.spaces.start(NEW)
        while True:
            answer = await assistant.ask(QUESTION, "cli")
            print("answered" if "26 days" in answer.answer else f"wrong: {answer.answer}", flush=True)


if __name__ == "__main__":
    asyncio.run(change_until_killed(two_models(Path(sys.argv[1]), Path(sys.argv[2]))))
