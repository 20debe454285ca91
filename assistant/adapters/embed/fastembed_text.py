"""A text model run by fastembed on onnxruntime, loaded from an installed folder and never from the network. Built by `app`."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import Executor
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.adapters.embed.silent import silence
from assistant.domain.errors import ModelError
from assistant.domain.models import ModelManifest

BATCH = 32
"""Most texts in one run of the model; callers send fewer (the setting embedding.batch), this bounds memory for the others."""


class FastembedText:
    """The Embedder of an installed model. Calls may overlap: the engine runs them at the same time on the executor's threads."""

    def __init__(self, manifest: ModelManifest, engine: "Engine", executor: Executor) -> None:
        self._manifest = manifest
        self._engine: Engine | None = engine
        self._executor = executor

    @classmethod
    async def open(cls, manifest: ModelManifest, folder: Path, executor: Executor, threads: int = 0) -> "FastembedText":
        """Load the model on `executor` (0.1 to 0.4 s for the default one); raises ModelError when it is missing or damaged.

        `threads` is the number of threads of one run, 0 for one per core.
        """
        engine = await asyncio.get_running_loop().run_in_executor(executor, Engine, manifest, folder, threads)
        return cls(manifest, engine, executor)

    @property
    def model(self) -> str:
        """Model id and revision, the key of the vector cache."""
        return f"{self._manifest.id}@{self._manifest.revision}"

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        return self._manifest.dimensions

    def knows(self, language: str) -> bool:
        """Tell whether the manifest names this language; "" counts as known."""
        return self._manifest.knows(language)

    async def embed_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return L2-normalised vectors of shape (len(texts), dimensions).

        Each text is cut after `max_tokens` tokens. All texts of one call are padded to the longest: send similar lengths.
        """
        if not texts:
            return np.zeros((0, self.dimensions), np.float32)
        prefixed = [self._manifest.document_prefix + text for text in texts]
        return await self._run(prefixed)

    async def embed_query(self, text: str) -> NDArray[np.float32]:
        """Return one L2-normalised vector of shape (dimensions,); the model's query prefix is put before the text."""
        return (await self._run([self._manifest.query_prefix + text]))[0]

    async def close(self) -> None:
        """Release the model; later calls raise ModelError. Safe to call twice."""
        self._engine = None

    async def _run(self, texts: list[str]) -> NDArray[np.float32]:
        engine = self._engine
        if engine is None:
            raise ModelError("The text model was closed.", kept="Text search works without it.", remedy="Start Mneme again.")
        return await asyncio.get_running_loop().run_in_executor(self._executor, engine.embed, texts)


class Engine:
    """The blocking side: fastembed with the model of one folder. Also used by the converter's check."""

    def __init__(self, manifest: ModelManifest, folder: Path, threads: int = 0) -> None:
        """Load; raises ModelError when the files are missing, damaged or of another size than the manifest says."""
        silence()
        from fastembed import TextEmbedding

        self._dimensions = manifest.dimensions
        self._id = manifest.id
        try:
            if manifest.pooling:
                _register(manifest)
            # A named folder and local_files_only: the engine never asks its hub; cache_dir keeps it out of the temporary folder.
            self._text = TextEmbedding(
                manifest.loader,
                cache_dir=str(folder),
                threads=threads or None,
                providers=["CPUExecutionProvider"],
                specific_model_path=str(folder),
                local_files_only=True,
                lazy_load=True,
                enable_cpu_mem_arena=True,
            )
            _load_calmly(self._text.model)
            tokenizer = self._text.model.tokenizer  # pyright: ignore[reportAttributeAccessIssue]
            tokenizer.enable_truncation(manifest.max_tokens)
        except Exception as error:  # onnxruntime, tokenizers and fastembed share no base class
            raise _damaged(manifest.id, str(error).splitlines()[0] if str(error) else type(error).__name__) from error
        if self.embed(["shape"]).shape != (1, manifest.dimensions):
            raise _damaged(manifest.id, f"its vectors do not have {manifest.dimensions} numbers")

    def embed(self, texts: list[str]) -> NDArray[np.float32]:
        """Return L2-normalised float32 vectors of shape (len(texts), dimensions)."""
        found = np.asarray(list(self._text.embed(texts, batch_size=BATCH)), dtype=np.float32)
        norms = np.linalg.norm(found, axis=1, keepdims=True)
        if not np.isfinite(norms).all():
            raise _damaged(self._id, "it gives vectors that are not finite")
        return found / np.maximum(norms, np.float32(1e-12))


def _load_calmly(model: Any) -> None:
    """Load the graph with threads that sleep when they have nothing to do.

    The engine lets them spin: a question of 25 ms of work then costs 41 ms of the processor, taken from the searches beside
    it. Fastembed hands on no such option, so its own step for options is replaced in this one model.
    """

    def options(session: Any, _: object) -> None:
        session.add_session_config_entry("session.intra_op.allow_spinning", "0")

    model.add_extra_session_options = options
    model.load_onnx_model()


def _register(manifest: ModelManifest) -> None:
    """Tell fastembed about a model it does not list; its registry lives as long as the process."""
    from fastembed import TextEmbedding
    from fastembed.common.model_description import ModelSource, PoolingType

    if any(entry["model"].lower() == manifest.loader.lower() for entry in TextEmbedding.list_supported_models()):
        return
    TextEmbedding.add_custom_model(
        model=manifest.loader,
        pooling=PoolingType.CLS if manifest.pooling == "cls" else PoolingType.MEAN,
        normalization=True,
        sources=ModelSource(hf=manifest.loader),
        dim=manifest.dimensions,
        model_file=manifest.graph,
        license=manifest.licence,
        size_in_gb=manifest.size_bytes / 1e9,
        additional_files=list(manifest.extra),
    )


def _damaged(model_id: str, why: str) -> ModelError:
    return ModelError(
        f"The text model {model_id} cannot be used: {why}.",
        kept="Your memory is untouched and text search works without the model.",
        remedy=f"Run: mneme models remove {model_id}, then mneme models install {model_id}.",
    )
