"""The plot of the effective rates, told apart by colour and dash, with the learning rate as a thin line."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPen

from gdviz.panes.effective_rate.picture import EffectiveRatePicture, RateCurve
from gdviz.plotting.axes_layout import MARGIN, Axes, lay_out_axes, title_bottom, title_words, x_name_words
from gdviz.plotting.curves import dots, lone_points, stroked
from gdviz.plotting.pane import AxisScale, Grid, PlotPane
from gdviz.plotting.placement import note
from gdviz.plotting.run_legend import Entry, line_legend
from gdviz.plotting.shapes import Painted, Shape, circle, stacked_radii
from gdviz.plotting.style import Style, shrunk_to_fit
from gdviz.plotting.ticks import log_step_ticks, log_ticks, whole_ticks
from gdviz.presentation.look import StepScale
from gdviz.presentation.palette import DASHES
from gdviz.presentation.step_scale import log_places, step_at

TITLE = "EFFECTIVE RATE"
LEGEND_LEAST = (420.0, 190.0)
"""Width and height in units; in a smaller pane the legend shrinks."""
LONE_RADIUS, MARKER_RADIUS = 2.6, 5.0
"""Radius of the dot at a point between two gaps, and of the current one, in units."""
LOG_STEPS = AxisScale(log_places, step_at)


class EffectiveRatePlot(PlotPane[EffectiveRatePicture]):
    """Shows step length over gradient length for each parameter of the live run."""

    def _draw(self, picture: EffectiveRatePicture, style: Style) -> None:
        unit, width = style.unit, float(self.width())
        is_log = picture.step_scale is StepScale.LOG
        kind = "log, log steps" if is_log else "log"
        head = title_words(TITLE, f"({kind}) of {picture.run}" if picture.run else f"({kind})", width, style)
        small = shrunk_to_fit(style, self.size(), LEGEND_LEAST)
        named = [Entry(curve.name, (pen,)) for curve, pen in _drawn(picture, small)]
        begin, right = QPointF(MARGIN * unit, title_bottom(style) + unit), width - MARGIN * unit
        entries, below = line_legend(named, begin, right, small)
        if picture.note:
            head.append(note(picture.note, MARGIN * unit, below, width - 2 * MARGIN * unit, small, most_lines=2))
            below = head[-1].rect.bottom()
        steps, scale = (log_step_ticks, LOG_STEPS) if is_log else (whole_ticks, None)
        axes = Axes(picture.step_range, picture.value_range, steps, log_ticks, "step", scale)
        grid = lay_out_axes(QRectF(self.rect()), below + unit, axes, style)
        self._show_grids([grid], style, [*head, *entries, x_name_words(grid, "step", style)])
        drawn = _drawn(picture, style)
        # The dashed curve is on the solid one, so that both are seen where they coincide, and the rate below both.
        lines = [shape for curve, pen in (*drawn[2:], *drawn[:2]) for shape in _curve(curve, pen, grid, style)]
        self._show_front([*lines, *_markers(picture, grid, style)])


def _drawn(picture: EffectiveRatePicture, style: Style) -> list[tuple[RateCurve, QPen]]:
    """The curves with their pens, the learning rate last."""
    palette, (first, second) = style.palette, picture.curves
    found = [(first, style.pen(palette.accent, 3.4)), (second, style.pen(palette.inside[3], 2.4, DASHES[1]))]
    if picture.learning_rate is not None:
        found.append((picture.learning_rate, style.pen(palette.text, 1.0)))
    return found


def _pixels(curve: RateCurve, grid: Grid) -> NDArray[np.float64]:
    return np.stack([grid.xs(curve.steps), grid.ys(grid.bounded(curve.values))], axis=1)


def _curve(curve: RateCurve, pen: QPen, grid: Grid, style: Style) -> list[Shape]:
    """The curve, and dots at the points between two gaps."""
    places = _pixels(curve, grid)
    shapes, lone = stroked(places, pen, grid.area), lone_points(places, curve.current is not None)
    return [*shapes, Shape(dots(lone, LONE_RADIUS * style.unit), brush=pen.color())] if len(lone) else shapes


def _markers(picture: EffectiveRatePicture, grid: Grid, style: Style) -> list[Painted]:
    """A dot at the current rate of each parameter, the second on top; one below it is larger, so that both are seen."""
    edge, drawn = style.pen(style.palette.background, 1.6), _drawn(picture, style)[1::-1]
    places = [(grid.place(*curve.current), pen) for curve, pen in drawn if curve.current is not None]
    radii = stacked_radii([place for place, _ in places], MARKER_RADIUS * style.unit)
    dots = [Shape(circle(place, radius), edge, pen.color()) for (place, pen), radius in zip(places, radii, strict=True)]
    return list[Painted](dots[::-1])
