"""The stage: everything that is shown to the class and exported, arranged for any size, drawn from one frame."""

from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QRegion, QResizeEvent
from PySide6.QtWidgets import QWidget

from gdviz.gl.view import LandscapeView
from gdviz.model.frame import Frame
from gdviz.model.look import Look, Pane
from gdviz.model.palette import palette_of
from gdviz.views.arithmetic_bar import ArithmeticBar
from gdviz.views.contour import ContourPlot
from gdviz.views.data_plot import DataPlot
from gdviz.views.header import HeaderBar
from gdviz.views.loss_plot import LossPlot
from gdviz.views.vectors import paint_ground

UNITS_HIGH = 620.0
"""The stage is so many units high at text scale 1, whatever its size in pixels: text grows with the stage."""
TALL = 0.72
"""Where the room for the panes is so high in parts of its width, they are stacked."""
MIN_UNITS_WIDE = 820.0
"""On a narrow stage the unit follows the width, so that nothing is cut."""


@dataclass(frozen=True)
class Arrangement:
    """Where the parts of the stage are, in pixels."""

    header: QRect
    landscape: QRect
    data: QRect
    loss: QRect
    arithmetic: QRect


def unit_of(width: int, height: int, text_scale: float) -> float:
    """The unit in which text and lines on a stage of that size are measured, in pixels."""
    return min(height / UNITS_HIGH, width / MIN_UNITS_WIDE) * text_scale


def arrange(width: int, height: int, unit: float, with_data: bool) -> Arrangement:
    """The places of the parts on a stage of that size; without data the loss takes their place."""
    gap = max(2, round(6 * unit))
    top, bottom = round(44 * unit), height - round(64 * unit)
    inside = QRect(gap, top, width - 2 * gap, bottom - top)
    split = _side_by_side if inside.height() < TALL * inside.width() else _stacked
    landscape, data, loss = split(inside, gap, with_data)
    return Arrangement(QRect(0, 0, width, top), landscape, data, loss, QRect(0, bottom, width, height - bottom))


def _side_by_side(inside: QRect, gap: int, with_data: bool) -> tuple[QRect, QRect, QRect]:
    """The landscape on the left, data above loss on the right."""
    split = inside.left() + round((inside.width() + 2 * gap) * 0.58) - gap
    left, right = QRect(inside), QRect(inside)
    left.setRight(split - 1)
    right.setLeft(split + gap)
    if not with_data:
        return left, QRect(right.topLeft(), QSize(right.width(), 0)), right
    data, loss = QRect(right), QRect(right)
    data.setHeight(round(inside.height() * 0.46))
    loss.setTop(data.bottom() + 1 + gap)
    return left, data, loss


def _stacked(inside: QRect, gap: int, with_data: bool) -> tuple[QRect, QRect, QRect]:
    """The landscape above, data and loss side by side below it."""
    above, below = QRect(inside), QRect(inside)
    above.setHeight(round(inside.height() * 0.6))
    below.setTop(above.bottom() + 1 + gap)
    if not with_data:
        return above, QRect(below.topLeft(), QSize(0, below.height())), below
    data, loss = QRect(below), QRect(below)
    data.setWidth((below.width() - gap) // 2)
    loss.setLeft(data.right() + 1 + gap)
    return above, data, loss


class Stage(QWidget):
    """Header, landscape, data, loss and arithmetic. What it paints depends on the frame and its own size alone."""

    camera_changed = Signal(object)
    start_dragged = Signal(float, float)
    start_released = Signal()
    step_clicked = Signal(int)

    def __init__(self, with_surface: bool, parent: QWidget | None = None) -> None:
        """``with_surface``: whether there is OpenGL; without it, the contour is always in the surface's place."""
        super().__init__(parent)
        self.frame: Frame | None = None
        self._arranged: tuple[int, int, float, bool] | None = None
        self.header = HeaderBar(self)
        self.contour = ContourPlot(self)
        self.surface = LandscapeView(self) if with_surface else None
        self.data_plot = DataPlot(self)
        self.loss_plot = LossPlot(self)
        self.arithmetic = ArithmeticBar(self)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(480, 300)
        # A click on the stage takes the focus out of a text field, so that the one-key commands work again.
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.loss_plot.step_clicked.connect(self.step_clicked)
        for pane in (self.contour, self.surface):
            if pane is not None:
                pane.start_dragged.connect(self.start_dragged)
                pane.start_released.connect(self.start_released)
        if self.surface is not None:
            self.surface.camera_changed.connect(self.camera_changed)
            self.surface.hide()

    def show_frame(self, frame: Frame) -> None:
        """Draw this frame."""
        before, self.frame = self.frame, frame
        self._arrange()
        if before is None or before.look.theme is not frame.look.theme:
            self.update()
        in_3d = frame.look.pane is Pane.SURFACE and self.surface is not None
        # The plots first: their scenes ask to be painted by an event of their own, and when it comes before the other
        # parts' the window is put together once and not twice.
        for part in (self.data_plot, self.loss_plot, self.header, self.arithmetic):
            part.show_frame(frame)
        self.contour.setVisible(not in_3d)
        if self.surface is not None:
            self.surface.setVisible(in_3d)
        landscape = self.surface if in_3d and self.surface is not None else self.contour
        landscape.show_frame(frame)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The background, in the colour of the frame's theme whatever the window's style says."""
        painter = QPainter(self)
        painter.fillRect(event.rect(), self._background())
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange the parts anew."""
        super().resizeEvent(event)
        self._arrange()

    def render_image(self, width: int, height: int, samples: int) -> QImage:
        """The picture of the current frame on a stage of that size in pixels, with ``samples`` for antialiasing in 3D.

        The stage must not be visible on a screen, for it is resized; see `gdviz.export`.
        """
        self.resize(width, height)
        return self._painted(QImage(self.size(), self._image_format()), samples)

    def picture(self) -> QImage:
        """The picture as it is on the screen, in device pixels."""
        ratio = self.devicePixelRatioF()
        image = QImage(self.size() * ratio, self._image_format())
        image.setDevicePixelRatio(ratio)
        return self._painted(image, samples=0)

    def paint(self, painter: QPainter, samples: int, detail: float) -> None:
        """Paint the current frame into a file of vectors, in the stage's pixels from the painter's origin on.

        Surface and contour are images, with ``detail`` times as many pixels on each side as they have on the stage.
        """
        # The page of a PDF is rounded to whole points: a pixel more, so that no edge of it stays white.
        paint_ground(painter, QRectF(self.rect()).adjusted(0.0, 0.0, 1.0, 1.0), self._background())
        self.contour.set_detail(detail)
        for part in self._painted_parts():
            painter.save()
            painter.translate(part.pos())
            part.paint(painter)
            painter.restore()
        self.contour.set_detail(1.0)
        self._paint_surface(painter, samples, detail)

    def _painted(self, image: QImage, samples: int) -> QImage:
        image.fill(self._background())
        painter = QPainter(image)
        try:
            for part in self._painted_parts():
                part.render(painter, part.pos(), QRegion(), QWidget.RenderFlag.DrawChildren)
            self._paint_surface(painter, samples, image.devicePixelRatio())
        finally:
            painter.end()  # Qt ends the program when an image goes that is still being painted on
        return image

    def _painted_parts(self) -> list[HeaderBar | ContourPlot | DataPlot | LossPlot | ArithmeticBar]:
        """The parts on the stage that are painted with a painter: all but the surface."""
        parts = (self.header, self.contour, self.data_plot, self.loss_plot, self.arithmetic)
        return [part for part in parts if not part.isHidden()]

    def _paint_surface(self, painter: QPainter, samples: int, ratio: float) -> None:
        """Draw the surface, if it is shown, with ``ratio`` times as many pixels on each side as it has on the stage."""
        if self.surface is None or self._arranged is None or not self._shows_surface():
            return
        area, unit = self.surface.geometry(), self._arranged[2]
        self.surface.set_unit(unit * ratio)
        try:
            rendered = self.surface.render_image(round(area.width() * ratio), round(area.height() * ratio), samples)
        finally:
            self.surface.set_unit(unit)
        painter.drawImage(QRectF(area), rendered)

    def _image_format(self) -> QImage.Format:
        see_through = self.frame is not None and self.frame.look.transparent
        return QImage.Format.Format_ARGB32_Premultiplied if see_through else QImage.Format.Format_RGB32

    def _background(self) -> QColor:
        palette = palette_of(self.frame.look if self.frame is not None else Look())
        return QColor(palette.ground(palette.background))

    def _shows_surface(self) -> bool:
        return self.surface is not None and self.frame is not None and self.frame.look.pane is Pane.SURFACE

    def _arrange(self) -> None:
        if self.frame is None:
            return
        unit = unit_of(self.width(), self.height(), self.frame.look.text_scale)
        wanted = (self.width(), self.height(), unit, self.frame.data is not None)
        if wanted == self._arranged:
            return
        self._arranged = wanted
        places = arrange(*wanted)
        self.data_plot.setVisible(self.frame.data is not None)
        for part, place in (
            (self.header, places.header),
            (self.contour, places.landscape),
            (self.surface, places.landscape),
            (self.data_plot, places.data),
            (self.loss_plot, places.loss),
            (self.arithmetic, places.arithmetic),
        ):
            if part is not None:
                part.setGeometry(place)
                part.set_unit(unit)
