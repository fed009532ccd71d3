"""The data with the true, the best and the current line, and the distance of each point to the current one."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QBrush, QPen
from PySide6.QtWidgets import QWidget

from gdviz.panes.data.density import MAX_DOTS
from gdviz.panes.data.layers import Cloud, Points, Residuals
from gdviz.panes.data.pens import DataPens, lit_pens, plain_pens
from gdviz.panes.data.picture import DataPicture, Line
from gdviz.panes.data.samples import SampleNames, sample_marks
from gdviz.plotting.axes_layout import MARGIN, Axes, along, arranged, title_bottom, title_words, x_name_words
from gdviz.plotting.image_cache import ImageCache
from gdviz.plotting.legend import Entry, legend
from gdviz.plotting.pane import Grid, PlotPane
from gdviz.plotting.shapes import Painted, Shape, Words, freest, line
from gdviz.plotting.style import Style, faded, height_of, within
from gdviz.plotting.text import width_of
from gdviz.plotting.ticks import linear_ticks
from gdviz.presentation.highlight import Meaning

KEY_LEAST = (420.0, 190.0)
"""Units that a pane has in width and height at least for the legend of several runs, which is smaller in others."""
TITLE = "DATA AND LINE"


class LinePlot(PlotPane[DataPicture]):
    """Shows the data in the mode LINE."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cloud = ImageCache()
        self._samples = SampleNames()
        self._places: tuple[tuple[object, ...], NDArray[np.float64]] | None = None

    def _draw(self, picture: DataPicture, style: Style) -> None:
        live = picture.styles[0]
        plain = plain_pens(style, picture.data.x.size, live)
        title = title_words(TITLE, "", float(self.width()), style)
        begin = QPointF(MARGIN * style.unit, title_bottom(style) + style.unit)
        # The names of several runs need the room of a usual pane; where the text is larger, theirs is not.
        small = within(style, self.size(), KEY_LEAST) if self._legend.entries else style
        named = _entries(picture, plain_pens(small, picture.data.x.size, live))
        key = legend(named, begin, self.width() - MARGIN * style.unit, small)
        axes = Axes(picture.x_range, picture.y_range, linear_ticks, linear_ticks, "x")
        grid = arranged(QRectF(self.rect()), key.bottom + style.unit, axes, style)
        self._show_grids([grid], style, [*title, *key.things, x_name_words(grid, "x", style)])
        pens = lit_pens(plain, picture.light.meaning if picture.light else None, live, style)
        self._show_front(self._plotted(picture, grid, pens, style))

    def _plotted(self, picture: DataPicture, grid: Grid, pens: DataPens, style: Style) -> list[Painted]:
        """What is on the plot, the words on top."""
        points = self._points(picture, grid, pens.points)
        covered = np.concatenate([points.places, _along_lines(picture, grid)])
        names = [_y_name(grid, covered, style), *_note(picture, grid, covered, style)]
        parts: list[Painted] = [_residuals(picture, pens, grid), points, *_lines(picture, pens, grid)]
        light = picture.light
        if light is not None and light.meaning is Meaning.RESIDUALS:  # over the points, which are many
            parts = [*parts[1:], parts[0]]
        if light is not None:
            parts += sample_marks(light, grid, style)
            taken = [words.rect for words in names]
            parts += self._samples.words(light, grid, taken, points.places, style)
        return [*parts, *names]

    def _points(self, picture: DataPicture, grid: Grid, pen: QPen) -> Points | Cloud:
        data, density = picture.data, picture.density
        key = (data, grid.area, grid.x_range, grid.y_range)
        if self._places is None or key != self._places[0]:
            # Of a density so many that words find their way around it.
            rows = slice(None, None, 1 if density is None else -(-data.x.size // MAX_DOTS))
            x, y = data.x[rows].astype(np.float64), data.y[rows].astype(np.float64)
            self._places = (key, np.stack([grid.xs(x), grid.ys(y)], axis=1))
        if density is not None:
            return Cloud(self._places[1], density, key, pen.color(), grid, self._cloud)
        return Points(self._places[1], key, pen, grid.area, self._cloud)


def _residuals(picture: DataPicture, pens: DataPens, grid: Grid) -> Residuals:
    """From each point up or down to the line."""
    ends = picture.residuals
    lines = np.stack([grid.xs(ends[:, 0, 0]), grid.ys(ends[:, 0, 1]), grid.ys(ends[:, 1, 1])], axis=1)
    return Residuals(lines, pens.residuals, grid.area)


def _lines(picture: DataPicture, pens: DataPens, grid: Grid) -> list[Painted]:
    """The best, the true and the current lines, that of the first run on top."""
    current = [(drawn, pens.runs[index]) for index, drawn in reversed(picture.current_lines)]
    drawn = [(picture.best_line, pens.best), (picture.true_line, pens.truth), *current]
    return [Shape(line(*_ends(ends, grid)), pen, clip=grid.area) for ends, pen in drawn if ends is not None]


def _ends(drawn: Line, grid: Grid) -> tuple[QPointF, QPointF]:
    x0, y0, x1, y1 = drawn
    return grid.place(x0, y0), grid.place(x1, y1)


def _entries(picture: DataPicture, pens: DataPens) -> list[Entry]:
    """What there is to be named, with all runs; also those whose line has left the plot, so that nothing jumps."""
    name = "data" if picture.density is None else f"density of {picture.data.x.size:,} rows"
    dot = pens.points.color() if picture.density is None else faded(pens.points.color().name(), 0.7)
    entries = [Entry(name, dot=QBrush(dot))]
    if picture.data.true_line is not None:
        entries.append(Entry("true line", (pens.truth,)))
    entries.append(Entry("best fit", (pens.best,)))
    return [*entries, Entry("now", tuple(pens.runs[index] for index in picture.styles))]


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
    colour = style.palette.warning if picture.is_missing else style.palette.quiet
    return [Words(picture.note, rect, style.text, colour, plate, wrap=lines > 1)]


def _along_lines(picture: DataPicture, grid: Grid) -> NDArray[np.float64]:
    """Places in pixels along the lines, shape (n, 2)."""
    lines = [picture.true_line, picture.best_line, *(drawn for _, drawn in picture.current_lines)]
    ends = [np.array(drawn).reshape(2, 2) for drawn in lines if drawn is not None]
    return along([np.stack([grid.xs(end[:, 0]), grid.ys(end[:, 1])], axis=1) for end in ends])
