"""Sends a file to the reader that fits it. Called by `worker` for each request."""

from hashlib import sha256

from assistant.adapters.readers.detect import Detected, detect
from assistant.adapters.readers.documents import read_document
from assistant.adapters.readers.files import load
from assistant.adapters.readers.html import read_html
from assistant.adapters.readers.notebook import read_notebook
from assistant.adapters.readers.office import read_docx, read_pptx
from assistant.adapters.readers.render import render_image, render_pdf
from assistant.adapters.readers.text import read_text
from assistant.adapters.readers.wire import DOCUMENT, PICTURE, Request, pack_picture
from assistant.domain.document import Document
from assistant.domain.errors import ReaderLimitError, ReadError


def answer(request: Request) -> tuple[bytes, bytes]:
    """Serve one request: a tag and a payload; raises ReadError with the reason."""
    data, modified = load(request.path, request.max_bytes)
    kind = detect(request.path, data)
    if request.draw:
        return PICTURE, _draw(data, kind, request)
    document = read(data, kind)
    if sum(len(part.text) for part in document.parts) > request.max_output:
        raise ReaderLimitError(f"The file holds more than {request.max_output / 2**20:g} MiB of text.")
    # Of the same bytes: a digest taken by anybody else might be that of another state of the file.
    stamped = document.model_copy(update={"digest": sha256(data).hexdigest(), "size": len(data), "modified": modified})
    return DOCUMENT, stamped.model_dump_json().encode("utf-8", "replace")


def read(data: bytes, kind: Detected) -> Document:
    """Turn bytes of a known kind into a document."""
    if not data:
        raise ReadError("The file is empty.")
    match kind.route:
        case "text" | "code":
            return read_text(data, kind)
        case "notebook":
            return read_notebook(data, kind)
        case "html":
            return read_html(data, kind)
        case "docx":
            return read_docx(data, kind)
        case "pptx":
            return read_pptx(data, kind)
        case "pdf" | "document":
            return read_document(data, kind)
        case "image":
            raise ReadError("Pictures are not remembered yet.")


def _draw(data: bytes, kind: Detected, request: Request) -> bytes:
    if kind.route == "pdf":
        meta, png = render_pdf(data, request.page, request.quote, request.width)
    elif kind.route == "image":
        meta, png = render_image(data, request.page, request.width)
    else:
        raise ReadError("Only pages of a PDF and pictures can be drawn.")
    return pack_picture(meta, png)
