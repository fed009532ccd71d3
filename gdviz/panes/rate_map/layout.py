"""Where the parts of the map of rate and steps stand: title, axes with their names, and beside them the key."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt

from gdviz.panes.rate_map.ground import MapGround
from gdviz.panes.rate_map.legend import key_width
from gdviz.plotting.axes_layout import MARGIN, Axes, arranged, title_bottom, title_words, x_name_words
from gdviz.plotting.pane import Grid
from gdviz.plotting.shapes import Words
from gdviz.plotting.style import Style, height_of
from gdviz.plotting.text import width_of
from gdviz.plotting.ticks import log_ticks

TITLE = "LEARNING RATE AND STEPS"
ACROSS, UP, BOTH = "learning rate", "steps", "steps over learning rate"
COLOUR = ("loss above the minimum, in parts of the start's", "loss above the minimum")
"""What the colours mean, and shorter; the second also where there is nothing to be parts of."""
NARROW = 400.0
"""In a pane of fewer units there is no room for the key."""

_RIGHT, _LEFT = Qt.AlignmentFlag.AlignRight, Qt.AlignmentFlag.AlignLeft


@dataclass(frozen=True, eq=False)
class MapLayout:
    """The axes; the texts around them; the column for the key, of no width where there is none."""

    grid: Grid
    words: tuple[Words, ...]
    column: QRectF


def map_layout(size: QSize, ground: MapGround, style: Style) -> MapLayout:
    """The title in the first row; the name of the vertical axis and that of the colours in the second."""
    unit, width = style.unit, float(size.width())
    with_key = width >= NARROW * unit
    beside = max(key_width(style), width_of(style.text, ACROSS)) + MARGIN * unit if with_key else 0.0
    top = title_bottom(style) + height_of(style.text)
    axes = Axes(ground.x_range, ground.y_range, log_ticks, log_ticks)
    grid = arranged(QRectF(0.0, 0.0, width - beside, float(size.height())), top, axes, style)
    row = QRectF(MARGIN * unit, title_bottom(style), width - 2 * MARGIN * unit, height_of(style.text))
    words = title_words(TITLE, "", width, style)
    if with_key:
        words += [*_second_row(row, ground.from_start, style), _across_words(grid, width - beside, style)]
    else:
        words.append(Words(BOTH, row, style.text, style.palette.quiet, align=_LEFT))
    left = grid.area.right() + 12 * unit
    column = QRectF(left, grid.area.top(), width - left - MARGIN * unit, grid.area.height()) if with_key else QRectF()
    return MapLayout(grid, tuple(words), column)


def note_words(outside: Sequence[str], computing: str, width: float, style: Style) -> list[Words]:
    """At the right end of the title's row: which runs are outside, and how much is computed; what there is room for."""
    unit, margin = style.unit, MARGIN * style.unit
    room = width - width_of(style.title, TITLE) - 2 * margin - 16 * unit
    ways = [[*outside, computing], outside, [f"{outside[0]}, and others"] if len(outside) > 1 else outside[:1]]
    texts = [", ".join(part for part in way if part) for way in ways]
    fitting = [text for text in texts if text and width_of(style.text, text) <= room]
    if not fitting:
        return []
    needed, top = width_of(style.text, fitting[0]), 4 * unit + (height_of(style.title) - height_of(style.text)) / 2
    rect = QRectF(width - margin - needed, top, needed, height_of(style.text))
    colour = style.palette.warning if outside else style.palette.accent
    return [Words(fitting[0], rect, style.text, colour, align=_RIGHT)]


def _second_row(row: QRectF, from_start: bool, style: Style) -> list[Words]:
    """The name of the vertical axis at its left end, and what the colours mean at its right end."""
    quiet, text = style.palette.quiet, style.text
    begin = QRectF(row.topLeft(), row.bottomRight())
    begin.setWidth(width_of(text, UP))
    room = row.right() - begin.right() - 16 * style.unit
    fitting = [line for line in (COLOUR if from_start else COLOUR[1:]) if width_of(text, line) <= room]
    words = [Words(UP, begin, text, quiet, align=_LEFT)]
    if fitting:
        needed = width_of(text, fitting[0])
        end = QRectF(row.right() - needed, row.top(), needed, row.height())
        words.append(Words(fitting[0], end, text, quiet, align=_RIGHT))
    return words


def _across_words(grid: Grid, left: float, style: Style) -> Words:
    """The name of the horizontal axis in the row of its numbers, behind them, where the key leaves room."""
    usual = x_name_words(grid, ACROSS, style).rect
    rect = QRectF(left, usual.top(), usual.width(), usual.height())
    return Words(ACROSS, rect, style.text, style.palette.quiet, align=_LEFT)
