"""A cross-encoder run by fastembed on onnxruntime: reads a question and a passage together. Built by `app` as Reranker."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import Executor
from pathlib import Path

import numpy as np

from assistant.adapters.embed.lean import load_lean
from assistant.adapters.embed.silent import silence
from assistant.domain.errors import ModelError
from assistant.domain.models import ModelManifest

BATCH = 16
"""Most pairs in one run of the model."""


class CrossEncoder:
    """The Reranker of an installed model. Calls may overlap: the engine runs them at the same time on the executor's threads."""

    def __init__(self, manifest: ModelManifest, engine: "PairEngine", executor: Executor) -> None:
        self._manifest = manifest
        self._engine: PairEngine | None = engine
        self._executor = executor

    @classmethod
    async def open(cls, manifest: ModelManifest, folder: Path, executor: Executor, threads: int = 0) -> "CrossEncoder":
        """Load the model on `executor`; raises ModelError when it is missing or damaged. `threads` is 0 for one per core."""
        engine = await asyncio.get_running_loop().run_in_executor(executor, PairEngine, manifest, folder, threads)
        return cls(manifest, engine, executor)

    @property
    def model(self) -> str:
        """Model id and revision."""
        return f"{self._manifest.id}@{self._manifest.revision}"

    def knows(self, language: str) -> bool:
        """Tell whether the manifest names this language; "" counts as known."""
        return self._manifest.knows(language)

    async def relevance(self, question: str, passages: Sequence[str]) -> list[float]:
        """Return for each passage how well it answers the question, 0..1; pairs are cut at the model's token limit."""
        engine = self._engine
        if engine is None:
            raise ModelError("The reranking model was closed.", kept="Search works without it.", remedy="Start Mneme again.")
        if not passages:
            return []
        return await asyncio.get_running_loop().run_in_executor(self._executor, engine.relevance, question, list(passages))

    async def close(self) -> None:
        """Release the model; later calls raise ModelError. Safe to call twice."""
        self._engine = None


class PairEngine:
    """The blocking side: fastembed with the model of one folder. Also used by the converter's check."""

    def __init__(self, manifest: ModelManifest, folder: Path, threads: int = 0) -> None:
        """Load; raises ModelError when the files are missing or damaged."""
        silence()
        load_lean()
        from fastembed.rerank.cross_encoder import TextCrossEncoder

        self._id = manifest.id
        try:
            # A named folder and local_files_only: the engine never asks its hub; cache_dir keeps it out of the temporary folder.
            self._pairs = TextCrossEncoder(
                _registered(manifest),
                cache_dir=str(folder),
                threads=threads or None,
                providers=["CPUExecutionProvider"],
                specific_model_path=str(folder),
                local_files_only=True,
            )
            tokenizer = self._pairs.model.tokenizer  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnknownVariableType]
            tokenizer.enable_truncation(manifest.max_tokens)  # pyright: ignore[reportUnknownMemberType]
        except Exception as error:  # onnxruntime, tokenizers and fastembed share no base class
            raise _damaged(manifest.id, str(error).splitlines()[0] if str(error) else type(error).__name__) from error
        self.relevance("question", ["passage"])

    def relevance(self, question: str, passages: list[str]) -> list[float]:
        """Return the sigmoid of the model's verdict on each pair."""
        verdicts = np.asarray(list(self._pairs.rerank(question, passages, batch_size=BATCH)), dtype=np.float64)
        if verdicts.shape != (len(passages),) or not np.isfinite(verdicts).all():
            raise _damaged(self._id, "its verdicts are not finite numbers")
        return [float(share) for share in 1.0 / (1.0 + np.exp(-np.clip(verdicts, -60.0, 60.0)))]


def _registered(manifest: ModelManifest) -> str:
    """Tell fastembed about the graph, under a name of our own: it lists none of the quantised ones for small models."""
    from fastembed.common.model_description import ModelSource
    from fastembed.rerank.cross_encoder import TextCrossEncoder

    name = f"mneme/{manifest.id}"
    if not any(entry["model"].lower() == name.lower() for entry in TextCrossEncoder.list_supported_models()):
        TextCrossEncoder.add_custom_model(
            model=name,
            sources=ModelSource(hf=manifest.loader),
            model_file=manifest.graph,
            license=manifest.licence,
            size_in_gb=manifest.size_bytes / 1e9,
            additional_files=list(manifest.extra),
        )
    return name


def _damaged(model_id: str, why: str) -> ModelError:
    return ModelError(
        f"The reranking model {model_id} cannot be used: {why}.",
        kept="Your memory is untouched and search works without the model.",
        remedy=f"Run: mneme models remove {model_id}, then mneme models install {model_id}.",
    )
