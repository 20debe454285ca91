"""A text model run by fastembed on onnxruntime, loaded from an installed folder and never from the network. Built by `app`."""

import asyncio
import os
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.adapters.embed.lean import load_lean
from assistant.adapters.embed.silent import silence
from assistant.domain.errors import ModelError
from assistant.domain.models import ModelManifest

BATCH = 32
"""Most texts in one run of the model; callers send fewer (the setting embedding.batch), this bounds memory for the others."""


NICER = 10
"""Steps of niceness by which documents stand back: they get a tenth of a core that a question wants as well."""

REST_SECONDS = 30.0
"""After so long without documents their engine is let go: what it took for long batches would stay taken."""


class FastembedText:
    """The Embedder of an installed model. A question never waits for documents: these have an engine of their own, whose
    threads give way to all others. It is loaded with the first documents and let go when none come any more.
    """

    def __init__(self, manifest: ModelManifest, engine: "Engine", executor: Executor, aside: "Aside") -> None:
        self._manifest = manifest
        self._engine: Engine | None = engine
        self._executor = executor
        self._aside = aside
        self._letting_go: asyncio.TimerHandle | None = None

    @classmethod
    async def open(cls, manifest: ModelManifest, folder: Path, executor: Executor, threads: int = 0) -> "FastembedText":
        """Load the model on `executor` (0.1 to 0.4 s for the default one); raises ModelError when it is missing or damaged.

        `threads` is the number of threads of one run, 0 for one per core.
        """
        engine = await asyncio.get_running_loop().run_in_executor(executor, Engine, manifest, folder, threads)
        return cls(manifest, engine, executor, Aside(partial(Engine, manifest, folder, threads)))

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

    async def embed_documents(self, texts: Sequence[str], *, urgent: bool = False) -> NDArray[np.float32]:
        """Return L2-normalised vectors of shape (len(texts), dimensions).

        Each text is cut after `max_tokens` tokens. All texts of one call are padded to the longest: send similar lengths.
        What is `urgent` goes to the engine of questions.
        """
        if not texts:
            return np.zeros((0, self.dimensions), np.float32)
        engine = self._opened()
        prefixed = [self._manifest.document_prefix + text for text in texts]
        if urgent:
            return await asyncio.get_running_loop().run_in_executor(self._executor, engine.embed, prefixed)
        if self._letting_go is not None:
            self._letting_go.cancel()
        try:
            return await self._aside.embed(prefixed)
        finally:
            self._letting_go = asyncio.get_running_loop().call_later(REST_SECONDS, self._aside.let_go)

    async def embed_query(self, text: str) -> NDArray[np.float32]:
        """Return one L2-normalised vector of shape (dimensions,); the model's query prefix is put before the text."""
        asked = [self._manifest.query_prefix + text]
        return (await asyncio.get_running_loop().run_in_executor(self._executor, self._opened().embed, asked))[0]

    async def close(self) -> None:
        """Release the model; later calls raise ModelError. Safe to call twice."""
        self._engine = None
        if self._letting_go is not None:
            self._letting_go.cancel()
        await self._aside.close()

    def _opened(self) -> "Engine":
        if self._engine is None:
            raise ModelError("The text model was closed.", kept="Text search works without it.", remedy="Start Mneme again.")
        return self._engine


class Aside:
    """An engine on one thread that gives way, as do the threads that the engine starts from it."""

    def __init__(self, load: Callable[[], "Engine"]) -> None:
        self._load = load
        self._engine: Engine | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="documents", initializer=give_way)
        self._closed = False

    async def embed(self, texts: list[str]) -> NDArray[np.float32]:
        """Embed on the thread, loading the engine if there is none."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._embed, texts)

    def let_go(self) -> None:
        """Release the engine once what was asked before is done; does not wait."""
        if not self._closed:
            self._thread.submit(self._release)

    async def close(self) -> None:
        """Release the engine and end the thread; safe to call twice."""
        if not self._closed:
            self._closed = True
            try:
                await asyncio.get_running_loop().run_in_executor(self._thread, self._release)
            finally:
                self._thread.shutdown()

    def _embed(self, texts: list[str]) -> NDArray[np.float32]:
        self._engine = self._engine or self._load()
        return self._engine.embed(texts)

    def _release(self) -> None:
        self._engine = None


def give_way() -> None:
    """Let this thread, and those it starts, run after all others of the machine; only Linux knows this of threads."""
    if sys.platform == "linux":
        with suppress(OSError):
            own = threading.get_native_id()
            os.setpriority(os.PRIO_PROCESS, own, min(19, os.getpriority(os.PRIO_PROCESS, own) + NICER))


class Engine:
    """The blocking side: fastembed with the model of one folder. Also used by the converter's check."""

    def __init__(self, manifest: ModelManifest, folder: Path, threads: int = 0) -> None:
        """Load; raises ModelError when the files are missing, damaged or of another size than the manifest says."""
        silence()
        load_lean()
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
