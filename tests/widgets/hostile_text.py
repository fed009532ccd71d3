"""A text that a file may bring, and what a widget shows of it."""

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QApplication, QLabel, QToolTip

HOSTILE = '<img src="x.png"><b>bold<i> 1 < 2 & 3 > 2 &amp; a<b and c>d'
"""Taken for HTML it would show a picture and swallow honest text; it is a file's name, too."""


def labels_that_guess(root):
    """The labels in a widget that would take their text for HTML; one for a picture alone has none."""
    found = [root] if isinstance(root, QLabel) else root.findChildren(QLabel)
    return [label for label in found if label.textFormat().name != "PlainText" and label.text()]


def tip_label():
    """The label of the tooltip that is shown."""
    (tip,) = [widget for widget in QApplication.topLevelWidgets() if widget.inherits("QTipLabel")]
    return tip


def hide_tip():
    """Take it away at once."""
    QToolTip.hideText()
    for tip in [widget for widget in QApplication.topLevelWidgets() if widget.inherits("QTipLabel")]:
        tip.close()
        tip.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def told_by(tip):
    """What a person reads in a tooltip: Qt takes for HTML whatever begins with a tag."""
    if not tip.startswith("<"):
        return tip
    document = QTextDocument()
    document.setHtml(tip)
    return document.toPlainText()
