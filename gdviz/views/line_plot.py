"""The data with the true, the best and the current line, and the distance of each point to the current one."""

from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from gdviz.model.density import MAX_DOTS, Density
from gdviz.model.frame import DataPicture, Frame, Line
from gdviz.model.palette import DASHES
from gdviz.views.density_image import density_image
from gdviz.views.kept import Kept, pixels_per_unit
from gdviz.views.layer import Dots, Painted, Raster, Shape, Words, freest, line
from gdviz.views.layout import MARGIN, Axes, along, arranged, title_bottom, title_words, x_name_words
from gdviz.views.legend import Entry, legend
from gdviz.views.plot_pane import Grid, PlotPane
from gdviz.views.plot_parts import Style, faded, height_of, within
from gdviz.views.raised import width_of
from gdviz.views.ticks import linear_ticks
from gdviz.views.vertical_lines import vertical_lines_image

KEY_LEAST = (420.0, 190.0)
"""Units that a pane has in width and height at least for the legend of several runs, which is smaller in others."""
TITLE = "DATA AND LINE"


@dataclass(frozen=True, eq=False)
class _Pens:
    """How each of the lines is drawn."""

    points: QPen
    residuals: QPen
    truth: QPen
    best: QPen
    runs: tuple[QPen, ...]


def _pens(style: Style, rows: int, live: int) -> _Pens:
    palette = style.palette
    # Many points cover each other; the more there are, the more transparent each is.
    width, opacity = (7.0, 0.6) if rows <= 500 else (4.0, 0.3)
    residuals = style.pen(palette.runs[live], 1.0, alpha=0.5)
    # Round ends take ten times as long, and points and line cover them.
    residuals.setCapStyle(Qt.PenCapStyle.FlatCap)
    return _Pens(
        style.pen(palette.points, width, alpha=opacity),
        residuals,
        style.pen(palette.truth, 2.4, (5.0, 2.5)),
        style.pen(palette.quiet, 2.4, (1.2, 1.6)),
        tuple(style.pen(colour, 3.4, dashes) for colour, dashes in zip(palette.runs, DASHES, strict=True)),
    )


class LinePlot(PlotPane):
    """Shows ``frame.data`` in the mode LINE."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cloud = Kept()
        self._places: tuple[tuple[object, ...], NDArray[np.float64]] | None = None

    def _draw(self, frame: Frame, style: Style) -> None:
        picture = frame.data
        if picture is None:
            return
        pens = _pens(style, picture.data.x.size, frame.style)
        title = title_words(TITLE, "", float(self.width()), style)
        begin = QPointF(MARGIN * style.unit, title_bottom(style) + style.unit)
        # The names of several runs need the room of a usual pane; where the text is larger, theirs is not.
        small = within(style, self.size(), KEY_LEAST) if frame.legend.entries else style
        named = _entries(picture, _pens(small, picture.data.x.size, frame.style))
        key = legend(named, begin, self.width() - MARGIN * style.unit, small)
        axes = Axes(picture.x_range, picture.y_range, linear_ticks, linear_ticks, "x")
        grid = arranged(QRectF(self.rect()), key.bottom + style.unit, axes, style)
        self._show_grids([grid], style, [*title, *key.things, x_name_words(grid, "x", style)])
        points = self._points(picture, grid, pens.points)
        covered = np.concatenate([points.places, _along_lines(picture, grid)])
        names = [_y_name(grid, covered, style), *_note(picture, grid, covered, style)]
        self._show_front([_residuals(picture, pens, grid), points, *_lines(picture, pens, grid), *names])

    def _points(self, picture: DataPicture, grid: Grid, pen: QPen) -> "_Points | _Cloud":
        data, density = picture.data, picture.density
        key = (data, grid.area, grid.x_range, grid.y_range)
        if self._places is None or key != self._places[0]:
            # Of a density so many that words find their way around it.
            rows = slice(None, None, 1 if density is None else -(-data.x.size // MAX_DOTS))
            x, y = data.x[rows].astype(np.float64), data.y[rows].astype(np.float64)
            self._places = (key, np.stack([grid.xs(x), grid.ys(y)], axis=1))
        if density is not None:
            return _Cloud(self._places[1], density, key, pen.color(), grid, self._cloud)
        return _Points(self._places[1], key, pen, grid.area, self._cloud)


@dataclass(frozen=True, eq=False)
class _Points:
    """The data inside of ``area``, in pixels: the same in many frames, so they are kept as an image."""

    places: NDArray[np.float64]
    key: tuple[object, ...]
    pen: QPen
    area: QRectF
    kept: Kept

    def paint(self, painter: QPainter) -> None:
        """Paint the points."""
        self.kept.paint(painter, self.area, (self.key, self.pen), self._paint)

    def _paint(self, painter: QPainter) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(self.area)
        scale = pixels_per_unit(painter, self.area)
        # On whole pixels all dots look alike.
        places = self.places if scale is None else np.floor(self.places * scale + 0.5) / scale
        Dots(pg.functions.arrayToQPolygonF(*places.T), self.pen).paint(painter)
        painter.restore()


@dataclass(frozen=True, eq=False)
class _Cloud:
    """The density of the data inside of ``grid``; ``places``: of some of the rows, in pixels."""

    places: NDArray[np.float64]
    density: Density
    key: tuple[object, ...]
    colour: QColor
    grid: Grid
    kept: Kept

    def paint(self, painter: QPainter) -> None:
        """Paint the density."""
        self.kept.paint(painter, self.grid.area, (self.key, self.colour.rgba()), self._paint)

    def _paint(self, painter: QPainter) -> None:
        (left, right), (low, high) = self.density.x_range, self.density.y_range
        place = QRectF(self.grid.place(left, high), self.grid.place(right, low))
        Raster(density_image(self.density, self.colour), place).paint(painter)


@dataclass(frozen=True, eq=False)
class _Residuals:
    """Vertical lines: x and both ends in pixels, shape (n, 3), inside of ``area``."""

    lines: NDArray[np.float64]
    pen: QPen
    area: QRectF

    def paint(self, painter: QPainter) -> None:
        """Paint them, as an image where the painter paints whole pixels."""
        scale = pixels_per_unit(painter, self.area)
        if scale is None:
            x, begin, end = self.lines.T
            lines = pg.arrayToQPath(x.repeat(2), np.stack([begin, end], axis=1).ravel(), connect="pairs")
            Shape(lines, self.pen, clip=self.area).paint(painter)
            return
        corner = np.array([self.area.left(), self.area.top(), self.area.top()])
        size = (self.area.size() * scale).toSize()
        if size.isEmpty():
            return
        width, colour = self.pen.widthF(), self.pen.color()
        image = vertical_lines_image((self.lines - corner) * scale, width, colour, (size.width(), size.height()))
        image.setDevicePixelRatio(scale)
        painter.drawImage(self.area.topLeft(), image)


def _residuals(picture: DataPicture, pens: _Pens, grid: Grid) -> _Residuals:
    """From each point up or down to the line."""
    ends = picture.residuals
    lines = np.stack([grid.xs(ends[:, 0, 0]), grid.ys(ends[:, 0, 1]), grid.ys(ends[:, 1, 1])], axis=1)
    return _Residuals(lines, pens.residuals, grid.area)


def _lines(picture: DataPicture, pens: _Pens, grid: Grid) -> list[Painted]:
    """The best, the true and the current lines, that of the first run on top."""
    current = [(drawn, pens.runs[index]) for index, drawn in reversed(picture.current_lines)]
    drawn = [(picture.best_line, pens.best), (picture.true_line, pens.truth), *current]
    return [Shape(line(*_ends(ends, grid)), pen, clip=grid.area) for ends, pen in drawn if ends is not None]


def _ends(drawn: Line, grid: Grid) -> tuple[QPointF, QPointF]:
    x0, y0, x1, y1 = drawn
    return grid.place(x0, y0), grid.place(x1, y1)


def _entries(picture: DataPicture, pens: _Pens) -> list[Entry]:
    """What there is to be named; the row stays as it is when a line leaves the plot, so that nothing jumps."""
    name = "data" if picture.density is None else f"density of {picture.data.x.size:,} rows"
    dot = pens.points.color() if picture.density is None else faded(pens.points.color().name(), 0.7)
    entries = [Entry(name, dot=QBrush(dot))]
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


def _along_lines(picture: DataPicture, grid: Grid) -> NDArray[np.float64]:
    """Places in pixels along the lines, shape (n, 2)."""
    lines = [picture.true_line, picture.best_line, *(drawn for _, drawn in picture.current_lines)]
    ends = [np.array(drawn).reshape(2, 2) for drawn in lines if drawn is not None]
    return along([np.stack([grid.xs(end[:, 0]), grid.ys(end[:, 1])], axis=1) for end in ends])
