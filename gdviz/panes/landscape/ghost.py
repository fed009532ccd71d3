"""The ghost of a run: its next steps at the current learning rate, and a note about them."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from gdviz.core.descent.experiment import OWN_STEPS
from gdviz.core.descent.loop import walk
from gdviz.core.descent.recording import Recording
from gdviz.core.frozen import frozen
from gdviz.core.weak_cache import weak_cache
from gdviz.panes.landscape.landscape import Surface
from gdviz.panes.landscape.path import to_unit_box, visible_parts

GHOST_STEPS = 20


@frozen(eq=False)
class Ghost:
    """The next steps of a run inside a box.

    segments: float32, shape (g, 2, 3), in unit-box coordinates: the visible parts of the steps, clipped to the box.
    note: which of them cannot be seen; may be empty.
    """

    segments: NDArray[np.float32]
    note: str


# Kept while the camera moves: on large batches these steps take long.
@weak_cache(2)
def next_points(recording: Recording, step: int, count: int = GHOST_STEPS) -> NDArray[np.floating]:
    """The points of a recorded step and of the ``count`` steps after it, shape (count + 1, 2), in the run's precision.

    All at the learning rate of that step: if the run keeps it, they are its own points, bit for bit. A momentum that
    the schedule sets goes on as it does. They continue even after the last fresh step of a range test.
    """
    experiment = recording.experiment
    # The rates are given one by one; the schedule only must not restart, and be one that any rule may have.
    onward = experiment if experiment.schedule.sets_momentum else replace(experiment, schedule=OWN_STEPS)
    rates = [recording.learning_rates[step]] * (count + 1)
    with np.errstate(all="ignore"):
        return np.array([ahead.point for ahead in walk(onward, recording.checkpoint(step), rates)])


def build_ghost(recording: Recording, step: int, surface: Surface) -> Ghost:
    """The ghost from ``step`` on, clipped to the box of the surface, which does not grow for it."""
    points = next_points(recording, step)
    is_finite = np.isfinite(points).all(axis=1)
    count = len(points) if is_finite.all() else int(is_finite.argmin())
    if not count:
        return Ghost(np.empty((0, 2, 3), np.float32), "")
    places, inside = to_unit_box(points[:count], surface)
    segments, _ = visible_parts(places, inside, recording.experiment.problem, surface)
    return Ghost(segments, _note(points, inside))


def _note(points: NDArray[np.floating], inside: NDArray[np.bool_]) -> str:
    """After how many steps the ghost leaves the view (if it starts in it), and after how many it is not finite.

    points: shape (n, 2). inside: shape (m,), for the points before the first non-finite one.
    """
    finite, parts = len(inside), []
    stays = finite if inside.all() else int(inside.argmin())
    if 0 < stays < len(points):
        parts.append(f"out of view in {_steps(stays)}")
    if finite < len(points):
        parts.append(f"{'infinite' if np.isinf(points[finite]).any() else 'NaN'} in {_steps(finite)}")
    return f"ahead: {', '.join(parts)}" if parts else ""


def _steps(count: int) -> str:
    return f"{count} step{'s' if count > 1 else ''}"


def marked_steps(segments: NDArray[np.float32], pixels: NDArray[np.float64], least: float) -> NDArray[np.bool_]:
    """Which segments, shape (g,), have their end marked, so that the steps can be counted.

    pixels: shape (g, 2, 2), both ends of each segment in the picture. Steps of ``least`` pixels or more are marked,
    since shorter ones cannot be counted, and the last one; none that is clipped.
    """
    if not len(segments):
        return np.empty(0, dtype=np.bool_)
    is_long = np.hypot(*(pixels[:, 1] - pixels[:, 0]).T) >= least
    is_long[-1] |= np.hypot(*(pixels[-1, 1] - pixels[0, 0])) >= least
    return np.asarray(is_long & ~cut_off(segments))


def cut_off(segments: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Which segments of shape (g, 2, 3) end at the edge of the box, shape (g,)."""
    return np.asarray(np.abs(segments[:, 1, :2]).max(axis=1) >= 1.0)
