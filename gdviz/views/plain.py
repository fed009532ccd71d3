"""Text from files and names on widgets: shown as it was typed, never taken for HTML, nor an ampersand for a key.

Qt guesses whether the text of a label or a tooltip is HTML; what it takes for it may be swallowed, and may make it
read any file. So only the labels and tooltips of this module are used, but for the dialogs with HTML of our own.
"""

from html import escape

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QListWidgetItem, QToolTip, QWidget

WRAPPED = 80
"""A line of a tooltip with more characters is broken."""


class PlainLabel(QLabel):
    """A label that shows its text letter for letter; only with a buddy an ampersand in it names a key."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        """A label with a text."""
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)


def set_tooltip(thing: QWidget | QAction | QListWidgetItem, text: str) -> None:
    """Give it a tooltip that shows the text letter for letter."""
    thing.setToolTip(plain_tooltip(text))


def show_tooltip(place: QPoint, text: str, widget: QWidget, around: QRect | None = None) -> None:
    """Show the text letter for letter at a place of the screen, until the pointer leaves ``around`` in the widget."""
    QToolTip.showText(place, plain_tooltip(text), widget, QRect() if around is None else around)


def plain_tooltip(text: str) -> str:
    """What Qt has to be given so that its tooltip shows the text letter for letter, long lines broken."""
    wraps = any(len(line) > WRAPPED for line in text.splitlines())
    if not wraps and not set(text) & set("<&"):  # without these nothing is HTML
        return text
    return f'<div style="white-space: {"pre-wrap" if wraps else "pre"}">{escape(text)}</div>'


def without_mnemonic(text: str) -> str:
    """The text for a menu or a button in which an ampersand is an ampersand."""
    return text.replace("&", "&&")


def window_title(text: str) -> str:
    """The text for the title of a window, in which ``[*]`` would be the place of Qt's mark of what is not saved."""
    return text.replace("[*]", "[*][*]")
