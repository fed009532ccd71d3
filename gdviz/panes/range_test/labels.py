"""The words on the plot of loss against rate, clear of each other and of the curve, and their lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, pairwise

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath, QPen

from gdviz.plotting.shapes import Painted, Shape, Words, kept_inside
from gdviz.plotting.style import Style, faded, height_of
from gdviz.plotting.text import width_of
from gdviz.presentation.palette import Palette

Points = NDArray[np.float64]
Boxes = NDArray[np.float64]
"""Left, top, right and bottom of n rectangles in pixels, shape (n, 4)."""

PLATE = 0.88
"""How opaque the plate under a label is."""
CLEARANCE = 6.0
"""So many units a label keeps from the curve, on which the marker moves."""
GAP = 5.0
"""Units between a label and its line, and around a text of several lines."""
MOST_LINES = 4
"""Into so many lines a text may be broken."""
_WALL, _CURVE, _BROKEN = 20.0, 15.0, 5.0
"""What it costs to cover another line, or a point of the curve, and to be broken once more, in rows further down."""


@dataclass(frozen=True)
class Label:
    """What is to be written beside the vertical line at the pixel ``x``.

    A sentence says by itself where it belongs, and may stand anywhere.
    """

    x: float
    text: str
    colour: str
    is_sentence: bool = False


@dataclass(frozen=True, eq=False)
class Placed:
    """A label, its lines and where they stand; None where there is no room for it."""

    label: Label
    lines: tuple[str, ...]
    rect: QRectF | None


def placed(
    labels: Sequence[Label], area: QRectF, taken: Sequence[QRectF], curve: Points, style: Style
) -> tuple[Placed, ...]:
    """A place in ``area`` for each label, the first ones first; one for which there is no room stays without.

    taken: places that must not be covered. curve: points of the curve in pixels, shape (n, 2), to be kept clear of.
    """
    occupied, found = [rect.getCoords() for rect in taken], []
    walls = np.array([label.x for label in labels])
    for label in labels:
        candidates, texts = _candidates(label, area, style)
        heights = np.array([len(lines) for lines in texts])
        # Some lines also need some room around them, to be read as one text.
        apart = np.where(heights > 1, GAP * style.unit, 0.0)
        free = ~_meet(candidates, np.array(occupied), apart)
        if not free.any():
            found.append(Placed(label, (), None))
            continue
        costs = _costs(candidates[free], walls[walls != label.x], curve, style) + _BROKEN * heights[free]
        best = np.flatnonzero(free)[int(np.argmin(costs))]
        left, top, right, bottom = candidates[best].tolist()
        found.append(Placed(label, texts[best], QRectF(left, top, right - left, bottom - top)))
        occupied.append((left, top, right, bottom))
    return tuple(found)


def label_width(lines: Sequence[str], style: Style) -> float:
    """How many pixels wide the plate of a label is."""
    return max(width_of(style.text, text) for text in lines) + 6 * style.unit


def _candidates(label: Label, area: QRectF, style: Style) -> tuple[Boxes, list[tuple[str, ...]]]:
    """Boxes and the lines in each: from the top down, right of the line and left of it, else across it."""
    unit, row = style.unit, height_of(style.text)
    boxes, texts = [np.empty((0, 4))], []
    for count in range(1, MOST_LINES + 1 if " " in label.text else 2):
        lines = broken(label.text, count)
        width, height = label_width(lines, style), len(lines) * row
        lefts = _everywhere(area, width, unit) if label.is_sentence else _beside(label.x, area, width, unit)
        tops = np.arange(area.top() + 2 * unit, area.bottom() - height - unit, row / 2)
        top, left = (side.ravel() for side in np.meshgrid(tops, lefts, indexing="ij"))
        boxes.append(np.stack([left, top, left + width, top + height], axis=1))
        texts += [lines] * len(left)
    return np.concatenate(boxes), texts


def _beside(x: float, area: QRectF, width: float, unit: float) -> list[float]:
    lefts = [x + GAP * unit, x - GAP * unit - width]
    fitting = [left for left in lefts if left >= area.left() and left + width <= area.right()]
    return fitting or [kept_inside(QRectF(x - width / 2, area.top(), width, 1.0), area).left()]


def _everywhere(area: QRectF, width: float, unit: float) -> list[float]:
    lefts = np.arange(area.left() + GAP * unit, area.right() - width - GAP * unit, 3 * GAP * unit)
    return [float(left) for left in lefts]


@lru_cache(maxsize=64)
def broken(text: str, count: int) -> tuple[str, ...]:
    """The text in so many lines at most, broken between words, the longest line as short as can be."""
    words = text.split(" ")
    cuts = combinations(range(1, len(words)), min(count, len(words)) - 1)
    ways = [[*pairwise((0, *cut, len(words)))] for cut in cuts]
    lines = [tuple(" ".join(words[begin:end]) for begin, end in way) for way in ways]
    return min(lines, key=lambda found: max(map(len, found)))


def _meet(boxes: Boxes, occupied: Boxes, apart: Points) -> NDArray[np.bool_]:
    """Which of n boxes come nearer than ``apart``, shape (n,), to one of the occupied places."""
    if not len(occupied):
        return np.zeros(len(boxes), dtype=bool)
    left, top, right, bottom = (boxes + apart[:, None] * [-1.0, -1.0, 1.0, 1.0]).T[..., None]
    lefts, tops, rights, bottoms = occupied.T
    return ~((right <= lefts) | (left >= rights) | (bottom <= tops) | (top >= bottoms)).all(axis=1)


def _costs(boxes: Boxes, walls: Points, curve: Points, style: Style) -> Points:
    """What it costs to stand in each of n boxes: how far down it is, what it covers."""
    left, top, right, bottom = (side[:, None] for side in boxes.T)
    keep, (x, y) = CLEARANCE * style.unit, curve.T
    near = (x > left - keep) & (x < right + keep) & (y > top - keep) & (y < bottom + keep)
    crossed = (walls > left) & (walls < right)
    rows = (boxes[:, 1] - boxes[:, 1].min()) / height_of(style.text)
    return np.asarray(rows + _CURVE * near.sum(axis=1) + _WALL * crossed.sum(axis=1))


def label_things(found: Sequence[Placed], style: Style) -> list[Painted]:
    """The labels that have a place, each with a dot on its line; sentences without."""
    plate, height = faded(style.palette.background, PLATE), height_of(style.text)
    things: list[Painted] = []
    for one in found:
        if one.rect is None:
            continue
        for row, text in enumerate(one.lines):
            place = QRectF(one.rect.left(), one.rect.top() + row * height, one.rect.width(), height)
            things.append(Words(text, place, style.text, one.label.colour, plate))
        if not one.label.is_sentence:
            dot = QPainterPath()
            dot.addEllipse(QPointF(one.label.x, one.rect.center().y()), 3 * style.unit, 3 * style.unit)
            things.append(Shape(dot, brush=faded(one.label.colour, 1.0)))
    return things


_DASHES: dict[str, tuple[float, ...]] = {
    "minimum": (),
    "tenth": (5.0, 2.5),
    "steep": (1.2, 1.6),
    "valley": (6.0, 2.0, 1.5, 2.0),
    "slide": (2.5, 2.0),
    "limit": (),
    "best": (8.0, 1.5),
}
"""In line widths; empty for a solid line."""
_WIDTHS = {"minimum": 2.6, "tenth": 2.6, "limit": 3.6, "best": 2.4}
"""In units; the others are thinner."""

LEAST_UNITS = (360.0, 200.0)
"""A pane with such rates is at least so many units wide and high."""


def pick_colour(name: str, palette: Palette) -> str:
    """The colour of a pick's line and name: the lecturer's rule, the others of the curve, and what is known without."""
    if name in ("minimum", "tenth"):
        return palette.accent
    return {"limit": palette.warning, "best": palette.truth}.get(name, palette.quiet)


def pick_pen(name: str, style: Style) -> QPen:
    """The pen of a pick's line."""
    return style.pen(pick_colour(name, style.palette), _WIDTHS.get(name, 2.0), _DASHES[name])
