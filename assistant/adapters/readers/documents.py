"""Reads PDF, spreadsheets, ODF, books and mails through kreuzberg. Called by `dispatch` in the worker process."""

import re
import sysconfig
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.adapters.readers.detect import Detected
from assistant.domain.document import Document, Part
from assistant.domain.errors import EncryptedFileError, ReaderLimitError, ReadError

if TYPE_CHECKING:
    from kreuzberg import ExtractionConfig, ExtractionResult

CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
SHEETS = ("spreadsheet", "ms-excel")


TINY_PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>"
)


def unpack_engine() -> None:
    """Let the library put its PDF engine into the temporary folder: a reading process may not write there any more.

    The library does so with the first PDF, and again after an update.
    """
    place = Path(tempfile.gettempdir()) / "kreuzberg-pdfium"
    made = [file.stat() for file in place.glob("*pdfium.*") if file.suffix in (".so", ".dylib", ".dll")]
    library = Path(sysconfig.get_path("platlib")) / "kreuzberg"
    since = library.stat().st_mtime if library.exists() else 0.0
    if any(look.st_size and look.st_mtime >= since for look in made):
        return
    from kreuzberg import KreuzbergError, extract_bytes_sync

    with suppress(KreuzbergError, RuntimeError, ValueError, OSError):  # reading a PDF will tell the reason
        extract_bytes_sync(TINY_PDF, "application/pdf", config=_settings())


@cache
def _settings() -> "ExtractionConfig":
    """The library's settings; only a file can switch its character recognition off."""
    from kreuzberg import ExtractionConfig

    return ExtractionConfig.from_file(str(Path(__file__).with_name("kreuzberg.toml")))


def read_document(data: bytes, kind: Detected) -> Document:
    """Return pages of a PDF, sheets of a workbook, or one part of kind "lines"; raises ReadError with the reason."""
    result = _extract(data, kind.media)
    metadata = result.metadata
    title = str(metadata.get("title") or metadata.get("subject") or "")
    warnings: list[str] = []
    if kind.route == "pdf":
        parts = _pages(result, warnings)
    elif any(word in kind.media for word in SHEETS):
        parts = _sheets(result)
    else:
        text = tidy(result.content)
        parts = [Part(kind="lines", number=1, text=text)] if text.strip() else []
    if not parts:
        pages = len(warnings)
        raise ReadError(
            f"It holds no text: {pages} {'page is a picture' if pages == 1 else 'pages are pictures'} (a scan?)."
            if pages
            else "The document holds no text."
        )
    return Document(
        media=kind.media, modality="text", title=title.strip(), extracted=True, parts=tuple(parts), warnings=tuple(warnings)
    )


def _extract(data: bytes, media: str) -> "ExtractionResult":
    from kreuzberg import KreuzbergError, extract_bytes_sync

    try:
        return extract_bytes_sync(data, media, config=_settings())
    except (KreuzbergError, RuntimeError, ValueError, OSError) as error:
        told = str(error)
        lower = told.lower()
        if "password" in lower or "encrypt" in lower:
            raise EncryptedFileError(
                "The file is protected by a password.", remedy="Save a copy without a password and add that copy."
            ) from error
        if "limit" in lower or "bomb" in lower or "too large" in lower:
            raise ReaderLimitError(f"The file goes beyond the limits: {told[:300]}.") from error
        raise ReadError(f"The file is damaged or not what its name says: {_cause(told)}.") from error


def _cause(told: str) -> str:
    """Return what the engine says, without its own heading and without what it says twice."""
    pieces = dict.fromkeys(piece.strip() for piece in (told.partition(": ")[2] or told).split(": "))
    return ": ".join(pieces)[:300].rstrip(".")


def _pages(result: "ExtractionResult", warnings: list[str]) -> list[Part]:
    parts: list[Part] = []
    for page in result.pages or []:
        number, text = int(page["page_number"]), tidy(page["content"])
        if text.strip():
            parts.append(Part(kind="page", number=number, text=text))
        else:
            warnings.append(f"no text on page {number} (scanned?)")
    return parts


def _sheets(result: "ExtractionResult") -> list[Part]:
    """One part per filled sheet: one row per line, cells apart by a tab, so that line n is row n."""
    metadata: dict[str, Any] = dict(result.metadata)
    names = [str(name) for name in metadata.get("sheet_names") or ()]
    parts: list[Part] = []
    for table in result.tables:
        number = int(table.page_number)
        rows = ["\t".join(" ".join(cell.split()) for cell in row).rstrip("\t") for row in table.cells]
        text = "\n".join(rows)
        if text.strip():
            label = names[number - 1] if 0 < number <= len(names) else str(number)
            parts.append(Part(kind="sheet", number=number, text=text, label=label))
    return parts


def tidy(text: str) -> str:
    """Extracted text with one kind of line end; a word hyphenated at a line's end stands as it is printed."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\ufffe", "-\n").replace("\x02", "-\n")
    return CONTROLS.sub("", text)
