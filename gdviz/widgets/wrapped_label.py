"""A label of whole lines whose text never decides its width: a word that is longer than a line is broken anywhere."""

import re

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QHelpEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QWidget

from gdviz.widgets.plain import PlainLabel, show_tooltip, with_breaks

HIGH = 1 << 20
"""Pixels: more than any text is high."""


class WrappedLabel(PlainLabel):
    """As wide as its place; shows and lays out its text as any label with word wrap where all words fit."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        """A label with a text, at the top of its place."""
        super().__init__(text, parent)
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
        """Where its place is too low for all lines, the tooltip has them."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            if self.heightForWidth(self.width()) > self.height():
                show_tooltip(event.globalPos(), self.text(), self)
            return True
        return super().event(event)

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
