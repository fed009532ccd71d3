"""The right end of the status bar during an export and after it: its progress, and what can be done with the file."""

from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QSizePolicy, QWidget

from gdviz.core.errors import printable
from gdviz.plotting.text import shortened
from gdviz.widgets.buttons import BarButton
from gdviz.widgets.plain import PlainLabel, set_tooltip

BAR = 9.0
"""The length of the bar in heights of the text."""
LINE = 34.0
"""The longest line, in the same measure; a longer one is elided and complete in its tooltip."""


def time_left(seconds: float) -> str:
    """These seconds in words, no more precise than the estimate."""
    if seconds >= 90:
        return f"about {round(seconds / 60)} min left"
    return f"about {max(1, round(seconds))} s left"


class _Bar(QProgressBar):
    """A bar that is visible in both themes; the style would draw its groove in black."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """A groove, filled as far as the work is done."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        groove = QRectF(self.rect())
        round_end = groove.height() / 2
        painter.setBrush(self.palette().color(QPalette.ColorRole.Mid))
        painter.drawRoundedRect(groove, round_end, round_end)
        done = (self.value() - self.minimum()) / max(1, self.maximum() - self.minimum())
        # The filled part is clipped from the groove, so that its end fits while it is short too.
        painter.setClipRect(QRectF(0, 0, done * groove.width(), groove.height()))
        painter.setBrush(self.palette().color(QPalette.ColorRole.Highlight))
        painter.drawRoundedRect(groove, round_end, round_end)
        painter.end()


class ExportProgress(QWidget):
    """Hidden while there is no export. Its height is that of its text, so that the stage does not move."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("status_line")  # its buttons are as high as the text, which the style must leave room for
        self.line = ""
        self._label, self._bar = PlainLabel(), _Bar()
        self._bar.setAccessibleName("export")
        self.cancel_button = BarButton("Cancel", "Cancel the export; nothing is written")
        self.folder_button = BarButton("Show in folder", "Open the folder of the file")
        self.open_button = BarButton("Open", "Open the file with the program for its kind")
        self.dismiss_button = BarButton("Dismiss", "Take this line away")
        self._buttons = (self.cancel_button, self.folder_button, self.open_button, self.dismiss_button)
        # No wider than needed: the rest of the status bar is for notices.
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for widget in (self._bar, self._label, *self._buttons):
            row.addWidget(widget)
        self.dismiss_button.clicked.connect(self.hide)
        self._fit()
        self.hide()

    def show_progress(self, done: int, frames: int, seconds_left: float | None) -> None:
        """The number of frames drawn; the time left is None while unknown."""
        self._bar.setRange(0, frames)
        self._bar.setValue(done)
        line = f"frame {done:,} of {frames:,}" if done else "starting the export"
        if done and done == frames:
            line = f"{line}, finishing the file"
        elif done and seconds_left is not None:
            line = f"{line}, {time_left(seconds_left)}"
        self._show(line, self._bar, self.cancel_button)
        # As wide as it will become, so that bar and button do not move.
        longest = f"frame {frames:,} of {frames:,}, finishing the file"
        self._label.setMinimumWidth(QFontMetrics(self.font()).horizontalAdvance(longest))

    def show_cancelling(self) -> None:
        """The export is asked to end and has not done so yet."""
        self._show("cancelling the export", self._bar)

    def show_written(self, line: str) -> None:
        """The export is done."""
        self._show(line, self.folder_button, self.open_button, self.dismiss_button)

    def show_failed(self, line: str) -> None:
        """The export has ended without a file; the line stays until it is dismissed."""
        self._show(line, self.dismiss_button)

    def changeEvent(self, event: QEvent) -> None:
        """Everything is as high as the text."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def _fit(self) -> None:
        height = QFontMetrics(self.font()).height()
        self._bar.setFixedSize(round(BAR * height), round(0.5 * height))
        for button in self._buttons:
            button.setFont(self.font())
            button.setFixedHeight(height)
        self._elide()

    def _show(self, line: str, *shown: QWidget) -> None:
        self.line = printable(line)
        self._label.setMinimumWidth(0)
        self._elide()
        for widget in (self._bar, *self._buttons):
            widget.setVisible(widget in shown)
        self.show()

    def _elide(self) -> None:
        width = round(LINE * QFontMetrics(self.font()).height())
        text = shortened(self.font(), self.line, width, Qt.TextElideMode.ElideMiddle)
        self._label.setText(text)
        self._label.setAccessibleName(self.line)
        set_tooltip(self._label, self.line if text != self.line else "")
