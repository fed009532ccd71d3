"""An animation: the frames of a scene in order, at a frame rate, and the settings that it is made from."""

from bisect import bisect_left
from dataclasses import dataclass, field, replace
from functools import cached_property

from gdviz.animation.camera_path import STANDING, CameraPath, cameras
from gdviz.animation.formats import FORMATS, NAMED_SIZES, Format, Size
from gdviz.animation.pace import Pace, Sweep, Teach, moments
from gdviz.core.errors import InputError
from gdviz.presentation.look import TEXT_SCALES, Camera, Theme
from gdviz.scene.scene import Frame, Scene

MAX_FRAMES = 100_000


@dataclass(frozen=True)
class Animation:
    """``moments``: the moment in steps that each frame shows, non-decreasing; ``frame_rate``: frames a second."""

    scene: Scene
    moments: tuple[float, ...]
    frame_rate: int
    camera_path: CameraPath = STANDING

    def __len__(self) -> int:
        """The number of frames."""
        return len(self.moments)

    @property
    def duration(self) -> float:
        """In seconds, including the last frame."""
        return len(self.moments) / self.frame_rate

    @property
    def steps(self) -> tuple[int, int]:
        """The first and the last step that are shown."""
        return int(self.moments[0]), int(self.moments[-1])

    def shown_at(self, step: int) -> float:
        """The second at which this step or a later one is first shown; the step must not be after the last one."""
        return bisect_left(self.moments, step) / self.frame_rate

    def frame(self, index: int) -> Frame:
        """The frame that is shown from ``index / frame_rate`` seconds on."""
        look = replace(self.scene.look, camera=self.cameras[index])
        return replace(self.scene, look=look).frame(self.moments[index])

    @cached_property
    def cameras(self) -> tuple[Camera, ...]:
        """The camera of each frame."""
        return cameras(self.camera_path, self.scene.look.camera, self.moments)


@dataclass(frozen=True)
class AnimationSettings:
    """What can be chosen; ``steps``: the first and the last step to show, None for all."""

    format: Format = FORMATS["mp4"]
    size: Size = NAMED_SIZES["720p"]
    frame_rate: int = 30
    steps: tuple[int, int] | None = None
    pace: Pace = field(default_factory=Teach)
    theme: Theme = Theme.LIGHT
    text_scale: float = 1.0
    transparent: bool = False
    camera_path: CameraPath = STANDING


def make_animation(scene: Scene, settings: AnimationSettings) -> Animation:
    """The animation of a scene; InputError, in one line, for impossible settings."""
    settings.format.check(settings.size, settings.frame_rate, settings.transparent)
    low, high = TEXT_SCALES
    if not low <= settings.text_scale <= high:
        raise InputError(f"text size: {settings.text_scale:g} is not possible; take {low:g} to {high:g}")
    first, last = settings.steps if settings.steps is not None else (0, scene.last_step)
    if not 0 <= first <= last <= scene.last_step:
        raise InputError(f"steps: {first}:{last} is no range of steps of this run; take some of 0:{scene.last_step}")
    look = replace(scene.look, theme=settings.theme, text_scale=settings.text_scale, transparent=settings.transparent)
    scene = replace(scene, look=look)
    pace = settings.pace
    if isinstance(pace, Teach) and scene.recordings[0].experiment.schedule.sweeps:
        pace = Sweep()  # its first rates are so small that there is nothing to explain
    count = pace.frame_count(last - first, settings.frame_rate)
    if count > MAX_FRAMES:  # checked before they are made: a slow pace may give billions
        raise InputError(f"pace: that would be {count:,} frames; take a faster pace or fewer steps")
    shown = moments(scene, pace, first, last, settings.frame_rate)
    return Animation(scene, shown, settings.frame_rate, settings.camera_path)
