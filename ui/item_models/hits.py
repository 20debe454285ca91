"""What a search in memory found, as a list. Used by the memory dock."""

from enum import IntEnum
from pathlib import PurePath
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from assistant.api.views import SECRETS, Cite, Hit, RecallResult
from ui.i18n import tr, tr_n
from ui.i18n.visible import plain_tip, visible
from ui.item_models.secrets import secrets_tip

Index = QModelIndex | QPersistentModelIndex


class HitRole(IntEnum):
    """What can be asked of a row beyond Qt's own roles: its Hit, and the query's text."""

    HIT = Qt.ItemDataRole.UserRole + 1
    QUERY = Qt.ItemDataRole.UserRole + 2


def place_text(cite: Cite) -> str:
    """Name the place inside the file: lines, page, cell; empty for the whole file."""
    parts: list[str] = []
    if cite.page is not None:
        parts.append(tr("page {n}").format(n=cite.page))
    if cite.cell:
        parts.append(tr("cell {name}").format(name=visible(cite.cell)))
    if cite.line:
        last = cite.line_end or cite.line
        one = last <= cite.line
        parts.append(tr("line {n}").format(n=cite.line) if one else tr("lines {n}–{last}").format(n=cite.line, last=last))
    return " · ".join(parts)


def hit_heading(hit: Hit) -> str:
    """Name a hit in one line: file · place · scope."""
    parts = (visible(PurePath(hit.cite.path).name), place_text(hit.cite), visible(hit.scope))
    return " · ".join(part for part in parts if part)


def score_text(hit: Hit) -> str:
    """Explain a score by its parts, one per line."""
    dense = tr("off: the model does not know this language") if hit.parts.dense is None else f"{hit.parts.dense:.2f}"
    return "\n".join(
        (
            tr("Score {score}").format(score=f"{hit.score:.3f}"),
            tr("meaning (dense): {part}").format(part=dense),
            tr("words (sparse): {part}").format(part=f"{hit.parts.sparse:.2f}"),
            tr("recency: {part}").format(part=f"{hit.parts.recency:.2f}"),
            tr("quality of the source: {part}").format(part=f"{hit.parts.source_quality:.2f}"),
        )
    )


class HitModel(QAbstractListModel):
    """The hits of one recall, best first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._hits: tuple[Hit, ...] = ()
        self._query = ""

    def show(self, result: RecallResult, query: str) -> None:
        """Replace what is listed: another question has other hits."""
        self.beginResetModel()
        self._hits, self._query = result.items, query
        self.endResetModel()

    def hit(self, index: Index) -> Hit | None:
        """Return the hit of a row."""
        return self._hits[index.row()] if index.isValid() and index.row() < len(self._hits) else None

    def hits(self) -> list[Hit]:
        """Return everything that is listed."""
        return list(self._hits)

    def rowCount(self, parent: Index | None = None) -> int:
        """Count the hits."""
        return 0 if parent is not None and parent.isValid() else len(self._hits)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Answer for a hit."""
        hit = self.hit(index)
        if hit is None:
            return None
        match role:
            case HitRole.HIT:
                return hit
            case HitRole.QUERY:
                return self._query
            case Qt.ItemDataRole.DisplayRole:
                return hit_heading(hit)
            case Qt.ItemDataRole.ToolTipRole:
                parts = (visible(hit.cite.path), secrets_tip(hit.sensitive), score_text(hit))
                return plain_tip("\n".join(part for part in parts if part))
            case Qt.ItemDataRole.AccessibleTextRole:
                return ". ".join(part for part in (hit_heading(hit), notes_text(hit), visible(hit.snippet, lines=True)) if part)
            case _:
                return None


def notes_text(hit: Hit) -> str:
    """Say what else is worth knowing: secrets in it, near-duplicates folded in, and a source changed since it was read."""
    notes = [tr("holds secrets")] if set(hit.sensitive) & SECRETS else []
    notes += [tr_n("+%n near-duplicates", len(hit.also))] if hit.also else []
    if hit.source_changed:
        notes.append(tr("source changed"))
    return " · ".join(notes)
