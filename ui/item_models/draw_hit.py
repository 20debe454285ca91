"""Draws a hit: file, place and scope; the snippet with the words that matched. Used by the memory dock's list of hits."""

from pathlib import PurePath

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QListView, QStyledItemDelegate, QStyleOptionViewItem

from assistant.api.views import SECRETS, Hit
from ui.i18n.visible import visible
from ui.item_models.drawing import background, font_of, line, paragraph, rect_of
from ui.item_models.emphasis import matched_words
from ui.item_models.hits import HitRole, notes_text, place_text
from ui.theme import GAP, SMALL, colours

SNIPPET_LINES = 3


def _units(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Turn code points into UTF-16 units, which Qt counts in."""
    if text.isascii():
        return spans
    return [(len(text[:start].encode("utf-16-le")) // 2, len(text[:end].encode("utf-16-le")) // 2) for start, end in spans]


class HitDelegate(QStyledItemDelegate):
    """All rows have one height: a heading and three lines of snippet."""

    def __init__(self, view: QListView) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """A heading, the snippet and some air."""
        spacing = QFontMetrics(font_of(option)).lineSpacing()
        return QSize(120, spacing * (SNIPPET_LINES + 1) + 4 * SMALL)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        """Draw one row."""
        hit = index.data(HitRole.HIT)
        if not isinstance(hit, Hit):
            return
        here = colours(self._view)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        background(painter, option, here)
        area = rect_of(option).adjusted(GAP, SMALL + 2, -GAP, -SMALL)
        painter.setFont(font_of(option, strong=True))
        height = QFontMetrics(painter.font()).lineSpacing()
        first = QRect(area.left(), area.top(), area.width(), height)
        name = visible(PurePath(hit.cite.path).name)
        line(painter, first, name, place_text(hit.cite), Qt.TextElideMode.ElideMiddle, (here.text, here.muted))
        notes, scope = notes_text(hit), visible(hit.scope)
        if notes or scope:
            painter.setFont(font_of(option, smaller=True))
            tint = here.warn if hit.source_changed or set(hit.sensitive) & SECRETS else here.muted
            last = QRect(area.left(), area.bottom() - height + 1, area.width(), height)
            line(painter, last, scope, notes, Qt.TextElideMode.ElideLeft, (here.muted, tint))
        painter.setFont(font_of(option))
        lines = SNIPPET_LINES - 1 if notes or scope else SNIPPET_LINES
        body = QRect(area.left(), first.bottom() + SMALL, area.width(), lines * height)
        snippet = " ".join(visible(hit.snippet, lines=True).split())
        strong = _units(snippet, matched_words(snippet, str(index.data(HitRole.QUERY))))
        paragraph(painter, body, snippet, strong, (here.muted, here.text, here.mark))
        painter.restore()
