"""The help dialogs: the list of keys, and About."""

from html import escape
from itertools import zip_longest

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAbstractTextDocumentLayout, QFont, QPainter, QPaintEvent, QResizeEvent, QTextDocument
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFrame, QScrollArea, QVBoxLayout, QWidget

from gdviz import __version__
from gdviz.main_window.commands import commands, key_text

COLUMNS = (("File", "Play"), ("Edit", "Run", "Scenario", "Help"), ("View",))
NARROW_COLUMNS = (("File", "Edit", "Play", "Scenario", "Help"), ("Run", "View"))
"""The menus in each column of the list of keys, about equally long; the latter for a narrow screen."""
NARROW_SCREEN = 1000
"""The width in pixels below which a screen is narrow."""
TEXT_WIDTH, MARGIN, SCREEN_FRACTION = 520, 12, 0.9
"""The width of wrapped text and the margin around any, in pixels; the largest part of the screen a dialog takes."""

BOLD = f"b, h3 {{ font-weight: {QFont.Weight.DemiBold.value} }}"
"""The cut that the bundled font has; the bold that HTML asks for would be a smeared regular one."""


class RichText(QWidget):
    """A text in Qt's rich-text subset, laid out once; a label does so for each of the widths that it tries."""

    def __init__(self, html: str, wraps: bool) -> None:
        """``wraps``: whether its lines may be wrapped."""
        super().__init__()
        self._html, self._wraps = html, wraps
        self.document = QTextDocument(self)
        self.document.setDocumentMargin(MARGIN)

    def lay_out(self) -> None:
        """Lay the text out in the font that the widget has now, in which it stays."""
        self.document.setDefaultFont(self.font())
        self.document.setDefaultStyleSheet(BOLD)
        self.document.setHtml(self._html)
        self.setAccessibleName(self.document.toPlainText())
        self.document.setTextWidth(TEXT_WIDTH if self._wraps else self.document.idealWidth())
        if not self._wraps:
            self.setMinimumSize(self.sizeHint())

    def sizeHint(self) -> QSize:
        """The size of the text."""
        return self.document.size().toSize()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wrap the lines at the new width."""
        if self._wraps:
            self.document.setTextWidth(self.width())
            self.setMinimumHeight(self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint in the colours of the theme."""
        context = QAbstractTextDocumentLayout.PaintContext()
        context.palette = self.palette()
        painter = QPainter(self)
        self.document.documentLayout().draw(painter, context)
        painter.end()


class TextDialog(QDialog):
    """A text with a Close button, scrollable on a small screen; it does not block the window."""

    def __init__(self, title: str, html: str, parent: QWidget | None = None, wraps: bool = True) -> None:
        """``html``: in Qt's rich-text subset. ``wraps``: whether its lines may be wrapped."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        text = RichText(html, wraps)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(text)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(area)
        layout.addWidget(buttons)
        for part in (text, buttons):
            part.ensurePolished()  # with the fonts of the window's style, which it is measured by
        text.lay_out()
        size = text.sizeHint() + layout.sizeHint() - area.sizeHint()
        room = self.screen().availableSize() * SCREEN_FRACTION
        if size.height() > room.height():
            size += QSize(area.verticalScrollBar().sizeHint().width(), 0)
        self.resize(size.boundedTo(room))


def open_text_dialog(title: str, html: str, parent: QWidget, wraps: bool = True) -> None:
    """Open a text dialog over the parent; if it is already open, bring it to the front."""
    for dialog in parent.findChildren(TextDialog):
        if dialog.isVisible() and dialog.windowTitle() == title:
            dialog.raise_()
            dialog.activateWindow()
            return
    TextDialog(title, html, parent, wraps).open()


def keys_html(screen_width: int) -> str:
    """Return all commands with their keys, by menu, in columns; ``screen_width`` is in pixels."""
    layout = COLUMNS if screen_width >= NARROW_SCREEN else NARROW_COLUMNS
    columns = ([row for menu in menus for row in ("<td colspan=3>&nbsp;</td>", *_menu(menu))][1:] for menus in layout)
    # In one table: Qt lays out tables in a table again and again, which takes a tenth of a second.
    rows = map("<td width=24></td>".join, zip_longest(*columns, fillvalue="<td colspan=3></td>"))
    rest = (
        "Esc ends the reading of a file, closes a message, and leaves Present.<br>"
        "Single letters do nothing while a text field has the focus."
    )
    return f"<table cellpadding=0 style='margin-bottom: 12px'><tr>{'</tr><tr>'.join(rows)}</tr></table><p>{rest}</p>"


def _menu(menu: str) -> list[str]:
    """Return the cells of each row of a menu: its name, then keys and texts."""
    rows = [f"<td colspan=3><i>{escape(menu)}</i></td>"]
    for command in (command for command in commands() if command.keys and command.menu == menu):
        key, text = (escape(words).replace(" ", "&nbsp;") for words in (key_text(command), command.text))
        rows.append(f"<td><b>{key}</b></td><td width=10></td><td>{text}</td>")
    return rows


def about_html() -> str:
    """Return name, version and purpose."""
    return (
        f"<h3>gdviz {__version__}</h3><p>Shows, live and honestly, what the learning rate does to gradient descent. "
        "The numbers of a run are computed in the chosen precision and never clamped or smoothed.</p>"
        "<p>Fonts: Inter and Fira Code, SIL Open Font License 1.1.</p>"
    )
