"""The pane with the loss against the step: curves, the minimum, and marks where the numbers end."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPen
from PySide6.QtWidgets import QWidget

from gdviz.panes.loss.labels import annotations, floor_lines, shown_marks
from gdviz.panes.loss.marks import Mark
from gdviz.panes.loss.picture import LossCurve, LossPicture
from gdviz.plotting.axes_layout import MARGIN, Axes, along, arranged, title_bottom, title_words, x_name_words
from gdviz.plotting.pane import Grid, PlotPane
from gdviz.plotting.placement import hatched, minimum_line
from gdviz.plotting.run_legend import NOTHING, RaceLegend, race_legend
from gdviz.plotting.shapes import Painted, Shape, Words, kept_inside, stacked_radii
from gdviz.plotting.style import Style, faded, height_of, marker, within
from gdviz.plotting.text import width_of
from gdviz.plotting.ticks import linear_ticks, log_ticks, whole_ticks
from gdviz.presentation.look import LossScale
from gdviz.presentation.numbers import power_of_ten
from gdviz.presentation.palette import DASHES
from gdviz.presentation.run_names import Legend
from gdviz.widgets.plain import answers_tooltip

MARK_REACH = 9.0
"""Within so many units of a mark its tooltip is shown."""
LEGEND_PART = 0.22
"""The part of the pane's height that the legend of several runs has at most."""
LEGEND_LEAST = (420.0, 190.0)
"""Units that a pane has in width and height at least for the legend; in a smaller one that is smaller."""
MOST_BELOW = 0.3
"""The part of the plot's height that is below the minimum at most."""
PIECE = 24
"""So many steps of a curve are drawn in one go."""
TITLE = "LOSS AGAINST STEP"


class LossPlot(PlotPane[LossPicture]):
    """Shows the loss of each run against the step, and tells which step was clicked."""

    step_clicked = Signal(int)
    """The user clicked at this step."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._run_legend = NOTHING

    def _draw(self, picture: LossPicture, style: Style) -> None:
        self._run_legend = _legend(self._legend, self.size(), style)
        head = _head(picture, self._run_legend.height, float(self.width()), style)
        scaled = log_ticks if picture.scale is LossScale.LOG else linear_ticks
        axes = Axes(picture.step_range, picture.value_range, whole_ticks, scaled, "step")
        top = max(_bottom(head, picture, style), title_bottom(style) + self._run_legend.height + 2 * style.unit)
        grid = arranged(QRectF(self.rect()), top, axes, style)
        values = _with_room_below(picture, grid.area.height(), style)
        if values != picture.value_range:
            grid = arranged(QRectF(self.rect()), top, replace(axes, y_range=values), style)
        around: list[Painted] = [*head, *self._run_legend.things, x_name_words(grid, "step", style)]
        if picture.exponent:
            around.append(_exponent_words(picture.exponent, grid, style))
        around += hatched(picture.hatched, grid, style)
        if picture.minimum is not None:
            around.append(minimum_line(picture.minimum, grid, style))
        self._show_grids([grid], style, around)
        paths = [shape for curve in reversed(picture.curves) for shape in _curve(curve, grid, style)]
        currents = _currents(picture.curves, grid, style)
        markers = [shape.path.boundingRect() for shape in currents]
        curves = along([_pixels(curve, grid) for curve in picture.curves])
        floors = floor_lines(picture.noise_floors, grid, style)
        self._show_front([*paths, *floors, *annotations(picture, grid, curves, markers, style), *currents])

    def mark_at(self, place: QPointF) -> tuple[Mark, ...]:
        """The marks under that place: that of the label, else all whose line is near."""
        grid = self.grid
        if self.picture is None or grid is None:
            return ()
        shown = shown_marks(self.picture.marks, grid)
        for words in self.words:
            # A label may be broken into two lines; each of them belongs to its mark.
            named = tuple(mark for mark in shown if words.text in mark.label and words.rect.contains(place))
            if named:
                return named
        if not grid.area.contains(place):
            return ()
        reach = MARK_REACH * self._unit
        return tuple(mark for mark in shown if abs(grid.x(mark.step) - place.x()) <= reach)

    def event(self, event: QEvent) -> bool:
        """Answer a tooltip's request with the explanation of the mark, or the whole text, under the pointer."""
        return answers_tooltip(event, self, self._tip_at) or super().event(event)

    def _tip_at(self, place: QPointF) -> str:
        told = [text for mark in self.mark_at(place) for text in (mark.label, *mark.explanation.splitlines())]
        return "\n".join(told) or self._run_legend.whole_text(place)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Tell which step was clicked."""
        grid, place = self.grid, event.position()
        if event.button() is not Qt.MouseButton.LeftButton or grid is None or not grid.area.contains(place):
            super().mousePressEvent(event)
            return
        self.step_clicked.emit(round(grid.values(place)[0]))


def _legend(legend: Legend, size: QSize, style: Style) -> RaceLegend:
    """The legend under the title, in a part of the pane that leaves the plot enough."""
    margin = MARGIN * style.unit
    room = (margin, title_bottom(style), size.width() - 2 * margin, LEGEND_PART * size.height())
    # The text of few panes is so large that four runs need to be smaller.
    return race_legend(legend, room, within(style, size, LEGEND_LEAST))


def _head(picture: LossPicture, legend_height: float, width: float, style: Style) -> list[Words]:
    """The title and, below it and the legend, the note."""
    words = title_words(TITLE, f"({picture.scale.value})", width, style)
    if picture.note:
        margin, top = MARGIN * style.unit, title_bottom(style) + legend_height
        room = width - 2 * margin
        lines = 1 if width_of(style.text, picture.note) <= room else 2
        rect = QRectF(margin, top, room, lines * height_of(style.text))
        align = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
        words.append(Words(picture.note, rect, style.text, style.palette.quiet, align=align, wrap=True))
    return words


def _bottom(head: list[Words], picture: LossPicture, style: Style) -> float:
    """Where the plot's room begins: below title and note, and below the power of ten above the axis."""
    bottom = max(words.rect.bottom() for words in head) + 2 * style.unit
    return bottom + (height_of(style.number) - 2 * style.unit if picture.exponent else 0.0)


def _with_room_below(picture: LossPicture, height: float, style: Style) -> tuple[float, float]:
    """The range of values in a plot so many pixels high: of several runs with room for the word below the minimum.

    There is no curve below it, and above it there may be one of them anywhere.
    """
    (low, high), minimum = picture.value_range, picture.minimum
    if len(picture.curves) == 1 or minimum is None or minimum >= high:
        return low, high
    part = min(MOST_BELOW, (height_of(style.text) + 3 * style.unit) / max(height, 1.0))
    return min(low, (minimum - part * high) / (1.0 - part)), high


def _exponent_words(exponent: int, grid: Grid, style: Style) -> Words:
    text = f"×{power_of_ten(exponent)}"
    width, height = width_of(style.number, text), height_of(style.number)
    top = grid.area.top() - height - height_of(style.number) / 2
    rect = QRectF(grid.area.left() - width + 4 * style.unit, top, width, height)
    return Words(text, kept_inside(rect, QRectF(2.0, top, width * 9, height)), style.number, style.palette.text)


def _pixels(curve: LossCurve, grid: Grid) -> np.ndarray:
    """The curve in pixels, shape (n, 2)."""
    return np.stack([grid.xs(curve.steps), grid.ys(grid.bounded(curve.values))], axis=1)


def _curve(curve: LossCurve, grid: Grid, style: Style) -> list[Shape]:
    """The curve; one that goes up and down in pieces, as the time to stroke it grows with the square of its length."""
    pen, places = style.pen(style.palette.runs[curve.style], 2.4, DASHES[curve.style]), _pixels(curve, grid)
    lengths = np.nan_to_num(np.hypot(*np.diff(places, axis=0).T)).cumsum() / pen.widthF()
    shapes, size = [], PIECE if _turns(places) > PIECE else max(1, len(places))
    for begin in range(0, max(1, len(places) - 1), size):
        piece, own = places[begin : begin + size + 1], QPen(pen)
        if DASHES[curve.style] and begin:  # the dashes go on where those of the piece before ended
            own.setDashOffset(float(lengths[begin - 1]))
        shapes.append(Shape(pg.arrayToQPath(*piece.T.copy(), connect="finite"), own, clip=grid.area))
    return shapes


def _turns(places: np.ndarray) -> int:
    """How often a curve of shape (n, 2) changes between up and down."""
    rises = np.sign(np.diff(places[:, 1]))
    return int(np.count_nonzero(rises[1:] * rises[:-1] < 0))


def _currents(curves: Sequence[LossCurve], grid: Grid, style: Style) -> list[Shape]:
    """The marker of each run where it is now, that of the first on top; those below it larger, so that all are seen."""
    shown = [(curve, grid.place(*curve.current)) for curve in curves if curve.current is not None]
    pen = style.pen(style.palette.background, 1.6)
    radii = stacked_radii([place for _, place in shown], 5.5 * style.unit)
    shapes = [
        Shape(marker(curve.style, place, radius), pen, faded(style.palette.runs[curve.style], 1.0))
        for (curve, place), radius in zip(shown, radii, strict=True)
    ]
    return shapes[::-1]
