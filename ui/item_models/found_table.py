"""The rows that a step found, as a Qt table. Used by plan cards and the plan dock."""

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from assistant.api.views import Table
from ui.i18n.visible import plain_tip, visible

Index = QModelIndex | QPersistentModelIndex


class FoundTable(QAbstractTableModel):
    """Read-only; whatever hides in a cell is made visible."""

    def __init__(self, table: Table, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.table = table

    def rowCount(self, parent: Index | None = None) -> int:
        """Count the rows."""
        return 0 if parent is not None and parent.isValid() else len(self.table.rows)

    def columnCount(self, parent: Index | None = None) -> int:
        """Count the columns."""
        return 0 if parent is not None and parent.isValid() else len(self.table.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Answer for a cell; rows may be shorter than the head."""
        if not index.isValid() or role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        cells = self.table.rows[index.row()]
        text = visible(cells[index.column()]) if index.column() < len(cells) else ""
        return plain_tip(text) if role == Qt.ItemDataRole.ToolTipRole else text

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Name the columns; rows are counted from 1."""
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return visible(self.table.columns[section]) if orientation == Qt.Orientation.Horizontal else str(section + 1)

    def as_text(self) -> str:
        """Return the whole table, cells apart by tabs, to be pasted into a spreadsheet."""
        return "\n".join("\t".join(row) for row in (self.table.columns, *self.table.rows))
