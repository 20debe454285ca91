"""Writes the two binary documents of the golden corpus, the same bytes on every run.

Run `python golden/make_documents.py [FOLDER]`; without a folder the files in golden/corpus are written again.
"""

import io
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path

from docx import Document
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle, getSampleStyleSheet
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, PageBreak, Paragraph, SimpleDocTemplate, Spacer

HERE = Path(__file__).resolve().parent
SOURCES = HERE / "documents"
PDF = Path("manuals/hivelight-service-manual.pdf")
DOCX = Path("kazan/polozhenie-o-komandirovkah.docx")
# The oldest time a zip archive can hold.
EPOCH = (1980, 1, 1, 0, 0, 0)


def blocks(text: str) -> list[list[str]]:
    """Split a source text at form lines `---` into pages, each a list of paragraphs."""
    pages = [page.strip() for page in text.split("\n---\n")]
    return [[" ".join(part.split()) for part in page.split("\n\n") if part.strip()] for page in pages]


def write_pdf(target: Path) -> None:
    """One PDF page per page of the source, so that citations by page can be checked."""
    styles = getSampleStyleSheet()
    body = ParagraphStyle("body", parent=styles["BodyText"], fontSize=10.5, leading=15, spaceAfter=7)
    story: list[Flowable] = []
    for number, page in enumerate(blocks((SOURCES / "service-manual.txt").read_text(encoding="utf-8"))):
        if number:
            story.append(PageBreak())
        for paragraph in page:
            if paragraph.startswith("# "):
                story.append(Paragraph(paragraph[2:], styles["Heading1"]))
            else:
                story.append(Paragraph(paragraph, body))
        story.append(Spacer(1, 4 * mm))
    target.parent.mkdir(parents=True, exist_ok=True)
    template = SimpleDocTemplate(
        str(target),
        pagesize=A4,
        leftMargin=25 * mm,
        rightMargin=25 * mm,
        title="Hivelight 2 service manual",
        author="Lanternfish Instruments",
        invariant=1,
    )
    template.build(story)


def write_docx(target: Path) -> None:
    """Headings and paragraphs; python-docx stamps the time of day into the archive, so it is packed again."""
    document = Document()
    properties = document.core_properties
    properties.author = "Lanternfish Instruments"
    properties.title = "Положение о командировках"
    properties.created = properties.modified = datetime(2026, 5, 20, tzinfo=UTC)
    for page in blocks((SOURCES / "polozhenie-o-komandirovkah.txt").read_text(encoding="utf-8")):
        for paragraph in page:
            if paragraph.startswith("## "):
                document.add_heading(paragraph[3:], level=2)
            elif paragraph.startswith("# "):
                document.add_heading(paragraph[2:], level=1)
            else:
                document.add_paragraph(paragraph)
    raw = io.BytesIO()
    document.save(raw)
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in sorted(source.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            packed.writestr(entry, source.read(name))


def write_all(folder: Path) -> tuple[Path, Path]:
    """Write both documents below `folder` at their places in the corpus; returns their paths."""
    pdf, docx = folder / PDF, folder / DOCX
    write_pdf(pdf)
    write_docx(docx)
    return pdf, docx


if __name__ == "__main__":
    for written in write_all(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "corpus"):
        sys.stdout.write(f"{written}\n")
