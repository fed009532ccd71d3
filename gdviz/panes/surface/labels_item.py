"""All text of the pane, painted in one pass over the finished picture."""

from collections.abc import Sequence

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter
from PySide6.QtOpenGL import QOpenGLPaintDevice

from gdviz.panes.surface.geometry.shot import Shot
from gdviz.panes.surface.labels.layout import Layout
from gdviz.panes.surface.opengl.item import Item, reset_state
from gdviz.panes.surface.tiles import Sheet, Tile


class LabelsItem(Item):
    """Paints the labels on a device that draws into whichever framebuffer is bound."""

    def initializeGL(self) -> None:
        """Nothing is to be made: Qt keeps the text as textures of its own."""

    def draw(self, shot: Shot) -> None:
        """Paint all labels."""
        self._paint((Tile(shot, 0, 0),), shot.lens.width, shot.lens.height)

    def paint_sheet(self, sheet: Sheet) -> None:
        """Paint the labels of all pictures on the sheet."""
        reset_state()
        self._paint(sheet.tiles, sheet.width, sheet.height)

    @staticmethod
    def _paint(tiles: Sequence[Tile], width: int, height: int) -> None:
        laid_out = [(tile, Layout(tile.shot).placed) for tile in tiles]
        device = QOpenGLPaintDevice(QSize(width, height))
        painter = QPainter(device)
        for tile, placed in laid_out:
            for image, left, top in placed:
                painter.drawImage(tile.left + left, tile.top + top, image)
        painter.end()
