"""A ModelFetcher and a ModelConverter that touch no network and no engine; a test scripts what goes wrong and when they wait."""

import asyncio
from pathlib import Path

from assistant.domain.models import ModelManifest, ModelSource
from assistant.ports.models import Progress


class FakeFetcher:
    """Writes one small file; `failures` maps a source's name to what is raised after half of it was written."""

    def __init__(self, failures: dict[str, BaseException] | None = None) -> None:
        self.failures: dict[str, BaseException] = failures or {}
        self.asked: list[str] = []
        self.started = asyncio.Event()
        self.may_end = asyncio.Event()
        self.may_end.set()

    async def fetch(self, source: ModelSource, into: Path, progress: Progress) -> None:
        self.asked.append(source.name)
        (into / "weights").write_bytes(b"half")
        progress("fetching", 0.5)
        self.started.set()
        await self.may_end.wait()
        if source.name in self.failures:
            raise self.failures[source.name]
        (into / "weights").write_bytes(b"all of it")
        progress("fetching", 1.0)


class FakeConverter:
    """Copies the weights; raises what the test asks for."""

    def __init__(self, convert: BaseException | None = None, check: BaseException | None = None) -> None:
        self.failing_convert, self.failing_check = convert, check
        self.checked: list[Path] = []

    async def convert(self, manifest: ModelManifest, raw: Path, into: Path, progress: Progress) -> None:
        into.mkdir()
        (into / "model.onnx").write_bytes((raw / "weights").read_bytes())
        if self.failing_convert:
            raise self.failing_convert
        progress("converting", 1.0)

    async def check(self, manifest: ModelManifest, folder: Path, reference: Path) -> None:
        self.checked.append(reference)
        if self.failing_check:
            raise self.failing_check
