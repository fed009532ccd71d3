"""The labels of the loss plot, clear of each other and of the curves, and the noise floors' lines."""

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPen

from gdviz.core.frozen import frozen
from gdviz.panes.loss.marks import Mark
from gdviz.panes.loss.picture import LossPicture
from gdviz.plotting.label_space import MOVING, boxes_of
from gdviz.plotting.pane import Grid
from gdviz.plotting.placement import GAP, PLATE, LabelPlacer, beside, label_things, label_width, vertical
from gdviz.plotting.shapes import Painted, Shape, Words, line, moved_inside
from gdviz.plotting.style import Style, faded, height_of
from gdviz.plotting.text import width_of

Floors = Sequence[tuple[int, float]]
"""A run's style, and the value around which it settles, in the scale of the plot."""

FLOOR_NAME = "noise floor"
WHEN = re.compile(r" (?=(?:from|first at) step [0-9,]+$)")
"""Where the label of a mark may be broken into two lines."""
CHANGE_DASHES = (3.0, 3.0)
DASHES = (1.3, 1.4)
WIDTH, HALO, SAMPLE = 2.2, 5.0, 22.0
"""Width of a noise floor's line, of its casing, and length of its sample in the legend, in units."""


@frozen
class _Label:
    """The lines of text of a label, its colour, and the pixel of the vertical line that it belongs to."""

    x: float
    lines: tuple[str, ...]
    colour: str


def floor_lines(floors: Floors, grid: Grid, style: Style) -> list[Shape]:
    """The noise floors' lines across the whole plot."""
    area, shapes = grid.area, list[Shape]()
    for index, value in reversed(floors):
        shapes += _dotted(index, area.left(), area.right(), grid.y(value), style, area)
    return shapes


def _dotted(index: int, left: float, right: float, y: float, style: Style, clip: QRectF | None = None) -> list[Shape]:
    path = line(QPointF(left, y), QPointF(right, y))
    plate = style.pen(style.palette.background, HALO, alpha=PLATE)
    return [Shape(path, plate, clip=clip), Shape(path, style.pen(style.palette.runs[index], WIDTH, DASHES), clip=clip)]


def _floor_legend(floors: Floors, labels: LabelPlacer) -> list[Painted]:
    """A sample of each floor's line, and their name, where they cover the least; nothing if there are no floors.

    Tried from the upper right corner, where a run that settles leaves the most room, to the lower left one.
    """
    if not floors:
        return []
    style, unit, area = labels.style, labels.style.unit, labels.room
    words, height, inset = width_of(style.text, FLOOR_NAME) + 4 * unit, height_of(style.text), 4 * unit
    width = len(floors) * (SAMPLE + GAP) * unit + words + GAP * unit
    lefts = (area.right() - width - inset, area.center().x() - width / 2, area.left() + inset)
    tops = np.arange(area.top() + inset, max(area.top() + inset + 1.0, area.bottom() - height), height).tolist()
    places = [QRectF(left, top, width, height) for top in tops for left in lefts]
    plate = labels.put_in("", places, style.palette.text, faded(style.palette.background, PLATE), steady=True)
    rect, things = plate.rect, list[Painted]([plate])
    for place, (index, _) in enumerate(floors):
        left = rect.left() + GAP * unit + place * (SAMPLE + GAP) * unit
        things += _dotted(index, left, left + SAMPLE * unit, rect.center().y(), style)
    name = QRectF(rect.right() - words, rect.top(), words, height)
    return [*things, Words(FLOOR_NAME, name, style.text, style.palette.text)]


def annotations(picture: LossPicture, grid: Grid, labels: LabelPlacer) -> list[Painted]:
    """The marks' lines, the label of the minimum, the legend of the noise floors and the labels of the marks.

    labels: its taken places are the runs' markers, its obstacles points along the curves.
    """
    style, visible = labels.style, shown_marks(picture.marks, grid)
    things: list[Painted] = [Shape(vertical(grid.x(mark.step), grid.area), _pen(mark, style)) for mark in visible]
    if picture.minimum is not None and grid.y_range[0] <= picture.minimum <= grid.y_range[1]:
        y = grid.y(picture.minimum)
        tops = (y - height_of(style.text) - style.unit, y + style.unit)
        # With several runs, room is reserved below the line.
        tops = tops if len(picture.curves) == 1 else tops[::-1]
        things.append(_minimum_words(tops, visible, grid, labels))
    return [*things, *_floor_legend(picture.noise_floors, labels), *_mark_labels(visible, grid, labels)]


def shown_marks(marks: Sequence[Mark], grid: Grid) -> list[Mark]:
    """The marks whose step is on the axis."""
    return [mark for mark in marks if grid.x_range[0] <= mark.step <= grid.x_range[1]]


def _minimum_words(tops: Sequence[float], marks: Sequence[Mark], grid: Grid, labels: LabelPlacer) -> Words:
    """The word "minimum" at one of ``tops``, at an end of the line or in the middle, where it covers the least."""
    style, area = labels.style, grid.area
    unit = style.unit
    width, height = width_of(style.text, "minimum") + 4 * unit, height_of(style.text)
    walls = [grid.x(mark.step) for mark in marks]
    strips = [QRectF(x - unit, area.top(), 2 * unit, area.height()) for x in walls]
    ends = [area.right(), *walls]
    lefts = [area.left() + 4 * unit, *(end - width - 4 * unit for end in ends), area.center().x() - width / 2]
    candidates = [moved_inside(QRectF(left, top, width, height), area) for top in tops for left in lefts]
    clear, plate = replace(labels, taken=[*labels.taken, *strips]), faded(style.palette.background, PLATE)
    words = clear.put_in("minimum", candidates, style.palette.accent, plate, steady=True)
    labels.taken.append(words.rect)
    return words


def _mark_labels(marks: Sequence[Mark], grid: Grid, placer: LabelPlacer) -> list[Painted]:
    """The labels below each other in the order of the steps, beginning where they cover the least.

    If there is not enough room, the last one counts the rest, whose lines and tooltips remain.
    """
    if not marks:
        return []
    style, height, area = placer.style, height_of(placer.style.text), grid.area
    labels, top = [_label(mark, grid, style) for mark in marks], area.top() + 2 * style.unit
    room = max(1, int((area.height() - 4 * style.unit) // height))
    if _rows(labels) > room:
        kept = next(count for count in range(len(labels)) if _rows(labels[: count + 1]) > room - 1)
        rest = (f"and {len(labels) - kept} more",)
        labels = [*labels[:kept], _Label(labels[kept].x, rest, style.palette.text)]
    begins = np.arange(top, max(top + 1.0, area.bottom() - height * _rows(labels)), height / 2)
    columns = [_stacked(labels, begin, grid, style) for begin in begins.tolist()]
    boxes = boxes_of(rect for column in columns for rect in column)
    covered = placer.levels(boxes).reshape(len(columns), -1).sum(axis=1)
    # The first that is nearly as good as the best, or they would wander while the curves grow.
    placed = zip(labels, columns[int((covered < covered.min() + MOVING).argmax())], strict=True)
    return [thing for label, rect in placed for thing in label_things(label.lines, rect, label.colour, style, label.x)]


def _label(mark: Mark, grid: Grid, style: Style) -> _Label:
    """The label in one or two lines, or more in a narrow plot, so that it fits to the right of its line if possible."""
    x, gap, area, colour = grid.x(mark.step), GAP * style.unit, grid.area, _colour(mark, style)
    head, *when = WHEN.split(mark.label)
    short: tuple[str, ...] = (mark.label,)
    broken = (head, *when)
    if when and label_width(broken, style) > area.width():
        broken = (*re.split("(?<=,) ", head), broken[-1])
    for lines in (short, broken):
        if x + gap + label_width(lines, style) <= area.right():
            return _Label(x, lines, colour)
    return _Label(x, short if x - gap - label_width(short, style) >= area.left() else broken, colour)


def _colour(mark: Mark, style: Style) -> str:
    return style.palette.accent if mark.is_change else style.palette.warning


def _pen(mark: Mark, style: Style) -> QPen:
    return style.pen(_colour(mark, style), 1.6, CHANGE_DASHES if mark.is_change else ())


def _rows(labels: Sequence[_Label]) -> int:
    return sum(len(label.lines) for label in labels)


def _stacked(labels: Sequence[_Label], top: float, grid: Grid, style: Style) -> list[QRectF]:
    rects = []
    for label in labels:
        width, height = label_width(label.lines, style), len(label.lines) * height_of(style.text)
        rects.append(QRectF(beside(label.x, width, grid.area, style)[0], top, width, height))
        top += height
    return rects
