"""The pane that shows a frame's landscape as a surface, on the screen or as a picture."""

from dataclasses import dataclass

from pyqtgraph.opengl import GLViewWidget
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QOpenGLContext, QWheelEvent
from PySide6.QtWidgets import QWidget

from gdviz.gl import hand
from gdviz.gl.gpu import Gpu
from gdviz.gl.item import clear
from gdviz.gl.labels import LabelsItem
from gdviz.gl.offscreen import picture
from gdviz.gl.path import PathItem
from gdviz.gl.points import PointsItem
from gdviz.gl.scenery import SceneryItem
from gdviz.gl.setup import default_format, live_samples
from gdviz.gl.shot import Shot, take
from gdviz.model.frame import Frame
from gdviz.model.look import Camera, Theme
from gdviz.model.palette import PALETTES


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
        self.shot: Shot | None = None
        self._frame: Frame | None = None
        self._unit = 1.0
        self._grasp: _Grasp | None = None
        for item in (SceneryItem(), PathItem(), PointsItem(), LabelsItem()):
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
        """The frame as a picture of so many pixels, whether the view is on the screen or not."""
        if self.isValid():
            self.makeCurrent()
        else:
            self._gpu.enter_studio(self.format())
        try:
            return picture(width, height, samples, lambda: self._draw(width, height, self._unit))
        finally:
            if self.isValid():
                self.doneCurrent()
            else:
                self._gpu.leave_studio()

    def _draw(self, width: int, height: int, unit: float) -> None:
        """Draw into the framebuffer that is bound and of which the viewport is set."""
        frame = self._frame
        if frame is None:
            clear(PALETTES[Theme.LIGHT])
            return
        self.shot = take(frame, width, height, unit)
        for item in self.items:
            item.paint()

    # ------------------------------------------------------------------------------------------- Qt and OpenGL

    def initializeGL(self) -> None:
        """Make the items' objects in the context that the widget has got."""
        self._gpu.move_to(QOpenGLContext.currentContext())

    def paintGL(self) -> None:
        """Draw the frame at the widget's size."""
        self._draw(*self._device_size(), self._unit * self.devicePixelRatioF())

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
        if self._frame is None:
            return None
        return take(self._frame, *self._device_size(), self._unit * self.devicePixelRatioF())

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
