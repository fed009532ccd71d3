"""A pane with plots: a ground with axes that stand where the pane says, kept as an image, and what is painted on it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from gdviz.plotting.image_cache import ImageCache
from gdviz.plotting.shapes import Layer, Painted, Shape, Words, box, line, paint_things
from gdviz.plotting.style import FARTHEST, Style, ValueAxis
from gdviz.plotting.ticks import Ticks
from gdviz.plotting.vector_output import draws_vectors, paint_ground
from gdviz.presentation.look import Look, Theme
from gdviz.presentation.palette import PALETTES, palette_of
from gdviz.presentation.run_names import NO_LEGEND, Legend

Picture = TypeVar("Picture")
"""What a pane shows, a frozen value that is built without Qt."""
SMALLEST = QSize(120, 90)
"""Nothing is drawn in a smaller pane."""


@dataclass(frozen=True, eq=False)
class Grid:
    """Where the plot stands in the pane, which values it shows, and its ticks."""

    area: QRectF
    x_range: tuple[float, float]
    y_range: tuple[float, float]
    x_ticks: Ticks
    y_ticks: Ticks

    def x(self, value: float) -> float:
        """The pixel of a value on the horizontal axis."""
        low, high = self.x_range
        return self.area.left() + (value - low) / (high - low) * self.area.width()

    def y(self, value: float) -> float:
        """The pixel of a value on the vertical axis."""
        low, high = self.y_range
        return self.area.bottom() - (value - low) / (high - low) * self.area.height()

    def xs(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """`x` of many values."""
        low, high = self.x_range
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
        (x0, x1), (y0, y1) = self.x_range, self.y_range
        return x0 + part_x * (x1 - x0), y0 + part_y * (y1 - y0)

    def bounded(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Vertical values, those thousands of pixels away brought nearer; the eye sees the same steep line."""
        low, high = self.y_range
        reach = FARTHEST / self.area.height() * (high - low)
        return np.clip(values, low - reach, high + reach)


class Plot:
    """A ViewBox with an axis on the left and one below, all placed by the pane."""

    def __init__(self, view: pg.GraphicsView) -> None:
        self.box = pg.ViewBox(enableMouse=False, enableMenu=False, defaultPadding=0.0)
        self.box.disableAutoRange()
        self.bottom, self.left = ValueAxis("bottom"), ValueAxis("left")
        self.shown: tuple[object, ...] | None = None
        self.paper: list[Painted] = []
        for item in (self.box, self.bottom, self.left):
            view.addItem(item)
        self.bottom.linkToView(self.box)
        self.left.linkToView(self.box)

    def show(self, grid: Grid, style: Style, pane_height: float) -> None:
        """Stand where the grid says and show its values and ticks; cheap where they are the same."""
        area = grid.area
        wanted = (area.getRect(), grid.x_range, grid.y_range, grid.x_ticks, grid.y_ticks, style, pane_height)
        if wanted == self.shown:
            return
        self.shown, self.paper = wanted, _paper(grid, style)
        self.box.setGeometry(area)
        self.box.setRange(xRange=grid.x_range, yRange=grid.y_range, padding=0, disableAutoRange=True)
        self.left.setWidth(area.left())
        self.left.setGeometry(QRectF(0.0, area.top(), area.left(), area.height()))
        self.bottom.setHeight(pane_height - area.bottom())
        self.bottom.setGeometry(QRectF(area.left(), area.bottom(), area.width(), pane_height - area.bottom()))
        self.bottom.show_ticks(grid.x_ticks, style)
        self.left.show_ticks(grid.y_ticks, style)

    def set_visible(self, visible: bool) -> None:
        """Show or hide all of it."""
        for item in (self.box, self.bottom, self.left):
            item.setVisible(visible)

    def paint_vectors(self, painter: QPainter) -> None:
        """Paint all of it into a file of vectors."""
        if self.box.isVisible():
            self.bottom.paint_vectors(painter)
            self.left.paint_vectors(painter)


class PlotPane(QWidget, Generic[Picture]):
    """The base of the panes: `show_picture` and `set_unit` keep what they got, and `_draw` paints all of it anew."""

    def __init__(self, parent: QWidget | None = None, plots: int = 1) -> None:
        super().__init__(parent)
        self._unit = self._detail = 1.0
        self.picture: Picture | None = None
        """What it shows; None before the first."""
        self._look, self._legend = Look(), NO_LEGEND
        self.grids: tuple[Grid, ...] = ()
        """Where each plot stands and what its axes show."""
        self._framed, self._ground = QSize(), ""
        self._view = pg.GraphicsView(self, background=PALETTES[Theme.LIGHT].pane)
        # The pane paints the view's scene itself, and all mouse events are the pane's. A visible view would ask to be
        # painted by an event of its own, and the whole window would be put together once for every plot.
        self._view.hide()
        self._back = Layer(-2000.0)
        self._view.addItem(self._back)
        self._front: tuple[Painted, ...] = ()
        self._ground_cache = ImageCache()
        self._ground_key: tuple[object, ...] = ()
        self.plots = tuple(Plot(self._view) for _ in range(plots))

    def show_picture(self, picture: Picture, look: Look, legend: Legend = NO_LEGEND) -> None:
        """Draw this picture; the legend names the runs in it."""
        self.picture, self._look, self._legend = picture, look, legend
        self._draw_all()

    def set_unit(self, pixels: float) -> None:
        """Set how large text and lines are: 1.0 makes a title 18 pixels high."""
        self._unit = pixels
        self._draw_all()

    def set_detail(self, detail: float) -> None:
        """Give images so many times the pixels of the screen on each side, for a drawing that is enlarged."""
        if detail != self._detail:
            self._detail = detail
            self._draw_all()

    @property
    def words(self) -> tuple[Words, ...]:
        """The texts in the picture, without the numbers at the ticks."""
        return self._back.words + tuple(thing for thing in self._front if isinstance(thing, Words))

    @property
    def grid(self) -> Grid | None:
        """Where the (first) plot stands and what its axes show; None before the first picture."""
        return self.grids[0] if self.grids else None

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay everything out anew for the new size."""
        super().resizeEvent(event)
        self._draw_all()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the picture."""
        painter = QPainter(self)
        self.paint(painter)
        painter.end()

    def paint(self, painter: QPainter) -> None:
        """Paint the ground and what is on it, from the painter's origin on."""
        opaque = QColor(self._ground).alpha() == 255
        self._ground_cache.paint(painter, QRectF(self.rect()), self._ground_key, self._paint_ground, opaque)
        paint_things(painter, self._front)

    def _paint_ground(self, painter: QPainter) -> None:
        """Paint the scene: plates, grid lines, what is behind, axes."""
        if not draws_vectors(painter):
            self._view.render(painter, QRectF(self.rect()), self.rect())
            return
        paint_ground(painter, QRectF(self.rect()), QColor(self._ground))
        self._back.paint_things(painter)
        for plot in self.plots:
            plot.paint_vectors(painter)

    def minimumSizeHint(self) -> QSize:
        """The least size in which a plot can be read."""
        return QSize(round(200 * self._unit), round(120 * self._unit))

    def _draw_all(self) -> None:
        if self._framed != self.size():
            self._framed = self.size()
            self._view.resize(self.size())
            # A hidden view hears of its size only when it is rendered; its scene must be as large already.
            self._view.setRange(QRectF(self.rect()), padding=0, disableAutoPixel=False)
        if self.picture is None or self.width() < SMALLEST.width() or self.height() < SMALLEST.height():
            return
        palette = palette_of(self._look)
        style = Style(palette, self._unit)
        if self._ground != palette.ground(palette.pane):
            self._ground = palette.ground(palette.pane)
            self._view.setBackground(QColor(self._ground))
        self._draw(self.picture, style)
        self.update()

    def _draw(self, picture: Picture, style: Style) -> None:
        raise NotImplementedError

    def _show_grids(self, grids: Sequence[Grid], style: Style, behind: Iterable[Painted] = ()) -> None:
        """Put plots and axes in place; paint the plates, the grid lines and, on top of them, what is ``behind``."""
        self.grids = tuple(grids)
        for index, plot in enumerate(self.plots):
            plot.set_visible(index < len(grids))
            if index < len(grids):
                plot.show(grids[index], style, float(self.height()))
        shown = self.plots[: len(grids)]
        key = (self._ground, [plot.shown for plot in shown], list(behind))
        if key != self._ground_key:
            self._ground_key = key
            papers = [thing for plot in shown for thing in plot.paper]
            self._back.show_things([*papers, *key[2]], QRectF(self.rect()))

    def _show_front(self, things: Iterable[Painted]) -> None:
        """Paint these over everything else."""
        self._front = tuple(things)


def _paper(grid: Grid, style: Style) -> list[Painted]:
    """The plate of the plot, where there is a ground, with a thin line at every labelled tick."""
    palette, area = style.palette, grid.area
    columns = [round(grid.x(value)) + 0.5 for value, _ in grid.x_ticks.major]
    rows = [round(grid.y(value)) + 0.5 for value, _ in grid.y_ticks.major]
    lines = [line(QPointF(x, area.top()), QPointF(x, area.bottom())) for x in columns]
    lines += [line(QPointF(area.left(), y), QPointF(area.right(), y)) for y in rows]
    plate = [] if palette.see_through else [Shape(box(area), brush=QColor(palette.background))]
    return [*plate, *(Shape(one, style.pen(palette.grid, 1.0), clip=area, crisp=True) for one in lines)]
