"""The names of the columns in the plot: their places, shortened forms, and tooltips."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont

from gdviz.core.frozen import frozen
from gdviz.panes.data.picture import DataPicture
from gdviz.plotting.axes_layout import MARGIN, Axes, lay_out_axes, x_name_words
from gdviz.plotting.pane import Grid
from gdviz.plotting.placement import LabelPlacer
from gdviz.plotting.shapes import Words
from gdviz.plotting.style import Style, faded, height_of
from gdviz.plotting.text import shortened, widest_fitting, width_of
from gdviz.presentation.column_names import axis_names, whole_names
from gdviz.presentation.scaling import Wordings

WIDEST_BESIDE = 40.0
"""Units: the plot may move to the right for names up to this width; for wider ones that do not fit, it gets lower."""
INSET = 4.0
"""Units between the name of the vertical axis and the edge of the plot."""
_MIDDLE = Qt.TextElideMode.ElideMiddle


@frozen
class Text:
    """A name of at most 40 characters, and in full; or how a column was standardised.

    shorter: alternative wordings, the longest first.
    """

    name: str
    whole: str
    shorter: Wordings = ()

    def fitting(self, font: QFont, width: float) -> str:
        """The first wording that fits; if none does, the last one with an ellipsis in the middle."""
        last = self.shorter[-1] if self.shorter else self.whole
        return widest_fitting(font, (self.name, *self.shorter), width) or shortened(font, last, width, _MIDDLE)


@frozen
class Name:
    """A name as shown, and in full."""

    words: Words
    whole: str

    def tooltip_at(self, place: QPointF) -> str:
        """The full name at a place where it is shown shortened."""
        return self.whole if self.words.text != self.whole and self.words.rect.contains(place) else ""


def axis_texts(picture: DataPicture) -> tuple[Text, Text]:
    """The labels of the axes of x and y: their names, or how they were standardised."""
    names = zip("xy", axis_names(picture.data), whole_names(picture.data), picture.scales, strict=True)
    x, y = (_axis_text(*each) for each in names)
    return x, y


def _axis_text(symbol: str, name: str, whole: str, scale: Wordings) -> Text:
    return Text(scale[0], scale[0], (*scale[1:], symbol)) if scale else Text(name, whole)


def with_x_name(room: QRectF, top: float, axes: Axes, text: Text, style: Style) -> tuple[Grid, Name]:
    """The plot in ``room`` as by `lay_out_axes`, and the name of its horizontal axis.

    The name is to the left of the numbers if there is room, else in a line of its own below them.
    """
    is_short = width_of(style.text, text.name) <= WIDEST_BESIDE * style.unit
    grid = lay_out_axes(room, top, replace(axes, x_name=text.name) if is_short else axes, style)
    beside = x_name_words(grid, text.name, style)
    shift = max(0.0, room.left() + MARGIN / 2 * style.unit - beside.rect.left())
    if beside.rect.right() + shift <= _first_number(grid, style) - 5 * style.unit:
        return grid, Name(replace(beside, rect=beside.rect.translated(shift, 0.0)), text.whole)
    return _with_line_below(room, top, axes, text, style)


def _first_number(grid: Grid, style: Style) -> float:
    """The left edge of the first number of the horizontal axis, or of the plot if there is none."""
    first = (grid.x(value) - width_of(style.number, label) / 2 for value, label in grid.x_ticks.major)
    return next(first, grid.area.left())


def _with_line_below(room: QRectF, top: float, axes: Axes, text: Text, style: Style) -> tuple[Grid, Name]:
    """The plot with the name of its horizontal axis in a line below the numbers, centred within the pane."""
    height, margin = height_of(style.text), MARGIN * style.unit
    grid = lay_out_axes(room.adjusted(0.0, 0.0, 0.0, -height), top, axes, style)
    line = QRectF(room.left() + margin, room.bottom() - height - 2 * style.unit, room.width() - 2 * margin, height)
    fitted = text.fitting(style.text, line.width())
    used = width_of(style.text, fitted)
    left = min(max(line.left(), grid.area.center().x() - used / 2), line.right() - used)
    below = QRectF(left, line.top(), used, height)
    return grid, Name(Words(fitted, below, style.text, style.palette.quiet), text.whole)


def y_name(text: Text, labels: LabelPlacer) -> Name:
    """The name of the vertical axis inside the plot: a letter at its top or bottom end, a word on a plate at its top.

    A word would visibly jump as the line moves and covers either end; the margin around the data leaves room.
    """
    style, area, inset = labels.style, labels.room, INSET * labels.style.unit
    fitted = text.fitting(style.text, area.width() - 3 * inset)
    width, height = width_of(style.text, fitted) + inset, height_of(style.text)
    top, bottom = (QRectF(area.left() + inset, edge, width, height) for edge in (area.top(), area.bottom() - height))
    if len(text.name) == 1:
        rect = labels.least_covering([top, bottom])
        return Name(Words(fitted, rect, style.text, style.palette.quiet), text.whole)
    labels.taken.append(top)
    plate = faded(style.palette.background, 0.85)
    return Name(Words(fitted, top, style.text, style.palette.quiet, plate), text.whole)


def heading(text: Text, room: QRectF, style: Style) -> Name:
    """The title of a histogram, centred in ``room``."""
    fitted = text.fitting(style.text, room.width())
    return Name(Words(fitted, room, style.text, style.palette.text), text.whole)


def first_tooltip(place: QPointF, *tips: Callable[[QPointF], str]) -> str:
    """The first tooltip at that place; empty if there is none."""
    return next((found for tip in tips if (found := tip(place))), "")
