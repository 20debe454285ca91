"""Words for the place of a citation: file name, place, tooltip, plain-text answer. Pure."""

from pathlib import PurePath

from assistant.api.views import Answer, Citation
from ui.i18n import tr
from ui.i18n.visible import homely, visible
from ui.item_models.secrets import secrets_tip

TIP_CHARS = 320


def file_name(citation: Citation) -> str:
    """Return the name of the cited file, with hidden characters made visible."""
    return visible(PurePath(citation.path).name or citation.path)


def place(citation: Citation) -> str:
    """Return where in the file the citation stands: page, cell, lines; "" when only the file is known."""
    parts: list[str] = []
    if citation.page is not None:
        parts.append(tr("page {page}").format(page=citation.page))
    if citation.cell is not None:
        parts.append(tr("cell {cell}").format(cell=visible(citation.cell)))
    if citation.line is not None:
        last = citation.line_end or citation.line
        if last > citation.line:
            parts.append(tr("lines {first}–{last}").format(first=citation.line, last=last))
        else:
            parts.append(tr("line {line}").format(line=citation.line))
    return ", ".join(parts)


def headline(citation: Citation) -> str:
    """Return file and place in one line."""
    return " · ".join(part for part in (file_name(citation), place(citation)) if part)


def state_text(citation: Citation) -> str:
    """Return what to warn of, or "" when the quote was found in the file as it is now."""
    match citation.state:
        case "source changed":
            return tr("source changed")
        case "source missing":
            return tr("source missing")
        case _:
            return ""


def tip(citation: Citation) -> str:
    """Return the tooltip of a chip as plain text: file, place, folder, snippet."""
    quote = visible(citation.quote.strip(), lines=True)
    if len(quote) > TIP_CHARS:
        quote = quote[:TIP_CHARS].rstrip() + "…"
    folder = homely(str(PurePath(citation.path).parent))
    about = [headline(citation), folder, state_text(citation), secrets_tip(citation.sensitive)]
    return "\n".join([*(line for line in about if line), "", quoted(quote)])


def quoted(text: str) -> str:
    """Return a text between the quotation marks of the window's language."""
    return tr("“{text}”").format(text=text)


def spoken(citation: Citation) -> str:
    """Return what a screen reader says for a chip."""
    return tr("Source {n}: {place}").format(n=citation.n, place=headline(citation))


def as_text(answer: Answer) -> str:
    """Return an answer as plain text with its citations listed below, for the clipboard."""
    if answer.abstained:
        body = answer.answer or tr("Mneme did not find an answer in what it remembers.")
        listed = answer.nearest
    else:
        body = " ".join(claim.text + "".join(f" [{n}]" for n in claim.citations) for claim in answer.claims)
        listed = answer.citations
    sources = [f"[{one.n}] {one.path}{_suffix(one)}: {quoted(one.quote.strip())}" for one in listed]
    return "\n".join([body, "", *sources]) if sources else body


def _suffix(citation: Citation) -> str:
    where = place(citation)
    return f" ({where})" if where else ""
