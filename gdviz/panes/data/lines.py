"""The data with the true, the best-fit and the current line, and the residuals."""

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache, partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QPen
from PySide6.QtWidgets import QWidget

from gdviz.core.data.rows import Column
from gdviz.core.frozen import frozen
from gdviz.panes.data.axis_names import Name, axis_texts, first_tooltip, with_x_name, y_name
from gdviz.panes.data.density import MAX_DOTS
from gdviz.panes.data.layers import DensityLayer, PointLayer, ResidualLayer, prediction_rects, row_labels, sample_marks
from gdviz.panes.data.picture import DataPicture, Line
from gdviz.panes.data.tooltips import point_text
from gdviz.plotting.array_paths import arrayToQPolygonF
from gdviz.plotting.axes_layout import MARGIN, Axes, points_along, title_bottom, title_words
from gdviz.plotting.image_cache import ImageCache, LatestResult
from gdviz.plotting.pane import Grid, PlotPane
from gdviz.plotting.placement import LabelPlacer
from gdviz.plotting.run_legend import Entry, line_legend
from gdviz.plotting.shapes import Dots, Painted, Shape, Words, line
from gdviz.plotting.style import Style, faded, height_of, shrunk_to_fit
from gdviz.plotting.text import widest_fitting, width_of
from gdviz.plotting.ticks import linear_ticks
from gdviz.presentation.highlight import Meaning
from gdviz.presentation.palette import DASHES
from gdviz.widgets.plain import handles_tooltip

LEGEND_LEAST = (420.0, 190.0)
"""Width and height in units; in a smaller pane the legend of several runs shrinks."""
TITLE = "DATA AND LINE"
POINT_REACH = 7.0
"""A point's tooltip is shown within this many units of its centre."""
BATCH_WIDTH = 1.4
"""Factor on the width of the dots of a mini-batch's own rows."""
DIMMING = 0.3
"""Factor on the opacity of all that is not highlighted."""
_DATA_MEANINGS = (Meaning.DATA, Meaning.PREDICTIONS, Meaning.RESIDUALS)


@frozen(eq=False)
class DataPens:
    """The pens of the points and of each kind of line; runs: by style."""

    points: QPen
    residuals: QPen
    truth: QPen
    best: QPen
    runs: tuple[QPen, ...]


# All frames of a run have the same ones.
@lru_cache(maxsize=8)
def plain_pens(style: Style, rows: int, live: int) -> DataPens:
    """The pens for that number of rows; residuals have the colour of the live run, whose style is ``live``."""
    palette = style.palette
    # Many points overlap, so they are smaller and more transparent.
    width, opacity = (7.0, 0.6) if rows <= 500 else (4.0, 0.3)
    return DataPens(
        style.pen(palette.points, width, alpha=opacity),
        # Round caps take ten times as long, and are hidden by points and line.
        _flat(style.pen(palette.runs[live], 1.0, alpha=0.5)),
        style.pen(palette.truth, 2.4, (5.0, 2.5)),
        style.pen(palette.quiet, 2.4, (1.2, 1.6)),
        tuple(style.pen(colour, 3.4, dashes) for colour, dashes in zip(palette.runs, DASHES, strict=True)),
    )


def highlighted_pens(plain: DataPens, meaning: Meaning | None, live: int, style: Style) -> DataPens:
    """The pens with what is highlighted bolder and all else fainter."""
    if meaning not in _DATA_MEANINGS:
        return plain
    points, residuals, truth, best = map(_dimmed, (plain.points, plain.residuals, plain.truth, plain.best))
    back = DataPens(points, residuals, truth, best, plain.runs)
    if meaning is Meaning.DATA:
        return replace(back, points=_wider(plain.points, 1.5, 0.95), runs=tuple(map(_dimmed, plain.runs)))
    runs = tuple(pen if index == live else _dimmed(pen) for index, pen in enumerate(plain.runs))
    if meaning is Meaning.RESIDUALS:
        thick = _flat(style.pen(style.palette.accent, 0.36 * plain.points.widthF() / style.unit, alpha=0.9))
        return replace(back, residuals=thick, runs=runs)
    bold = style.pen(style.palette.runs[live], 6.0, DASHES[live])
    return replace(back, runs=(*runs[:live], bold, *runs[live + 1 :]))


def _flat(pen: QPen) -> QPen:
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    return pen


def _dimmed(pen: QPen) -> QPen:
    return _wider(pen, 1.0, DIMMING * pen.color().alphaF())


def _wider(pen: QPen, factor: float, opacity: float) -> QPen:
    found = QPen(pen)
    found.setWidthF(factor * pen.widthF())
    found.setColor(faded(pen.color().name(), opacity))
    return found


class LinePlot(PlotPane[DataPicture]):
    """Shows the data in the mode LINE."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cache = ImageCache()
        self._samples, self._named = LatestResult[tuple[Words, ...]](), LatestResult[tuple[list[Painted], float]]()
        self._point_pixels, self._still_places = (
            LatestResult[NDArray[np.float64]](),
            LatestResult[NDArray[np.float64]](),
        )
        self._places: NDArray[np.float64] | None = None
        self._x_name: Name | None = None
        self._y_name: Name | None = None

    def _free_images(self) -> None:
        super()._free_images()
        self._cache.clear()

    def event(self, event: QEvent) -> bool:
        """Show as a tooltip the full text of a shortened name, or the row of the point under the pointer."""
        return handles_tooltip(event, self, self.tooltip_at) or super().event(event)

    def tooltip_at(self, place: QPointF) -> str:
        """The tooltip there; empty if there is none."""
        self.draw()
        names = (name.tooltip_at for name in (self._x_name, self._y_name) if name is not None)
        return first_tooltip(place, *names, self._point_tooltip)

    def _point_tooltip(self, place: QPointF) -> str:
        if self.picture is None or self._places is None:
            return ""
        away = np.hypot(*(self._places - [place.x(), place.y()]).T)
        nearest = int(away.argmin())
        return point_text(self.picture.data, nearest) if away[nearest] <= POINT_REACH * self._unit else ""

    def _draw(self, picture: DataPicture, style: Style) -> None:
        live = picture.styles[0]
        plain = plain_pens(style, picture.data.rows, live)
        title = _title(picture, float(self.width()), style)
        begin = QPointF(MARGIN * style.unit, title_bottom(style) + style.unit)
        # The names of several runs need the space of an ordinary pane, so they do not grow with the text.
        small = shrunk_to_fit(style, self.size(), LEGEND_LEAST) if self._legend.entries else style
        right = self.width() - MARGIN * style.unit
        key = (picture.data, picture.density is None, picture.has_best, picture.best_name, picture.styles, right, small)
        named = partial(_entries, picture, plain_pens(small, picture.data.rows, live))
        entries, below = self._named.of((*key, begin), lambda: line_legend(named(), begin, right, small))
        axes = Axes(picture.x_range, picture.y_range, linear_ticks, linear_ticks)
        x_text, _ = axis_texts(picture)
        grid, self._x_name = with_x_name(QRectF(self.rect()), below + style.unit, axes, x_text, style)
        self._show_grids([grid], style, [*title, *entries, self._x_name.words])
        pens = plain if picture.batch is None else replace(plain, points=_dimmed(plain.points))
        pens = highlighted_pens(pens, picture.light.meaning if picture.light else None, live, style)
        self._show_front(self._plotted(picture, grid, pens, style))

    def _plotted(self, picture: DataPicture, grid: Grid, pens: DataPens, style: Style) -> list[Painted]:
        """The contents of the plot, labels on top."""
        points = self._points(picture, grid, pens.points)
        self._places = points.places if picture.density is None else None
        still, place = (picture.true_line, picture.best_line), (grid.area, grid.x_range, grid.y_range)
        along = self._still_places.of((still, place), lambda: _along_lines(still, grid))
        moving = _along_lines([drawn for _, drawn in picture.current_lines], grid)
        covered = np.concatenate([points.places, along, moving])
        labels = LabelPlacer(grid.area, [], covered, style)
        self._y_name = y_name(axis_texts(picture)[1], labels)
        names = [self._y_name.words, *_note(picture, labels)]
        parts: list[Painted] = [_residuals(picture, pens, grid), points, *_lines(picture, pens, grid)]
        if picture.batch is not None and picture.density is None:
            strong = _wider(pens.points, BATCH_WIDTH, 0.95)
            parts.insert(2, Dots(arrayToQPolygonF(*points.places[picture.batch].T), strong))
        light = picture.light
        if light is not None:
            if light.meaning is Meaning.RESIDUALS:  # above the many points
                parts = [*parts[1:], parts[0]]
            # Labels avoid the marks on the lines but not the lines, or they would jump with every step.
            taken = [*(words.rect for words in names), *prediction_rects(light, grid, style)]
            rows = [(sample.row, sample.x, sample.y) for sample in light.samples]
            key = (rows, grid.area, grid.x_range, grid.y_range, taken, style)
            words = self._samples.of(key, lambda: row_labels(light.samples, grid, taken, points.places, style))
            parts += [*sample_marks(light, grid, style), *words]
        return [*parts, *names]

    def _points(self, picture: DataPicture, grid: Grid, pen: QPen) -> PointLayer | DensityLayer:
        data, density = picture.data, picture.density
        key = (data, grid.area, grid.x_range, grid.y_range)
        # With a density, only as many as labels need to avoid it.
        rows = slice(None, None, 1 if density is None else -(-data.rows // MAX_DOTS))
        places = self._point_pixels.of(key, lambda: _pixels(*data.at(rows), grid))
        if density is not None:
            return DensityLayer(places, density, key, pen.color(), grid, self._cache)
        return PointLayer(places, key, pen, grid.area, self._cache)


def _pixels(x: Column, y: Column, grid: Grid) -> NDArray[np.float64]:
    return np.stack([grid.xs(x.astype(np.float64)), grid.ys(y.astype(np.float64))], axis=1)


def _residuals(picture: DataPicture, pens: DataPens, grid: Grid) -> ResidualLayer:
    """The vertical lines from the points to the line."""
    ends = picture.residuals
    lines = np.stack([grid.xs(ends[:, 0, 0]), grid.ys(ends[:, 0, 1]), grid.ys(ends[:, 1, 1])], axis=1)
    return ResidualLayer(lines, pens.residuals, grid.area)


def _lines(picture: DataPicture, pens: DataPens, grid: Grid) -> list[Painted]:
    """The best-fit, the true and the current lines, the first run's on top."""
    current = [(drawn, pens.runs[index]) for index, drawn in reversed(picture.current_lines)]
    drawn = [(picture.best_line, pens.best), (picture.true_line, pens.truth), *current]
    known = [(ends, pen) for ends, pen in drawn if ends is not None]
    return [Shape(line(grid.place(*ends[:2]), grid.place(*ends[2:])), pen, clip=grid.area) for ends, pen in known]


def _entries(picture: DataPicture, pens: DataPens) -> list[Entry]:
    """The entries of the legend, including runs whose line has left the plot, so that nothing jumps."""
    name = "data" if picture.density is None else f"density of {picture.data.rows:,} rows"
    dot = pens.points.color() if picture.density is None else faded(pens.points.color().name(), 0.7)
    entries = [Entry(name, dot=QBrush(dot))]
    if picture.data.true_line is not None:
        entries.append(Entry("true line", (pens.truth,)))
    if picture.has_best:
        entries.append(Entry(picture.best_name, (pens.best,)))
    return [*entries, Entry("now", tuple(pens.runs[index] for index in picture.styles))]


def _title(picture: DataPicture, width: float, style: Style) -> list[Words]:
    """The title, and beside it the current line in the data's own units, or the lines that are known, in numbers."""
    room = width - 2 * MARGIN * style.unit - width_of(style.title, TITLE) - 6 * style.unit
    return title_words(TITLE, widest_fitting(style.text, picture.own_line or picture.known_lines, room), width, style)


def _note(picture: DataPicture, labels: LabelPlacer) -> list[Words]:
    """The note on a plate, where it covers the fewest points and lines."""
    if not picture.note:
        return []
    style, area = labels.style, labels.room
    unit, room = style.unit, area.width() - 8 * style.unit
    single = width_of(style.text, picture.note) + 10 * unit
    # A little more than half, since lines break between words.
    width, lines = (single, 1) if single <= room else (min(room, 0.62 * single), 2)
    while lines * width < 1.15 * single and lines > 1:
        lines += 1
    height = lines * height_of(style.text) + 2 * unit
    tops = (area.top() + 3 * unit, area.bottom() - height - 3 * unit, area.center().y() - height / 2)
    rect = labels.least_covering(QRectF(area.center().x() - width / 2, top, width, height) for top in tops)
    plate = faded(style.palette.background, 0.9)
    colour = style.palette.warning if picture.is_missing else style.palette.quiet
    return [Words(picture.note, rect, style.text, colour, plate, wrap=lines > 1)]


def _along_lines(lines: Iterable[Line | None], grid: Grid) -> NDArray[np.float64]:
    """Points along the lines in pixels, shape (n, 2)."""
    return points_along(
        [_pixels(np.array(ends[::2]), np.array(ends[1::2]), grid) for ends in lines if ends is not None]
    )
