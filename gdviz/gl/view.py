"""The pane that shows a frame's landscape as a surface, on the screen or as a picture."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from pyqtgraph.opengl import GLViewWidget
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QOpenGLContext, QWheelEvent
from PySide6.QtWidgets import QWidget

from gdviz.gl import hand
from gdviz.gl.darkroom import Darkroom
from gdviz.gl.extent import drawn_area
from gdviz.gl.gpu import Gpu
from gdviz.gl.item import clear
from gdviz.gl.labels import LabelsItem
from gdviz.gl.path import PathItem
from gdviz.gl.points import PointsItem
from gdviz.gl.scenery import SceneryItem
from gdviz.gl.setup import default_format, live_samples
from gdviz.gl.shot import Shot, take
from gdviz.model.frame import Frame
from gdviz.model.look import Camera, Look
from gdviz.model.palette import Palette, palette_of


@dataclass(frozen=True)
class _Grasp:
    """What the mouse holds since the press: the start (with the way from the mouse to its middle) or the camera."""

    pressed: QPointF
    camera: Camera
    start_at: tuple[float, float] | None


class LandscapeView(GLViewWidget):
    """Draws frames and turns the mouse into wishes; it changes nothing by itself."""

    camera_changed = Signal(object)
    """The `Camera` that the viewer wishes."""
    start_dragged = Signal(float, float)
    """The start that the viewer wishes, in parameter values."""
    start_released = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Make a view that is empty until its first frame; needs an application."""
        super().__init__(parent)
        wanted = default_format()
        wanted.setSamples(live_samples())
        self.setFormat(wanted)
        self.setMinimumSize(160, 120)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # keys belong to the window
        self.setMouseTracking(True)
        self._frame: Frame | None = None
        self._unit = 1.0
        self._grasp: _Grasp | None = None
        self._scene = (SceneryItem(), PathItem(), PointsItem())
        self._labels = LabelsItem()
        for item in (*self._scene, self._labels):
            self.addItem(item)
        self._gpu = Gpu(self.items)
        self.destroyed.connect(self._gpu.close)

    # ------------------------------------------------------------------------------------------- what is shown

    def show_frame(self, frame: Frame) -> None:
        """Show a frame; what is painted depends on it, the size and the unit, and on nothing before."""
        self._frame = frame
        self.update()

    def set_unit(self, pixels: float) -> None:
        """Scale text, lines and markers: text is 20 units high (in device-independent pixels on the screen)."""
        self._unit = pixels
        self.update()

    def render_image(self, width: int, height: int, samples: int = 4) -> QImage:
        """The frame as a picture of so many pixels, whether the view is on the screen or not.

        Its format is ARGB32_Premultiplied if the frame's look is transparent, else RGB32. InputError where OpenGL
        cannot draw so many pixels or samples (see `gdviz.gl.setup.limits`) or has no memory for them.
        """
        shot = self._take(width, height, self._unit)
        # Without samples the labels of the picture before are on the framebuffer of the surface, and must go too.
        if shot is not None and samples:
            shot = replace(shot, area=drawn_area(shot))
        palette = _palette(shot)
        with self._opengl() as darkroom:
            darkroom.prepare(width, height, samples)
            self._draw_scene(shot)
            darkroom.resolve(None if shot is None else shot.area, palette)
            self._draw_labels(shot)
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

    def _take(self, width: int, height: int, unit: float) -> Shot | None:
        return take(self._frame, width, height, unit) if self._frame is not None else None

    def _draw_scene(self, shot: Shot | None) -> None:
        """Draw all of a shot but its labels into the framebuffer that is bound and of which the viewport is set."""
        if shot is None:
            clear(_palette(None))
            return
        for item in self._scene:
            item.paint_shot(shot)

    def _draw_labels(self, shot: Shot | None) -> None:
        if shot is not None:
            self._labels.paint_shot(shot)

    # ------------------------------------------------------------------------------------------- Qt and OpenGL

    def initializeGL(self) -> None:
        """Make the items' objects in the context that the widget has got."""
        self._gpu.move_to(QOpenGLContext.currentContext())

    def paintGL(self) -> None:
        """Draw the frame at the widget's size."""
        shot = self._live_shot()
        self._draw_scene(shot)
        self._draw_labels(shot)

    # ------------------------------------------------------------------------------------------- mouse and keys

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the start, or of the box to turn it."""
        shot = self._live_shot()
        if event.button() != Qt.MouseButton.LeftButton or shot is None:
            event.ignore()
            return
        self._grasp = _Grasp(event.position(), shot.frame.look.camera, self._start_near(shot, event.position()))
        held = self._grasp.start_at is not None
        self.setCursor(Qt.CursorShape.ClosedHandCursor if held else Qt.CursorShape.SizeAllCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Wish for another start or camera while held, and show where the start can be taken."""
        shot = self._live_shot()
        if shot is None:
            return
        grasp = self._grasp
        if grasp is None:
            self._show_cursor(shot, event.position())
        elif grasp.start_at is None:
            self.camera_changed.emit(hand.orbited(grasp.camera, event.position() - grasp.pressed))
        else:
            x, y = self._device_pixel(event.position())
            place = hand.pick(shot, x + grasp.start_at[0], y + grasp.start_at[1])
            if place is not None:
                self.start_dragged.emit(*place)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        grasp, shot = self._grasp, self._live_shot()
        if event.button() != Qt.MouseButton.LeftButton or grasp is None:
            event.ignore()
            return
        self._grasp = None
        if shot is not None:
            self._show_cursor(shot, event.position())
        if grasp.start_at is not None:
            self.start_released.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Wish to be nearer or farther."""
        turned = event.angleDelta().y()
        if self._frame is None or not turned:
            event.ignore()
            return
        camera = self._frame.look.camera
        wanted = hand.zoomed(camera, turned)
        if wanted != camera:
            self.camera_changed.emit(wanted)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave all keys to the window; pyqtgraph would turn the camera."""
        event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Leave all keys to the window."""
        event.ignore()

    def _live_shot(self) -> Shot | None:
        """The shot that is on the screen."""
        return self._take(*self._device_size(), self._unit * self.devicePixelRatioF())

    def _device_size(self) -> tuple[int, int]:
        """Width and height in pixels, rounded as Qt does."""
        ratio = self.devicePixelRatioF()
        return round(self.width() * ratio), round(self.height() * ratio)

    def _device_pixel(self, position: QPointF) -> tuple[float, float]:
        ratio = self.devicePixelRatioF()
        return position.x() * ratio, position.y() * ratio

    def _start_near(self, shot: Shot, position: QPointF) -> tuple[float, float] | None:
        reach = hand.GRIP * max(1.0, self._unit) * self.devicePixelRatioF()
        return hand.grip(shot, *self._device_pixel(position), reach)

    def _show_cursor(self, shot: Shot, position: QPointF) -> None:
        near = self._start_near(shot, position) is not None
        self.setCursor(Qt.CursorShape.OpenHandCursor if near else Qt.CursorShape.ArrowCursor)


def _palette(shot: Shot | None) -> Palette:
    return palette_of(Look()) if shot is None else shot.palette
