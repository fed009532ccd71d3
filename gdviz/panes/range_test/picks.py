"""The pane that answers which rate to take: what one picks from a range test, each in a sentence, to be clicked."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QHelpEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from gdviz.panes.range_test.labels import LEAST_UNITS, pick_pen
from gdviz.panes.range_test.picture import RatePicture
from gdviz.panes.range_test.sweep import Pick
from gdviz.plotting.axes_layout import MARGIN, title_bottom, title_words
from gdviz.plotting.legend import SAMPLE
from gdviz.plotting.pane import PlotPane
from gdviz.plotting.shapes import Painted, Shape, Words, line
from gdviz.plotting.style import TEXT_PIXELS, Style, height_of, within
from gdviz.plotting.text import width_of
from gdviz.presentation.numbers import format_number
from gdviz.widgets.plain import show_tooltip

TITLE = "WHICH RATE?"
SMALLEST_TEXT = 14.0
"""Units: smaller text only where otherwise some of it would be cut."""
UNKNOWN = "–"
_SPREAD = 9.0
"""With room to spare, rows stand so many units further apart, at most."""
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, eq=False)
class Table:
    """What is painted, and the row of each pick."""

    things: tuple[Painted, ...]
    rows: tuple[tuple[QRectF, Pick], ...]


@dataclass(frozen=True)
class _Columns:
    """The pixel at which each column begins, the last one's end, and the heights of a row and of the truth."""

    name: float
    rate: float
    sentence: float
    end: float
    row: float
    truth: float


def picks_table(picks: Sequence[Pick], truth: str, longest: str, size: QSize, style: Style) -> Table:
    """The picks and ``truth`` in a pane of that size, laid out so that ``longest`` would fit in the place of truth."""
    fitted, sentences = _fitted(picks, longest, size, style)
    columns, unit = _columns(picks, longest, size, fitted), fitted.unit
    top = title_bottom(style) + 3 * unit
    spare = size.height() - _height(picks, columns, style, fitted)
    step = columns.row + max(0.0, min(_SPREAD * unit, spare / (len(picks) + 2)))
    rows = [
        (QRectF(MARGIN * unit / 2, top + index * step, size.width() - MARGIN * unit, step), pick)
        for index, pick in enumerate(picks)
    ]
    things: list[Painted] = [*title_words(TITLE, "", float(size.width()), style)]
    for (rect, pick), sentence in zip(rows, sentences, strict=True):
        things += _row(rect, pick, sentence, columns, fitted)
    place = QRectF(MARGIN * unit, top + len(picks) * step + 5 * unit, columns.end - MARGIN * unit, columns.truth)
    rule = place.top() - 2 * unit
    things.append(
        Shape(line(QPointF(place.left(), rule), QPointF(place.right(), rule)), style.pen(style.palette.grid, 1.2))
    )
    top_left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
    things.append(Words(truth, place, fitted.text, style.palette.text, align=top_left, wrap=True))
    return Table(tuple(things), tuple(rows))


class _Words(IntEnum):
    """How much is left of the sentences."""

    ALL = 0
    HEADS = 1
    """What stands before the last comma or colon of those that have no room."""
    SOME = 2
    """Those that have no room in that way either are left out."""


def _fitted(picks: Sequence[Pick], truth: str, size: QSize, style: Style) -> tuple[Style, list[str]]:
    """The largest text in which all of it has room, with whole sentences if that is possible; the title stays."""
    for unit, words in _attempts(style.unit):
        tried = replace(style, unit=unit)
        columns = _columns(picks, truth, size, tried)
        sentences = [_shortened(pick.explanation, columns.end - columns.sentence, words, tried) for pick in picks]
        if _height(picks, columns, style, tried) <= size.height() and None not in sentences:
            break
    return tried, [sentence or "" for sentence in sentences]


def _attempts(unit: float) -> Iterator[tuple[float, _Words]]:
    factor = SMALLEST_TEXT / TEXT_PIXELS
    for words in (_Words.ALL, _Words.HEADS):
        yield from ((unit, words), (unit * (1.0 + factor) / 2, words), (unit * factor, words))
    yield unit * factor, _Words.SOME
    while factor * TEXT_PIXELS * unit > 5.0:
        factor *= 0.93
        yield factor * unit, _Words.SOME


def _shortened(sentence: str, room: float, words: _Words, style: Style) -> str | None:
    """The sentence if it has room; else, where that is allowed, less of it; None where that does not help."""
    if width_of(style.text, sentence) <= room:
        return sentence
    head = sentence[: max(sentence.rfind(","), sentence.rfind(":"), 0)]
    if words >= _Words.HEADS and head and width_of(style.text, head) <= room:
        return head
    return "" if words is _Words.SOME else None


def _columns(picks: Sequence[Pick], truth: str, size: QSize, style: Style) -> _Columns:
    unit, gap = style.unit, 11 * style.unit
    name = (MARGIN + SAMPLE + 7) * unit
    rate = name + max((width_of(style.text, pick.name) for pick in picks), default=0.0) + gap
    sentence = rate + max((width_of(style.number, _rate(pick)) for pick in picks), default=0.0) + gap
    end = size.width() - MARGIN * unit
    wraps = Qt.TextFlag.TextWordWrap
    room = QRectF(0.0, 0.0, max(1.0, end - MARGIN * unit), 1e5)
    row = max(height_of(style.text), height_of(style.number))
    return _Columns(name, rate, sentence, end, row, QFontMetricsF(style.text).boundingRect(room, wraps, truth).height())


def _height(picks: Sequence[Pick], columns: _Columns, style: Style, fitted: Style) -> float:
    """How high all of it is, rows close together."""
    return title_bottom(style) + len(picks) * columns.row + columns.truth + (3 + 5 + 5) * fitted.unit


def _rate(pick: Pick) -> str:
    return UNKNOWN if pick.learning_rate is None else format_number(pick.learning_rate, 3)


def _row(rect: QRectF, pick: Pick, sentence: str, columns: _Columns, style: Style) -> list[Painted]:
    """A sample of the line, the name, the rate, the sentence."""
    palette, middle = style.palette, rect.center().y()
    begin = QPointF(MARGIN * style.unit, middle)
    things: list[Painted] = [Shape(line(begin, begin + QPointF(SAMPLE * style.unit, 0.0)), pick_pen(pick.name, style))]
    cells = (
        (pick.name, columns.name, columns.rate, style.text, palette.text),
        (_rate(pick), columns.rate, columns.sentence, style.number, palette.text),
        (sentence, columns.sentence, columns.end, style.text, palette.quiet),
    )
    for text, left, right, font, colour in cells:
        if text:
            place = QRectF(left, middle - columns.row / 2, right - left, columns.row)
            things.append(Words(text, place, font, colour, align=_LEFT))
    return things


RUNNING = "The sweep is running. What one picks from its curve is known at its end."


class PicksPane(PlotPane[RatePicture]):
    """Shows the picks of a range test."""

    rate_clicked = Signal(float)
    """The user wishes this learning rate."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, plots=0)
        self._table: tuple[tuple[object, ...], Table] | None = None
        self.setMouseTracking(True)

    def _draw(self, picture: RatePicture, style: Style) -> None:
        style = within(style, self.size(), LEAST_UNITS)
        # Laid out for what will be said at the end, so that nothing moves when it is.
        truth = picture.sweep.truth if picture.is_over else RUNNING
        longest = max(picture.sweep.truth, RUNNING, key=len)
        key = (picture.picks, truth, longest, self.size(), style)
        if self._table is None or self._table[0] != key:
            self._table = (key, picks_table(picture.picks, truth, longest, self.size(), style))
        self._show_grids([], style, self._table[1].things)

    def pick_at(self, place: QPointF) -> Pick | None:
        """The pick in whose row the place is."""
        rows = self._table[1].rows if self._table is not None else ()
        return next((pick for rect, pick in rows if rect.contains(place)), None)

    def event(self, event: QEvent) -> bool:
        """Answer a tooltip's request with the sentence of the row, and with what a click does."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            pick = self.pick_at(QPointF(event.pos()))
            show_tooltip(event.globalPos(), _tip(pick) if pick is not None else "", self)
            return True
        return super().event(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show a hand over a row that can be taken."""
        pick = self.pick_at(event.position())
        if pick is None or pick.learning_rate is None:
            self.unsetCursor()
        else:
            self.setCursor(Qt.CursorShape.PointingHandCursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Tell which rate was taken."""
        pick = self.pick_at(event.position()) if event.button() is Qt.MouseButton.LeftButton else None
        if pick is None or pick.learning_rate is None:
            super().mousePressEvent(event)
            return
        self.rate_clicked.emit(pick.learning_rate)


def _tip(pick: Pick) -> str:
    """The whole sentence, which a narrow pane shortens."""
    lines = [f"{pick.name}: {pick.explanation}"]
    if pick.learning_rate is not None:
        lines.append("Take this learning rate")
    return "\n".join(lines)
