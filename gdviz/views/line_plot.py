"""The data with the true, the best and the current line, and the distance of each point to the current one."""

from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QBrush, QPen
from PySide6.QtWidgets import QWidget

from gdviz.core.dataset import Dataset
from gdviz.model.frame import DataPicture, Frame, Line
from gdviz.model.palette import DASHES
from gdviz.views.layer import Words, freest
from gdviz.views.layout import MARGIN, Axes, along, arranged, title_bottom, title_words, x_name_words
from gdviz.views.legend import Entry, legend
from gdviz.views.plot_pane import Grid, PlotPane
from gdviz.views.plot_parts import Style, clear, faded, height_of
from gdviz.views.raised import width_of
from gdviz.views.ticks import linear_ticks

TITLE = "DATA AND LINE"


@dataclass(frozen=True, eq=False)
class _Pens:
    """How each of the lines is drawn."""

    points: QBrush
    residuals: QPen
    truth: QPen
    best: QPen
    runs: tuple[QPen, ...]


def _pens(style: Style, rows: int) -> _Pens:
    palette = style.palette
    # Many points cover each other; the more there are, the more transparent each is.
    opacity = 0.6 if rows <= 500 else 0.3
    return _Pens(
        QBrush(faded(palette.points, opacity)),
        style.pen(palette.runs[0], 1.0, alpha=0.5),
        style.pen(palette.truth, 2.4, (5.0, 2.5)),
        style.pen(palette.quiet, 2.4, (1.2, 1.6)),
        tuple(style.pen(colour, 3.4, dashes) for colour, dashes in zip(palette.runs, DASHES, strict=True)),
    )


class LinePlot(PlotPane):
    """Shows ``frame.data`` in the mode LINE."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._points = pg.ScatterPlotItem(pxMode=True, antialias=True)
        self._residuals, self._truth, self._best = (pg.PlotCurveItem(antialias=True) for _ in range(3))
        self._runs = [pg.PlotCurveItem(antialias=True) for _ in DASHES]
        self._shown: tuple[Dataset, tuple[float, int]] | None = None
        for item in (self._residuals, self._points, self._best, self._truth, *reversed(self._runs)):
            self.plots[0].box.addItem(item, ignoreBounds=True)

    def _draw(self, frame: Frame, style: Style) -> None:
        picture = frame.data
        if picture is None:
            return
        pens = _pens(style, picture.data.x.size)
        title = title_words(TITLE, "", float(self.width()), style)
        begin = QPointF(MARGIN * style.unit, title_bottom(style) + style.unit)
        key = legend(_entries(picture, pens), begin, self.width() - MARGIN * style.unit, style)
        axes = Axes(picture.x_range, picture.y_range, linear_ticks, linear_ticks, "x")
        grid = arranged(QRectF(self.rect()), key.bottom + style.unit, axes, style)
        self._show_grids([grid], style)
        self._show_items(picture, pens, style)
        covered = _drawn(picture, grid)
        names = [x_name_words(grid, "x", style), _y_name(grid, covered, style)]
        self._show_front([*title, *key.things, *names, *_note(picture, grid, covered, style)])

    def _show_items(self, picture: DataPicture, pens: _Pens, style: Style) -> None:
        size = (7.0 if picture.data.x.size <= 500 else 4.0) * style.unit
        self._show_points(picture.data, size, pens.points)
        ends = picture.residuals.reshape(-1, 2)
        self._residuals.setPen(pens.residuals)
        self._residuals.setData(ends[:, 0], ends[:, 1], connect="pairs")
        _show_line(self._truth, picture.true_line, pens.truth)
        _show_line(self._best, picture.best_line, pens.best)
        current = dict(picture.current_lines)
        for index, item in enumerate(self._runs):
            _show_line(item, current.get(index), pens.runs[index])

    def _show_points(self, data: Dataset, size: float, brush: QBrush) -> None:
        """The points are the same in all frames of a run, and ten thousand take a while to be set."""
        look = (size, brush.color().rgba())
        if self._shown == (data, look):
            return
        self._shown = (data, look)
        x, y = data.x.astype(np.float64), data.y.astype(np.float64)
        self._points.setData(x, y, size=size, brush=brush, pen=None, symbol="o")


def _show_line(item: pg.PlotCurveItem, drawn: Line | None, pen: QPen) -> None:
    if drawn is None:
        clear(item)
        return
    x0, y0, x1, y1 = drawn
    item.setPen(pen)
    item.setData(np.array([x0, x1]), np.array([y0, y1]))


def _entries(picture: DataPicture, pens: _Pens) -> list[Entry]:
    """What there is to be named; the row stays as it is when a line leaves the plot, so that nothing jumps."""
    entries = [Entry("data", dot=pens.points)]
    if picture.data.settings is not None:
        entries.append(Entry("true line", (pens.truth,)))
    entries.append(Entry("best fit", (pens.best,)))
    styles = [index for index, _ in picture.current_lines] or [0]
    return [*entries, Entry("now", tuple(pens.runs[index] for index in styles))]


def _y_name(grid: Grid, covered: np.ndarray, style: Style) -> Words:
    """The name of the vertical axis, at its upper or its lower end."""
    unit, area = style.unit, grid.area
    width, height = width_of(style.text, "y") + 4 * unit, height_of(style.text)
    tops = (area.top(), area.bottom() - height)
    rect = freest([QRectF(area.left() + 4 * unit, top, width, height) for top in tops], [], covered)
    return Words("y", rect, style.text, style.palette.quiet)


def _note(picture: DataPicture, grid: Grid, covered: np.ndarray, style: Style) -> list[Words]:
    """The note on a plate where it covers the fewest points and lines."""
    if not picture.note:
        return []
    unit, area = style.unit, grid.area
    room = area.width() - 8 * unit
    single = width_of(style.text, picture.note) + 10 * unit
    # A little more than half, since lines break between words.
    width, lines = (single, 1) if single <= room else (min(room, 0.62 * single), 2)
    while lines * width < 1.15 * single and lines > 1:
        lines += 1
    height = lines * height_of(style.text) + 2 * unit
    tops = (area.top() + 3 * unit, area.bottom() - height - 3 * unit, area.center().y() - height / 2)
    candidates = [QRectF(area.center().x() - width / 2, top, width, height) for top in tops]
    rect = freest(candidates, [], covered)
    plate = faded(style.palette.background, 0.9)
    colour = style.palette.quiet if picture.current_lines else style.palette.warning
    return [Words(picture.note, rect, style.text, colour, plate, wrap=lines > 1)]


def _drawn(picture: DataPicture, grid: Grid) -> np.ndarray:
    """Places in pixels that are drawn on, shape (n, 2)."""
    points = np.stack([grid.xs(picture.data.x.astype(np.float64)), grid.ys(picture.data.y.astype(np.float64))], axis=1)
    lines = [picture.true_line, picture.best_line, *(drawn for _, drawn in picture.current_lines)]
    ends = [np.array(drawn).reshape(2, 2) for drawn in lines if drawn is not None]
    paths = along([np.stack([grid.xs(end[:, 0]), grid.ys(end[:, 1])], axis=1) for end in ends])
    return np.concatenate([points, paths])
