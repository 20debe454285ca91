"""Draws PDF pages and pictures as PNG, marking a quote where it stands. Called by `dispatch` in the worker process."""

import ctypes
import io
from typing import TYPE_CHECKING

from assistant.domain.errors import EncryptedFileError, ReaderLimitError, ReadError

if TYPE_CHECKING:
    from PIL.Image import Image as Picture
    from pypdfium2 import PdfDocument, PdfPage, PdfTextPage

MOST_PIXELS = 64_000_000
MOST_DRAWN = 24_000_000
LEAST_WIDTH, MOST_WIDTH = 16, 4096
SHORTEST_MATCH = 12

Meta = dict[str, object]
Mark = tuple[float, float, float, float]


def render_pdf(data: bytes, page: int, quote: str, width: int) -> tuple[Meta, bytes]:
    """Draw page `page` (1-based) `width` pixels wide; marks are (x, y, w, h) in pixels. Raises ReadError."""
    from pypdfium2 import PdfDocument, PdfiumError

    try:
        document = PdfDocument(data)
    except PdfiumError as error:
        if "password" in str(error).lower():
            raise EncryptedFileError("The file is protected by a password.") from error
        raise ReadError(f"The PDF is damaged: {error}.") from error
    try:
        return _render_pdf(document, page, quote, width)
    except PdfiumError as error:
        raise ReadError(f"The page cannot be drawn: {error}.") from error
    finally:
        document.close()


def _render_pdf(document: "PdfDocument", page: int, quote: str, width: int) -> tuple[Meta, bytes]:
    pages = len(document)
    if not 1 <= page <= pages:
        raise ReadError(f"The PDF has {pages} pages; there is no page {page}.")
    leaf = document[page - 1]
    across, down = leaf.get_size()
    if across <= 0 or down <= 0:
        raise ReadError("The page has no size.")
    wide = min(max(width, LEAST_WIDTH), MOST_WIDTH)
    scale = min(wide / across, (MOST_DRAWN / (across * down)) ** 0.5)
    picture = leaf.render(scale=scale, may_draw_forms=False).to_pil()
    marks = _marks(leaf, quote, picture.width, picture.height) if quote.strip() else []
    meta: Meta = {"width": picture.width, "height": picture.height, "page": page, "pages": pages, "marks": marks}
    return meta, _png(picture)


def _marks(leaf: "PdfPage", quote: str, width: int, height: int) -> list[Mark]:
    text = leaf.get_textpage()
    place = _find(text, quote)
    if place is None:
        return []
    start, count = place
    found: list[Mark] = []
    for n in range(text.count_rects(start, count)):
        left, bottom, right, top = text.get_rect(n)
        (x0, y0), (x1, y1) = (_pixel(leaf, width, height, x, y) for x, y in ((left, top), (right, bottom)))
        found.append((min(x0, x1), min(y0, y1), abs(x1 - x0), abs(y1 - y0)))
    return found


def _pixel(leaf: "PdfPage", width: int, height: int, x: float, y: float) -> tuple[float, float]:
    """Page coordinates to pixels by pdfium itself, which knows rotation and crop boxes."""
    from pypdfium2.raw import FPDF_PageToDevice

    across, down = ctypes.c_int(), ctypes.c_int()
    FPDF_PageToDevice(leaf, 0, 0, width, height, 0, x, y, across, down)
    return float(across.value), float(down.value)


def _find(text: "PdfTextPage", quote: str) -> tuple[int, int] | None:
    """Find the quote by its letters and digits alone: white space, hyphens and line breaks differ between extractors."""
    from pypdfium2.raw import FPDFText_GetUnicode

    places: list[int] = []
    letters: list[str] = []
    for n in range(text.count_chars()):
        for letter in chr(FPDFText_GetUnicode(text, n) & 0xFFFF).casefold():
            if letter.isalnum():
                letters.append(letter)
                places.append(n)
    page = "".join(letters)
    wanted = "".join(letter for letter in quote.casefold() if letter.isalnum())
    for piece in (wanted, wanted[: len(wanted) // 2], wanted[len(wanted) // 2 :]):
        # A quote may run on to the next page or start on the one before: its half still marks the place.
        at = page.find(piece) if piece and (piece is wanted or len(piece) >= SHORTEST_MATCH) else -1
        if at >= 0:
            return places[at], places[at + len(piece) - 1] - places[at] + 1
    return None


def render_image(data: bytes, page: int, width: int) -> tuple[Meta, bytes]:
    """Draw a picture at most `width` pixels wide; raises ReaderLimitError for one that would unpack to too many pixels."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS // 2  # Pillow refuses at twice this number
    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF")) as opened:
            pages = int(getattr(opened, "n_frames", 1))
            if opened.width * opened.height > MOST_PIXELS:
                raise ReaderLimitError(f"The picture has {opened.width} × {opened.height} pixels, more than the limit allows.")
            if page > 1:
                opened.seek(min(page, pages) - 1)
            picture = ImageOps.exif_transpose(opened)
            wide = min(max(width, LEAST_WIDTH), MOST_WIDTH)
            picture.thumbnail((wide, MOST_DRAWN // wide))
            mode = "RGBA" if "A" in picture.getbands() or "transparency" in picture.info else "RGB"
            drawn = picture.convert(mode)
    except Image.DecompressionBombError as error:
        raise ReaderLimitError("The picture unpacks to more pixels than the limit allows.") from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as error:
        raise ReadError("The picture is damaged or of a kind that cannot be shown.") from error
    meta: Meta = {"width": drawn.width, "height": drawn.height, "page": max(1, page), "pages": pages, "marks": []}
    return meta, _png(drawn)


def _png(picture: "Picture") -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG", compress_level=3)
    return out.getvalue()
