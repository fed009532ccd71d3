"""The previews in the export dialog: the first and the last frame, drawn small, each with a line under it."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from gdviz.animation.animation import Animation
from gdviz.animation.formats import MIN_SIZE, Size
from gdviz.export.still import StillStage
from gdviz.presentation.look import Theme
from gdviz.presentation.palette import PALETTES, Palette

BOX = (384, 216)
"""The room for a picture in pixels at unit 1; it is fitted into it."""
SHARPNESS = 2
"""Pictures are drawn so many times larger than they are shown, so that small text can still be read."""
CHEQUER = 8
"""The side of a square of the ground that is seen through a transparent picture, in pixels."""


class FramePreview(QWidget):
    """The picture as large as it fits; where it is transparent, a chequered ground is seen through it."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        """``name``: for screen readers."""
        super().__init__(parent)
        self._image: QImage | None = None
        self._ground = PALETTES[Theme.LIGHT]
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def image(self) -> QImage | None:
        """What is shown."""
        return self._image

    def set_unit(self, unit: float) -> None:
        """Scale everything by that factor."""
        self.setFixedSize(round(BOX[0] * unit), round(BOX[1] * unit))

    def drawn_size(self) -> QSize:
        """How large a picture should be drawn, at most, to be sharp here."""
        return self.size() * self.devicePixelRatioF() * SHARPNESS

    def show_image(self, image: QImage, theme: Theme) -> None:
        """Show this picture; ``theme`` is its own, for the ground behind it."""
        self._image, self._ground = image, PALETTES[theme]
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The picture in the middle, with a thin frame."""
        if self._image is None:
            return
        size = self._image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRectF((self.width() - size.width()) / 2, (self.height() - size.height()) / 2, *size.toTuple())
        ratio = self.devicePixelRatioF()
        # Scaled as an image: a painter looks at the four nearest pixels alone, and would lose thin lines.
        image = self._image.scaled(size * ratio, mode=Qt.TransformationMode.SmoothTransformation)
        painter = QPainter(self)
        if image.hasAlphaChannel():
            painter.fillRect(place, QBrush(_chequered(self._ground)))
        painter.drawImage(place, image)
        painter.setPen(QPen(self.palette().color(self.palette().ColorRole.Mid), 1))
        painter.drawRect(place.adjusted(0.5, 0.5, -0.5, -0.5))
        painter.end()


def _chequered(palette: Palette) -> QPixmap:
    """Four squares in two colours on which the text of the palette can be read."""
    tile = QPixmap(2 * CHEQUER, 2 * CHEQUER)
    tile.fill(QColor(palette.background))
    painter = QPainter(tile)
    for place in (0, CHEQUER):
        painter.fillRect(place, place, CHEQUER, CHEQUER, QColor(palette.grid))
    painter.end()
    return tile


class Previews:
    """A private stage; it is made when it is first needed and has to be closed."""

    def __init__(self, with_surface: bool) -> None:
        """``with_surface``: whether there is OpenGL."""
        self._with_surface = with_surface
        self._stage: StillStage | None = None

    def draw(self, animation: Animation, size: Size, room: QSize) -> tuple[QImage, QImage]:
        """Pictures with the shape of ``size``, so large that they fill ``room`` where that is possible."""
        if self._stage is None:
            self._stage = StillStage(self._with_surface)
        width, height = reduced(size, room)
        first, last = (self._stage.picture(animation.frame(index), width, height) for index in (0, len(animation) - 1))
        return first, last

    def close(self) -> None:
        """Give the stage back."""
        if self._stage is not None:
            self._stage.close()
            self._stage = None


def reduced(size: Size, room: QSize) -> Size:
    """``size`` made smaller in the same shape to fit into ``room``, but not below what a stage needs.

    The stage's unit is in proportion to its size, so the smaller picture has the layout of the large one.
    """
    factor = min(room.width() / size[0], room.height() / size[1], 1.0)
    factor = max(factor, MIN_SIZE[0] / size[0], MIN_SIZE[1] / size[1])
    return round(size[0] * factor), round(size[1] * factor)
