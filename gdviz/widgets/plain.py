"""Text from files and names on widgets, shown as plain text: never as HTML, nor with an ampersand as a mnemonic.

Qt guesses whether the text of a label or a tooltip is HTML. If it thinks so, parts of the text disappear, and it may
read any file. So only the labels and tooltips of this module are used, except in dialogs with our own HTML.
"""

import re
from collections.abc import Callable
from html import escape
from itertools import pairwise

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QSize, Qt, QTextBoundaryFinder
from PySide6.QtGui import QAction, QFontMetrics, QHelpEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QLabel, QListWidgetItem, QToolTip, QWidget

WRAP_COLUMN = 80  # a tooltip line with more characters is wrapped
ZERO_WIDTH_SPACE = "\u200b"
UNLIMITED_HEIGHT = 1 << 20  # pixels, taller than any text


class PlainLabel(QLabel):
    """A label that shows its text verbatim; an ampersand is a mnemonic only if the label has a buddy."""

    def __init__(self, text: str = "") -> None:
        """Show ``text``."""
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)


def set_tooltip(thing: QWidget | QAction | QListWidgetItem, text: str) -> None:
    """Set a tooltip that shows the text verbatim; Qt would announce even one that stays the same."""
    tooltip = plain_tooltip(text)
    if tooltip != thing.toolTip():
        thing.setToolTip(tooltip)


def show_tooltip(place: QPoint, text: str, widget: QWidget, around: QRect | None = None) -> None:
    """Show the text verbatim at a screen position, until the pointer leaves ``around`` in the widget."""
    QToolTip.showText(place, plain_tooltip(text), widget, QRect() if around is None else around)


def handles_tooltip(event: QEvent, widget: QWidget, tip_at: Callable[[QPointF], str]) -> bool:
    """Answer a tooltip event with the tooltip at its position (empty hides it); return whether it was one."""
    if not isinstance(event, QHelpEvent) or event.type() != QEvent.Type.ToolTip:
        return False
    show_tooltip(event.globalPos(), tip_at(QPointF(event.pos())), widget)
    return True


def plain_tooltip(text: str) -> str:
    """Return the text in the form that Qt's tooltips show verbatim, with long lines wrapped."""
    wraps = any(len(line) > WRAP_COLUMN for line in text.splitlines())
    if not wraps and not set(text) & set("<&"):  # without these it is not HTML
        return text
    text = re.sub(rf"\S{{{WRAP_COLUMN + 1},}}", lambda word: with_break_points(word[0]), text)
    return f'<div style="white-space: {"pre-wrap" if wraps else "pre"}">{escape(text)}</div>'


def with_break_points(word: str) -> str:
    """Return the word with a zero-width space, at which a line may break, between any two graphemes."""
    units = word.encode("utf-16-le", "surrogatepass")  # the units in which Qt counts
    finder, ends = QTextBoundaryFinder(QTextBoundaryFinder.BoundaryType.Grapheme, word), [0]
    while (end := finder.toNextBoundary()) > 0:
        ends.append(end)
    return ZERO_WIDTH_SPACE.join(
        units[2 * begin : 2 * end].decode("utf-16-le", "surrogatepass") for begin, end in pairwise(ends)
    )


def escape_mnemonic(text: str) -> str:
    """Return the text for a menu or button, with ampersands escaped."""
    return text.replace("&", "&&")


def window_title(text: str) -> str:
    """Return the text for a window title, with ``[*]``, Qt's placeholder for "modified", escaped."""
    return text.replace("[*]", "[*][*]")


class WrappedLabel(PlainLabel):
    """A word-wrapped label of any width, which also breaks words that are too wide."""

    def __init__(self, text: str = "") -> None:
        """Show ``text``, aligned to the top."""
        super().__init__(text)
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignTop)

    def minimumSizeHint(self) -> QSize:
        """Allow any width."""
        return QSize(0, super().minimumSizeHint().height())

    def sizeHint(self) -> QSize:
        """Return the minimum size hint."""
        return self.minimumSizeHint()

    def heightForWidth(self, width: int) -> int:
        """Return the height of the wrapped text, including the margin."""
        room = QRect(0, 0, width - 2 * self.margin(), UNLIMITED_HEIGHT)
        text = with_breakable_words(self.text(), self.fontMetrics(), room.width())
        return self.fontMetrics().boundingRect(room, self._flags(), text).height() + 2 * self.margin()

    def event(self, event: QEvent) -> bool:
        """Show the whole text as a tooltip if the label is not tall enough for it."""
        return handles_tooltip(event, self, lambda place: self._hidden_text()) or super().event(event)

    def _hidden_text(self) -> str:
        return self.text() if self.heightForWidth(self.width()) > self.height() else ""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the wrapped text."""
        margin = self.margin()
        room = self.contentsRect().adjusted(margin, margin, -margin, -margin)
        text = with_breakable_words(self.text(), self.fontMetrics(), room.width())
        painter = QPainter(self)
        role = QPalette.ColorRole.WindowText
        self.style().drawItemText(painter, room, self._flags(), self.palette(), self.isEnabled(), text, role)
        painter.end()

    def _flags(self) -> int:
        return int(self.alignment()) | int(Qt.TextFlag.TextWordWrap)


def with_breakable_words(text: str, metrics: QFontMetrics, width: int) -> str:
    """Return the text with break points in each word that is wider than ``width`` pixels."""

    def broken(word: re.Match[str]) -> str:
        return with_break_points(word[0]) if metrics.horizontalAdvance(word[0]) > width else word[0]

    return re.sub(r"\S+", broken, text)
