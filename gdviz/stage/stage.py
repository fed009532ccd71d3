"""The stage: everything shown to the class and exported, arranged for any size, drawn from one frame."""

from collections.abc import Callable
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
from gdviz.plotting.vector_output import paint_backdrop
from gdviz.presentation.look import CONTOUR, LANDSCAPES, SURFACE, Look
from gdviz.presentation.palette import palette_of
from gdviz.scene.scene import Frame
from gdviz.stage.arrangement import (
    DATA_SHARE,
    DEFAULT_SHARE,
    EVEN_SHARE,
    MAX_WORDY_SHARE,
    SHARE_ABOVE_TALL,
    TAPE_SHARE,
    arrange,
    unit_of,
)
from gdviz.stage.widgets import MULTIPLES, PaneWidgets, Plot

Part = FrameBar[Any] | Plot
"""Everything painted with a painter: all but the surface."""
PaneAndPicture = tuple[Plot | LandscapeView, Any]
EAGER_PANES = (CONTOUR, "data", "loss")
"""The panes created with the stage, since most frames show them; the others are created when first shown."""


class Stage(QWidget):
    """Header, landscape, data, loss and arithmetic. What it paints depends only on the frame and its own size."""

    camera_changed = Signal(object)
    start_pressed = Signal()
    start_dragged = Signal(float, float)
    start_released = Signal()
    step_clicked = Signal(int)
    handle_pressed = Signal()
    handle_dragged = Signal(int, int, float)
    """The index of a handle of the curve of the rates, and its new step and rate."""
    handle_released = Signal()
    rate_clicked = Signal(float)
    """The learning rate chosen for the run."""
    cell_clicked = Signal(float, int)
    """The learning rate of the run to show, and the step."""
    row_hovered = Signal(object)
    """The row of the tape under the pointer, or None."""
    check_clicked = Signal()
    """Finite differences on the tape are to be shown, or hidden."""

    def __init__(self, with_surface: bool, parent: QWidget | None = None) -> None:
        """``with_surface``: whether there is OpenGL; without it, the contour always replaces the surface."""
        super().__init__(parent)
        self.frame: Frame | None = None
        self._arranged: tuple[object, ...] | None = None
        self._unit = 1.0
        self.header = HeaderBar(self)
        self.panes = PaneWidgets(self, self._pass_on_signals)
        for name in EAGER_PANES:
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

    def shown_panes(self) -> list[Plot | LandscapeView]:
        """The panes on the screen, each of which can `draw` before it is painted, so that both take their turns."""
        panes = [*self.panes.created, *([] if self.surface is None else [self.surface])]
        return [pane for pane in panes if pane.isVisible()]

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the background in the colour of the frame's theme, whatever the window's style says."""
        painter = QPainter(self)
        painter.fillRect(event.rect(), self._background())
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Rearrange the parts."""
        super().resizeEvent(event)
        self._arrange()

    def render_image(self, width: int, height: int, samples: int) -> QImage:
        """Render the current frame on a stage of that size in pixels, with ``samples`` for antialiasing in 3D.

        The stage must not be visible on a screen, since it is resized; see `gdviz.export`.
        """
        self.resize(width, height)
        return self._painted(QImage(self.size(), self._image_format()), samples)

    def picture(self) -> QImage:
        """The picture as on the screen, in device pixels."""
        ratio = self.devicePixelRatioF()
        image = QImage(self.size() * ratio, self._image_format())
        image.setDevicePixelRatio(ratio)
        return self._painted(image, samples=0)

    def paint(self, painter: QPainter, samples: int, detail: float) -> None:
        """Paint the current frame into a vector file, in the stage's pixels from the painter's origin on.

        Surface and contour become images with ``detail`` times the stage's pixels on each side.
        """
        # A PDF page is rounded to whole points: an extra pixel leaves no white edge.
        paint_backdrop(painter, QRectF(self.rect()).adjusted(0.0, 0.0, 1.0, 1.0), self._background())
        panes = [pane for pane in self.panes.created if isinstance(pane, PlotPane) and not pane.isHidden()]
        for pane in panes:
            pane.set_detail(detail)
        for part in self._painted_parts():
            painter.save()
            painter.translate(part.pos())
            part.paint(painter)
            painter.restore()
        for pane in panes:
            pane.set_detail(1.0)
        self._begin_surface(samples, detail)(painter)

    def _painted(self, image: QImage, samples: int) -> QImage:
        surface = self._begin_surface(samples, image.devicePixelRatio())  # the rest is painted while OpenGL draws it
        image.fill(self._background())
        for pane in self.panes.created:
            if not pane.isHidden():
                pane.draw()  # an error within Qt's painting would not reach the caller
        painter = QPainter(image)
        try:
            for part in self._painted_parts():
                part.render(painter, part.pos(), QRegion(), QWidget.RenderFlag.DrawChildren)
            surface(painter)
        finally:
            painter.end()  # Qt aborts if an image is destroyed while being painted on
        return image

    def _painted_parts(self) -> list[Part]:
        """The visible parts that are painted with a painter: all but the surface."""
        parts: list[Part] = [self.header, *self.panes.created, self.arithmetic]
        return [part for part in parts if not part.isHidden()]

    def _begin_surface(self, samples: int, ratio: float) -> Callable[[QPainter], None]:
        """Begin to draw the surface, if it is shown, with ``ratio`` times the stage's pixels on each side.

        What is returned paints it.
        """
        if self.surface is None or self._arranged is None or self.frame is None or self.frame.look.pane != SURFACE:
            return lambda painter: None
        area, unit = self.surface.geometry(), self._unit
        self.surface.set_unit(unit * ratio)
        try:
            ended = self.surface.begin_image(round(area.width() * ratio), round(area.height() * ratio), samples)
        finally:
            self.surface.set_unit(unit)
        return lambda painter: painter.drawImage(QRectF(area), ended())

    def _image_format(self) -> QImage.Format:
        see_through = self.frame is not None and self.frame.look.transparent
        return QImage.Format.Format_ARGB32_Premultiplied if see_through else QImage.Format.Format_RGB32

    def _background(self) -> QColor:
        palette = palette_of(self.frame.look if self.frame is not None else Look())
        return QColor(palette.backdrop(palette.background))

    def _shown(self, frame: Frame) -> tuple[PaneAndPicture, PaneAndPicture | None, PaneAndPicture]:
        """The panes in the places of the landscape, the data (None for a problem without) and the loss."""
        standing = {PANES[name].place: self._pane(name, frame) for name in frame.pictures}
        large, above, below = standing[Place.LARGE], standing.get(Place.ABOVE), standing[Place.BELOW]
        if Place.LEADING in standing:
            # The large pane and the one above move on by one place: both show what the leading one refers to.
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
        """Put the frame's panes in their places and hide the others; does nothing if they are there already."""
        if self.frame is None:
            return
        unit = unit_of(self.width(), self.height(), self.frame.look.text_scale)
        shown = tuple(pane[0] if pane is not None else None for pane in self._shown(self.frame))
        shares = _shares(self.frame)
        wanted = (self.width(), self.height(), unit, shown, shares)
        if wanted == self._arranged:
            return
        self._arranged, self._unit = wanted, unit
        for pane in (self.surface, *self.panes.created):
            if pane is not None:
                pane.setVisible(pane in shown)
        # The tape explains the next update; the previous one below it would seem to contradict it.
        has_arithmetic = not _shows_place(self.frame, Place.LEADING)
        self.arithmetic.setVisible(has_arithmetic)
        places = arrange(self.width(), self.height(), unit, shown[1] is not None, *shares, has_arithmetic)
        parts: tuple[Any, ...] = (self.header, *shown, self.arithmetic)
        for part, place in zip(parts, places, strict=True):
            if part is not None:
                part.setGeometry(place)
                part.set_unit(unit)


SIGNALS = tuple(name for name, member in vars(Stage).items() if isinstance(member, Signal))
"""The signals that the stage forwards from any pane that has them."""


def _shows_place(frame: Frame, place: Place) -> bool:
    """Whether a pane of that place is shown."""
    return any(PANES[name].place is place for name in frame.pictures)


def _shares(frame: Frame) -> tuple[float, float]:
    """The large pane's share of the width, and the upper plot's share of the height beside it."""
    if _shows_place(frame, Place.LEADING):
        return TAPE_SHARE, MAX_WORDY_SHARE
    if any(PANES[name].is_text_heavy for name in frame.pictures):
        return EVEN_SHARE, min(MAX_WORDY_SHARE, max(DATA_SHARE, DATA_SHARE * frame.look.text_scale))
    is_tall = any(PANES[name].is_tall(picture) for name, picture in frame.pictures.items())
    # Large text would leave no plot to what is above.
    return DEFAULT_SHARE, min(DATA_SHARE, SHARE_ABOVE_TALL * max(1.0, frame.look.text_scale)) if is_tall else DATA_SHARE
