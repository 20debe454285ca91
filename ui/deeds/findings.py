"""What steps said and found: texts, and tables that can be copied. Used by plan cards and the plan dock."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QVBoxLayout, QWidget

from assistant.api.views import StepView, Table
from ui.deeds.parts import button, label, row
from ui.i18n import tr, tr_n
from ui.i18n.visible import visible
from ui.item_models.found_table import FoundTable
from ui.previews.fit_text import FitText
from ui.theme import GAP, SMALL

MOST_ROWS_HIGH = 8
WIDEST_COLUMN = 340
TEXT_CHARS = 20_000


class FoundView(QWidget):
    """A table with how many rows it has and a way to copy it."""

    def __init__(self, table: Table, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = FoundTable(table, self)
        self.view = QTableView()
        self.view.setModel(self.model)
        self.view.setAccessibleName(tr("What was found"))
        self.view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.view.setTabKeyNavigation(False)
        self.view.setWordWrap(False)
        self.view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.view.horizontalHeader().setStretchLastSection(True)
        self.view.horizontalHeader().setMaximumSectionSize(WIDEST_COLUMN)
        self.view.resizeColumnsToContents()
        self.view.horizontalHeader().setMaximumSectionSize(-1)
        rows = min(MOST_ROWS_HIGH, max(1, len(table.rows)))
        row_height = self.view.verticalHeader().defaultSectionSize()
        self.view.setFixedHeight(rows * row_height + self.view.horizontalHeader().sizeHint().height() + 2 * SMALL + 12)
        self.copy = button(tr("Copy the table"), self._copy, role="link")
        count = label(tr_n("%n rows", len(table.rows)), "muted", wrap=False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SMALL)
        column.addWidget(self.view)
        column.addWidget(row([count, self.copy]))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.model.as_text())


def findings(view: StepView) -> list[QWidget]:
    """Return what a step said and found as widgets, in order."""
    made: list[QWidget] = []
    if view.text.strip():
        text = FitText(visible(view.text.strip()[:TEXT_CHARS], lines=True))
        text.setProperty("role", "plain")
        text.setAccessibleName(tr("What the step said"))
        made.append(text)
    if view.table is not None and view.table.rows:
        made.append(FoundView(view.table))
    return made


class Findings(QWidget):
    """What all steps of a plan said and found, below their titles where there are several."""

    def __init__(self, views: tuple[StepView, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        column.setAlignment(Qt.AlignmentFlag.AlignTop)
        for view in views:
            found = findings(view)
            if found and len(views) > 1:
                column.addWidget(label(view.step.title or view.step.tool, "strong"))
            for widget in found:
                column.addWidget(widget)
        self.empty = column.count() == 0
