"""Where the parts of the map of rate and steps stand: title, axes with their names, and beside them the key."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt

from gdviz.model.map_ground import MapGround
from gdviz.views.layer import Words
from gdviz.views.layout import MARGIN, Axes, arranged, title_bottom, title_words, x_name_words
from gdviz.views.map_key import key_width
from gdviz.views.plot_pane import Grid
from gdviz.views.plot_parts import Style, height_of
from gdviz.views.raised import width_of
from gdviz.views.ticks import log_ticks

TITLE = "LEARNING RATE AND STEPS"
ACROSS, UP, SHORT_ACROSS = "learning rate", "steps", "rate"
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


def map_layout(size: QSize, ground: MapGround, note: str, style: Style) -> MapLayout:
    """Title and note in the first row; the name of the vertical axis and that of the colours in the second."""
    unit, width = style.unit, float(size.width())
    with_key = width >= NARROW * unit
    beside = max(key_width(style), width_of(style.text, ACROSS)) + MARGIN * unit if with_key else 0.0
    top = title_bottom(style) + height_of(style.text)
    axes = Axes(ground.x_range, ground.y_range, log_ticks, log_ticks, "" if with_key else SHORT_ACROSS)
    grid = arranged(QRectF(0.0, 0.0, width - beside, float(size.height())), top, axes, style)
    head = [*title_words(TITLE, "", width, style), *_note_words(note, width, style)]
    row = QRectF(MARGIN * unit, title_bottom(style), width - 2 * MARGIN * unit, height_of(style.text))
    words = [*head, *_second_row(row, ground.from_start, style), _across_words(grid, width - beside, with_key, style)]
    left = grid.area.right() + 12 * unit
    column = QRectF(left, grid.area.top(), width - left - MARGIN * unit, grid.area.height()) if with_key else QRectF()
    return MapLayout(grid, tuple(words), column)


def _note_words(note: str, width: float, style: Style) -> list[Words]:
    """The note at the right end of the title's row, if there is room for it."""
    unit, margin = style.unit, MARGIN * style.unit
    needed = width_of(style.text, note)
    if not note or needed + width_of(style.title, TITLE) + 2 * margin + 16 * unit > width:
        return []
    top = 4 * unit + (height_of(style.title) - height_of(style.text)) / 2
    rect = QRectF(width - margin - needed, top, needed, height_of(style.text))
    return [Words(note, rect, style.text, style.palette.accent, align=_RIGHT)]


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


def _across_words(grid: Grid, end: float, with_key: bool, style: Style) -> Words:
    """The name of the horizontal axis in the row of its numbers: behind them where the key leaves room there."""
    if not with_key:
        return x_name_words(grid, SHORT_ACROSS, style)
    begin = x_name_words(grid, ACROSS, style).rect
    rect = QRectF(end, begin.top(), begin.width(), begin.height())
    return Words(ACROSS, rect, style.text, style.palette.quiet, align=_LEFT)
