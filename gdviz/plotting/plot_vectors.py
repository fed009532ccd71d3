"""The axes of a plot, which pyqtgraph draws, painted into a file of vectors."""

from PySide6.QtGui import QPainter, QPicture

from gdviz.plotting.style import ValueAxis


def paint_axis(painter: QPainter, axis: ValueAxis) -> None:
    """Paint the line, the ticks and the labels of an axis."""
    # On the screen pyqtgraph plays such a recording, in which the text has lost its shapes; this one only measures.
    recording = QPicture()
    measuring = QPainter(recording)
    measuring.setFont(axis.style["tickFont"])
    specifications = axis.generateDrawSpecs(measuring)
    measuring.end()
    if specifications is None:
        return
    painter.save()
    painter.translate(axis.scenePos())
    axis.drawPicture(painter, *specifications)
    painter.restore()
