"""The first and the last frame of an animation, drawn small and laid out as in its full size."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QImage

from gdviz.export.still import StillStage
from gdviz.animation.animation import Animation
from gdviz.animation.picture_size import MIN_SIZE, Size


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
