"""The text bars above and below the panes: their base class, and the bar with the update in numbers."""

from typing import Generic, TypeVar

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gdviz.core.right_of_way import right_of_way
from gdviz.plotting.shapes import Shape, Words, paint_all
from gdviz.plotting.style import faded, marker
from gdviz.plotting.text import fitting, number_font, text_font, width_of
from gdviz.plotting.vector_output import draw_block
from gdviz.presentation.arithmetic import Arithmetic, folded
from gdviz.presentation.legend import NO_LEGEND, Legend
from gdviz.presentation.look import Look
from gdviz.presentation.palette import Palette, palette_of
from gdviz.widgets.plain import set_tooltip

Picture = TypeVar("Picture")
LIVE_TEXT, LIVE_RADIUS = 18.0, 7.0
"""Text size of the live run's name, and radius of its marker, in units."""
LIVE_PART = 0.2
"""Of the bar's width, the most that the name takes."""


class FrameBar(QWidget, Generic[Picture]):
    """A bar across the stage; subclasses paint it in ``_paint``."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Empty until the first picture."""
        super().__init__(parent)
        self.picture: Picture | None = None
        """The current picture; None before the first."""
        self._look, self._legend = Look(), NO_LEGEND
        self._unit = 1.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_unit(self, pixels: float) -> None:
        """Set how many pixels a unit of the stage has."""
        self._unit = pixels
        self._update()

    def show_picture(self, picture: Picture, look: Look, legend: Legend = NO_LEGEND) -> None:
        """Draw this picture; of several runs the legend names the live one."""
        self.picture, self._look, self._legend = picture, look, legend
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

    What is left out is in the tooltip and on the tape. Of several runs it is the live one's, which stands before it.
    """

    def _describe(self, picture: Arithmetic) -> None:
        live = self._legend.live_name
        self.setAccessibleName("; ".join([live, *picture.texts] if live else picture.texts))
        set_tooltip(self, "\n".join(picture.texts) if any(picture.quantities) else "")

    def _paint(self, painter: QPainter, picture: Arithmetic, palette: Palette) -> None:
        """Paint both lines in the same size."""
        size, margin = 22 * self._unit, 12 * self._unit
        measure = QFontMetricsF(number_font(size)).horizontalAdvance
        left = margin + self._paint_live_run(painter, palette)
        available = self.width() - left - margin
        width = max(measure(line) for line in picture.lines)
        texts = folded(picture, lambda text: measure(text) <= available)
        if width > available > 0:
            size *= available / width
        font = number_font(size)
        painter.setPen(QColor(palette.text))
        half = self.height() / 2
        for row, line in enumerate(texts):
            area = QRectF(left, row * half, available + margin, half)
            draw_block(painter, area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, line, font)

    def _paint_live_run(self, painter: QPainter, palette: Palette) -> float:
        """Of several runs paint marker and name of the live one at the left, and return the width that they take."""
        entry = self._legend.live_entry
        if entry is None:
            return 0.0
        unit, height, font = self._unit, float(self.height()), text_font(LIVE_TEXT * self._unit)
        room = min(LIVE_PART * self.width(), 160.0 * unit)
        name = fitting(font, self._legend.names(entry), room)
        width, middle = max(width_of(font, name) + 2.0, 2 * LIVE_RADIUS * unit), 12 * unit
        outline = marker(entry.style, QPointF(middle + width / 2, height / 4), LIVE_RADIUS * unit)
        words = Words(name, QRectF(middle, height / 2, width, height / 2), font, palette.text)
        paint_all(painter, [Shape(outline, brush=faded(palette.runs[entry.style], 1.0)), words])
        return width + 14 * unit
