"""The pane with the rates that a range test suggests, each clickable and with a sentence."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from enum import IntEnum

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtWidgets import QWidget

from gdviz.core.frozen import frozen
from gdviz.panes.range_test.labels import suggestion_pen
from gdviz.panes.range_test.picture import RatePicture, Suggestion
from gdviz.panes.range_test.plot import CLICK_HINT, LEAST_UNITS, RatePane
from gdviz.plotting.axes_layout import MARGIN, title_bottom, title_words
from gdviz.plotting.image_cache import LatestResult
from gdviz.plotting.placement import horizontal
from gdviz.plotting.run_legend import SAMPLE
from gdviz.plotting.shapes import LEFT, Painted, Shape, Words, line
from gdviz.plotting.style import TEXT_PIXELS, Style, height_of, shrunk_to_fit
from gdviz.plotting.text import width_of, wrapped_size
from gdviz.presentation.numbers import format_number

TITLE = "WHICH RATE?"
RUNNING = "The sweep is running. What one picks from its curve is known at its end."
SMALLEST_TEXT = 14.0
"""Smallest text in units; it shrinks further only if some of it would be cut otherwise."""
UNKNOWN = "–"
_MOST_SPACING = 9.0
"""If there is room, rows are up to this many units further apart."""


@frozen(eq=False)
class Table:
    """What to paint, and the row of each suggestion."""

    things: tuple[Painted, ...]
    rows: tuple[tuple[QRectF, Suggestion], ...]


@frozen
class _Columns:
    """The left edge of each column, the right edge of the last, and the heights of a row and of the advice."""

    name: float
    rate: float
    sentence: float
    end: float
    row: float
    truth: float


class _Shortening(IntEnum):
    """How much of the sentences is shown."""

    ALL = 0
    HEADS = 1
    """Those that do not fit end before a comma or colon."""
    SOME = 2
    """Those that do not fit even so are left out."""


def suggestions_table(
    suggestions: Sequence[Suggestion], judged: Sequence[Suggestion], truth: str, longest: str, size: QSize, style: Style
) -> Table:
    """The suggestions, and ``truth`` below, in a pane of that size.

    judged, longest: for which room is reserved, as they are at the end of the sweep.
    """
    fitted, words = _fit(judged, longest, size, style)
    columns, unit = _columns(judged, longest, size, fitted), fitted.unit
    room = columns.end - columns.sentence
    sentences = [_shortened(suggestion, room, words, fitted) or "" for suggestion in suggestions]
    top = title_bottom(style) + 3 * unit
    spare = size.height() - _height(suggestions, columns, style, fitted)
    step = columns.row + max(0.0, min(_MOST_SPACING * unit, spare / (len(suggestions) + 2)))
    things, rows = list[Painted](title_words(TITLE, "", float(size.width()), style)), []
    for index, (suggestion, sentence) in enumerate(zip(suggestions, sentences, strict=True)):
        rect = QRectF(MARGIN * unit / 2, top + index * step, size.width() - MARGIN * unit, step)
        rows.append((rect, suggestion))
        things += _row(rect, suggestion, sentence, columns, fitted)
    place = QRectF(MARGIN * unit, top + len(suggestions) * step + 5 * unit, columns.end - MARGIN * unit, columns.truth)
    things.append(Shape(horizontal(place.top() - 2 * unit, place), style.pen(style.palette.grid, 1.2)))
    top_left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
    things.append(Words(truth, place, fitted.text, style.palette.text, align=top_left, wrap=True))
    return Table(tuple(things), tuple(rows))


def _fit(suggestions: Sequence[Suggestion], truth: str, size: QSize, style: Style) -> tuple[Style, _Shortening]:
    """The style with the largest text in which everything fits, except for the title, and how sentences are cut."""
    for unit, words in _attempts(style.unit):
        tried = replace(style, unit=unit)
        columns = _columns(suggestions, truth, size, tried)
        room = columns.end - columns.sentence
        sentences = [_shortened(suggestion, room, words, tried) for suggestion in suggestions]
        if _height(suggestions, columns, style, tried) <= size.height() and None not in sentences:
            break
    return tried, words


def _attempts(unit: float) -> Iterator[tuple[float, _Shortening]]:
    factor = SMALLEST_TEXT / TEXT_PIXELS
    for words in (_Shortening.ALL, _Shortening.HEADS):
        yield from ((unit, words), (unit * (1.0 + factor) / 2, words), (unit * factor, words))
    yield unit * factor, _Shortening.SOME
    while factor * TEXT_PIXELS * unit > 5.0:
        factor *= 0.93
        yield factor * unit, _Shortening.SOME


def _shortened(suggestion: Suggestion, room: float, words: _Shortening, style: Style) -> str | None:
    """The longest sentence that fits, else as much of it as ``words`` allows; None if that does not fit either.

    Of a warning the first word always stays.
    """
    sentence, warning = suggestion.sentences[0], suggestion.warning
    ends = [end.start() for end in re.finditer("[,:;] ", sentence) if end.start() >= len(warning)]
    heads = [sentence[:end] for end in reversed(ends)] if words >= _Shortening.HEADS else []
    fitting = (text for text in (*suggestion.sentences, *heads) if width_of(style.text, text) <= room)
    return next(fitting, warning.partition(" ")[0] if words is _Shortening.SOME else None)


def _columns(suggestions: Sequence[Suggestion], truth: str, size: QSize, style: Style) -> _Columns:
    unit, gap = style.unit, 11 * style.unit
    name = (MARGIN + SAMPLE + 7) * unit
    rate = name + max((width_of(style.text, one.name) for one in suggestions), default=0.0) + gap
    sentence = rate + max((width_of(style.number, _rate(one)) for one in suggestions), default=0.0) + gap
    end = size.width() - MARGIN * unit
    _, height = wrapped_size(style.text, truth, max(1.0, end - MARGIN * unit))
    row = max(height_of(style.text), height_of(style.number))
    return _Columns(name, rate, sentence, end, row, height)


def _height(suggestions: Sequence[Suggestion], columns: _Columns, style: Style, fitted: Style) -> float:
    """The height of the whole table, rows close together."""
    return title_bottom(style) + len(suggestions) * columns.row + columns.truth + (3 + 5 + 5) * fitted.unit


def _rate(suggestion: Suggestion) -> str:
    return UNKNOWN if suggestion.learning_rate is None else format_number(suggestion.learning_rate, 3)


def _row(rect: QRectF, suggestion: Suggestion, sentence: str, columns: _Columns, style: Style) -> list[Painted]:
    """The row of a suggestion: a sample of the line, the name, the rate, the sentence."""
    palette, middle = style.palette, rect.center().y()
    begin = QPointF(MARGIN * style.unit, middle)
    sample = line(begin, begin + QPointF(SAMPLE * style.unit, 0.0))
    cells = (
        (suggestion.name, columns.name, columns.rate, style.text, palette.text),
        (_rate(suggestion), columns.rate, columns.sentence, style.number, palette.text),
        (sentence, columns.sentence, columns.end, style.text, palette.quiet),
    )
    words = [
        Words(text, QRectF(left, middle - columns.row / 2, right - left, columns.row), font, colour, align=LEFT)
        for text, left, right, font, colour in cells
        if text
    ]
    return [Shape(sample, suggestion_pen(suggestion.name, style)), *words]


class SuggestionsPane(RatePane):
    """Shows the suggestions of a range test."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tables = LatestResult[Table]()
        self._rows: tuple[tuple[QRectF, Suggestion], ...] = ()

    def _draw(self, picture: RatePicture, style: Style) -> None:
        style = shrunk_to_fit(style, self.size(), LEAST_UNITS)
        # Laid out for the final text, so that nothing moves when it appears.
        truth = picture.truth if picture.is_over else RUNNING
        longest = max(picture.truth, RUNNING, key=len)
        what = (picture.suggestions, picture.judged, truth, longest, self.size(), style)
        table = self._tables.of(what, lambda: suggestions_table(*what))
        self._rows = table.rows
        self._show_grids([], style, table.things)

    def suggestion_at(self, place: QPointF) -> Suggestion | None:
        """The suggestion in the row at that place."""
        self.draw()
        return next((suggestion for rect, suggestion in self._rows if rect.contains(place)), None)

    def rate_at(self, place: QPointF) -> float | None:
        """The rate of the row at that place, once it is known."""
        suggestion = self.suggestion_at(place)
        return None if suggestion is None else suggestion.learning_rate

    def tooltip_at(self, place: QPointF) -> str:
        """The whole sentence of the row, which may be shortened in the pane, and what a click does."""
        suggestion = self.suggestion_at(place)
        if suggestion is None:
            return ""
        sentence = f"{suggestion.name}: {suggestion.sentences[0]}"
        return sentence if suggestion.learning_rate is None else f"{sentence}\n{CLICK_HINT}"
