"""Reads plain text, Markdown, tables of text and source code letter for letter. Called by `dispatch` in the worker."""

from assistant.adapters.readers.detect import Detected
from assistant.adapters.readers.encoding import decode
from assistant.adapters.readers.outline import outline
from assistant.domain.document import Document, Modality, Part, Symbol

OUTLINE_CHARACTERS = 2_000_000


def read_text(data: bytes, kind: Detected) -> Document:
    """Return one part of kind "lines"; code also gets its symbols. Raises ReadError when the bytes are no text."""
    decoded = decode(data)
    text = decoded.text
    modality: Modality = "code" if kind.route == "code" else "text"
    warnings: list[str] = []
    if decoded.broken:
        warnings.append(f"{decoded.broken} places are not valid {decoded.encoding} and show as �")
    symbols: tuple[Symbol, ...] = ()
    if modality == "code":
        if len(text) <= OUTLINE_CHARACTERS:
            symbols = outline(text, kind.language)
        else:
            warnings.append("too long for an outline of its symbols")
    part = Part(kind="lines", number=1, text=text, modality=modality, language=kind.language)
    return Document(
        media=kind.media,
        modality=modality,
        language=kind.language,
        encoding=decoded.encoding,
        parts=(part,),
        symbols=symbols,
        warnings=tuple(warnings),
    )
