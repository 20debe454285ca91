"""The models window: which model answers, how another one gets on, and the way back. Opened from the menu, non-modal."""

from functools import partial

from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from assistant.api.views import Event, ModelChanged, ModelStatus, SpaceChanged, SpaceComparison, SpaceRecord
from ui.bridge import Bridge
from ui.i18n import told, tr
from ui.i18n.visible import visible
from ui.theme import GAP, LARGE, MARGIN

FIGURES = ("golden.recall@20", "golden.ndcg@10", "golden.mrr@10", "mine.recall@20", "mine.ndcg@10", "mine.mrr@10")


class ModelsDialog(QDialog):
    """A line for each model with what can be done about it; below, the figures of the spaces side by side."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Models"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._bridge = bridge
        self._models: list[ModelStatus] = []
        self.buttons: dict[tuple[str, str], QPushButton] = {}
        self.lines: list[str] = []
        self.figures = _plain("")
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(LARGE)
        self._grid.setVerticalSpacing(GAP)
        compare = QPushButton(tr("Compare"))
        compare.clicked.connect(self._compare)
        close = QPushButton(tr("Close"))
        close.clicked.connect(self.close)
        ends = QHBoxLayout()
        ends.addStretch(1)
        ends.addWidget(compare)
        ends.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(LARGE - GAP, LARGE - GAP, LARGE - GAP, MARGIN)
        column.setSpacing(MARGIN)
        column.addLayout(self._grid)
        column.addWidget(self.figures)
        column.addLayout(ends)
        bridge.happened.connect(self._happened)
        self._look()

    def _happened(self, event: Event) -> None:
        if isinstance(event, SpaceChanged | ModelChanged):
            self._look()

    def _look(self) -> None:
        self._bridge.run(self._bridge.assistant.models(), then=self._listed)

    def _listed(self, models: list[ModelStatus]) -> None:
        self._models = models
        self._bridge.run(self._bridge.assistant.spaces.all(), then=self._show)

    def _show(self, spaces: list[SpaceRecord]) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.buttons, self.lines = {}, []
        by_model = {space.model_id: space for space in spaces}
        for row, model in enumerate(self._models):
            space = by_model.get(model.id)
            self.lines.append(f"{model.name}: {_state(model, space)}")
            self._grid.addWidget(_plain(model.name), row, 0)
            self._grid.addWidget(_plain(_state(model, space)), row, 1)
            self._act(row, model, space)

    def _act(self, row: int, model: ModelStatus, space: SpaceRecord | None) -> None:
        """Put the one button that makes sense beside a model."""
        ours = self._bridge.assistant.spaces
        if space is not None and space.state == "kept":
            self._button(row, model.id, "rollback", tr("Go back to it"), ours.rollback)
        elif space is not None and space.state == "building":
            self._button(row, model.id, "drop", tr("End the preparation"), partial(ours.drop, model.id))
        elif space is not None and space.state == "ready":
            self._button(row, model.id, "switch", tr("Use it anyway"), partial(ours.switch, model.id))
        elif model.state == "installed" and (space is None or space.state == "failed"):
            self._button(row, model.id, "start", tr("Use"), partial(ours.start, model.id))

    def _button(self, row: int, model_id: str, name: str, text: str, work: object) -> None:
        button = QPushButton(text)
        button.setAccessibleName(f"{text}: {model_id}")
        button.clicked.connect(lambda: self._bridge.run(work(), then=lambda _: self._look()))  # type: ignore[operator]
        self.buttons[model_id, name] = button
        self._grid.addWidget(button, row, 2)

    def _compare(self) -> None:
        self.figures.setText(tr("Measuring…"))
        self._bridge.run(self._bridge.assistant.spaces.compare(), then=self._compared)

    def _compared(self, found: SpaceComparison) -> None:
        number = QLocale()
        lines: list[str] = []
        for space in found.spaces:
            shown = [f"{name} {number.toString(space.figures[name], 'f', 3)}" for name in FIGURES if name in space.figures]
            lines.append("  ".join([space.model_id, *shown]))
        self.figures.setText(visible("\n".join(lines), lines=True))


def _state(model: ModelStatus, space: SpaceRecord | None) -> str:
    """Say in words how a model stands."""
    if space is None:
        return {"installed": tr("installed"), "downloading": tr("being installed")}.get(model.state, tr("not installed"))
    match space.state:
        case "active":
            return tr("answers")
        case "kept":
            return tr("answered before, kept")
        case "building":
            return tr("being prepared: {done} of {total}").format(done=space.done, total=space.total)
        case "ready":
            return tr("ready: {reason}").format(reason=space.reason)
        case _:
            return tr("failed: {reason}").format(reason=told(space.reason))


def _plain(text: str) -> QLabel:
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setText(visible(text))
    label.setWordWrap(True)
    return label
