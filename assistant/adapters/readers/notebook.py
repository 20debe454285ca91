"""Reads notebooks: one part per cell, outputs left out. Called by `dispatch` in the worker process."""

import json
from typing import Any, cast

from assistant.adapters.readers.detect import Detected
from assistant.adapters.readers.encoding import decode
from assistant.domain.document import Document, Part
from assistant.domain.errors import ReadError


def read_notebook(data: bytes, kind: Detected) -> Document:
    """Return parts of kind "cell", numbered as the notebook counts its cells; empty cells are left out.

    Outputs are left out: they repeat what the code says, are often huge, and may hold what a person never wrote.
    """
    decoded = decode(data)
    try:
        book = json.loads(decoded.text)
        cells = cast("list[Any]", book["cells"] if "cells" in book else book["worksheets"][0]["cells"])
        metadata = book.get("metadata") or {}
    except (ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
        raise ReadError("The notebook is damaged: it is not the JSON of a notebook.") from error
    language = _language(metadata)
    parts = [part for number, cell in enumerate(cells, 1) if (part := _part(number, cell, language))]
    if not parts:
        raise ReadError("The notebook has no filled cells.")
    return Document(
        media=kind.media,
        modality="code" if any(part.modality == "code" for part in parts) else "text",
        language=language,
        encoding=decoded.encoding,
        extracted=True,
        parts=tuple(parts),
    )


def _language(metadata: Any) -> str:
    for section, key in (("language_info", "name"), ("kernelspec", "language")):
        found = metadata.get(section) if isinstance(metadata, dict) else None
        name = found.get(key) if isinstance(found, dict) else None
        if isinstance(name, str) and name:
            return {"c++": "cpp", "c#": "csharp", "ipython": "python"}.get(name.lower(), name.lower())
    return "python"


def _part(number: int, cell: Any, language: str) -> Part | None:
    if not isinstance(cell, dict):
        return None
    source = cell.get("source", cell.get("input", ""))
    text = "".join(str(line) for line in source) if isinstance(source, list) else str(source)
    if not text.strip():
        return None
    kind = str(cell.get("cell_type", "code"))
    code = kind == "code"
    return Part(
        kind="cell",
        number=number,
        text=text,
        label=kind,
        modality="code" if code else "text",
        language=language if code else "",
    )
