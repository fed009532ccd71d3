"""The pane with the loss against the step: curves, the minimum, and marks where values become infinite or NaN."""

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter
from PySide6.QtWidgets import QWidget

from gdviz.panes.loss.labels import annotations, floor_lines, shown_marks
from gdviz.panes.loss.marks import Mark
from gdviz.panes.loss.picture import LossCurve, LossPicture
from gdviz.panes.loss.rates import RateStrip
from gdviz.panes.loss.run_buttons import RunButtons
from gdviz.panes.loss.strip import (
    behind_strip,
    front_of_strip,
    handle_at,
    names_key,
    strip_grid,
    strip_height,
    strip_names,
    strip_ticks,
)
from gdviz.plotting.axes_layout import MARGIN, Axes, lay_out_axes, points_along, title_bottom, title_words, x_name_words
from gdviz.plotting.curves import dots, lone_points
from gdviz.plotting.growing import Backdrop, Curve, GrowingCurves
from gdviz.plotting.image_cache import LatestResult
from gdviz.plotting.pane import AxisScale, Grid, PlotPane
from gdviz.plotting.placement import LabelPlacer, hatched, minimum_line, note, run_markers
from gdviz.plotting.run_legend import EMPTY_LEGEND, row_legend
from gdviz.plotting.shapes import Painted, Shape, Words, moved_inside
from gdviz.plotting.style import Style, faded, height_of, shrunk_to_fit
from gdviz.plotting.text import width_of
from gdviz.plotting.ticks import Ticks, linear_ticks, log_step_ticks, log_ticks, whole_ticks
from gdviz.presentation.look import LossScale, StepScale
from gdviz.presentation.numbers import format_number, power_of_ten
from gdviz.presentation.palette import DASHES
from gdviz.presentation.step_scale import log_places, step_at
from gdviz.widgets.plain import handles_tooltip

MARK_REACH, HANDLE_REACH = 9.0, 10.0
"""A mark's tooltip is shown within this many units of its line; a handle can be grabbed within as many of it."""
LEGEND_PART, MOST_BELOW = 0.22, 0.3
"""Largest share of the pane's height for the legend of several runs, and of the plot's for room below the minimum."""
LEGEND_LEAST = (420.0, 190.0)
"""Width and height in units; in a smaller pane the legend shrinks."""
LONE_RADIUS = 3.0
"""Radius of the dot at a point between two gaps, in units."""
TITLE, TITLE_WITH_RATES = "LOSS AGAINST STEP", "RATE AND LOSS AGAINST STEP"
STRIP_GAP, BELOW_PLOTS = 2.0, 40.0
"""Units between the strip of the rates and the loss, and below both for the numbers of the steps."""
LOG_STEPS = AxisScale(log_places, step_at)


class LossPlot(PlotPane[LossPicture]):
    """Shows the loss of each run against the step; a click emits its step."""

    step_clicked = Signal(int)
    """The user clicked on this step."""
    handle_pressed = Signal()
    """The user grabbed a handle of the curve of the rates."""
    handle_dragged = Signal(int, int, float)
    """The user dragged the handle with this index to this step and rate."""
    handle_released = Signal()
    """The user released the handle."""
    run_chosen = Signal(int)
    """The user chose the run of this style, by its entry in the legend, as the live one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._run_legend = EMPTY_LEGEND
        self.run_buttons = RunButtons(self)
        self.run_buttons.run_chosen.connect(self.run_chosen)
        self._curves = GrowingCurves()
        self._strip_names = LatestResult[list[Painted]]()
        self._grabbed: tuple[int, RateStrip, Grid] | None = None
        self.setMouseTracking(True)

    def _free_images(self) -> None:
        super()._free_images()
        self._curves.clear()

    def _draw(self, picture: LossPicture, style: Style) -> None:
        unit, room = style.unit, self.width() - 2 * MARGIN * style.unit
        place = (MARGIN * unit, title_bottom(style), room, LEGEND_PART * self.height())
        # In a small pane the legend shrinks, or four runs would not fit.
        self._run_legend = row_legend(self._legend, place, shrunk_to_fit(style, self.size(), LEGEND_LEAST))
        self.run_buttons.cover(self._legend, self._run_legend.places, style.palette)
        is_log, name = picture.step_scale is StepScale.LOG, picture.scale.value
        top = title_bottom(style) + self._run_legend.height
        notes = [note(picture.note, MARGIN * unit, top, room, style, most_lines=2)] if picture.note else []
        head_bottom = max([title_bottom(style), *(words.rect.bottom() for words in notes)])
        # The plot begins below title, legend and note, and below the power of ten above the axis.
        exponent_height = height_of(style.number) - 2 * unit if picture.exponent else 0.0
        strip, above, ticks = self._strip_above(picture, max(head_bottom, top) + 2 * unit, style)
        top = max(head_bottom + 2 * unit + exponent_height, top + 2 * unit)
        if strip is not None:
            # The power of ten also stands clear of the lowest number of the strip.
            clear = height_of(style.number) / 2 if picture.exponent else 0.0
            top = above.bottom() + STRIP_GAP * unit + exponent_height + clear
        title, scales = TITLE if strip is None else TITLE_WITH_RATES, f"({name}, log steps)" if is_log else f"({name})"
        head = [*title_words(title, scales, float(self.width()), style), *notes]
        scaled = log_ticks if picture.scale is LossScale.LOG else linear_ticks
        steps, placed = (log_step_ticks, LOG_STEPS) if is_log else (whole_ticks, None)
        numbers = max((width_of(style.number, label) for _, label in ticks.major), default=0.0)
        axes = Axes(picture.step_range, picture.value_range, steps, scaled, "step", placed, numbers)
        grid = lay_out_axes(QRectF(self.rect()), top, axes, style)
        values = _with_room_below(picture, grid.area.height(), style)
        if values != picture.value_range:
            grid = lay_out_axes(QRectF(self.rect()), top, replace(axes, y_range=values), style)
        behind: list[Painted] = [*head, *self._run_legend.things, x_name_words(grid, "step", style)]
        if picture.exponent:
            behind.append(_exponent_words(picture.exponent, grid, style))
        behind += hatched(picture.hatched, grid, style)
        if picture.minimum is not None:
            behind.append(minimum_line(picture.minimum, grid, style))
        grids, front = [grid], list[Painted]()
        if strip is not None:
            area = QRectF(grid.area.left(), above.top(), grid.area.width(), above.height())
            grids.append(strip_grid(strip, ticks, area, grid))
            behind += behind_strip(strip, grids[1], style)
            described = strip, grids[1], style
            names = self._strip_names.of(names_key(*described), lambda: strip_names(*described))
            front = front_of_strip(*described, names)
        self._show_grids(grids, style, behind)
        curves = [_curve(curve, grid, style) for curve in picture.curves]
        self._curves.show(curves[::-1], grid.area)
        places = [(curve.style, grid.place(*curve.current)) for curve in picture.curves if curve.current is not None]
        markers = run_markers(places, style)
        along = points_along(curve.places for curve in curves)
        labels = LabelPlacer(grid.area, [shape.path.boundingRect() for shape in markers], along, style)
        floors = floor_lines(picture.noise_floors, grid, style)
        self._show_front([*front, *floors, *annotations(picture, grid, labels), *markers])

    def _paint_backdrop(self, painter: QPainter) -> None:
        """Paint it with the curves, which grow with every step, on it."""
        paint = super()._paint_backdrop
        self._curves.paint(painter, Backdrop(QRectF(self.rect()), self._plot_key, paint, self._is_opaque))

    def _strip_above(self, picture: LossPicture, top: float, style: Style) -> tuple[RateStrip | None, QRectF, Ticks]:
        """The strip of the rates, the room above the loss that it has, and its ticks; None where there is no room."""
        height = 0.0 if picture.rates is None else strip_height(self.height() - top - BELOW_PLOTS * style.unit, style)
        room = QRectF(0.0, round(top + height_of(style.number) / 2), float(self.width()), height)
        if picture.rates is None or not height:
            return None, room, Ticks(())
        return picture.rates, room, strip_ticks(picture.rates, height, style)

    def mark_at(self, place: QPointF) -> tuple[Mark, ...]:
        """The marks at that place: the one whose label is there, else all whose lines are near."""
        grid = self.grid
        if self.picture is None or grid is None:
            return ()
        shown, reach = shown_marks(self.picture.marks, grid), MARK_REACH * self._unit
        for words in self.words:
            # A label may have several lines, each of them a text of its own.
            named = tuple(mark for mark in shown if words.text in mark.label and words.rect.contains(place))
            if named:
                return named
        is_inside = grid.area.contains(place)
        return tuple(mark for mark in shown if is_inside and abs(grid.x(mark.step) - place.x()) <= reach)

    def event(self, event: QEvent) -> bool:
        """Show as a tooltip the explanation of the mark, or the whole of a shortened name, under the pointer."""
        return handles_tooltip(event, self, self._tooltip_at) or super().event(event)

    def _tooltip_at(self, place: QPointF) -> str:
        if (grabbed := self._handle_at(place)) is not None:
            index, strip, _ = grabbed
            step, value = strip.handles[index]
            return f"learning rate {format_number(strip.rate(value))} at step {step:,.0f}; drag it"
        told = [text for mark in self.mark_at(place) for text in (mark.label, *mark.explanation.splitlines())]
        return "\n".join(told) or self._run_legend.full_text(place)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Grab the handle under the pointer, or else emit the clicked step."""
        place = event.position()
        if event.button() is Qt.MouseButton.LeftButton and (grabbed := self._handle_at(place)) is not None:
            self._grabbed = grabbed
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self.handle_pressed.emit()
            return
        grid = next((grid for grid in self.grids if grid.area.contains(place)), None)
        if event.button() is not Qt.MouseButton.LeftButton or grid is None:
            super().mousePressEvent(event)
            return
        self.step_clicked.emit(round(grid.values(place)[0]))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the handle that is grabbed; show a hand where one can be grabbed."""
        place = event.position()
        if self._grabbed is not None:
            # On the axes of the press: those of the moment follow the handle, which would be dragged ever further.
            index, strip, grid = self._grabbed
            inside = moved_inside(QRectF(place, place), grid.area).topLeft()
            step, value = grid.values(inside)
            self.handle_dragged.emit(index, round(step), max(0.0, strip.rate(value)))
        elif self._handle_at(place) is not None:
            self.setCursor(Qt.CursorShape.OpenHandCursor)
        else:
            self.unsetCursor()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Release the handle."""
        if self._grabbed is None or event.button() is not Qt.MouseButton.LeftButton:
            super().mouseReleaseEvent(event)
            return
        self._grabbed = None
        self.unsetCursor()
        self.handle_released.emit()

    def _handle_at(self, place: QPointF) -> tuple[int, RateStrip, Grid] | None:
        """The index of the handle at that place, and the strip and its axes; None where there is none."""
        if self.picture is None or self.picture.rates is None or len(self.grids) < 2:
            return None
        strip, grid = self.picture.rates, self.grids[1]
        index = handle_at(strip, grid, place, HANDLE_REACH * self._unit)
        return None if index is None else (index, strip, grid)


def _with_room_below(picture: LossPicture, height: float, style: Style) -> tuple[float, float]:
    """The range of values in a plot ``height`` pixels high: for several runs, with room for a label below the minimum.

    No curve passes below it, while above it there may be one anywhere.
    """
    (low, high), minimum = picture.value_range, picture.minimum
    if len(picture.curves) == 1 or minimum is None or minimum >= high:
        return low, high
    part = min(MOST_BELOW, (height_of(style.text) + 3 * style.unit) / max(height, 1.0))
    return min(low, (minimum - part * high) / (1.0 - part)), high


def _exponent_words(exponent: int, grid: Grid, style: Style) -> Words:
    text = f"×{power_of_ten(exponent)}"
    width, height = width_of(style.number, text), height_of(style.number)
    top = grid.area.top() - height - height / 2
    rect = QRectF(grid.area.left() - width + 4 * style.unit, top, width, height)
    return Words(text, moved_inside(rect, QRectF(2.0, top, width * 9, height)), style.number, style.palette.text)


def _curve(curve: LossCurve, grid: Grid, style: Style) -> Curve:
    """The curve in pixels, with dots at the points between two gaps."""
    colour = style.palette.runs[curve.style]
    places = np.stack([grid.xs(curve.steps), grid.ys(grid.bounded(curve.values))], axis=1)
    lone = lone_points(places, curve.current is not None)
    marks = Shape(dots(lone, LONE_RADIUS * style.unit), brush=faded(colour, 1.0)) if len(lone) else None
    return Curve(places, style.pen(colour, 2.4, DASHES[curve.style]), marks)
