"""The pane that shows a landscape as a surface, on the screen or as a picture."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from pyqtgraph.opengl import GLViewWidget
from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QOpenGLContext, QPainter, QWheelEvent
from PySide6.QtOpenGL import QOpenGLPaintDevice
from PySide6.QtWidgets import QWidget

from gdviz.panes.landscape.landscape import Landscape
from gdviz.panes.surface.geometry import mouse as hand
from gdviz.panes.surface.geometry.shot import Shot, drawn_area
from gdviz.panes.surface.items.highlight import LightItem
from gdviz.panes.surface.items.markers import PointsItem
from gdviz.panes.surface.items.paths import PathItem
from gdviz.panes.surface.items.scenery import SceneryItem
from gdviz.panes.surface.labels.layout import Layout
from gdviz.panes.surface.opengl.context import Gpu
from gdviz.panes.surface.opengl.framebuffers import Darkroom
from gdviz.panes.surface.opengl.item import Item, clear, reset_state
from gdviz.panes.surface.opengl.setup import default_format, live_samples
from gdviz.panes.surface.tiles import Easel, Sheet, Tile, lay_out
from gdviz.presentation.look import Camera, Look
from gdviz.presentation.palette import Palette, palette_of
from gdviz.presentation.run_names import NO_LEGEND, Legend


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


@dataclass(frozen=True)
class _Grasp:
    """What the mouse holds since the press: the start (with the way from the mouse to its middle) or the camera."""

    pressed: QPointF
    camera: Camera
    start_at: tuple[float, float] | None
    tile: int
    """Which of several pictures it was pressed in."""


class LandscapeView(GLViewWidget):
    """Draws landscapes and turns the mouse into wishes; it changes nothing by itself."""

    camera_changed = Signal(object)
    """The `Camera` that the viewer wishes."""
    start_pressed = Signal()
    start_dragged = Signal(float, float)
    """The start that the viewer wishes, in parameter values."""
    start_released = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Make a view that is empty until its first picture; needs an application."""
        super().__init__(parent)
        wanted = default_format()
        wanted.setSamples(live_samples())
        self.setFormat(wanted)
        self.setMinimumSize(160, 120)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # keys belong to the window
        self.setMouseTracking(True)
        self._picture: Landscape | None = None
        self._look, self._legend = Look(), NO_LEGEND
        self._unit = 1.0
        self._grasp: _Grasp | None = None
        self._scene = (SceneryItem(), LightItem(), PathItem(), PointsItem())
        self._labels = LabelsItem()
        self._easel = Easel()
        for item in (*self._scene, self._labels, self._easel):
            self.addItem(item)
        self._gpu = Gpu(self.items)
        self.destroyed.connect(self._gpu.close)

    # ------------------------------------------------------------------------------------------- what is shown

    def show_picture(self, picture: Landscape, look: Look, legend: Legend = NO_LEGEND) -> None:
        """Show a landscape; what is painted depends on these, the size and the unit, and on nothing before."""
        self._picture, self._look, self._legend = picture, look, legend
        self.update()

    def set_unit(self, pixels: float) -> None:
        """Scale text, lines and markers: text is 20 units high (in device-independent pixels on the screen)."""
        self._unit = pixels
        self.update()

    def render_image(self, width: int, height: int, samples: int = 4) -> QImage:
        """The landscape as a picture of so many pixels, whether the view is on the screen or not.

        Its format is ARGB32_Premultiplied if the look is transparent, else RGB32. InputError where OpenGL
        cannot draw so many pixels or samples (see `gdviz.panes.surface.opengl.setup.limits`) or has no memory for them.
        """
        sheet = self._lay_out(width, height, self._unit)
        palette, area = _palette(sheet), None
        # Without samples the labels of the picture before are on the framebuffer of the surface, and must go too.
        if sheet is not None and sheet.is_single and samples:
            shot = sheet.tiles[0].shot
            area = drawn_area(shot)
            sheet = replace(sheet, tiles=(Tile(replace(shot, area=area), 0, 0),))
        with self._opengl() as darkroom:
            darkroom.prepare(width, height, samples)
            self._draw_scene(sheet)
            darkroom.resolve(area, palette)
            self._draw_labels(sheet)
            return darkroom.read(palette)

    @contextmanager
    def _opengl(self) -> Iterator[Darkroom]:
        """Make a context current while the block runs: the widget's, or without one that of a studio."""
        is_widgets = self.isValid()
        if is_widgets:
            self.makeCurrent()
        else:
            self._gpu.enter_studio(self.format())
        try:
            yield self._gpu.darkroom
        finally:
            if is_widgets:
                self.doneCurrent()
            else:
                self._gpu.leave_studio()

    def _lay_out(self, width: int, height: int, unit: float) -> Sheet | None:
        if self._picture is None:
            return None
        return lay_out(self._picture, self._look, self._legend, width, height, unit)

    def _draw_scene(self, sheet: Sheet | None) -> None:
        """Draw all of a sheet but its labels into the framebuffer that is bound and of which the viewport is set."""
        if sheet is None:
            clear(_palette(None))
        elif sheet.is_single:
            self._draw_shot(sheet.tiles[0].shot)
        else:
            self._easel.draw_sheet(sheet, self._draw_shot)

    def _draw_shot(self, shot: Shot) -> None:
        for item in self._scene:
            item.paint_shot(shot)

    def _draw_labels(self, sheet: Sheet | None) -> None:
        if sheet is not None:
            self._labels.paint_sheet(sheet)

    # ------------------------------------------------------------------------------------------- Qt and OpenGL

    def initializeGL(self) -> None:
        """Make the items' objects in the context that the widget has got."""
        self._gpu.move_to(QOpenGLContext.currentContext())

    def paintGL(self) -> None:
        """Draw the landscape at the widget's size."""
        sheet = self._live_sheet()
        self._draw_scene(sheet)
        self._draw_labels(sheet)

    # ------------------------------------------------------------------------------------------- mouse and keys

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the start, or of the box to turn it."""
        sheet = self._live_sheet()
        if event.button() != Qt.MouseButton.LeftButton or sheet is None:
            event.ignore()
            return
        index = sheet.tile_at(*self._device_pixel(event.position()))
        start_at = self._start_near(sheet.tiles[index], event.position())
        self._grasp = _Grasp(event.position(), sheet.tiles[index].shot.look.camera, start_at, index)
        held = self._grasp.start_at is not None
        if held:
            self.start_pressed.emit()
        self.setCursor(Qt.CursorShape.ClosedHandCursor if held else Qt.CursorShape.SizeAllCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Wish for another start or camera while held, and show where the start can be taken."""
        sheet, grasp = self._live_sheet(), self._grasp
        if sheet is None:
            return
        if grasp is None:
            self._show_cursor(sheet, event.position())
        elif grasp.start_at is None:
            self.camera_changed.emit(hand.orbited(grasp.camera, event.position() - grasp.pressed))
        else:
            tile = sheet.tiles[min(grasp.tile, len(sheet.tiles) - 1)]
            x, y = self._device_pixel(event.position(), tile)
            place = hand.pick(tile.shot, x + grasp.start_at[0], y + grasp.start_at[1])
            if place is not None:
                self.start_dragged.emit(*place)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        grasp, sheet = self._grasp, self._live_sheet()
        if event.button() != Qt.MouseButton.LeftButton or grasp is None:
            event.ignore()
            return
        self._grasp = None
        if sheet is not None:
            self._show_cursor(sheet, event.position())
        if grasp.start_at is not None:
            self.start_released.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Wish to be nearer or farther."""
        turned = event.angleDelta().y()
        if self._picture is None or not turned:
            event.ignore()
            return
        camera = self._look.camera
        wanted = hand.zoomed(camera, turned)
        if wanted != camera:
            self.camera_changed.emit(wanted)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave all keys to the window; pyqtgraph would turn the camera."""
        event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Leave all keys to the window."""
        event.ignore()

    def _live_sheet(self) -> Sheet | None:
        """The sheet that is on the screen."""
        return self._lay_out(*self._device_size(), self._unit * self.devicePixelRatioF())

    def _device_size(self) -> tuple[int, int]:
        """Width and height in pixels, rounded as Qt does."""
        ratio = self.devicePixelRatioF()
        return round(self.width() * ratio), round(self.height() * ratio)

    def _device_pixel(self, position: QPointF, tile: Tile | None = None) -> tuple[float, float]:
        """The pixel of a place, on the sheet or on one of its pictures."""
        ratio = self.devicePixelRatioF()
        left, top = (tile.left, tile.top) if tile is not None else (0, 0)
        return position.x() * ratio - left, position.y() * ratio - top

    def _start_near(self, tile: Tile, position: QPointF) -> tuple[float, float] | None:
        reach = hand.GRIP * max(1.0, self._unit) * self.devicePixelRatioF()
        return hand.grip(tile.shot, *self._device_pixel(position, tile), reach)

    def _show_cursor(self, sheet: Sheet, position: QPointF) -> None:
        tile = sheet.tiles[sheet.tile_at(*self._device_pixel(position))]
        near = self._start_near(tile, position) is not None
        self.setCursor(Qt.CursorShape.OpenHandCursor if near else Qt.CursorShape.ArrowCursor)


def _palette(sheet: Sheet | None) -> Palette:
    return palette_of(Look()) if sheet is None else sheet.palette
