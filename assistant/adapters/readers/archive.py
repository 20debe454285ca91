"""Opens zipped documents with limits, and walks their XML with entities off. Used by `office`."""

import io
import zipfile
from typing import Protocol
from xml.parsers import expat

from assistant.domain.errors import ReaderLimitError, ReadError

MOST_BYTES = 256 * 2**20
MOST_MEMBERS = 20_000
WORST_RATIO = 200
RATIO_MATTERS = 16 * 2**20


class Listener(Protocol):
    """Receives XML events by local name (without prefix); attributes too."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element opens."""
        ...

    def end(self, name: str) -> None:
        """An element closes."""
        ...

    def text(self, text: str) -> None:
        """Characters stand here."""
        ...


class Package:
    """A zipped document whose members are read within limits on size and compression."""

    def __init__(self, data: bytes) -> None:
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError) as error:
            raise ReadError(f"The file is damaged: {error}.") from error
        self._left = MOST_BYTES
        self.names = frozenset(self._archive.namelist()[:MOST_MEMBERS])

    def read(self, name: str) -> bytes:
        """Return a member's bytes; raises ReadError when it is missing or damaged, ReaderLimitError for a bomb."""
        try:
            info = self._archive.getinfo(name)
            if info.file_size > RATIO_MATTERS and info.file_size > WORST_RATIO * max(1, info.compress_size):
                raise ReaderLimitError("The file unpacks to far more than its size: it looks like an archive bomb.")
            with self._archive.open(info) as member:
                data = member.read(self._left + 1)
        except KeyError as error:
            raise ReadError(f"The file is damaged: its part {name} is missing.") from error
        except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError, RuntimeError) as error:
            raise ReadError(f"The file is damaged: {error}.") from error
        self._left -= len(data)
        if self._left < 0:
            raise ReaderLimitError(f"The file unpacks to more than {MOST_BYTES // 2**20} MiB.")
        return data

    def walk(self, name: str, listener: Listener) -> None:
        """Send a member's XML to the listener; raises ReadError for broken XML and for any document type or entity."""
        walk_xml(self.read(name), listener)


def walk_xml(data: bytes, listener: Listener) -> None:
    """Send XML to the listener; raises ReadError for broken XML and for any document type or entity declaration."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True

    def refuse(*_: object) -> None:
        raise ReadError("The file declares XML entities, which an office document never does: it was not read.")

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = lambda name, attributes: listener.start(
        _local(name), {_local(key): value for key, value in attributes.items()}
    )
    parser.EndElementHandler = lambda name: listener.end(_local(name))
    parser.CharacterDataHandler = listener.text
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise ReadError(f"The file is damaged: {error}.") from error


def _local(name: str) -> str:
    return name.rpartition(" ")[2]
