"""The process that reads one archive: its members leave through standard output, nothing is written. Started by `archives`."""

import json
import os
import stat
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from typing import IO, NamedTuple

from assistant.adapters.readers.sandbox import confine, take_stdout
from assistant.adapters.readers.wire import write_frame

HEAD, PART, END, FAILURE = b"H", b"P", b"E", b"F"
BLOCK = 2**20
ENCRYPTED, UNICODE = 0x1, 0x800
TAR_MARK = 257


class UnfitError(Exception):
    """Why an archive cannot be read, in words for a person."""


class Member(NamedTuple):
    """An entry with the stream of its contents, None where it has none."""

    name: str
    kind: str
    size: int
    mode: int
    mtime: float
    stream: IO[bytes] | None


def members(file: IO[bytes]) -> Iterator[Member]:
    """Yield what an archive holds. Raises UnfitError, and whatever its parser makes of a damaged one."""
    if not _is_tar(file) and zipfile.is_zipfile(file):
        yield from _zipped(file)
        return
    file.seek(0)
    try:
        with tarfile.open(fileobj=file, mode="r:*") as archive:
            for one in archive:
                kind = "file" if one.isreg() else "folder" if one.isdir() else "other"
                stream = archive.extractfile(one) if kind == "file" else None
                yield Member(one.name, kind, one.size, stat.S_IMODE(one.mode), float(one.mtime), stream)
    except tarfile.ReadError as error:
        raise UnfitError("it is no zip and no tar archive, or it is damaged") from error


def _is_tar(file: IO[bytes]) -> bool:
    """Tell a plain tar by its mark: one whose last member is a zip ends like a zip."""
    file.seek(TAR_MARK)
    return file.read(5) == b"ustar"


def _zipped(file: IO[bytes]) -> Iterator[Member]:
    with zipfile.ZipFile(file) as archive:
        for one in archive.infolist():
            if one.flag_bits & ENCRYPTED:
                raise UnfitError("it is protected by a password")
            mode = one.external_attr >> 16
            kind = "folder" if one.is_dir() else "other" if mode and stat.S_IFMT(mode) not in (0, stat.S_IFREG) else "file"
            if kind != "file":
                yield Member(_name(one), kind, 0, stat.S_IMODE(mode), _time(one.date_time), None)
                continue
            with archive.open(one) as stream:
                yield Member(_name(one), kind, one.file_size, stat.S_IMODE(mode), _time(one.date_time), stream)


def _name(entry: zipfile.ZipInfo) -> str:
    """Return the name of an entry; one not marked as Unicode may be so all the same, or be in the old Russian code page."""
    if entry.flag_bits & UNICODE:
        return entry.filename
    try:
        raw = entry.filename.encode("cp437")
    except UnicodeEncodeError:
        return entry.filename
    for encoding in ("utf-8", "cp866"):
        try:
            name = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "utf-8" or any("\u0400" <= letter <= "\u04ff" for letter in name):
            return name
    return entry.filename


def _time(when: tuple[int, int, int, int, int, int]) -> float:
    """Return the local time of a zip entry as seconds, 0 for a date that there is not."""
    import time

    try:
        return time.mktime((*when, 0, 0, -1))
    except (OverflowError, ValueError):
        return 0.0


def main() -> None:
    """Send the members of the archive at standard input; the argument is the cap of memory in MiB."""
    channel = take_stdout()
    confine(int(sys.argv[1]))
    try:
        with os.fdopen(0, "rb") as file:
            for one in members(file):
                head = {"name": one.name, "kind": one.kind, "size": one.size, "mode": one.mode, "mtime": one.mtime}
                write_frame(channel, HEAD, json.dumps(head).encode("utf-8", "surrogatepass"))
                while one.stream is not None and (block := one.stream.read(BLOCK)):
                    write_frame(channel, PART, block)
        write_frame(channel, END)
    except Exception as error:  # whatever a damaged archive makes of its parser
        write_frame(channel, FAILURE, _reason(error).encode())


def _reason(error: Exception) -> str:
    match error:
        case UnfitError():
            return str(error)
        case MemoryError():
            return "reading it needed more than the limits allow"
        case NotImplementedError():
            return "it is packed in a way that Mneme does not know"
        case _:
            return "it is damaged"


if __name__ == "__main__":
    main()
