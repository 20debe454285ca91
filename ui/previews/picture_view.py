"""Shows a page or an image with the cited places marked, and zooms. Used by the preview dock."""

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QScrollArea, QWidget

from assistant.api.views import PreviewView
from ui.i18n import tr
from ui.theme import GAP, colours

STEP = 1.25
SMALLEST, LARGEST = 0.1, 8.0
MARK_ALPHA = 90


class _Sheet(QWidget):
    """The picture at a scale, with its marks."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.image = QImage()
        self.marks: tuple[tuple[float, float, float, float], ...] = ()
        self.scale = 1.0

    def rectangles(self) -> list[QRectF]:
        """Return the marks (x, y, width, height in the picture's pixels) in widget coordinates."""
        by = self.scale
        return [QRectF(x * by, y * by, width * by, height * by) for x, y, width, height in self.marks]

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        target = QRectF(0, 0, self.image.width() * self.scale, self.image.height() * self.scale)
        painter.drawImage(target, self.image)
        here = colours(self)
        painter.setPen(QColor(here.line))
        painter.drawRect(target)
        ink = QColor("#ffd43b")  # a page is white in the dark theme too, so its marker does not follow the theme
        ink.setAlpha(MARK_ALPHA)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Multiply)
        for area in self.rectangles():
            painter.drawRoundedRect(area.adjusted(-1, -1, 1, 1), 2, 2)
        painter.end()


class PictureView(QScrollArea):
    """Fits the width until a person zooms; `zoomed` carries the scale in percent."""

    zoomed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sheet = _Sheet()
        self._fit = True
        self._settle = QTimer(self, interval=0, singleShot=True)
        self._settle.timeout.connect(self._go)  # once more when a pane that was hidden until now knows its size
        self.setWidget(self._sheet)
        self.setWidgetResizable(False)
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Picture of the source"))

    def marks(self) -> list[QRectF]:
        """Return the marks as drawn, in the sheet's coordinates."""
        return self._sheet.rectangles()

    def scale(self) -> float:
        """Return the zoom: 1.0 is one pixel of the picture per pixel of the screen."""
        return self._sheet.scale

    def show_view(self, view: PreviewView) -> bool:
        """Show the picture of `view` and its marks; False when its bytes are no picture."""
        image = QImage.fromData(view.png)
        self._sheet.image = image
        self._sheet.marks = view.marks
        self._sheet.setAccessibleName(tr("Page {n} of {count}").format(n=view.page, count=view.pages) if view.page else "")
        if self._fit:
            self.fit_width()
        else:
            self._resize(self._sheet.scale)
        self._go()
        self._settle.start()
        return not image.isNull()

    def fit_width(self) -> None:
        """Make the picture as wide as the pane, and keep it so; a small image is not blown up."""
        self._fit = True
        width = self._sheet.image.width()
        room = self.width() - 2 * GAP - self.verticalScrollBar().sizeHint().width()
        self._resize(min(room / width, 2.0) if width else 1.0)

    def zoom(self, factor: float) -> None:
        """Multiply the scale."""
        self._fit = False
        self._resize(self._sheet.scale * factor)

    def _resize(self, scale: float) -> None:
        self._sheet.scale = min(max(scale, SMALLEST), LARGEST)
        size = self._sheet.image.size()
        self._sheet.resize(QSize(round(size.width() * self._sheet.scale) + 1, round(size.height() * self._sheet.scale) + 1))
        self._sheet.update()
        self.zoomed.emit(round(self._sheet.scale * 100))

    def _go(self) -> None:
        areas = self._sheet.rectangles()
        top = areas[0].top() if areas else 0.0
        self.horizontalScrollBar().setValue(0)
        self.verticalScrollBar().setValue(round(top - self.viewport().height() / 3))

    def resizeEvent(self, arg__1: QResizeEvent) -> None:
        """Fit again when the pane changes its width."""
        super().resizeEvent(arg__1)
        if self._fit and not self._sheet.image.isNull():
            self.fit_width()

    def wheelEvent(self, arg__1: QWheelEvent) -> None:
        """Zoom with Ctrl, scroll without."""
        if arg__1.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(STEP if arg__1.angleDelta().y() > 0 else 1 / STEP)
            arg__1.accept()
        else:
            super().wheelEvent(arg__1)

    def keyPressEvent(self, arg__1: QKeyEvent) -> None:
        """Plus and minus zoom, 0 fits."""
        match arg__1.key():
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                self.zoom(STEP)
            case Qt.Key.Key_Minus:
                self.zoom(1 / STEP)
            case Qt.Key.Key_0:
                self.fit_width()
            case _:
                super().keyPressEvent(arg__1)
