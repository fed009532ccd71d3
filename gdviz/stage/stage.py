"""The stage: everything that is shown to the class and exported, arranged for any size, drawn from one frame."""

from typing import Any

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QRegion, QResizeEvent
from PySide6.QtWidgets import QWidget

from gdviz.panes.bars.bar import ArithmeticBar, FrameBar
from gdviz.panes.bars.header import HeaderBar
from gdviz.panes.entry import Place
from gdviz.panes.landscape.multiples import has_multiples
from gdviz.panes.registry import PANES
from gdviz.panes.surface.view import LandscapeView
from gdviz.plotting.pane import PlotPane
from gdviz.plotting.vector_output import paint_ground
from gdviz.presentation.look import CONTOUR, LANDSCAPES, SURFACE, Look
from gdviz.presentation.palette import palette_of
from gdviz.scene.scene import Frame
from gdviz.stage.arrangement import DATA, EVEN, MOST_WORDS, TAPE, USUAL, arrange, unit_of
from gdviz.stage.widgets import MULTIPLES, Plot, Widgets

Part = FrameBar[Any] | Plot
"""What is painted with a painter: all but the surface."""
PaneAndPicture = tuple[Plot | LandscapeView, Any]
AT_ONCE = (CONTOUR, "data", "loss")
"""The panes that are made with the stage, since most frames show them; the others when a frame first does."""


class Stage(QWidget):
    """Header, landscape, data, loss and arithmetic. What it paints depends on the frame and its own size alone."""

    camera_changed = Signal(object)
    start_pressed = Signal()
    start_dragged = Signal(float, float)
    start_released = Signal()
    step_clicked = Signal(int)
    rate_clicked = Signal(float)
    """This learning rate is wished for the run."""
    cell_clicked = Signal(float, int)
    """The run with this learning rate is wished, at this step."""
    row_hovered = Signal(object)
    """This row of the tape is pointed at, or None is."""
    check_clicked = Signal()
    """The gradient by finite differences is wished on the tape, or is not any more."""

    def __init__(self, with_surface: bool, parent: QWidget | None = None) -> None:
        """``with_surface``: whether there is OpenGL; without it, the contour is always in the surface's place."""
        super().__init__(parent)
        self.frame: Frame | None = None
        self._arranged: tuple[object, ...] | None = None
        self._unit = 1.0
        self.header = HeaderBar(self)
        self.panes = Widgets(self, self._pass_on_signals)
        for name in AT_ONCE:
            self.panes[name].hide()
        self.surface = LandscapeView(self) if with_surface else None
        self.arithmetic = ArithmeticBar(self)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(480, 300)
        # A click on the stage takes the focus out of a text field, so that the one-key commands work again.
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        if self.surface is not None:
            self._pass_on_signals(self.surface)
            self.surface.hide()

    def _pass_on_signals(self, pane: QWidget) -> None:
        for name in SIGNALS:
            if hasattr(pane, name):
                getattr(pane, name).connect(getattr(self, name))

    def show_frame(self, frame: Frame) -> None:
        """Draw this frame."""
        before, self.frame = self.frame, frame
        self._arrange()
        if before is None or before.look.theme is not frame.look.theme:
            self.update()
        bars = ((self.header, frame.header), (self.arithmetic, frame.arithmetic))
        parts: list[tuple[Any, Any]] = [shown for shown in (*self._shown(frame), *bars) if shown is not None]
        for part, picture in parts:
            part.show_picture(picture, frame.look, frame.legend)

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
        panes = [pane for pane in self.panes.made if isinstance(pane, PlotPane) and not pane.isHidden()]
        for pane in panes:
            pane.set_detail(detail)
        for part in self._painted_parts():
            painter.save()
            painter.translate(part.pos())
            part.paint(painter)
            painter.restore()
        for pane in panes:
            pane.set_detail(1.0)
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

    def _painted_parts(self) -> list[Part]:
        """The parts on the stage that are painted with a painter: all but the surface."""
        parts: list[Part] = [self.header, *self.panes.made, self.arithmetic]
        return [part for part in parts if not part.isHidden()]

    def _paint_surface(self, painter: QPainter, samples: int, ratio: float) -> None:
        """Draw the surface, if it is shown, with ``ratio`` times as many pixels on each side as it has on the stage."""
        if self.surface is None or self._arranged is None or self.frame is None or self.frame.look.pane != SURFACE:
            return
        area, unit = self.surface.geometry(), self._unit
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

    def _shown(self, frame: Frame) -> tuple[PaneAndPicture, PaneAndPicture | None, PaneAndPicture]:
        """What stands in the place of the landscape, of the data (nothing, for a problem without) and of the loss."""
        standing = {PANES[name].place: self._pane(name, frame) for name in frame.pictures}
        large, above, below = standing[Place.LARGE], standing.get(Place.ABOVE), standing[Place.BELOW]
        if Place.LEADING in standing:
            # The large pane moves up beside it, and what is above it down: both show what the leading one speaks of.
            return standing[Place.LEADING], large, above or below
        return large, above, below

    def _pane(self, name: str, frame: Frame) -> PaneAndPicture:
        picture = frame.pictures[name]
        if name == SURFACE and self.surface is not None:
            return self.surface, picture
        if name in LANDSCAPES:
            name = MULTIPLES if has_multiples(frame.look, frame.legend) else CONTOUR
        return self.panes[name], picture

    def _arrange(self) -> None:
        """Put the panes of the frame in their places and hide the others; at no cost where they stand already."""
        if self.frame is None:
            return
        unit = unit_of(self.width(), self.height(), self.frame.look.text_scale)
        shown = tuple(pane[0] if pane is not None else None for pane in self._shown(self.frame))
        wanted = (self.width(), self.height(), unit, shown)
        if wanted == self._arranged:
            return
        self._arranged, self._unit = wanted, unit
        for pane in (self.surface, *self.panes.made):
            if pane is not None:
                pane.setVisible(pane in shown)
        # The tape explains the update that follows: the one to this step below it would seem to contradict it.
        has_arithmetic = not _has(self.frame, Place.LEADING)
        self.arithmetic.setVisible(has_arithmetic)
        shares = _shares(self.frame)
        places = arrange(self.width(), self.height(), unit, shown[1] is not None, *shares, has_arithmetic)
        parts: tuple[Any, ...] = (self.header, *shown, self.arithmetic)
        for part, place in zip(parts, places, strict=True):
            if part is not None:
                part.setGeometry(place)
                part.set_unit(unit)


SIGNALS = tuple(name for name, member in vars(Stage).items() if isinstance(member, Signal))
"""What a pane may emit: the stage passes on those of these signals that the pane has."""


def _has(frame: Frame, place: Place) -> bool:
    """Whether a pane of that place is shown."""
    return any(PANES[name].place is place for name in frame.pictures)


def _shares(frame: Frame) -> tuple[float, float]:
    """How much of the width the large pane has, and of the height beside it the upper one."""
    if _has(frame, Place.LEADING):
        return TAPE, MOST_WORDS
    if any(PANES[name].is_text_heavy for name in frame.pictures):
        return EVEN, min(MOST_WORDS, max(DATA, DATA * frame.look.text_scale))
    return USUAL, DATA
