"""The small windows: the list of keys, and what gdviz is."""

from html import escape

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from gdviz import __version__
from gdviz.main_window.commands import commands, key_text

COLUMNS = (("File", "Play"), ("Edit", "Run", "Scenario", "Help"), ("View",))
NARROW_COLUMNS = (("File", "Edit", "Play", "Scenario", "Help"), ("Run", "View"))
"""The menus whose keys stand below each other: about as many in each column; the latter on a screen that is narrow."""
NARROW = 1000
"""Pixels, less than which a screen is narrow."""
WIDE, SCREEN = 520, 0.9
"""Pixels of a text in lines; and the part of the screen's width and height that a window has at most."""


class TextDialog(QDialog):
    """A text with a Close button, to be scrolled where the screen is small; it does not block the window."""

    def __init__(self, title: str, html: str, parent: QWidget | None = None, wraps: bool = True) -> None:
        """``html``: rich text as Qt understands it. ``wraps``: whether its lines may be broken to be shorter."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        label = QLabel(html)
        label.setTextFormat(Qt.TextFormat.RichText)
        label.setWordWrap(wraps)
        label.setMargin(12)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(label)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(area)
        layout.addWidget(buttons)
        for part in (label, buttons):
            part.ensurePolished()  # with the fonts of the window's style, which it is measured by
        text = QSize(WIDE, label.heightForWidth(WIDE)) if wraps else label.sizeHint()
        wanted, room = text + layout.sizeHint() - area.sizeHint(), self.screen().availableSize() * SCREEN
        if wanted.height() > room.height():
            wanted += QSize(area.verticalScrollBar().sizeHint().width(), 0)
        self.resize(wanted.boundedTo(room))


def open_text(title: str, html: str, parent: QWidget, wraps: bool = True) -> None:
    """Open a text over the parent; if it is open already, bring it to the front."""
    for dialog in parent.findChildren(TextDialog):
        if dialog.isVisible() and dialog.windowTitle() == title:
            dialog.raise_()
            dialog.activateWindow()
            return
    TextDialog(title, html, parent, wraps).open()


def keys_html(screen_width: int) -> str:
    """All commands with their keys: menu by menu, in columns that can be taken in at a glance; the width in pixels."""
    wanted = COLUMNS if screen_width >= NARROW else NARROW_COLUMNS
    columns = [f"<table cellpadding=1>{'<tr><td>&nbsp;</td></tr>'.join(map(_menu, menus))}</table>" for menus in wanted]
    cells = "<td width=32></td>".join(f"<td valign=top>{column}</td>" for column in columns)
    rest = "Esc leaves Present. Single letters do nothing while a text field has the focus."
    return f"<table><tr>{cells}</tr></table><p>{rest}</p>"


def _menu(menu: str) -> str:
    """The rows of a menu: its name, then keys and words in line."""
    rows = [f"<tr><td colspan=3><i>{escape(menu)}</i></td></tr>"]
    for command in (command for command in commands() if command.keys and command.menu == menu):
        key, text = (escape(words).replace(" ", "&nbsp;") for words in (key_text(command), command.text))
        rows.append(f"<tr><td><b>{key}</b></td><td width=14></td><td>{text}</td></tr>")
    return "".join(rows)


def about_html() -> str:
    """Name, version and purpose."""
    return (
        f"<h3>gdviz {__version__}</h3><p>Shows, live and honestly, what the learning rate does to gradient descent. "
        "The numbers of a run are computed in the precision that is chosen and never clamped or smoothed.</p>"
        "<p>Fonts: Inter and Fira Code, SIL Open Font License 1.1.</p>"
    )
