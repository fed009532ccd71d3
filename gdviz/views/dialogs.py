"""The small windows: the list of keys, and what gdviz is."""

from html import escape

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QScrollArea, QVBoxLayout, QWidget

from gdviz import __version__
from gdviz.views.commands import COMMANDS, key_text


class TextDialog(QDialog):
    """A scrollable text with a Close button; it does not block the window."""

    def __init__(self, title: str, html: str, parent: QWidget | None = None) -> None:
        """``html``: rich text as Qt understands it."""
        super().__init__(parent)
        self.setWindowTitle(title)
        label = QLabel(html)
        label.setWordWrap(True)
        label.setMargin(12)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(label)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(area)
        layout.addWidget(buttons)
        self.resize(560, 520)


def keys_html() -> str:
    """All commands with their keys, as a table."""
    rows = [
        f"<tr><td><b>{escape(key_text(command))}</b></td><td width=16></td><td>{escape(command.tip)}</td></tr>"
        for command in COMMANDS
        if command.keys
    ]
    return f"<table cellpadding=3>{''.join(rows)}</table>"


def about_html() -> str:
    """Name, version and purpose."""
    return (
        f"<h3>gdviz {__version__}</h3><p>Shows, live and honestly, what the learning rate does to gradient descent. "
        "The numbers of a run are computed in the precision that is chosen and never clamped or smoothed.</p>"
        "<p>Fonts: Inter and Fira Code, SIL Open Font License 1.1.</p>"
    )
