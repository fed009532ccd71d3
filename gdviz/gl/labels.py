"""All text of the pane, painted in one pass over the finished picture."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter
from PySide6.QtOpenGL import QOpenGLPaintDevice

from gdviz.gl.item import Item
from gdviz.gl.layout import Layout
from gdviz.gl.shot import Shot


class LabelsItem(Item):
    """Paints the labels on a device that draws into whichever framebuffer is bound."""

    def initializeGL(self) -> None:
        """Nothing is to be made: Qt keeps the text as textures of its own."""

    def draw(self, shot: Shot) -> None:
        """Paint all labels."""
        placed = Layout(shot).placed
        device = QOpenGLPaintDevice(QSize(shot.lens.width, shot.lens.height))
        painter = QPainter(device)
        for image, left, top in placed:
            painter.drawImage(left, top, image)
        painter.end()
