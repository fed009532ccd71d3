"""The previews in the export dialog: the first and the last frame, drawn small."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from gdviz.animation.animation import Animation
from gdviz.animation.formats import MIN_SIZE, Size
from gdviz.export.still import StillStage
from gdviz.presentation.look import Theme
from gdviz.presentation.palette import PALETTES, Palette

BOX = (384, 216)
"""The room for a picture, in pixels at unit 1."""
SHARPNESS = 2
"""How many times larger than shown a picture is drawn, so that small text is still legible."""
CHEQUER = 8
"""The side of a square of the background that is seen through a transparent picture, in pixels."""


class FramePreview(QWidget):
    """The picture as large as it fits; where it is transparent, a chequered background is seen through it."""

    def __init__(self, name: str) -> None:
        """``name``: for screen readers."""
        super().__init__()
        self.image: QImage | None = None
        """What is shown."""
        self._background = PALETTES[Theme.LIGHT]
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_unit(self, unit: float) -> None:
        """Scale everything by that factor."""
        self.setFixedSize(round(BOX[0] * unit), round(BOX[1] * unit))

    def drawn_size(self) -> QSize:
        """How large a picture should be drawn, at most, to be sharp here."""
        return self.size() * self.devicePixelRatioF() * SHARPNESS

    def show_image(self, image: QImage, theme: Theme) -> None:
        """Show this picture; ``theme`` is its own, for the background behind it."""
        self.image, self._background = image, PALETTES[theme]
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The picture in the middle, with a thin frame."""
        if self.image is None:
            return
        size = self.image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRectF((self.width() - size.width()) / 2, (self.height() - size.height()) / 2, *size.toTuple())
        ratio = self.devicePixelRatioF()
        # Scaled as an image: a painter considers only the four nearest pixels, and would lose thin lines.
        image = self.image.scaled(size * ratio, mode=Qt.TransformationMode.SmoothTransformation)
        painter = QPainter(self)
        if image.hasAlphaChannel():
            painter.fillRect(place, QBrush(_chequered(self._background)))
        painter.drawImage(place, image)
        painter.setPen(QPen(self.palette().color(self.palette().ColorRole.Mid), 1))
        painter.drawRect(place.adjusted(0.5, 0.5, -0.5, -0.5))
        painter.end()


def _chequered(palette: Palette) -> QPixmap:
    """Four squares in two colours on which the text of the palette is legible."""
    tile = QPixmap(2 * CHEQUER, 2 * CHEQUER)
    tile.fill(QColor(palette.background))
    painter = QPainter(tile)
    for place in (0, CHEQUER):
        painter.fillRect(place, place, CHEQUER, CHEQUER, QColor(palette.grid))
    painter.end()
    return tile


class Previews:
    """A private stage, made when it is first needed; it has to be closed."""

    def __init__(self, with_surface: bool) -> None:
        """``with_surface``: whether there is OpenGL."""
        self._with_surface = with_surface
        self._stage: StillStage | None = None

    def draw(self, animation: Animation, size: Size, room: QSize) -> tuple[QImage, QImage]:
        """The first and the last frame in the shape of ``size``, filling ``room`` where that is possible."""
        if self._stage is None:
            self._stage = StillStage(self._with_surface)
        width, height = reduced(size, room)
        first, last = (self._stage.picture(animation.frame(index), width, height) for index in (0, len(animation) - 1))
        return first, last

    def close(self) -> None:
        """Release the stage."""
        if self._stage is not None:
            self._stage.close()
            self._stage = None


def reduced(size: Size, room: QSize) -> Size:
    """``size`` scaled to fit into ``room``, not below a stage's least; its unit, and so the layout, scales with it."""
    factor = min(room.width() / size[0], room.height() / size[1], 1.0)
    factor = max(factor, MIN_SIZE[0] / size[0], MIN_SIZE[1] / size[1])
    return round(size[0] * factor), round(size[1] * factor)
