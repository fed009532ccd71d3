"""Text from files and names on widgets: shown as it was typed, never taken for HTML, nor an ampersand for a key.

Qt guesses whether the text of a label or a tooltip is HTML. Where it thinks so, parts of the text disappear, and it may
read any file. So only the labels and tooltips of this module are used, except in the dialogs whose HTML is our own.
"""

import re
from collections.abc import Callable
from html import escape
from itertools import pairwise

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QSize, Qt, QTextBoundaryFinder
from PySide6.QtGui import QAction, QFontMetrics, QHelpEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QLabel, QListWidgetItem, QToolTip, QWidget

WRAPPED = 80  # A line of a tooltip with more characters is broken
NO_WIDTH_SPACE = "\u200b"
HIGH = 1 << 20  # pixels: higher than any text


class PlainLabel(QLabel):
    """A label that shows its text letter for letter; only with a buddy an ampersand in it names a key."""

    def __init__(self, text: str = "") -> None:
        """A label with a text."""
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)


def set_tooltip(thing: QWidget | QAction | QListWidgetItem, text: str) -> None:
    """Give it a tooltip that shows the text letter for letter."""
    thing.setToolTip(plain_tooltip(text))


def show_tooltip(place: QPoint, text: str, widget: QWidget, around: QRect | None = None) -> None:
    """Show the text letter for letter at a place of the screen, until the pointer leaves ``around`` in the widget."""
    QToolTip.showText(place, plain_tooltip(text), widget, QRect() if around is None else around)


def answers_tooltip(event: QEvent, widget: QWidget, tip_at: Callable[[QPointF], str]) -> bool:
    """Show the tooltip of the place if the event asks for one, or hide it if that is empty; whether the event asks."""
    if not isinstance(event, QHelpEvent) or event.type() != QEvent.Type.ToolTip:
        return False
    show_tooltip(event.globalPos(), tip_at(QPointF(event.pos())), widget)
    return True


def plain_tooltip(text: str) -> str:
    """The text in the form in which Qt's tooltip shows it letter for letter, long lines broken."""
    wraps = any(len(line) > WRAPPED for line in text.splitlines())
    if not wraps and not set(text) & set("<&"):  # without these nothing is HTML
        return text
    text = re.sub(rf"\S{{{WRAPPED + 1},}}", lambda word: with_breaks(word[0]), text)
    return f'<div style="white-space: {"pre-wrap" if wraps else "pre"}">{escape(text)}</div>'


def with_breaks(word: str) -> str:
    """The word with an invisible sign between any two of its letters, at which a line may be broken."""
    units = word.encode("utf-16-le", "surrogatepass")  # in which Qt counts
    finder, ends = QTextBoundaryFinder(QTextBoundaryFinder.BoundaryType.Grapheme, word), [0]
    while (end := finder.toNextBoundary()) > 0:
        ends.append(end)
    return NO_WIDTH_SPACE.join(
        units[2 * begin : 2 * end].decode("utf-16-le", "surrogatepass") for begin, end in pairwise(ends)
    )


def without_mnemonic(text: str) -> str:
    """The text for a menu or a button in which an ampersand is an ampersand."""
    return text.replace("&", "&&")


def window_title(text: str) -> str:
    """The text for the title of a window, in which ``[*]`` would be the place of Qt's mark of what is not saved."""
    return text.replace("[*]", "[*][*]")


class WrappedLabel(PlainLabel):
    """As wide as its place. A word wider than that is broken too; otherwise it looks like any label with word wrap."""

    def __init__(self, text: str = "") -> None:
        """A label with a text, at the top of its place."""
        super().__init__(text)
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignTop)

    def minimumSizeHint(self) -> QSize:
        """Any width will do."""
        return QSize(0, super().minimumSizeHint().height())

    def sizeHint(self) -> QSize:
        """As a minimum."""
        return self.minimumSizeHint()

    def heightForWidth(self, width: int) -> int:
        """Pixels that the lines need in that width, the margin included."""
        room = QRect(0, 0, width - 2 * self.margin(), HIGH)
        text = breakable(self.text(), self.fontMetrics(), room.width())
        return self.fontMetrics().boundingRect(room, self._flags(), text).height() + 2 * self.margin()

    def event(self, event: QEvent) -> bool:
        """Show the whole text as a tooltip where the label is too low for it."""
        return answers_tooltip(event, self, lambda place: self._hidden_text()) or super().event(event)

    def _hidden_text(self) -> str:
        return self.text() if self.heightForWidth(self.width()) > self.height() else ""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the lines."""
        margin = self.margin()
        room = self.contentsRect().adjusted(margin, margin, -margin, -margin)
        text = breakable(self.text(), self.fontMetrics(), room.width())
        painter = QPainter(self)
        role = QPalette.ColorRole.WindowText
        self.style().drawItemText(painter, room, self._flags(), self.palette(), self.isEnabled(), text, role)
        painter.end()

    def _flags(self) -> int:
        return int(self.alignment()) | int(Qt.TextFlag.TextWordWrap)


def breakable(text: str, metrics: QFontMetrics, width: int) -> str:
    """The text in which each word that is wider than so many pixels may be broken between any two of its letters."""

    def broken(word: re.Match[str]) -> str:
        return with_breaks(word[0]) if metrics.horizontalAdvance(word[0]) > width else word[0]

    return re.sub(r"\S+", broken, text)
