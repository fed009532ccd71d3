"""An animation: the frames of a scene in order, at a frame rate; its settings and its estimated size as a file."""

import math
from bisect import bisect_left
from dataclasses import field, replace
from functools import cached_property
from itertools import pairwise

import numpy as np

from gdviz.animation.camera_path import FIXED_CAMERA, CameraPath, cameras
from gdviz.animation.events import box_jumps
from gdviz.animation.formats import FORMATS, NAMED_SIZES, Format, Size
from gdviz.animation.pace import Pace, Sweep, Teach, moments
from gdviz.animation.playback import plays_parts
from gdviz.core.errors import InputError
from gdviz.core.frozen import frozen
from gdviz.presentation.look import TEXT_SCALES, Camera, Theme
from gdviz.scene.scene import Frame, Scene

MAX_FRAMES = 100_000
GROWTH_WITH_PIXELS = 0.65
"""The power of the pixels: lines and letters grow with a picture's sides, and flat areas cost next to nothing."""


@frozen
class Animation:
    """``moments``: the moment in steps that each frame shows, non-decreasing; ``frame_rate``: frames a second.

    in_parts: whether it is slow enough for the arrows of a step to grow one after the other. pace: by which the moments
    were chosen.
    """

    scene: Scene
    moments: tuple[float, ...]
    frame_rate: int
    camera_path: CameraPath = FIXED_CAMERA
    in_parts: bool = True
    pace: Pace = field(default_factory=Teach)

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
        """The time, in seconds, at which this step or a later one is first shown; not for a step after the last."""
        return bisect_left(self.moments, step) / self.frame_rate

    def frame(self, index: int) -> Frame:
        """The frame that is shown from ``index / frame_rate`` seconds on."""
        look = replace(self.scene.look, camera=self.cameras[index])
        moment, (first, last) = self.moments[index], self.steps
        speed = self.pace.speed(int(moment) - first, last - first, self.frame_rate)
        return replace(self.scene, look=look).frame(moment, self.in_parts, speed)

    @cached_property
    def cameras(self) -> tuple[Camera, ...]:
        """The camera of each frame."""
        return cameras(self.camera_path, self.scene.look.camera, self.moments)


@frozen
class AnimationSettings:
    """The user's choices; ``steps``: the first and the last step to show, None for all."""

    format: Format = FORMATS["mp4"]
    size: Size = NAMED_SIZES["720p"]
    frame_rate: int = 30
    steps: tuple[int, int] | None = None
    pace: Pace = field(default_factory=Teach)
    theme: Theme = Theme.LIGHT
    text_scale: float = 1.0
    transparent: bool = False
    camera_path: CameraPath = FIXED_CAMERA


def make_animation(scene: Scene, settings: AnimationSettings) -> Animation:
    """The animation of a scene; InputError, in one line, for impossible settings."""
    settings.format.check(settings.size, settings.frame_rate, settings.transparent)
    low, high = TEXT_SCALES
    if not low <= settings.text_scale <= high:
        raise InputError(f"text size: {settings.text_scale:g} is not possible; use {low:g} to {high:g}")
    first, last = settings.steps if settings.steps is not None else (0, scene.last_step)
    if not 0 <= first <= last <= scene.last_step:
        raise InputError(f"steps: {first}:{last} is not a range of this run's steps; use one in 0:{scene.last_step}")
    look = replace(scene.look, theme=settings.theme, text_scale=settings.text_scale, transparent=settings.transparent)
    scene = replace(scene, look=look)
    pace = settings.pace
    if isinstance(pace, Teach) and scene.recordings[0].experiment.schedule.sweeps:
        pace = Sweep()  # its first rates are so small that there is nothing to explain
    count = pace.frame_count(last - first, settings.frame_rate)
    if count > MAX_FRAMES:  # checked before they are made: a slow pace may give billions
        raise InputError(f"pace: that would be {count:,} frames; use a faster pace or fewer steps")
    shown = moments(scene, pace, first, last, settings.frame_rate)
    # No pace is slower later on.
    in_parts = plays_parts(scene, first, pace.speed(1, last - first, settings.frame_rate))
    return Animation(scene, shown, settings.frame_rate, settings.camera_path, in_parts, pace)


def estimated_bytes(animation: Animation, format: Format, size: Size) -> int:
    """The size of the file, or of all pictures in the folder, in bytes.

    For the shipped scenarios it was 0.75 to 1.4 times the true size of videos and pictures, and 0.6 to 2 times that of
    GIF and WebP files, whose size depends almost entirely on how much of the picture a step changes.
    """
    each, moments, count = format.frame_bytes, np.array(animation.moments), len(animation)
    turned = [False, *(before != after for before, after in pairwise(animation.cameras))]
    stepped = np.diff(moments, prepend=moments[0]) > 0
    jumps = box_jumps(animation.scene, *animation.steps)
    grows = (moments > jumps[0]) & (moments <= jumps[-1] + 1) if len(jumps) else np.zeros_like(stepped)
    # The most expensive change decides; a turned camera hides nothing else that has changed.
    kinds = [(each.turned, turned), (each.growing, stepped & grows), (each.stepped, stepped)]
    costs = np.max([rate * np.asarray(kind) for rate, kind in kinds], axis=0)
    changes = float(np.maximum(costs, each.held).sum())
    whole = math.ceil(animation.duration / each.whole_seconds) if math.isfinite(each.whole_seconds) else 1
    # The whole frames replace others, of each kind in proportion.
    bytes_of_megapixel = each.whole * whole + changes * (count - whole) / count
    return round(bytes_of_megapixel * math.pow(size[0] * size[1] / 1e6, GROWTH_WITH_PIXELS))


def format_bytes(count: int) -> str:
    """A number of bytes to two digits: ``830 kB``, ``2.4 MB``."""
    rounded = max(1e3, float(f"{count:.2g}"))
    unit, scale = next(pair for pair in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)) if rounded >= pair[1])
    return f"{rounded / scale:g} {unit}"
