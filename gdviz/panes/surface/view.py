"""The pane that shows a landscape as a surface, on the screen or as a picture."""

import math
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QHideEvent, QImage, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from gdviz.core.box import Box
from gdviz.core.frozen import frozen
from gdviz.core.right_of_way import right_of_way
from gdviz.panes.landscape.landscape import Landscape
from gdviz.panes.surface.geometry.camera import to_world
from gdviz.panes.surface.geometry.heightfield import pick
from gdviz.panes.surface.geometry.render_state import RenderState
from gdviz.panes.surface.items.highlight import HighlightItem
from gdviz.panes.surface.items.inside import InsideItem
from gdviz.panes.surface.items.markers import MarkersItem
from gdviz.panes.surface.items.paths import PathItem
from gdviz.panes.surface.items.scenery import SceneryItem
from gdviz.panes.surface.labels.layout import Layout, PlacedImage
from gdviz.panes.surface.opengl import gl
from gdviz.panes.surface.opengl.context import OpenGLObjects
from gdviz.panes.surface.opengl.item import reset_gl_state
from gdviz.panes.surface.opengl.setup import live_samples
from gdviz.panes.surface.tiles import Tile, TileCompositor, TileLayout, lay_out
from gdviz.plotting.image_cache import LatestResult
from gdviz.presentation.legend import NO_LEGEND, Legend
from gdviz.presentation.look import DISTANCES, ELEVATIONS, Camera, Look
from gdviz.presentation.palette import palette_of

DEGREES_PER_PIXEL = 0.4
GRAB_RADIUS = 14.0
"""Pixels around the start marker within which a press grabs it."""


@frozen
class _Drag:
    """What a drag moves: the start (``start_at``: the offset from the mouse to its centre) or the camera.

    box: at the press; the start is dragged within it, though the one shown may follow the start.
    """

    pressed: QPointF
    camera: Camera
    start_at: tuple[float, float] | None
    tile: int
    box: Box


class LandscapeView(QWidget):
    """Draws landscapes and emits the changes that the mouse requests; it changes nothing itself.

    OpenGL draws off screen, for the screen too: a QOpenGLWidget would make Qt compose the whole window by OpenGL, which
    takes a software renderer as long as everything else.
    """

    camera_changed = Signal(object)
    """The requested `Camera`."""
    start_pressed = Signal()
    start_dragged = Signal(float, float)
    """The requested start, in parameter values."""
    start_released = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Make a view that is empty until its first picture; needs a QApplication."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(160, 120)
        self.setMouseTracking(True)
        self.picture: Landscape | None = None
        self._look, self._legend = Look(), NO_LEGEND
        self._unit = 1.0
        self._drag: _Drag | None = None
        self._items = (SceneryItem(), HighlightItem(), PathItem(), InsideItem(), MarkersItem())
        self._compositor = TileCompositor()
        self._on_screen = LatestResult[QImage]()
        self._objects = OpenGLObjects((*self._items, self._compositor))
        self.destroyed.connect(self._objects.close)

    def show_picture(self, picture: Landscape, look: Look, legend: Legend = NO_LEGEND) -> None:
        """Show a landscape; what is painted depends only on these, the size and the unit."""
        self.picture, self._look, self._legend = picture, look, legend
        self.update()

    def set_unit(self, pixels: float) -> None:
        """Scale text, lines and markers: text is 20 units high (in device-independent pixels on the screen)."""
        self._unit = pixels
        self.update()

    def render_image(self, width: int, height: int, samples: int = 4) -> QImage:
        """Return the landscape as a picture of this size in pixels, whether or not the view is on the screen.

        The format is ARGB32_Premultiplied if the look is transparent, else RGB32. InputError if OpenGL cannot draw
        that many pixels or samples (see `gdviz.panes.surface.opengl.setup.limits`), or has no memory for them.
        """
        return self.begin_image(width, height, samples)()

    def begin_image(self, width: int, height: int, samples: int = 4) -> Callable[[], QImage]:
        """Begin what `render_image` does, and return what ends it; what is done meanwhile costs no time.

        A software renderer draws in threads of its own. In between, nothing else may be drawn.
        """
        return self._begun(self._lay_out(width, height, self._unit, samples))

    def opengl(self) -> AbstractContextManager[None]:
        """Make the view's OpenGL context current for the block; RuntimeError if there is none to be had."""
        return self._objects.current()

    def free_opengl(self) -> None:
        """Free all OpenGL objects; they are made again when needed."""
        self._objects.close()

    @right_of_way
    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the landscape in the screen's pixels; where nothing has changed, the picture painted last."""
        image = self.draw()
        image.setDevicePixelRatio(self.devicePixelRatioF())
        painter = QPainter(self)
        painter.drawImage(0, 0, image)
        painter.end()

    def draw(self) -> QImage:
        """Draw what has changed, before it is painted; return the picture for the screen."""
        key = (self.picture, self._look, self._legend, self._unit, self.size(), self.devicePixelRatioF())
        return self._on_screen.of(key, lambda: self._begun(self._live_layout())())

    def hideEvent(self, event: QHideEvent) -> None:
        """Free the pictures, in memory and in OpenGL, for as long as nobody sees them."""
        super().hideEvent(event)
        self._on_screen.clear()
        self._objects.free_pictures()

    @right_of_way
    def _begun(self, layout: TileLayout) -> Callable[[], QImage]:
        with self.opengl():
            self._objects.picture_buffer(layout.width, layout.height).begin()
            self._draw(layout)
            gl.glFlush()
        return partial(self._ended, layout)

    @right_of_way
    def _ended(self, layout: TileLayout) -> QImage:
        labels = [(tile, Layout(tile.state).placed) for tile in layout.tiles]  # while OpenGL may still draw
        with self.opengl():
            image = self._objects.picture_buffer(layout.width, layout.height).read(layout.palette)
        _paint_labels(labels, image)
        return image

    def _lay_out(self, width: int, height: int, unit: float, samples: int) -> TileLayout:
        if self.picture is None:
            return TileLayout((), width, height, palette_of(self._look))
        return lay_out(self.picture, self._look, self._legend, width, height, unit, samples)

    def _draw(self, layout: TileLayout) -> None:
        """Draw everything but the labels into the bound framebuffer; the viewport must be set."""
        if len(layout.tiles) == 1:
            self._draw_items(layout.tiles[0].state)
        else:
            self._compositor.compose(layout, self._draw_items)

    def _draw_items(self, state: RenderState) -> None:
        for item in self._items:
            reset_gl_state()
            item.draw(state)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Grab the start, or the box to rotate it."""
        layout = self._live_layout()
        if event.button() != Qt.MouseButton.LeftButton or not layout.tiles:
            event.ignore()
            return
        pixel = self._device_pixel(event)
        index = layout.tile_at(*pixel)
        start_at = self._start_near(layout.tiles[index], *pixel)
        box = layout.tiles[index].state.landscape.surface.box
        self._drag = _Drag(event.position(), self._look.camera, start_at, index, box)
        if start_at is not None:
            self.start_pressed.emit()
        self.setCursor(Qt.CursorShape.SizeAllCursor if start_at is None else Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Request a new start or camera during a drag; otherwise show where the start can be grabbed."""
        layout, drag = self._live_layout(), self._drag
        if not layout.tiles:
            return
        if drag is None:
            self._show_cursor(layout, event)
        elif drag.start_at is None:
            self.camera_changed.emit(_orbited(drag.camera, event.position() - drag.pressed))
        else:
            tile = layout.tiles[min(drag.tile, len(layout.tiles) - 1)]
            (x, y), (right, down), surface = self._device_pixel(event), drag.start_at, tile.state.landscape.surface
            place = pick(surface, tile.state.lens, x - tile.left + right, y - tile.top + down)
            if place is not None:
                self.start_dragged.emit(*drag.box.denormalised(place).tolist())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the drag."""
        drag, layout = self._drag, self._live_layout()
        if event.button() != Qt.MouseButton.LeftButton or drag is None:
            event.ignore()
            return
        self._drag = None
        if layout.tiles:
            self._show_cursor(layout, event)
        if drag.start_at is not None:
            self.start_released.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Request a nearer or farther camera."""
        turned, camera = event.angleDelta().y(), self._look.camera  # in eighths of a degree
        if self.picture is None or not turned:
            event.ignore()
            return
        distance = camera.distance * 0.999**turned  # scrolling up moves nearer
        moved = replace(camera, distance=min(max(distance, DISTANCES[0]), DISTANCES[1]))
        if moved != camera:
            self.camera_changed.emit(moved)

    def _live_layout(self) -> TileLayout:
        """Return the layout on the screen, its size in pixels rounded as Qt rounds it."""
        ratio = self.devicePixelRatioF()
        return self._lay_out(
            round(self.width() * ratio), round(self.height() * ratio), self._unit * ratio, live_samples()
        )

    def _device_pixel(self, event: QMouseEvent) -> tuple[float, float]:
        """Return the mouse position in the whole picture."""
        ratio, position = self.devicePixelRatioF(), event.position()
        return position.x() * ratio, position.y() * ratio

    def _start_near(self, tile: Tile, x: float, y: float) -> tuple[float, float] | None:
        """Return the offset, in pixels, from a pixel to the centre of the tile's start marker; None if out of reach."""
        start = next((path.start for path in tile.state.landscape.paths if path.start is not None), None)
        if start is None:
            return None
        right, down = (tile.state.lens.project(to_world(start)) - (x - tile.left, y - tile.top)).tolist()
        reach = GRAB_RADIUS * max(1.0, self._unit) * self.devicePixelRatioF()
        return (right, down) if math.hypot(right, down) <= reach else None

    def _show_cursor(self, layout: TileLayout, event: QMouseEvent) -> None:
        pixel = self._device_pixel(event)
        near = self._start_near(layout.tiles[layout.tile_at(*pixel)], *pixel) is not None
        self.setCursor(Qt.CursorShape.OpenHandCursor if near else Qt.CursorShape.ArrowCursor)


def _orbited(camera: Camera, moved: QPointF) -> Camera:
    """Return the camera after a drag by ``moved`` pixels: the box follows the mouse."""
    azimuth = math.remainder(camera.azimuth - DEGREES_PER_PIXEL * moved.x(), 360.0)
    elevation = camera.elevation + DEGREES_PER_PIXEL * moved.y()
    return replace(camera, azimuth=azimuth, elevation=min(max(elevation, ELEVATIONS[0]), ELEVATIONS[1]))


def _paint_labels(labels: Iterable[tuple[Tile, Iterable[PlacedImage]]], image: QImage) -> None:
    """Paint the labels of all tiles."""
    painter = QPainter(image)
    for tile, placed in labels:
        for label, left, top in placed:
            painter.drawImage(tile.left + left, tile.top + top, label)
    painter.end()
