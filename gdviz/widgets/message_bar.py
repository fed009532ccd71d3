"""A bar of plain-text messages with a close button, over the top of an area of its parent."""

from collections.abc import Callable
from enum import Enum

from PySide6.QtCore import QRect, QSize, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleEvent, QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from gdviz.core.errors import printable
from gdviz.core.frozen import frozen
from gdviz.plotting.style import TEXT_PIXELS
from gdviz.plotting.text import text_font
from gdviz.presentation.palette import Palette
from gdviz.widgets.buttons import BarButton
from gdviz.widgets.plain import WrappedLabel

MARGIN, STRIPE, SIDE = 6, 8, 32
"""The margin around the text, the width of the stripe beside it, and the side of the button, in pixels at unit 1.

With one line it is as high as the header of the stage, so that it covers nothing else.
"""
NOTE_MILLISECONDS, MILLISECONDS_PER_CHARACTER = 4_000, 60
"""How long a note stays, since it covers the title: time to notice it, and to read it slowly."""


class Tone(Enum):
    """The kind of a message, which determines when it goes."""

    REFUSAL = "what could not be done"
    """Stays until closed or withdrawn."""
    NOTE = "what a person should know"
    """Stays until closed, withdrawn, or shown for long enough."""
    PROGRESS = "what is going on"
    """Stays until withdrawn."""


@frozen
class Message:
    """Printable lines."""

    lines: tuple[str, ...]
    tone: Tone


class MessageBar(QWidget):
    """Shows one message of each topic until it is closed, withdrawn or, for a note, read; hidden without messages."""

    def __init__(self, parent: QWidget) -> None:
        """Hidden. Its owner calls `place` before anything is shown."""
        super().__init__(parent)
        self._messages: dict[str, Message] = {}
        self._area, self._unit = QRect(), 1.0
        self._colours: tuple[QColor, QColor, QColor] | None = None
        self._label, self.button = WrappedLabel(), BarButton("×", "Close (Esc)")
        self._label.setAlignment(Qt.AlignmentFlag.AlignVCenter)
        for part in (self._label, self.button):
            part.setParent(self)
        self.setAccessibleName("message")
        self.button.setAccessibleName("close the message")
        self.button.clicked.connect(self.dismiss)
        self._note_timer = QTimer(self, singleShot=True)
        self._note_timer.timeout.connect(self._drop_notes)
        self.hide()

    @property
    def text(self) -> str:
        """All messages, a line for each sentence; empty while it is hidden."""
        return "\n".join(line for message in self._messages.values() for line in message.lines)

    @property
    def can_be_dismissed(self) -> bool:
        """Whether it shows anything other than progress."""
        return any(message.tone is not Tone.PROGRESS for message in self._messages.values())

    def lines_of(self, topic: str) -> tuple[str, ...]:
        """The lines of a topic."""
        return self._messages[topic].lines if topic in self._messages else ()

    def set_message(self, topic: str, lines: tuple[str, ...], tone: Tone) -> None:
        """Replace the lines of a topic; none withdraw them."""
        message = Message(tuple(map(printable, lines)), tone)
        if not lines:
            self._keep(lambda kept, _: kept != topic)
        elif self._messages.get(topic) != message:
            # The newest comes last, so that nothing above it moves.
            self._messages = {kept: old for kept, old in self._messages.items() if kept != topic} | {topic: message}
            self._update()
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))
        if lines and tone is Tone.NOTE:
            self._note_timer.start(NOTE_MILLISECONDS + MILLISECONDS_PER_CHARACTER * sum(map(len, lines)))

    def dismiss(self) -> None:
        """Close all messages except progress."""
        self._keep(lambda _, tone: tone is Tone.PROGRESS)

    def _drop_notes(self) -> None:
        self._keep(lambda _, tone: tone is not Tone.NOTE)

    def _keep(self, is_kept: Callable[[str, Tone], bool]) -> None:
        kept = {topic: message for topic, message in self._messages.items() if is_kept(topic, message.tone)}
        if kept != self._messages:
            self._messages = kept
            self._update()

    # Place and look

    def place(self, area: QRect, unit: float, palette: Palette) -> None:
        """Cover the top of an area of the parent, with text ``unit`` times the usual size."""
        colours = QColor(palette.pane), QColor(palette.accent), QColor(palette.warning)
        if (area, unit, colours) != (self._area, self._unit, self._colours):
            self._area, self._unit, self._colours = QRect(area), unit, colours
            self._update()

    def _update(self) -> None:
        self.setVisible(bool(self._messages))
        if not self._messages:
            self._note_timer.stop()
            return
        margin, stripe = round(MARGIN * self._unit), round(STRIPE * self._unit)
        for part in (self._label, self.button):
            part.setFont(text_font(TEXT_PIXELS * self._unit))
        self.button.setVisible(self.can_be_dismissed)
        self._label.setText(self.text)
        self._label.setAccessibleName(self.text)
        side = round(SIDE * self._unit)
        width = self._area.width() - stripe - side - 3 * margin
        height = max(self._label.heightForWidth(width), side)
        self.setGeometry(QRect(self._area.topLeft(), QSize(self._area.width(), height + 2 * margin)))
        self._label.setGeometry(stripe + margin, margin, width, height)
        self.button.setGeometry(self.width() - side - margin, margin, side, side)
        self.raise_()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the background, and the stripe in the colour of the most urgent message."""
        if self._colours is None:
            return
        background, accent, warning = self._colours
        refuses = any(message.tone is Tone.REFUSAL for message in self._messages.values())
        colour = warning if refuses else accent
        painter = QPainter(self)
        painter.fillRect(self.rect(), background)
        painter.fillRect(0, 0, round(STRIPE * self._unit), self.height(), colour)
        line = max(2, round(2 * self._unit))
        painter.fillRect(0, self.height() - line, self.width(), line, colour)
        painter.end()
