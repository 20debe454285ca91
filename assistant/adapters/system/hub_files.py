"""Downloads single files of a model hub's repository at a pinned revision. Blocking; used by `fetch` on a thread."""

import hashlib
import shutil
import threading
from pathlib import Path
from typing import Any

from assistant.adapters.system.verified import NOTHING, expect, sha256_of
from assistant.domain.errors import ChecksumError, FetchError
from assistant.domain.models import ModelSource
from assistant.ports.models import Progress


class FetchStopped(Exception):
    """Raised inside the hub's library when the caller has given up."""


def download_files(
    source: ModelSource, into: Path, progress: Progress, stop: threading.Event, endpoint: str | None = None
) -> None:
    """Put the source's files below `into` and check each: by the manifest's SHA-256, else by the hash the hub states.

    Anonymous: no stored token is sent. Raises FetchError, ChecksumError, or FetchStopped soon after `stop` is set.
    """
    from huggingface_hub import HfApi, hf_hub_download

    try:
        api = HfApi(endpoint=endpoint, token=False)
        stated = {entry.path: entry for entry in api.get_paths_info(source.name, list(source.files), revision=source.version)}
        meter = _meter(source.size_bytes, progress, stop)
        for name, wanted in source.files.items():
            if name not in stated:
                raise _unavailable(source, f"the file {name} is not in the repository")
            hf_hub_download(
                source.name,
                name,
                revision=source.version,
                local_dir=into,
                token=False,
                endpoint=endpoint,
                tqdm_class=meter,
            )
            _check(into / name, wanted, stated[name])
    except (FetchError, FetchStopped):
        raise
    except Exception as error:  # the hub's library passes on errors of three HTTP stacks and of its own
        if stop.is_set():
            raise FetchStopped from error
        raise _unavailable(source, str(error).splitlines()[0] if str(error) else type(error).__name__) from error
    shutil.rmtree(into / ".cache", ignore_errors=True)  # the library's own bookkeeping


def _check(path: Path, wanted: str, stated: Any) -> None:
    if wanted:
        expect(path.name, sha256_of(path), wanted)
    elif stated.lfs is not None:
        expect(path.name, sha256_of(path), stated.lfs.sha256)
    elif _git_digest(path) != stated.blob_id:
        raise ChecksumError(
            f"{path.name} is not what the hub says it is.",
            kept=NOTHING,
            remedy="The download may be broken. Try again.",
        )


def _git_digest(path: Path) -> str:
    """The hash by which git knows a small file."""
    data = path.read_bytes()
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def _meter(total: int, progress: Progress, stop: threading.Event) -> Any:
    """A progress bar for the hub's library that draws nothing, reports the bytes of all files and ends when asked."""
    from tqdm import tqdm

    done = 0

    class Meter(tqdm):  # pyright: ignore[reportMissingTypeArgument]
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            kwargs.pop("name", None)  # the library's own addition, unknown to tqdm
            super().__init__(*args, **{**kwargs, "disable": True})

        def update(self, n: float | None = 1) -> bool | None:
            nonlocal done
            if stop.is_set():
                raise FetchStopped
            done += int(n or 0)
            progress("fetching", min(done / max(total, 1), 1.0))
            return None

    return Meter


def _unavailable(source: ModelSource, why: str) -> FetchError:
    return FetchError(
        f"{source.name} could not be fetched from the model hub: {why[:300]}.",
        kept=NOTHING,
        remedy="Check the network, then try again; or install the model from a local folder.",
    )
