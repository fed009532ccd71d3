"""What stands still on the plot of loss against rate while its curve is drawn: axes, lines of the rates, labels."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QPen

from gdviz.panes.range_test.labels import PLATE, Label, Placed, label_things, label_width, pick_colour, pick_pen, placed
from gdviz.panes.range_test.picture import RatePicture
from gdviz.panes.range_test.sweep import Mark, Pick
from gdviz.plotting.axes_layout import MARGIN, Axes, along, arranged, title_bottom, title_words, x_name_words
from gdviz.plotting.pane import Grid
from gdviz.plotting.shapes import Painted, Shape, Words, box, freest, kept_inside, line
from gdviz.plotting.style import Style, faded, height_of
from gdviz.plotting.text import width_of
from gdviz.plotting.ticks import log_ticks

TITLE = "LOSS AGAINST LEARNING RATE"
LOWEST, X_NAME = "lowest known loss", "rate"
WALL = 9.0
"""Units that the hatching behind the stability limit is wide."""
_ORDER = ("limit", "minimum", "tenth", "best", "valley", "steep", "slide")
"""Whose label takes the first choice of places."""


@dataclass(frozen=True, eq=False)
class Still:
    """The plot's place, what lies under the curve and what over it, and which label and line belongs to what."""

    grid: Grid
    behind: tuple[Painted, ...]
    front: tuple[Painted, ...]
    named: tuple[tuple[Pick | Mark, Placed], ...]


def draw_still(picture: RatePicture, size: QSize, style: Style) -> Still:
    """All of the picture but its curve and its marker, in a pane of that size."""
    sweep = picture.sweep
    head = _head(picture, float(size.width()), style)
    grid = _grid(picture, max(words.rect.bottom() for words in head) + 2 * style.unit, size, style)
    curves = [
        np.stack([grid.xs(sweep.rates[: len(values)]), grid.ys(values)], axis=1) for values in (sweep.values, sweep.raw)
    ]
    curve = along(curves, spacing=6.0)
    labels = _labels(picture, grid, style)
    lowest = _lowest_words(picture, grid, curve, style)
    found = placed([label for _, label in labels], grid.area, [words.rect for words in lowest], curve, style)
    # All of them get their places, so that none moves when another one comes; shown is what is known by now.
    shown = {*_known_picks(picture), *picture.marks, picture.stop}
    named = tuple((thing, place) for (thing, _), place in zip(labels, found, strict=True) if thing in shown)
    behind = [*head, x_name_words(grid, X_NAME, style), *_behind(picture, grid, style)]
    return Still(grid, tuple(behind), (*lowest, *label_things([place for _, place in named], style)), named)


def _grid(picture: RatePicture, top: float, size: QSize, style: Style) -> Grid:
    """The axes below the head, with room for the name of the horizontal one left of its first number."""
    axes = Axes(picture.sweep.rate_range, picture.sweep.value_range, log_ticks, log_ticks, X_NAME)
    room = QRectF(0.0, 0.0, size.width(), size.height())
    grid = arranged(room, top, axes, style)
    missing = 4 * style.unit - x_name_words(grid, X_NAME, style).rect.left()
    return arranged(room.adjusted(missing, 0.0, 0.0, 0.0), top, axes, style) if missing > 0 else grid


def _known_picks(picture: RatePicture) -> list[Pick]:
    """The picks that are on the axis, the least important first."""
    low, high = picture.sweep.rate_range
    known = [pick for pick in picture.picks if low <= pick.place <= high]
    return sorted(known, key=lambda pick: -_ORDER.index(pick.name))


def _head(picture: RatePicture, width: float, style: Style) -> list[Words]:
    """The title with what is added to it, beside it if there is room, else below; then the note."""
    sweep, margin = picture.sweep, MARGIN * style.unit
    tried = [title_words(TITLE, addition, width, style) for addition in sweep.additions]
    words = max(tried, key=len)
    below = [sweep.additions[0]] if len(words) == 1 else []
    below += [sweep.note] if sweep.note else []
    top, room, line_height = title_bottom(style), width - 2 * margin, height_of(style.text)
    for text in below:
        # A little more than it needs, since lines break between words.
        lines = 1 if width_of(style.text, text) <= room else math.ceil(1.15 * width_of(style.text, text) / room)
        rect = QRectF(margin, top, room, lines * line_height)
        align = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
        words.append(Words(text, rect, style.text, style.palette.quiet, align=align, wrap=True))
        top = rect.bottom()
    return words


def _labels(picture: RatePicture, grid: Grid, style: Style) -> list[tuple[Pick | Mark, Label]]:
    """What is written beside which line in the end, the most important first."""
    sweep, palette = picture.sweep, style.palette
    found: list[tuple[Pick | Mark, Label]] = []
    for pick in sorted(sweep.picks, key=lambda pick: _ORDER.index(pick.name)):
        if grid.x_range[0] <= pick.place <= grid.x_range[1]:
            found.append((pick, Label(grid.x(pick.place), pick.name, pick_colour(pick.name, palette))))
    for mark in sweep.marks:
        found.append((mark, Label(grid.x(mark.place), mark.label, palette.warning)))
    if sweep.stop is not None:
        found.append((sweep.stop, Label(grid.x(sweep.stop.place), sweep.stop.label, palette.quiet, is_sentence=True)))
    return found


def _behind(picture: RatePicture, grid: Grid, style: Style) -> list[Painted]:
    """What lies under the curve: where there is no number, the lowest loss, the lines of the rates."""
    area, palette = grid.area, style.palette
    things: list[Painted] = []
    for first, last in picture.hatched:
        left, right = max(area.left(), grid.x(first)), min(area.right(), grid.x(last))
        if right > left:
            things.append(_hatching(QRectF(left, area.top(), right - left, area.height()), style))
    if picture.sweep.minimum is not None:
        y = grid.y(picture.sweep.minimum)
        pen = style.pen(palette.accent, 1.6, (5.0, 4.0))
        things.append(Shape(line(QPointF(area.left(), y), QPointF(area.right(), y)), pen, clip=area))
    for pick in _known_picks(picture):
        x = grid.x(pick.place)
        if pick.name == "limit":
            wall = QRectF(x, area.top(), min(WALL * style.unit, area.right() - x), area.height())
            things.append(_hatching(wall, style))
        things.append(_vertical(x, area, pick_pen(pick.name, style)))
    things += [_vertical(grid.x(mark.place), area, style.pen(palette.warning, 1.6)) for mark in picture.marks]
    if picture.stop is not None:
        things.append(_vertical(grid.x(picture.stop.place), area, style.pen(palette.quiet, 1.2)))
    return things


def _hatching(area: QRectF, style: Style) -> Shape:
    return Shape(box(area), brush=QBrush(faded(style.palette.warning, 0.45), Qt.BrushStyle.BDiagPattern))


def _vertical(x: float, area: QRectF, pen: QPen) -> Shape:
    return Shape(line(QPointF(x, area.top()), QPointF(x, area.bottom())), pen, clip=area)


def _lowest_words(picture: RatePicture, grid: Grid, curve: NDArray[np.float64], style: Style) -> list[Words]:
    """The name of the line of the lowest known loss: above or below it, where it covers the least."""
    if picture.sweep.minimum is None:
        return []
    unit, area, y = style.unit, grid.area, grid.y(picture.sweep.minimum)
    width, height = label_width([LOWEST], style), height_of(style.text)
    lefts = (area.left() + 4 * unit, area.center().x() - width / 2, area.right() - width - 4 * unit)
    tops = (y - height - unit, y + unit)
    candidates = [kept_inside(QRectF(left, top, width, height), area) for top in tops for left in lefts]
    rect = freest(candidates, [], curve)
    return [Words(LOWEST, rect, style.text, style.palette.accent, faded(style.palette.background, PLATE))]
