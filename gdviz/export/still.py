"""A stage off screen, which renders what the window would show."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from gdviz.export.job import DEFAULT_SAMPLES
from gdviz.presentation.look import SURFACE
from gdviz.scene.scene import Frame
from gdviz.stage.stage import Stage


class StillStage:
    """A private stage that is never shown; renders any number of pictures."""

    def __init__(self, with_surface: bool) -> None:
        """``with_surface``: whether to create the surface, which needs OpenGL."""
        self._stage = Stage(with_surface)
        self._stage.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        self._stage.show()

    def prepare(self, frame: Frame) -> None:
        """Make what such frames are drawn with, which drawing would do itself."""
        if self._stage.surface is not None and frame.look.pane == SURFACE:
            with self._stage.surface.opengl():
                pass

    def picture(self, frame: Frame, width: int, height: int, samples: int = DEFAULT_SAMPLES) -> QImage:
        """Render a frame at this size in pixels."""
        return self.stage_of(frame, width, height).render_image(width, height, samples)

    def stage_of(self, frame: Frame, width: int, height: int) -> Stage:
        """Resize the stage to this size in pixels, show the frame on it, and return it."""
        self._stage.resize(width, height)
        self._stage.show_frame(frame)
        return self._stage

    def close(self) -> None:
        """Release the stage."""
        self._stage.close()
        self._stage.deleteLater()
