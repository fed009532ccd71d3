"""An animation: the frames of a scene in the order and at the rate in which they are shown."""

from bisect import bisect_left
from dataclasses import dataclass, replace
from functools import cached_property

from gdviz.animation.camera_path import STANDING, CameraPath, cameras
from gdviz.presentation.look import Camera
from gdviz.scene.frame import Frame
from gdviz.scene.scene import Scene


@dataclass(frozen=True)
class Animation:
    """``moments``: the moment in steps that each frame shows, never falling; ``frame_rate``: frames a second."""

    scene: Scene
    moments: tuple[float, ...]
    frame_rate: int
    camera_path: CameraPath = STANDING

    def __len__(self) -> int:
        """The number of frames."""
        return len(self.moments)

    @property
    def duration(self) -> float:
        """In seconds, that of the last frame included."""
        return len(self.moments) / self.frame_rate

    @property
    def steps(self) -> tuple[int, int]:
        """The first and the last step that are shown."""
        return int(self.moments[0]), int(self.moments[-1])

    def shown_at(self, step: int) -> float:
        """The second at which this step or a later one is first shown; the step must not be behind the last one."""
        return bisect_left(self.moments, step) / self.frame_rate

    def frame(self, index: int) -> Frame:
        """The frame that is shown from ``index / frame_rate`` seconds on."""
        look = replace(self.scene.look, camera=self.cameras[index])
        return replace(self.scene, look=look).frame(self.moments[index])

    @cached_property
    def cameras(self) -> tuple[Camera, ...]:
        """From where each frame is seen."""
        return cameras(self.camera_path, self.scene.look.camera, self.moments)
