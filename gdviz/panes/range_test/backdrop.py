"""The parts of the loss-against-rate plot that rarely change while the curve grows: axes, vertical lines, labels."""

import numpy as np
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPen

from gdviz.core.frozen import frozen
from gdviz.panes.range_test.labels import Label, PlacedLabel, place_labels, suggestion_pen
from gdviz.panes.range_test.picture import Mark, RatePicture, Suggestion, Sweep
from gdviz.plotting.axes_layout import MARGIN, Axes, lay_out_axes, points_along, title_bottom, title_words, x_name_words
from gdviz.plotting.pane import Grid
from gdviz.plotting.placement import PLATE, LabelPlacer, hatched, hatching, label_width, minimum_line, note, vertical
from gdviz.plotting.shapes import Painted, Shape, Words, moved_inside
from gdviz.plotting.style import Style, faded, height_of
from gdviz.plotting.ticks import log_ticks

TITLE = "LOSS AGAINST LEARNING RATE"
MINIMUM_NAME, X_NAME = "lowest known loss", "rate"
LIMIT_WIDTH = 9.0
"""Width of the hatching right of the stability limit, in units."""
_ORDER = ("limit", "minimum", "tenth", "best", "valley", "steep", "slide")
"""The order in which labels are placed."""


@frozen(eq=False)
class Backdrop:
    """The grid, what is painted below and above the curve, and the labels of what is known so far."""

    grid: Grid
    behind: list[Painted]
    front: list[Painted]
    labels: tuple[PlacedLabel, ...]


def build_backdrop(picture: RatePicture, size: QSize, style: Style) -> Backdrop:
    """Lay out all but the curve and the marker in a pane of that size."""
    sweep = picture.sweep
    head = _head(sweep, float(size.width()), style)
    grid = _grid(sweep, max(words.rect.bottom() for words in head) + 2 * style.unit, size, style)
    behind: list[Painted] = [*head, x_name_words(grid, X_NAME, style), *hatched(picture.hatched, grid, style)]
    curves = [
        np.stack([grid.xs(sweep.rates[: len(values)]), grid.ys(values)], axis=1) for values in (sweep.values, sweep.raw)
    ]
    placer = LabelPlacer(grid.area, [], points_along(curves, spacing=6.0), style)
    front: list[Painted] = []
    if sweep.minimum is not None:
        behind.append(minimum_line(sweep.minimum, grid, style))
        front.append(_minimum_words(grid.y(sweep.minimum), placer))
    # All labels are placed, so that none moves when another appears, but only those known so far are shown.
    known = {*picture.suggestions, *picture.marks, picture.stop}
    labels = tuple(one for one in place_labels(_labels(picture, grid, style), placer) if one.label.item in known)
    front += [thing for one in labels for thing in one.things(style)]
    suggested = [one.label for one in labels if isinstance(one.label.item, Suggestion)]
    for label in (*reversed(suggested), *(one.label for one in labels[len(suggested) :])):
        if label.item.name == "limit":
            width = min(LIMIT_WIDTH * style.unit, grid.area.right() - label.x)
            behind.append(hatching(QRectF(label.x, grid.area.top(), width, grid.area.height()), style))
        behind.append(Shape(vertical(label.x, grid.area), label.pen, clip=grid.area))
    return Backdrop(grid, behind, front, labels)


def _grid(sweep: Sweep, top: float, size: QSize, style: Style) -> Grid:
    """The axes below the heading, with room for the horizontal axis's name left of its first tick label."""
    axes = Axes(sweep.rate_range, sweep.value_range, log_ticks, log_ticks, X_NAME)
    room = QRectF(0.0, 0.0, size.width(), size.height())
    grid = lay_out_axes(room, top, axes, style)
    missing = 4 * style.unit - x_name_words(grid, X_NAME, style).rect.left()
    return lay_out_axes(room.adjusted(missing, 0.0, 0.0, 0.0), top, axes, style) if missing > 0 else grid


def _head(sweep: Sweep, width: float, style: Style) -> list[Words]:
    """The title, its addition beside it or, if that does not fit, below, then the note."""
    words = max((title_words(TITLE, addition, width, style) for addition in sweep.additions), key=len)
    top, margin = title_bottom(style), MARGIN * style.unit
    for text in (sweep.additions[0] if len(words) == 1 else "", sweep.note):
        if text:
            words.append(note(text, margin, top, width - 2 * margin, style))
            top = words[-1].rect.bottom()
    return words


def _labels(picture: RatePicture, grid: Grid, style: Style) -> list[Label]:
    """The labels of all lines at the end of the sweep, the most important first."""
    (low, high), palette, sweep = grid.x_range, style.palette, picture.sweep
    suggested = sorted(picture.judged, key=lambda one: _ORDER.index(one.name))
    lines: list[tuple[Suggestion | Mark, QPen]] = []
    lines += [(one, suggestion_pen(one.name, style)) for one in suggested if low <= one.place <= high]
    lines += [(mark, style.pen(palette.warning, 1.6)) for mark in sweep.marks]
    labels = [Label(item, grid.x(item.place), pen) for item, pen in lines]
    if sweep.stop is not None:
        labels.append(Label(sweep.stop, grid.x(sweep.stop.place), style.pen(palette.quiet, 1.2), is_sentence=True))
    return labels


def _minimum_words(y: float, placer: LabelPlacer) -> Words:
    """The name of the line of the lowest known loss, above or below it, where it covers the least."""
    style, area = placer.style, placer.room
    unit, width, height = style.unit, label_width([MINIMUM_NAME], style), height_of(style.text)
    lefts = (area.left() + 4 * unit, area.center().x() - width / 2, area.right() - width - 4 * unit)
    tops = (y - height - unit, y + unit)
    candidates = [moved_inside(QRectF(left, top, width, height), area) for top in tops for left in lefts]
    return placer.put_in(MINIMUM_NAME, candidates, style.palette.accent, faded(style.palette.background, PLATE))
