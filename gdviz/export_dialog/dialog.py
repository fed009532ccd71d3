"""The dialog that configures an animation: fields, previews of the first and last frame, and a summary."""

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QIcon, QImage, QPalette, QShowEvent
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from gdviz.export_dialog.choices import ExportChoices
from gdviz.export_dialog.form import ExportForm
from gdviz.export_dialog.preview import PREVIEW_SIZE, FramePreview
from gdviz.plotting.text import text_font
from gdviz.presentation.look import Theme
from gdviz.presentation.palette import PALETTES
from gdviz.widgets.plain import PlainLabel
from gdviz.widgets.theme import TEXT_SIZE

DELAY_MILLISECONDS = 120
"""Delay after the last change before the previews are drawn."""
MESSAGE_MILLISECONDS = 4000
"""How long the reason for rejecting a number is shown."""
SUMMARY_TEXT = 16
MARGIN, GAP = 16, 18
MIN_PREVIEW = 0.5


class ExportDialog(QDialog):
    """Window-modal, so that the window keeps showing what will be exported."""

    preview_requested = Signal(object)
    """The `ExportChoices` to summarize and preview, shortly after they have changed."""
    export_requested = Signal(object)
    """The `ExportChoices` to export."""

    def __init__(self, choices: ExportChoices, theme: Theme, parent: QWidget) -> None:
        """``theme`` is the window's; sizes follow the font of ``parent``."""
        super().__init__(parent)
        self.setWindowTitle("Export animation")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._palette, self._choices = PALETTES[theme], choices
        self.form = ExportForm()
        self.first, self.last = FramePreview("first frame"), FramePreview("last frame")
        # Never empty, as they would be less high.
        self._captions = (PlainLabel("first frame"), PlainLabel("last frame"))
        self.summary = PlainLabel()
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.export = self.buttons.addButton("&Export…", QDialogButtonBox.ButtonRole.AcceptRole)
        self._timer = QTimer(self, singleShot=True)
        self._lay_out()
        self.export.setDefault(True)
        self.export.clicked.connect(lambda: self.export_requested.emit(self._choices))
        self.buttons.rejected.connect(self.reject)
        self.form.changed.connect(self._on_changed)
        self.form.rejected.connect(self._on_rejected)
        self._timer.timeout.connect(lambda: self.preview_requested.emit(self._choices))
        self.form.show_choices(choices)
        self._set_unit(parent.font().pixelSize() / TEXT_SIZE)

    def _lay_out(self) -> None:
        self._area = QScrollArea()
        self._content = content = QWidget()
        self._columns, self._pictures = QHBoxLayout(content), QVBoxLayout()
        self._columns.setContentsMargins(0, 0, 0, 0)
        self._columns.addWidget(self.form, 1, Qt.AlignmentFlag.AlignTop)
        for preview, caption in zip((self.first, self.last), self._captions, strict=True):
            self._pictures.addWidget(preview)
            self._pictures.addWidget(caption)
        self._pictures.addStretch(1)
        self._columns.addLayout(self._pictures)
        self._area.setWidget(content)
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self.summary.setWordWrap(True)
        # Always two lines high, so that nothing moves when a longer text comes.
        self.summary.setAlignment(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        self._bottom = QHBoxLayout()
        self._bottom.addWidget(self.summary, 1)
        self._bottom.addWidget(self.buttons)
        self._rows = QVBoxLayout(self)
        self._rows.addWidget(self._area, 1)
        self._rows.addLayout(self._bottom)

    def _set_unit(self, unit: float) -> None:
        self.form.set_unit(unit)
        for caption in self._captions:
            caption.setFont(text_font(TEXT_SIZE * unit))
        for button in self.buttons.buttons():
            button.setIcon(QIcon())
            button.setFont(text_font(TEXT_SIZE * unit))
            button.setMinimumSize(round(88 * unit), round(32 * unit))
        self.summary.setFont(text_font(SUMMARY_TEXT * unit))
        self.summary.setFixedHeight(round(2.8 * SUMMARY_TEXT * unit))
        self._rows.setContentsMargins(*(round(MARGIN * unit),) * 4)
        self._rows.setSpacing(round(MARGIN * unit))
        self._columns.setSpacing(round(GAP * unit))
        self._pictures.setSpacing(round(4 * unit))
        self._bottom.setSpacing(round(GAP * unit))
        # The previews shrink where large text needs most of the screen.
        left = self._largest_size().width() - self.form.sizeHint().width() - round((2 * MARGIN + 2 * GAP) * unit)
        for preview in (self.first, self.last):
            preview.set_unit(max(MIN_PREVIEW, min(unit, left / PREVIEW_SIZE[0])))

    def _largest_size(self) -> QSize:
        return self.screen().availableSize() * 0.96

    def sizeHint(self) -> QSize:
        """The size of the whole content if the screen is large enough; otherwise there are scroll bars."""
        content = self._content.sizeHint()
        height = content.height() + self._bottom.sizeHint().height() + self._rows.spacing()
        size = QSize(content.width(), height).grownBy(self._rows.contentsMargins())
        return size.boundedTo(self._largest_size())

    def showEvent(self, event: QShowEvent) -> None:
        """Resize to the hint; by default Qt uses two thirds of the screen at most."""
        self.resize(self.sizeHint())
        super().showEvent(event)

    def _on_changed(self, choices: ExportChoices) -> None:
        self._choices = choices
        self._timer.start(DELAY_MILLISECONDS)

    def _on_rejected(self, line: str) -> None:
        self.show_problem(line)
        self._timer.start(MESSAGE_MILLISECONDS)

    def done(self, result: int) -> None:
        """Stop requesting previews."""
        self._timer.stop()
        super().done(result)

    def show_summary(self, line: str) -> None:
        """Show the duration, frames and size of the animation."""
        self._show_line(line, self._palette.text, is_possible=True)

    def show_problem(self, line: str) -> None:
        """Show why this animation is not possible."""
        self._show_line(line, self._palette.warning, is_possible=False)

    def show_preview(self, place: int, image: QImage, step: int, theme: Theme) -> None:
        """Show the first frame (place 0) or the last (1) with its step; ``theme`` is that of the image."""
        (self.first, self.last)[place].show_image(image, theme)
        self._captions[place].setText(f"{('first', 'last')[place]} frame: step {step:,}")

    def _show_line(self, line: str, colour: str, is_possible: bool) -> None:
        self.export.setEnabled(is_possible)
        colours = self.summary.palette()
        colours.setColor(QPalette.ColorRole.WindowText, QColor(colour))
        self.summary.setPalette(colours)
        self.summary.setText(line)
