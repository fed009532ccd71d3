"""The data with the true, the best and the current line, and the distance of each point to the current one."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QPen
from PySide6.QtWidgets import QWidget

from gdviz.core.problems.large_regression import Column
from gdviz.panes.data.density import MAX_DOTS
from gdviz.panes.data.layers import Cloud, Points, Residuals, predicted_places, sample_marks, sample_names
from gdviz.panes.data.picture import DataPicture
from gdviz.plotting.axes_layout import MARGIN, Axes, along, arranged, title_bottom, title_words, x_name_words
from gdviz.plotting.image_cache import ImageCache, LatestResult
from gdviz.plotting.pane import Grid, PlotPane
from gdviz.plotting.placement import LabelPlacer
from gdviz.plotting.run_legend import Entry, line_legend
from gdviz.plotting.shapes import Painted, Shape, Words, line
from gdviz.plotting.style import Style, faded, height_of, within
from gdviz.plotting.text import width_of
from gdviz.plotting.ticks import linear_ticks
from gdviz.presentation.highlight import Meaning
from gdviz.presentation.palette import DASHES

LEGEND_LEAST = (420.0, 190.0)
"""Width and height in units; in a smaller pane the legend of several runs is smaller."""
TITLE = "DATA AND LINE"
RECEDED = 0.3
"""How much of its opacity remains of what the tape does not speak of."""
_SPOKEN_OF = (Meaning.DATA, Meaning.PREDICTIONS, Meaning.RESIDUALS)


@dataclass(frozen=True, eq=False)
class DataPens:
    """A pen for each kind of line, and one for the points; runs: by their style."""

    points: QPen
    residuals: QPen
    truth: QPen
    best: QPen
    runs: tuple[QPen, ...]


def plain_pens(style: Style, rows: int, live: int) -> DataPens:
    """The pens for a number of rows, the residuals in the colour of the live run, whose style is ``live``."""
    palette = style.palette
    # Many points cover each other; the more there are, the more transparent each is.
    width, opacity = (7.0, 0.6) if rows <= 500 else (4.0, 0.3)
    return DataPens(
        style.pen(palette.points, width, alpha=opacity),
        # Round ends take ten times as long, and points and line cover them.
        _flat(style.pen(palette.runs[live], 1.0, alpha=0.5)),
        style.pen(palette.truth, 2.4, (5.0, 2.5)),
        style.pen(palette.quiet, 2.4, (1.2, 1.6)),
        tuple(style.pen(colour, 3.4, dashes) for colour, dashes in zip(palette.runs, DASHES, strict=True)),
    )


def lit_pens(plain: DataPens, meaning: Meaning | None, live: int, style: Style) -> DataPens:
    """The same pens, or with what is meant bolder and all else fainter."""
    if meaning not in _SPOKEN_OF:
        return plain
    points, residuals, truth, best = map(_receded, (plain.points, plain.residuals, plain.truth, plain.best))
    back = DataPens(points, residuals, truth, best, plain.runs)
    if meaning is Meaning.DATA:
        return replace(back, points=_wider(plain.points, 1.5, 0.95), runs=tuple(map(_receded, plain.runs)))
    runs = tuple(pen if index == live else _receded(pen) for index, pen in enumerate(plain.runs))
    if meaning is Meaning.RESIDUALS:
        thick = _flat(style.pen(style.palette.accent, 0.36 * plain.points.widthF() / style.unit, alpha=0.9))
        return replace(back, residuals=thick, runs=runs)
    bold = style.pen(style.palette.runs[live], 6.0, DASHES[live])
    return replace(back, runs=(*runs[:live], bold, *runs[live + 1 :]))


def _flat(pen: QPen) -> QPen:
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    return pen


def _receded(pen: QPen) -> QPen:
    return _wider(pen, 1.0, RECEDED * pen.color().alphaF())


def _wider(pen: QPen, factor: float, opacity: float) -> QPen:
    found = QPen(pen)
    found.setWidthF(factor * pen.widthF())
    found.setColor(faded(pen.color().name(), opacity))
    return found


class LinePlot(PlotPane[DataPicture]):
    """Shows the data in the mode LINE."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cloud = ImageCache()
        self._samples = LatestResult[tuple[Words, ...]]()
        self._places = LatestResult[NDArray[np.float64]]()

    def _draw(self, picture: DataPicture, style: Style) -> None:
        live = picture.styles[0]
        plain = plain_pens(style, picture.data.rows, live)
        title = title_words(TITLE, "", float(self.width()), style)
        begin = QPointF(MARGIN * style.unit, title_bottom(style) + style.unit)
        # The names of several runs need the room of a usual pane; where the text is larger, theirs is not.
        small = within(style, self.size(), LEGEND_LEAST) if self._legend.entries else style
        named = _entries(picture, plain_pens(small, picture.data.rows, live))
        entries, below = line_legend(named, begin, self.width() - MARGIN * style.unit, small)
        axes = Axes(picture.x_range, picture.y_range, linear_ticks, linear_ticks, "x")
        grid = arranged(QRectF(self.rect()), below + style.unit, axes, style)
        self._show_grids([grid], style, [*title, *entries, x_name_words(grid, "x", style)])
        pens = lit_pens(plain, picture.light.meaning if picture.light else None, live, style)
        self._show_front(self._plotted(picture, grid, pens, style))

    def _plotted(self, picture: DataPicture, grid: Grid, pens: DataPens, style: Style) -> list[Painted]:
        """What is on the plot, the words on top."""
        points = self._points(picture, grid, pens.points)
        covered = np.concatenate([points.places, _along_lines(picture, grid)])
        labels = LabelPlacer(grid.area, [], covered, style)
        names = [_y_name(labels), *_note(picture, labels)]
        parts: list[Painted] = [_residuals(picture, pens, grid), points, *_lines(picture, pens, grid)]
        light = picture.light
        if light is not None:
            if light.meaning is Meaning.RESIDUALS:  # over the points, which are many
                parts = [*parts[1:], parts[0]]
            # The lines do not count as taken, or the names would jump with every step; the marks on them do.
            taken = [*(words.rect for words in names), *predicted_places(light, grid, style)]
            rows = [(sample.row, sample.x, sample.y) for sample in light.samples]
            key = (rows, grid.area, grid.x_range, grid.y_range, taken, style)
            words = self._samples.of(key, lambda: sample_names(light.samples, grid, taken, points.places, style))
            parts += [*sample_marks(light, grid, style), *words]
        return [*parts, *names]

    def _points(self, picture: DataPicture, grid: Grid, pen: QPen) -> Points | Cloud:
        data, density = picture.data, picture.density
        key = (data, grid.area, grid.x_range, grid.y_range)
        # Of a density only as many as labels need to stay clear of it.
        rows = slice(None, None, 1 if density is None else -(-data.rows // MAX_DOTS))
        places = self._places.of(key, lambda: _pixels(*data.at(rows), grid))
        if density is not None:
            return Cloud(places, density, key, pen.color(), grid, self._cloud)
        return Points(places, key, pen, grid.area, self._cloud)


def _pixels(x: Column, y: Column, grid: Grid) -> NDArray[np.float64]:
    return np.stack([grid.xs(x.astype(np.float64)), grid.ys(y.astype(np.float64))], axis=1)


def _residuals(picture: DataPicture, pens: DataPens, grid: Grid) -> Residuals:
    """From each point up or down to the line."""
    ends = picture.residuals
    lines = np.stack([grid.xs(ends[:, 0, 0]), grid.ys(ends[:, 0, 1]), grid.ys(ends[:, 1, 1])], axis=1)
    return Residuals(lines, pens.residuals, grid.area)


def _lines(picture: DataPicture, pens: DataPens, grid: Grid) -> list[Painted]:
    """The best, the true and the current lines, that of the first run on top."""
    current = [(drawn, pens.runs[index]) for index, drawn in reversed(picture.current_lines)]
    drawn = [(picture.best_line, pens.best), (picture.true_line, pens.truth), *current]
    known = [(ends, pen) for ends, pen in drawn if ends is not None]
    return [Shape(line(grid.place(*ends[:2]), grid.place(*ends[2:])), pen, clip=grid.area) for ends, pen in known]


def _entries(picture: DataPicture, pens: DataPens) -> list[Entry]:
    """The entries of the legend; also of runs whose line has left the plot, so that nothing jumps."""
    name = "data" if picture.density is None else f"density of {picture.data.rows:,} rows"
    dot = pens.points.color() if picture.density is None else faded(pens.points.color().name(), 0.7)
    entries = [Entry(name, dot=QBrush(dot))]
    if picture.data.true_line is not None:
        entries.append(Entry("true line", (pens.truth,)))
    if picture.has_best:
        entries.append(Entry("best fit", (pens.best,)))
    return [*entries, Entry("now", tuple(pens.runs[index] for index in picture.styles))]


def _y_name(labels: LabelPlacer) -> Words:
    """The name of the vertical axis, at its upper or its lower end."""
    style, area, inset = labels.style, labels.room, 4 * labels.style.unit
    width, height = width_of(style.text, "y") + inset, height_of(style.text)
    candidates = [QRectF(area.left() + inset, top, width, height) for top in (area.top(), area.bottom() - height)]
    return Words("y", labels.freest(candidates), style.text, style.palette.quiet)


def _note(picture: DataPicture, labels: LabelPlacer) -> list[Words]:
    """The note, on a plate, where it covers the least of points and lines."""
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
    rect = labels.freest(QRectF(area.center().x() - width / 2, top, width, height) for top in tops)
    plate = faded(style.palette.background, 0.9)
    colour = style.palette.warning if picture.is_missing else style.palette.quiet
    return [Words(picture.note, rect, style.text, colour, plate, wrap=lines > 1)]


def _along_lines(picture: DataPicture, grid: Grid) -> NDArray[np.float64]:
    """Places in pixels along the lines, shape (n, 2)."""
    lines = [picture.true_line, picture.best_line, *(drawn for _, drawn in picture.current_lines)]
    return along([_pixels(np.array(ends[::2]), np.array(ends[1::2]), grid) for ends in lines if ends is not None])
