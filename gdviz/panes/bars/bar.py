"""The text bars above and below the panes: their base class, and the bar with the update in numbers."""

from typing import Generic, TypeVar

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gdviz.core.right_of_way import right_of_way
from gdviz.plotting.text import number_font
from gdviz.plotting.vector_output import draw_block
from gdviz.presentation.arithmetic import Arithmetic, folded
from gdviz.presentation.legend import NO_LEGEND, Legend
from gdviz.presentation.look import Look
from gdviz.presentation.palette import Palette, palette_of
from gdviz.widgets.plain import set_tooltip

Picture = TypeVar("Picture")


class FrameBar(QWidget, Generic[Picture]):
    """A bar across the stage; subclasses paint it in ``_paint``."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Empty until the first picture."""
        super().__init__(parent)
        self.picture: Picture | None = None
        """The current picture; None before the first."""
        self._look = Look()
        self._unit = 1.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_unit(self, pixels: float) -> None:
        """Set how many pixels a unit of the stage has."""
        self._unit = pixels
        self._update()

    def show_picture(self, picture: Picture, look: Look, legend: Legend = NO_LEGEND) -> None:
        """Draw this picture; ``legend`` is unused, since the picture names its runs itself."""
        self.picture, self._look = picture, look
        self._update()

    def _update(self) -> None:
        if self.picture is not None:
            self._describe(self.picture)
        self.update()

    def _describe(self, picture: Picture) -> None:
        """Set the tooltip and the texts for screen readers."""
        raise NotImplementedError

    @right_of_way
    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the picture."""
        painter = QPainter(self)
        self.paint(painter)
        painter.end()

    def paint(self, painter: QPainter) -> None:
        """Paint the picture, if there is one, at the painter's origin, on the stage's background."""
        if self.picture is not None:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint(painter, self.picture, palette_of(self._look))

    def _paint(self, painter: QPainter, picture: Picture, palette: Palette) -> None:
        raise NotImplementedError


class ArithmeticBar(FrameBar[Arithmetic]):
    """Draws two lines of text, 22 units high, or smaller if one would not fit; the quantities of the rule as they fit.

    What is left out is in the tooltip and on the tape.
    """

    def _describe(self, picture: Arithmetic) -> None:
        self.setAccessibleName("; ".join(picture.texts))
        set_tooltip(self, "\n".join(picture.texts) if any(picture.quantities) else "")

    def _paint(self, painter: QPainter, picture: Arithmetic, palette: Palette) -> None:
        """Paint both lines in the same size."""
        size, margin = 22 * self._unit, 12 * self._unit
        measure = QFontMetricsF(number_font(size)).horizontalAdvance
        available = self.width() - 2 * margin
        width = max(measure(line) for line in picture.lines)
        texts = folded(picture, lambda text: measure(text) <= available)
        if width > available > 0:
            size *= available / width
        font = number_font(size)
        painter.setPen(QColor(palette.text))
        half = self.height() / 2
        for row, line in enumerate(texts):
            area = QRectF(margin, row * half, available + margin, half)
            draw_block(painter, area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, line, font)
