"""How the tests of the panes point at a place, and how they look at words and at files of vectors."""

from itertools import combinations

from PySide6.QtCore import QBuffer, QEvent, QIODevice, QPointF, QRectF, Qt
from PySide6.QtGui import QHelpEvent, QMouseEvent, QPainter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QApplication


def ask_for_tip(widget, place):
    """As a pointer does it that rests there."""
    at = place.toPoint()
    QApplication.sendEvent(widget, QHelpEvent(QEvent.Type.ToolTip, at, widget.mapToGlobal(at)))


def point_at(widget, place):
    """As a pointer does it that moves there, with no button pressed."""
    here, none = QPointF(place), Qt.MouseButton.NoButton
    event = QMouseEvent(
        QEvent.Type.MouseMove, here, widget.mapToGlobal(here), none, none, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(widget, event)


def assert_words_stand_clear(pane, across=1, down=1):
    """Of all texts, that each stands in the pane, and that no two overlap by more than so many pixels."""
    shown = [words for words in pane.words if words.text]
    for words in shown:
        assert QRectF(pane.rect()).contains(words.rect), words.text
    for one, other in combinations(shown, 2):
        inner = one.rect.adjusted(across, down, -across, -down)
        assert not inner.intersects(other.rect), (one.text, other.text)


def svg_of(pane):
    """The pane as the text of a file of vectors."""
    buffer, generator = QBuffer(), QSvgGenerator()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator.setOutputDevice(buffer)
    generator.setSize(pane.size())
    generator.setViewBox(pane.rect())
    painter = QPainter(generator)
    pane.paint(painter)
    painter.end()
    return bytes(buffer.data().data()).decode()
