"""The previews of the first and the last frame in the export dialog."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from gdviz.animation.animation import Animation
from gdviz.animation.formats import MIN_SIZE, Size
from gdviz.export.still import StillStage
from gdviz.presentation.look import Theme
from gdviz.presentation.palette import PALETTES, Palette

PREVIEW_SIZE = (384, 216)
"""Width and height of a preview, in pixels at unit 1."""
SHARPNESS = 2
"""Factor by which a preview is drawn larger than shown, to keep small text legible."""
CHEQUER = 8
"""The side of a square of the chequered background, in pixels."""


class FramePreview(QWidget):
    """An image scaled to fit, on a chequered background where it is transparent."""

    def __init__(self, name: str) -> None:
        """``name``: for screen readers."""
        super().__init__()
        self.image: QImage | None = None
        """The image shown."""
        self._background = PALETTES[Theme.LIGHT]
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_unit(self, unit: float) -> None:
        """Scale everything by that factor."""
        self.setFixedSize(round(PREVIEW_SIZE[0] * unit), round(PREVIEW_SIZE[1] * unit))

    def drawn_size(self) -> QSize:
        """The largest size in pixels at which drawing an image improves its sharpness here."""
        return self.size() * self.devicePixelRatioF() * SHARPNESS

    def show_image(self, image: QImage, theme: Theme) -> None:
        """Show an image; its ``theme`` sets the background behind it."""
        self.image, self._background = image, PALETTES[theme]
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the image in the middle, with a thin frame."""
        if self.image is None:
            return
        size = self.image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRectF((self.width() - size.width()) / 2, (self.height() - size.height()) / 2, *size.toTuple())
        ratio = self.devicePixelRatioF()
        # QPainter interpolates only the four nearest pixels, and would lose thin lines.
        image = self.image.scaled(size * ratio, mode=Qt.TransformationMode.SmoothTransformation)
        painter = QPainter(self)
        if image.hasAlphaChannel():
            painter.fillRect(place, QBrush(_chequered(self._background)))
        painter.drawImage(place, image)
        painter.setPen(QPen(self.palette().color(self.palette().ColorRole.Mid), 1))
        painter.drawRect(place.adjusted(0.5, 0.5, -0.5, -0.5))
        painter.end()


def _chequered(palette: Palette) -> QPixmap:
    """A tile of four squares in two colours on which the palette's text is legible."""
    tile = QPixmap(2 * CHEQUER, 2 * CHEQUER)
    tile.fill(QColor(palette.background))
    painter = QPainter(tile)
    for place in (0, CHEQUER):
        painter.fillRect(place, place, CHEQUER, CHEQUER, QColor(palette.grid))
    painter.end()
    return tile


class Previews:
    """Draws previews on a private stage, created on first use; must be closed."""

    def __init__(self, with_surface: bool) -> None:
        """``with_surface``: whether OpenGL is available."""
        self._with_surface = with_surface
        self._stage: StillStage | None = None

    def draw(self, animation: Animation, size: Size, room: QSize) -> tuple[QImage, QImage]:
        """Draw the first and the last frame in the proportions of ``size``, scaled down to ``room``."""
        if self._stage is None:
            self._stage = StillStage(self._with_surface)
        width, height = preview_size(size, room)
        first, last = (self._stage.picture(animation.frame(index), width, height) for index in (0, len(animation) - 1))
        return first, last

    def close(self) -> None:
        """Release the stage."""
        if self._stage is not None:
            self._stage.close()
            self._stage = None


def preview_size(size: Size, room: QSize) -> Size:
    """Scale ``size`` down to ``room``, but not below a stage's minimum; the layout scales along."""
    factor = min(room.width() / size[0], room.height() / size[1], 1.0)
    factor = max(factor, MIN_SIZE[0] / size[0], MIN_SIZE[1] / size[1])
    return round(size[0] * factor), round(size[1] * factor)
