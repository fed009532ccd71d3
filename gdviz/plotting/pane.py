"""A pane with plots: a cached backdrop with axes where the pane puts them, and what is painted on it."""

from collections.abc import Callable, Iterable, Sequence
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QHideEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from gdviz.core.frozen import frozen
from gdviz.core.right_of_way import right_of_way
from gdviz.plotting.image_cache import ImageCache
from gdviz.plotting.shapes import Painted, Shape, Shifted, Words, box, line, paint_all
from gdviz.plotting.style import MAX_COORDINATE, Style, height_of, style_of
from gdviz.plotting.ticks import Ticks
from gdviz.plotting.vector_output import paint_backdrop
from gdviz.presentation.legend import NO_LEGEND, Legend
from gdviz.presentation.look import Look, Theme
from gdviz.presentation.palette import PALETTES, palette_of

Picture = TypeVar("Picture")
"""What a pane shows: a frozen value, built without Qt."""
MIN_SIZE = QSize(120, 90)
"""Nothing is drawn in a smaller pane."""
OVERHANG = 80.0
"""A number that would extend further beyond the end of its axis, in pixels, is left out."""


@frozen
class AxisScale:
    """A scale other than a linear one: from values to places along the axis, and back."""

    places: Callable[[ArrayLike], NDArray[np.float64]]
    value: Callable[[float], float]


@frozen
class Grid:
    """The place of a plot in the pane, the ranges of its axes, and its ticks.

    x_scale: of the horizontal axis, whose range and ticks are values all the same; None for a linear one.
    """

    area: QRectF
    x_range: tuple[float, float]
    y_range: tuple[float, float]
    x_ticks: Ticks
    y_ticks: Ticks
    x_scale: AxisScale | None = None

    @property
    def x_ends(self) -> tuple[float, float]:
        """The places of both ends of the horizontal axis."""
        low, high = self.x_range
        return self.along_x(low), self.along_x(high)

    def along_x(self, value: float) -> float:
        """The place of a value along the horizontal axis."""
        return value if self.x_scale is None else float(self.x_scale.places(value))

    def x(self, value: float) -> float:
        """The pixel of a value on the horizontal axis."""
        (low, high), value = self.x_ends, self.along_x(value)
        return self.area.left() + (value - low) / (high - low) * self.area.width()

    def y(self, value: float) -> float:
        """The pixel of a value on the vertical axis."""
        low, high = self.y_range
        return self.area.bottom() - (value - low) / (high - low) * self.area.height()

    def xs(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """`x` of many values."""
        low, high = self.x_ends
        if self.x_scale is not None:
            values = self.x_scale.places(values)
        return self.area.left() + (values - low) * (self.area.width() / (high - low))

    def ys(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """`y` of many values."""
        low, high = self.y_range
        return self.area.bottom() - (values - low) * (self.area.height() / (high - low))

    def pixels(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """The pixels of many points, shape (..., 2)."""
        return np.stack([self.xs(points[..., 0]), self.ys(points[..., 1])], axis=-1)

    def place(self, x: float, y: float) -> QPointF:
        """The pixel of a point."""
        return QPointF(self.x(x), self.y(y))

    def values(self, place: QPointF) -> tuple[float, float]:
        """The inverse of `place`."""
        part_x = (place.x() - self.area.left()) / self.area.width()
        part_y = (self.area.bottom() - place.y()) / self.area.height()
        (x0, x1), (y0, y1) = self.x_ends, self.y_range
        x = x0 + part_x * (x1 - x0)
        return x if self.x_scale is None else self.x_scale.value(x), y0 + part_y * (y1 - y0)

    def bounded(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Clip vertical values thousands of pixels away; the line looks as steep."""
        low, high = self.y_range
        reach = MAX_COORDINATE / self.area.height() * (high - low)
        return np.clip(values, low - reach, high + reach)


class PlotPane(QWidget, Generic[Picture]):
    """The base of the panes: `show_picture` and `set_unit` store what they get, and `_draw` draws all of it anew.

    It draws once, before the next painting: while a window is resized, size and unit change several times in between.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._unit = self._detail = 1.0
        self.picture: Picture | None = None
        """What it shows; None before the first."""
        self._look, self._legend = Look(), NO_LEGEND
        self._is_drawn = True
        self._grids: tuple[Grid, ...] = ()
        self._backdrop_colour = PALETTES[Theme.LIGHT].pane
        self._behind: tuple[Painted, ...] = ()
        self._axes: list[Painted] = []
        self._front: tuple[Painted, ...] = ()
        self._plot_cache = ImageCache()
        self._plot_key: tuple[object, ...] = ()

    def show_picture(self, picture: Picture, look: Look, legend: Legend = NO_LEGEND) -> None:
        """Draw this picture; the legend names the runs in it."""
        self.picture, self._look, self._legend = picture, look, legend
        palette = palette_of(look)
        self._backdrop_colour = palette.backdrop(palette.pane)
        # So that Qt does not paint the stage's background beneath; it asks before the painting.
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent, self._is_opaque)
        self._change()

    def set_unit(self, pixels: float) -> None:
        """Set the size of text and lines: 1.0 makes a title 18 pixels high."""
        self._unit = pixels
        self._change()

    def set_detail(self, detail: float) -> None:
        """Set how many times the screen's pixels images have on each side, for a drawing that is enlarged."""
        if detail != self._detail:
            self._detail = detail
            self._change()

    @property
    def words(self) -> tuple[Words, ...]:
        """The texts in the picture, without the numbers at the ticks."""
        self.draw()
        return tuple(thing for thing in (*self._behind, *self._front) if isinstance(thing, Words))

    @property
    def grids(self) -> tuple[Grid, ...]:
        """The place of each plot and the ranges of its axes."""
        self.draw()
        return self._grids

    @property
    def grid(self) -> Grid | None:
        """The (first) plot; None before the first picture."""
        return self.grids[0] if self.grids else None

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Redo the layout for the new size."""
        super().resizeEvent(event)
        self._change()

    def hideEvent(self, event: QHideEvent) -> None:
        """Free the images, each as large as the pane, for as long as nobody sees them."""
        super().hideEvent(event)
        self._free_images()
        if self.isHidden():  # not only its window: whoever shows it again gives it a picture
            self._forget()

    def _forget(self) -> None:
        """Forget the picture and what was drawn of it, which refer to images and to the data of its runs."""
        self.picture = None
        self._plot_key, self._behind, self._axes, self._front = (), (), [], ()

    def _free_images(self) -> None:
        self._plot_cache.clear()

    def event(self, event: QEvent) -> bool:
        """Redo the images in it for another screen's pixels."""
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._change()
        return super().event(event)

    @right_of_way
    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the picture."""
        self.draw()  # before there is a painter, which would be left open if that failed
        painter = QPainter(self)
        self.paint(painter)
        painter.end()

    def paint(self, painter: QPainter) -> None:
        """Paint the backdrop and what is on it, from the painter's origin on."""
        self.draw()
        self._paint_backdrop(painter)
        paint_all(painter, self._front)

    def _paint_backdrop(self, painter: QPainter) -> None:
        self._plot_cache.paint(painter, QRectF(self.rect()), self._plot_key, self._paint_behind, self._is_opaque)

    @property
    def _is_opaque(self) -> bool:
        return QColor(self._backdrop_colour).alpha() == 255

    def _paint_behind(self, painter: QPainter) -> None:
        painter.save()
        painter.setClipRect(self.rect())
        paint_backdrop(painter, QRectF(self.rect()), QColor(self._backdrop_colour))
        paint_all(painter, (*self._behind, *self._axes))
        painter.restore()

    def minimumSizeHint(self) -> QSize:
        """The smallest size in which a plot can be read."""
        return QSize(round(200 * self._unit), round(120 * self._unit))

    def draw(self) -> None:
        """Draw what has changed; nothing that was drawn is used before."""
        is_small = self.width() < MIN_SIZE.width() or self.height() < MIN_SIZE.height()
        if self._is_drawn or self.picture is None or is_small:
            return
        self._is_drawn = True
        self._draw(self.picture, style_of(palette_of(self._look), self._unit))

    def _change(self) -> None:
        """Draw anew before the next painting."""
        self._is_drawn = False
        self.update()

    def _draw(self, picture: Picture, style: Style) -> None:
        raise NotImplementedError

    def _show_grids(self, grids: Sequence[Grid], style: Style, behind: Iterable[Painted] = ()) -> None:
        """Set what the backdrop shows: plates, grid lines, what is ``behind``, and the axes on top of it."""
        self._grids = tuple(grids)
        key = (self._backdrop_colour, self._grids, style, self.size(), list(behind))
        if key != self._plot_key:
            self._plot_key = key
            papers = [thing for grid in grids for thing in _plate_and_grid(grid, style)]
            self._behind = (*papers, *key[-1])
            self._axes = [axis for grid in grids for axis in _axes(grid, style, float(self.height()))]

    def _show_front(self, things: Iterable[Painted]) -> None:
        """Set what is painted over everything else."""
        self._front = tuple(things)


def _plate_and_grid(grid: Grid, style: Style) -> list[Painted]:
    """The plate of the plot, unless see-through, with a thin line at every labelled tick."""
    palette, area = style.palette, grid.area
    columns = [round(grid.x(value)) + 0.5 for value, _ in grid.x_ticks.major]
    rows = [round(grid.y(value)) + 0.5 for value, _ in grid.y_ticks.major]
    lines = [line(QPointF(x, area.top()), QPointF(x, area.bottom())) for x in columns]
    lines += [line(QPointF(area.left(), y), QPointF(area.right(), y)) for y in rows]
    plate = [] if palette.see_through else [Shape(box(area), brush=QColor(palette.background))]
    return [*plate, *(Shape(one, style.pen(palette.grid, 1.0), clip=area, crisp=True) for one in lines)]


def _axes(grid: Grid, style: Style, pane_height: float) -> list[Painted]:
    """The axes below and left of the plot, each in the room between the plot and the edge of the pane."""
    area = grid.area
    below, left = QSizeF(area.width(), pane_height - area.bottom()), QSizeF(area.left(), area.height())
    return [
        Shifted(area.bottomLeft(), _axis(_placed_x_ticks(grid), grid.x_ends, below, style)),
        Shifted(QPointF(0.0, area.top()), _axis(grid.y_ticks, grid.y_range, left, style, is_left=True)),
    ]


def _placed_x_ticks(grid: Grid) -> Ticks:
    """The horizontal ticks by their places."""
    major = tuple((grid.along_x(value), label) for value, label in grid.x_ticks.major)
    return Ticks(major, tuple(grid.along_x(value) for value in grid.x_ticks.minor))


def _axis(
    ticks: Ticks, shown: tuple[float, float], size: QSizeF, style: Style, *, is_left: bool = False
) -> tuple[Painted, ...]:
    """The line of an axis, its visible ticks, and as many of their numbers as have room.

    size: of that room, in whose upper left corner the coordinates begin.
    """
    (low, high), number, quiet = shown, style.number, style.palette.quiet
    length, start = (-size.height(), size.height()) if is_left else (size.width(), 0.0)
    scale = length / (high - low)
    offset = low * scale - start
    first, last = sorted(value * scale - offset for value in shown)
    long, gap, height = round(5 * style.unit), round(3 * style.unit), 0.8 * height_of(number)
    metrics = QFontMetricsF(number)
    beyond = (0.0, -OVERHANG, 0.0, OVERHANG) if is_left else (-OVERHANG, 0.0, OVERHANG, 0.0)
    room = QRectF(QPointF(0.0, 0.0), size).adjusted(*beyond)
    align = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter if is_left else Qt.AlignmentFlag.AlignHCenter

    def at(along: float, away: float) -> QPointF:
        return QPointF(size.width() - away, along) if is_left else QPointF(along, away)

    axis_line = line(at(-1.0, 1.0), at(abs(length) + 1.0, 1.0))
    # As many pixels on either side: any other width would be rounded, on a sharp screen to another one.
    width = 2 * max(1, round(0.6 * style.unit)) / style.unit
    things: list[Painted] = [Shape(axis_line, style.pen(quiet, width), crisp=True)]
    labelled = [(value, long, label) for value, label in ticks.major]
    for value, reach, label in [*labelled, *((value, long / 1.5, "") for value in ticks.minor)]:
        along = value * scale - offset
        if not first <= along <= last:
            continue
        things.append(Shape(line(at(along, 0.0), at(along, reach)), style.pen(quiet, 1.0), crisp=True))
        width = metrics.horizontalAdvance(label)  # with the exponent in full size: slightly too wide
        corner = at(along, long + gap) - (QPointF(width, height / 2) if is_left else QPointF(width / 2, 0.0))
        rect = QRectF(corner, QSizeF(width, height))
        if label and room.contains(rect):
            things.append(Words(label, rect, number, style.palette.text, align=align))
    return tuple(things)
