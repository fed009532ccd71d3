"""The stage off screen, which draws the pictures that the window would show."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from gdviz.export.job import SAMPLES
from gdviz.scene.scene import Frame
from gdviz.stage.stage import Stage


class StillStage:
    """A private stage that is never on a screen, for any number of pictures."""

    def __init__(self, with_surface: bool) -> None:
        """``with_surface``: whether there is OpenGL."""
        self._stage = Stage(with_surface)
        self._stage.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        self._stage.show()

    def picture(self, frame: Frame, width: int, height: int, samples: int = SAMPLES) -> QImage:
        """The frame on a stage of that size in pixels."""
        return self.stage_of(frame, width, height).render_image(width, height, samples)

    def stage_of(self, frame: Frame, width: int, height: int) -> Stage:
        """The stage, of that size in pixels, with the frame on it."""
        self._stage.resize(width, height)
        self._stage.show_frame(frame)
        return self._stage

    def close(self) -> None:
        """Release everything."""
        self._stage.close()
        self._stage.deleteLater()
