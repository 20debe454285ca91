"""Decides from name and content what a file is. Asked by `dispatch` in the worker process."""

import io
import re
import zipfile
from dataclasses import dataclass
from pathlib import PurePath

from assistant.adapters.readers.media import BY_NAME, BY_SUFFIX, CODE, Kind, Route
from assistant.domain.errors import EncryptedFileError, ReadError

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
IMAGES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"II*\x00", b"MM\x00*")
INTERPRETERS = {
    "python": "python",
    "sh": "bash",
    "bash": "bash",
    "zsh": "bash",
    "dash": "bash",
    "ksh": "bash",
    "node": "javascript",
    "deno": "typescript",
    "ruby": "ruby",
    "php": "php",
    "perl": "perl",
    "lua": "lua",
}
ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")


@dataclass(frozen=True, slots=True)
class Detected:
    """What a file is: media type, programming language ("" for prose) and the reader it goes to."""

    media: str
    language: str
    route: Route


def detect(path: str, data: bytes) -> Detected:
    """Decide what `data` is; content that is certain outweighs the name. Raises ReadError for what cannot be read."""
    name = PurePath(path).name.lower()
    suffix = PurePath(name).suffix.lstrip(".")
    found = _by_magic(data, suffix)
    if found:
        return found
    kind = BY_NAME.get(name) or BY_SUFFIX.get(suffix) or _dotted(name)
    if kind is None:
        kind = _by_content(data)
    return Detected(kind.media, kind.language, kind.route)


def _dotted(name: str) -> Kind | None:
    """Dockerfile.dev, .env.local and the like are known by what stands before the first dot."""
    stem = name.lstrip(".").split(".")[0]
    return BY_NAME.get(stem) if "." in name.lstrip(".") else None


def _by_magic(data: bytes, suffix: str) -> Detected | None:
    head = data[:1024]
    if _is_pdf(data, suffix):
        return Detected("application/pdf", "", "pdf")
    if head.startswith(b"PK\x03\x04"):
        return _zipped(data, suffix)
    if head.startswith(OLE):
        return _compound(data, suffix)
    if head.startswith(b"{\\rtf"):
        return Detected("application/rtf", "", "document")
    bitmap = head.startswith(b"BM") and b"\0" in head[:64]  # a note on BM25 begins so too
    if bitmap or head.startswith(IMAGES) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP"):
        return Detected("image/" + (suffix or "png"), "", "image")
    return None


def _is_pdf(data: bytes, suffix: str) -> bool:
    """Tell a PDF, which may begin with rubbish, from a text that speaks of PDFs."""
    at = data.find(b"%PDF-", 0, 1024)
    if at < 0 or suffix == "pdf":
        return at >= 0
    return not data[:at].strip(b"\xef\xbb\xbf\0 \t\r\n") and (b" obj" in data or b"startxref" in data)


def _zipped(data: bytes, suffix: str) -> Detected:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            mimetype = archive.read("mimetype")[:100].decode("ascii", "replace").strip() if "mimetype" in names else ""
            protected = any(info.flag_bits & 1 for info in archive.infolist())
            manifest = archive.read("META-INF/manifest.xml") if mimetype and "META-INF/manifest.xml" in names else b""
    except (zipfile.BadZipFile, OSError, RuntimeError, ValueError, NotImplementedError) as error:
        raise ReadError(f"The file is damaged: {error}.") from error
    if protected or b"encryption-data" in manifest[:100_000]:
        raise EncryptedFileError(
            "The file is protected by a password.", remedy="Save a copy without a password and add that copy."
        )
    if mimetype:
        return Detected(mimetype.removesuffix("-template"), "", "document")
    office = "application/vnd.openxmlformats-officedocument."
    if "word/document.xml" in names:
        return Detected(f"{office}wordprocessingml.document", "", "docx")
    if "ppt/presentation.xml" in names:
        return Detected(f"{office}presentationml.presentation", "", "pptx")
    if "xl/workbook.xml" in names:
        return Detected(f"{office}spreadsheetml.sheet", "", "document")
    if "xl/workbook.bin" in names:
        return Detected("application/vnd.ms-excel.sheet.binary.macroEnabled.12", "", "document")
    kind = BY_SUFFIX.get(suffix)
    if kind is not None and kind.route in ("document", "docx", "pptx"):
        raise ReadError("The file is damaged: it is an archive without the parts of a document.")
    raise ReadError("Archives are not opened.", remedy="Unpack it and add the files inside.")


def _compound(data: bytes, suffix: str) -> Detected:
    """The older office formats and Outlook mails share one container; its stream names tell them apart."""
    if ENCRYPTED_PACKAGE in data:
        raise EncryptedFileError(
            "The file is protected by a password.", remedy="Save a copy without a password and add that copy."
        )
    streams = (
        ("__substg1.0_", "application/vnd.ms-outlook"),
        ("WordDocument", "application/msword"),
        ("PowerPoint Document", "application/vnd.ms-powerpoint"),
        ("Workbook", "application/vnd.ms-excel"),
    )
    for stream, media in streams:
        if stream.encode("utf-16-le") in data:
            return Detected(media, "", "document")
    kind = BY_SUFFIX.get(suffix)
    if kind is None:
        raise ReadError("This kind of binary file cannot be read.")
    return Detected(kind.media, "", "document")


def _by_content(data: bytes) -> Kind:
    """Text without a telling name: a shebang, an opening tag, or plain prose."""
    head = data[:512]
    line = re.match(rb"\xef?\xbb?\xbf?#!\s*(\S+)(?:\s+(?:-\S+\s+)*(\S+))?", head)
    if line:
        words = [word.decode("ascii", "replace").rpartition("/")[2] for word in line.groups(b"") if word]
        program = words[1] if words[0] == "env" and len(words) > 1 else words[0]
        language = INTERPRETERS.get(re.sub(r"[\d.]+$", "", program))
        if language:
            return CODE[language]
    opening = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if opening.startswith((b"<!doctype html", b"<html")):
        return BY_SUFFIX["html"]
    if opening.startswith(b"<?xml"):
        return CODE["xml"]
    return BY_SUFFIX["txt"]
