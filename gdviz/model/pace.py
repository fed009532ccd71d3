"""How steps become time: which moment of a run each frame of an animation shows."""

from dataclasses import dataclass

from gdviz.core.errors import InputError
from gdviz.model.scene import Scene


@dataclass(frozen=True)
class Teach:
    """As a lecturer would: slow at first, then faster and faster, 8 to 20 seconds in all."""


@dataclass(frozen=True)
class Steady:
    """Always so many steps a second."""

    steps_per_second: float


@dataclass(frozen=True)
class EveryStep:
    """One frame for every step."""


Pace = Teach | Steady | EveryStep


def parse_pace(text: str) -> Pace:
    """``teach``, ``every-step`` or a number of steps a second; InputError for anything else."""
    if text == "teach":
        return Teach()
    if text == "every-step":
        return EveryStep()
    try:
        speed = float(text)
    except ValueError:
        speed = 0.0
    if not 0.01 <= speed <= 1e6:
        raise InputError(f"pace: {text!r} is no pace; take teach, every-step, or steps a second from 0.01 to 1e6")
    return Steady(speed)


def moments(scene: Scene, pace: Pace, first: int, last: int, frame_rate: int) -> tuple[float, ...]:
    """The moment, in steps, that each frame shows; the first one shows step ``first`` and the last one ``last``."""
    return tuple(float(step) for step in range(first, last + 1))
