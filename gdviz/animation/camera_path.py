"""How the camera moves during an animation: not at all, in a slow turn, or from one key position to the next."""

import math
from bisect import bisect_left
from dataclasses import replace
from itertools import pairwise

from gdviz.core.errors import InputError
from gdviz.core.frozen import frozen
from gdviz.presentation.look import DISTANCES, ELEVATIONS, Camera

MAX_DEGREES = 3600.0
"""Ten times around."""
MAX_STEP_DIGITS = 9
"""Of a step's number; int() rejects thousands of them."""


@frozen
class CameraKey:
    """A camera position stored for a step: the animation's camera is there when that step is first shown."""

    step: int
    camera: Camera


@frozen
class CameraPath:
    """``keys``: none for a camera that stays; ``turn``: degrees, spread evenly over the clip and added to the keys."""

    keys: tuple[CameraKey, ...] = ()
    turn: float = 0.0

    def __post_init__(self) -> None:
        """Raise InputError for a turn that is not a number or is dizzyingly large."""
        most = MAX_DEGREES
        if not abs(self.turn) <= most:
            raise InputError(f"orbit: {self.turn:g} degrees are not possible; use -{most:g} to {most:g}")


FIXED_CAMERA = CameraPath()
"""A camera that stays where it is."""


def parse_camera_key(text: str) -> CameraKey:
    """``20:-60,32,4.6``: at step 20 the azimuth, the elevation and the distance; InputError for anything else."""
    step, _, position = text.partition(":")
    try:
        numbers = [float(part) for part in position.split(",")]
    except ValueError:
        numbers = []
    is_step = step.isascii() and step.isdigit() and len(step) <= MAX_STEP_DIGITS
    if not is_step or len(numbers) != 3 or not all(map(math.isfinite, numbers)):
        example = "step:azimuth,elevation,distance, such as 20:-60,32,4.6"
        raise InputError(f"camera key: {text!r} is not a camera position; use {example}")
    azimuth, elevation, distance = numbers
    for name, value, (least, most) in (("elevation", elevation, ELEVATIONS), ("distance", distance, DISTANCES)):
        if not least <= value <= most:
            raise InputError(f"camera key: the {name} {value:g} is not possible; use {least:g} to {most:g}")
    return CameraKey(int(step), Camera(math.remainder(azimuth, 360.0), elevation, distance))


def cameras(path: CameraPath, standing: Camera, moments: tuple[float, ...]) -> tuple[Camera, ...]:
    """The camera of each frame; ``moments`` are the steps that the frames show, ``standing`` is used without keys.

    A key is reached at the frame that first shows its step or a later one; of several that fall on the same frame the
    last one counts. Between two keys the camera starts and stops gently, goes the shorter way round, and its distance
    changes evenly in the logarithm; before the first key and after the last it stands still. A key at a step after the
    last one shown is reached at the last frame, unless a key at a shown step is; of several such keys the first counts.
    """
    if path == FIXED_CAMERA:
        return (standing,) * len(moments)
    kept = _frames(path.keys, moments) or {0: standing}
    places = sorted(kept)
    walked = [kept[places[0]]] * places[0]
    for begin, end in pairwise(places):
        walked += [_between(kept[begin], kept[end], part / (end - begin)) for part in range(end - begin)]
    walked += [kept[places[-1]]] * (len(moments) - places[-1])
    azimuths = (camera.azimuth + path.turn * index / len(moments) for index, camera in enumerate(walked))
    turned = zip(walked, azimuths, strict=True)
    return tuple(replace(camera, azimuth=math.remainder(azimuth, 360.0)) for camera, azimuth in turned)


def _frames(keys: tuple[CameraKey, ...], moments: tuple[float, ...]) -> dict[int, Camera]:
    """The frames at which keys are reached."""
    kept: dict[int, Camera] = {}
    for key in sorted(keys, key=lambda key: key.step):
        frame = bisect_left(moments, key.step)
        if frame < len(moments):
            kept[frame] = key.camera
        else:
            kept.setdefault(len(moments) - 1, key.camera)
    return kept


def _between(begin: Camera, end: Camera, part: float) -> Camera:
    """The camera at ``part``, from 0 to 1, of the way."""
    eased = part * part * (3.0 - 2.0 * part)
    return Camera(
        begin.azimuth + eased * math.remainder(end.azimuth - begin.azimuth, 360.0),
        begin.elevation + eased * (end.elevation - begin.elevation),
        begin.distance * (end.distance / begin.distance) ** eased,
    )
