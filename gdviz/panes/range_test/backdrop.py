"""What does not change on the plot of loss against rate while its curve is drawn: axes, lines of the rates, labels."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPen

from gdviz.panes.range_test.labels import Label, Placed, placed, suggestion_colour, suggestion_pen
from gdviz.panes.range_test.picture import Mark, RatePicture, Suggestion
from gdviz.plotting.axes_layout import MARGIN, Axes, along, arranged, title_bottom, title_words, x_name_words
from gdviz.plotting.pane import Grid
from gdviz.plotting.placement import PLATE, LabelPlacer, hatched, hatching, label_width, minimum_line, vertical
from gdviz.plotting.shapes import Painted, Shape, Words, kept_inside
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
class Backdrop:
    """The plot's place, what lies under the curve and what over it, and the label of each suggestion and mark."""

    grid: Grid
    behind: tuple[Painted, ...]
    front: tuple[Painted, ...]
    named: tuple[tuple[Suggestion | Mark, Placed], ...]


def backdrop_of(picture: RatePicture, size: QSize, style: Style) -> Backdrop:
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
    shown = {*_known_suggestions(picture), *picture.marks, picture.stop}
    named = tuple((thing, place) for (thing, _), place in zip(labels, found, strict=True) if thing in shown)
    behind = [*head, x_name_words(grid, X_NAME, style), *_behind(picture, grid, style)]
    front = (*lowest, *(thing for _, place in named for thing in place.things(style)))
    return Backdrop(grid, tuple(behind), front, named)


def _grid(picture: RatePicture, top: float, size: QSize, style: Style) -> Grid:
    """The axes below the head, with room for the name of the horizontal one left of its first number."""
    axes = Axes(picture.sweep.rate_range, picture.sweep.value_range, log_ticks, log_ticks, X_NAME)
    room = QRectF(0.0, 0.0, size.width(), size.height())
    grid = arranged(room, top, axes, style)
    missing = 4 * style.unit - x_name_words(grid, X_NAME, style).rect.left()
    return arranged(room.adjusted(missing, 0.0, 0.0, 0.0), top, axes, style) if missing > 0 else grid


def _known_suggestions(picture: RatePicture) -> list[Suggestion]:
    """The suggestions that are on the axis, the least important first."""
    low, high = picture.sweep.rate_range
    known = [suggestion for suggestion in picture.suggestions if low <= suggestion.place <= high]
    return sorted(known, key=lambda suggestion: -_ORDER.index(suggestion.name))


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


def _labels(picture: RatePicture, grid: Grid, style: Style) -> list[tuple[Suggestion | Mark, Label]]:
    """What is written beside which line in the end, the most important first."""
    sweep, palette = picture.sweep, style.palette
    found: list[tuple[Suggestion | Mark, Label]] = []
    for one in sorted(sweep.suggestions, key=lambda suggestion: _ORDER.index(suggestion.name)):
        if grid.x_range[0] <= one.place <= grid.x_range[1]:
            found.append((one, Label(grid.x(one.place), one.name, suggestion_colour(one.name, palette))))
    for mark in sweep.marks:
        found.append((mark, Label(grid.x(mark.place), mark.name, palette.warning)))
    if sweep.stop is not None:
        found.append((sweep.stop, Label(grid.x(sweep.stop.place), sweep.stop.name, palette.quiet, is_sentence=True)))
    return found


def _behind(picture: RatePicture, grid: Grid, style: Style) -> list[Painted]:
    """What lies under the curve: where there is no number, the lowest loss, the lines of the rates."""
    area, palette = grid.area, style.palette
    things: list[Painted] = [*hatched(picture.hatched, grid, style)]
    if picture.sweep.minimum is not None:
        things.append(minimum_line(picture.sweep.minimum, grid, style))
    lines: list[tuple[Suggestion | Mark, QPen]] = []
    lines += [(suggestion, suggestion_pen(suggestion.name, style)) for suggestion in _known_suggestions(picture)]
    lines += [(mark, style.pen(palette.warning, 1.6)) for mark in picture.marks]
    lines += [(picture.stop, style.pen(palette.quiet, 1.2))] if picture.stop is not None else []
    for thing, pen in lines:
        x = grid.x(thing.place)
        if thing.name == "limit":
            wall = QRectF(x, area.top(), min(WALL * style.unit, area.right() - x), area.height())
            things.append(hatching(wall, style))
        things.append(Shape(vertical(x, area), pen, clip=area))
    return things


def _lowest_words(picture: RatePicture, grid: Grid, curve: NDArray[np.float64], style: Style) -> list[Words]:
    """The name of the line of the lowest known loss: above or below it, where it covers the least."""
    if picture.sweep.minimum is None:
        return []
    unit, area, y = style.unit, grid.area, grid.y(picture.sweep.minimum)
    width, height = label_width([LOWEST], style), height_of(style.text)
    lefts = (area.left() + 4 * unit, area.center().x() - width / 2, area.right() - width - 4 * unit)
    tops = (y - height - unit, y + unit)
    candidates = [kept_inside(QRectF(left, top, width, height), area) for top in tops for left in lefts]
    labels, palette = LabelPlacer(area, [], curve, style), style.palette
    return [labels.put_at(LOWEST, candidates, palette.accent, faded(palette.background, PLATE))]
