"""What the bars of text above and below the panes share: they keep a frame and a unit, and are painted from these."""

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gdviz.model.frame import Frame
from gdviz.model.palette import Palette, palette_of


class FrameBar(QWidget):
    """A bar across the stage; a kind of bar says in ``_paint`` what is on it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Empty until the first frame."""
        super().__init__(parent)
        self._frame: Frame | None = None
        self._unit = 1.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_unit(self, pixels: float) -> None:
        """Set the size of text, in pixels for a unit of the stage."""
        self._unit = pixels
        self.update()

    def show_frame(self, frame: Frame) -> None:
        """Draw this frame."""
        self._frame = frame
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the frame."""
        painter = QPainter(self)
        self.paint(painter)
        painter.end()

    def paint(self, painter: QPainter) -> None:
        """Paint the frame, if there is one, from the painter's origin on; the ground is the stage's."""
        if self._frame is not None:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint(painter, self._frame, palette_of(self._frame.look))

    def _paint(self, painter: QPainter, frame: Frame, palette: Palette) -> None:
        raise NotImplementedError
