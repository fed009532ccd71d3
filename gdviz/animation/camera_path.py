"""How the camera moves during an animation: not at all, in a slow turn, or from one kept position to the next."""

import math
from bisect import bisect_left
from dataclasses import dataclass, replace
from itertools import pairwise

from gdviz.core.errors import InputError
from gdviz.presentation.look import DISTANCES, ELEVATIONS, Camera

MOST_DEGREES = 3600.0
"""Ten times around."""
MOST_DIGITS = 9
"""Of a step's number; int() refuses to read thousands of them."""


@dataclass(frozen=True)
class CameraKey:
    """A camera that was kept at a step: the animation comes by there when it shows that step first."""

    step: int
    camera: Camera


@dataclass(frozen=True)
class CameraPath:
    """``keys``, none for a camera that stays; ``turn``: degrees around, spread evenly over the clip, added to them."""

    keys: tuple[CameraKey, ...] = ()
    turn: float = 0.0

    def __post_init__(self) -> None:
        """Raise InputError for a turn that is no angle or would only make dizzy."""
        if not abs(self.turn) <= MOST_DEGREES:
            raise InputError(
                f"orbit: {self.turn:g} degrees are not possible; take -{MOST_DEGREES:g} to {MOST_DEGREES:g}"
            )


STANDING = CameraPath()
"""A camera that stays where it is."""


def parse_camera_key(text: str) -> CameraKey:
    """``20:-60,32,4.6``: at step 20 the azimuth, the elevation and the distance; InputError for anything else."""
    step, _, position = text.partition(":")
    numbers = [_number(part) for part in position.split(",")]
    is_step = step.isascii() and step.isdigit() and len(step) <= MOST_DIGITS
    if not is_step or len(numbers) != 3 or not all(map(math.isfinite, numbers)):
        example = "step:azimuth,elevation,distance, such as 20:-60,32,4.6"
        raise InputError(f"camera key: {text!r} is no camera position; take {example}")
    azimuth, elevation, distance = numbers
    for name, value, (least, most) in (("elevation", elevation, ELEVATIONS), ("distance", distance, DISTANCES)):
        if not least <= value <= most:
            raise InputError(f"camera key: the {name} {value:g} is not possible; take {least:g} to {most:g}")
    return CameraKey(int(step), Camera(math.remainder(azimuth, 360.0), elevation, distance))


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def cameras(path: CameraPath, standing: Camera, moments: tuple[float, ...]) -> tuple[Camera, ...]:
    """The camera of each frame, where ``moments`` are the steps that they show and ``standing`` is used without keys.

    A key is reached at the frame that first shows its step or a later one; of several that come to the same frame the
    last one counts. Between two keys the camera starts and arrives gently, goes the shorter way round, and its distance
    changes evenly in the logarithm; before the first and behind the last one it stands. A key of a step behind the last
    shown one is reached at the last frame, if none of a shown step is; of several such keys the first one counts.
    """
    if path == STANDING:
        return (standing,) * len(moments)
    kept = _frames(path.keys, moments) or {0: standing}
    places = sorted(kept)
    walked = [kept[places[0]]] * places[0]
    for begin, end in pairwise(places):
        walked += [_between(kept[begin], kept[end], part / (end - begin)) for part in range(end - begin)]
    walked += [kept[places[-1]]] * (len(moments) - places[-1])
    return tuple(_turned(camera, path.turn * index / len(moments)) for index, camera in enumerate(walked))


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
    eased = part * part * (3.0 - 2.0 * part)
    return Camera(
        begin.azimuth + eased * math.remainder(end.azimuth - begin.azimuth, 360.0),
        begin.elevation + eased * (end.elevation - begin.elevation),
        begin.distance * (end.distance / begin.distance) ** eased,
    )


def _turned(camera: Camera, degrees: float) -> Camera:
    return replace(camera, azimuth=math.remainder(camera.azimuth + degrees, 360.0))
