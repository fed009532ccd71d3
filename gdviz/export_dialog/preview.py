"""The previews of the first and the last frame in the export dialog: prepared in a thread, and painted."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from gdviz.animation.animation import Animation, estimated_bytes, format_bytes, make_animation
from gdviz.animation.camera_path import CameraKey
from gdviz.animation.formats import MIN_SIZE, Size
from gdviz.core.frozen import frozen
from gdviz.export.job import DEFAULT_SAMPLES
from gdviz.export.still import StillStage
from gdviz.export_dialog.choices import ExportChoices
from gdviz.presentation.look import Theme
from gdviz.presentation.palette import PALETTES, Palette
from gdviz.scene.scene import Frame, Scene
from gdviz.session.latest_task import LatestTask

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


@frozen(eq=False)
class PreviewRequest:
    """What is to be exported: a scene with its kept camera positions, and how."""

    scene: Scene
    keys: tuple[CameraKey, ...]
    choices: ExportChoices

    def is_for(self, choices: ExportChoices, keys: tuple[CameraKey, ...]) -> bool:
        """Whether the same animation of the scene would come of these."""
        return (self.choices, self.keys) == (choices, keys)


@frozen(eq=False)
class Prepared:
    """An animation to export, with its length and size in words, and its first and last frame."""

    request: PreviewRequest
    animation: Animation
    summary: str
    frames: tuple[Frame, Frame]


class Preparation(LatestTask[PreviewRequest, Prepared]):
    """Makes animations in a thread, which takes a while for long runs and for ghosts on large batches."""

    def __init__(self) -> None:
        """Start no thread yet."""
        super().__init__("gdviz previews")

    def work(self, request: PreviewRequest) -> Prepared:
        """Make the animation; InputError for choices that are not possible."""
        scene, choices = request.scene, request.choices
        animation = make_animation(scene, choices.settings(scene.look.theme, request.keys))
        size = format_bytes(estimated_bytes(animation, choices.format, choices.size))
        summary = f"{animation.duration:.1f} s, {len(animation):,} frames, about {size}"
        return Prepared(request, animation, summary, (animation.frame(0), animation.frame(len(animation) - 1)))


class Previews:
    """Draws previews on a private stage, created on first use; must be closed."""

    def __init__(self, with_surface: bool) -> None:
        """``with_surface``: whether OpenGL is available."""
        self._with_surface = with_surface
        self._stage: StillStage | None = None

    def prepare(self, frame: Frame) -> None:
        """Make what drawing needs, which takes about as long as drawing: in a turn of its own."""
        if self._stage is None:
            self._stage = StillStage(self._with_surface)
            self._stage.prepare(frame)

    def draw(self, frame: Frame, size: Size, room: QSize) -> QImage:
        """Draw a frame in the proportions of ``size``, scaled down to ``room``."""
        self.prepare(frame)
        assert self._stage is not None
        width, height = preview_size(size, room)
        # Where it is shrunk to be shown, its pixels are samples already; for more samples OpenGL would make programs.
        is_shrunk = width >= room.width() or height >= room.height()
        return self._stage.picture(frame, width, height, 0 if is_shrunk else DEFAULT_SAMPLES)

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
