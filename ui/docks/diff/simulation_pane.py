"""What the plan touches before and after it, as two trees beside each other."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QLabel, QSplitter, QTreeView, QVBoxLayout, QWidget

from assistant.api.views import Change
from ui.i18n import tr
from ui.item_models.simulation import SimulationModel, simulate
from ui.theme import SMALL

MOST_UNFOLDED = 500


class SimulationPane(QSplitter):
    """`opened` carries the path of an entry as the list of changes knows it."""

    opened = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setChildrenCollapsible(False)
        self.before, self.after = self._tree(tr("Before")), self._tree(tr("After"))
        self._shown: Sequence[Change] | None = None

    def _tree(self, title: str) -> QTreeView:
        tree = QTreeView()
        tree.setModel(SimulationModel(tree, tree))
        tree.setHeaderHidden(True)
        tree.setUniformRowHeights(True)
        tree.setAccessibleName(title)
        tree.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        tree.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        tree.activated.connect(lambda index: self._open(tree, index))
        tree.clicked.connect(lambda index: self._open(tree, index))
        head = QLabel(title)
        head.setProperty("role", "muted")
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SMALL)
        column.addWidget(head)
        column.addWidget(tree, 1)
        self.addWidget(holder)
        return tree

    def show_changes(self, changes: Sequence[Change]) -> None:
        """Show the trees of these changes; called when the pane is looked at, so that long lists cost nothing before."""
        if changes is self._shown:
            return
        self._shown = changes
        for tree, top in zip((self.before, self.after), simulate(changes), strict=True):
            model = tree.model()
            if isinstance(model, SimulationModel):
                model.show(top)
            if len(changes) <= MOST_UNFOLDED:
                tree.expandAll()
            else:
                tree.expandToDepth(0)

    def _open(self, tree: QTreeView, index: QModelIndex) -> None:
        model = tree.model()
        if isinstance(model, SimulationModel) and model.node(index).mark:
            self.opened.emit(model.node(index).path)
