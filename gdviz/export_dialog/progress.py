"""The right end of the status bar during and after an export: its progress, then actions on the file."""

from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QSizePolicy, QWidget

from gdviz.core.errors import printable
from gdviz.plotting.text import shortened, text_font
from gdviz.widgets.buttons import BarButton
from gdviz.widgets.plain import PlainLabel, set_tooltip
from gdviz.widgets.theme import TEXT_SIZE

BAR_LENGTH = 9.0
"""The length of the bar, in text heights."""
MAX_LINE_LENGTH = 34.0
"""The maximum width of the line, in text heights; longer ones are elided, with the full text in the tooltip."""


def time_left(seconds: float) -> str:
    """The remaining time in words, as precise as the estimate."""
    if seconds >= 90:
        return f"about {round(seconds / 60)} min left"
    return f"about {max(1, round(seconds))} s left"


class _Bar(QProgressBar):
    """A progress bar that is visible in both themes; the style would paint its groove black."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the groove, filled in proportion to the work done."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        groove = QRectF(self.rect())
        round_end = groove.height() / 2
        painter.setBrush(self.palette().color(QPalette.ColorRole.Mid))
        painter.drawRoundedRect(groove, round_end, round_end)
        done = (self.value() - self.minimum()) / max(1, self.maximum() - self.minimum())
        # Clipped from the groove, so that its rounded end fits even while it is short.
        painter.setClipRect(QRectF(0, 0, done * groove.width(), groove.height()))
        painter.setBrush(self.palette().color(QPalette.ColorRole.Highlight))
        painter.drawRoundedRect(groove, round_end, round_end)
        painter.end()


class ExportProgress(QWidget):
    """Hidden until an export starts. As high as its text, so that the stage does not move."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("status_line")  # lets the style make the buttons as high as the text
        self.line = ""
        self._label, self._bar = PlainLabel(), _Bar()
        self._bar.setAccessibleName("export")
        self.cancel_button = BarButton("Cancel", "Cancel the export; nothing is written")
        self.folder_button = BarButton("Show in folder", "Open the folder of the file")
        self.open_button = BarButton("Open", "Open the file with its default program")
        self.dismiss_button = BarButton("Dismiss", "Hide this line")
        self._buttons = (self.cancel_button, self.folder_button, self.open_button, self.dismiss_button)
        # No wider than needed: notices get the rest of the status bar.
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for widget in (self._bar, self._label, *self._buttons):
            row.addWidget(widget)
        self.dismiss_button.clicked.connect(self.hide)
        self._fit()
        self.hide()

    def show_progress(self, done: int, frames: int, seconds_left: float | None) -> None:
        """Show the number of frames drawn; ``seconds_left`` is None while unknown."""
        self._bar.setRange(0, frames)
        self._bar.setValue(done)
        line = f"frame {done:,} of {frames:,}" if done else "starting the export"
        if done and done == frames:
            line = f"{line}, finishing the file"
        elif done and seconds_left is not None:
            line = f"{line}, {time_left(seconds_left)}"
        # As wide as it will ever be, so that bar and button do not move, and the window is not laid out at every frame.
        longest = f"frame {frames:,} of {frames:,}, finishing the file"
        self._show(line, self._bar, self.cancel_button, width=QFontMetrics(self.font()).horizontalAdvance(longest))

    def show_cancelling(self) -> None:
        """Show that the export has been asked to stop."""
        self._show("cancelling the export", self._bar)

    def show_written(self, line: str) -> None:
        """Show that the export is done."""
        self._show(line, self.folder_button, self.open_button, self.dismiss_button)

    def show_failed(self, line: str) -> None:
        """Show why the export failed, until dismissed."""
        self._show(line, self.dismiss_button)

    def set_unit(self, unit: float) -> None:
        """Scale the text; while hidden, it would not follow the status bar, which is as high as even hidden text."""
        self.setFont(text_font(TEXT_SIZE * unit))

    def changeEvent(self, event: QEvent) -> None:
        """Keep everything as high as the text."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def _fit(self) -> None:
        height = QFontMetrics(self.font()).height()
        self._bar.setFixedSize(round(BAR_LENGTH * height), round(0.5 * height))
        for part in (self._label, *self._buttons):
            part.setFont(self.font())
            part.setFixedHeight(height)
        self._elide()
        self._row.invalidate()  # what is hidden does not do so itself

    def _show(self, line: str, *shown: QWidget, width: int = 0) -> None:
        self.line = printable(line)
        self._label.setMinimumWidth(width)
        self._elide()
        for widget in (self._bar, *self._buttons):
            widget.setVisible(widget in shown)
        self.show()

    def _elide(self) -> None:
        width = round(MAX_LINE_LENGTH * QFontMetrics(self.font()).height())
        text = shortened(self.font(), self.line, width, Qt.TextElideMode.ElideMiddle)
        self._label.setText(text)
        self._label.setAccessibleName(self.line)
        set_tooltip(self._label, self.line if text != self.line else "")
