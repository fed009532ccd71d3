"""What happens in a run that is worth a frame of its own: the view grows, numbers end, the learning rate changes."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gdviz.core.descent.hand_changes import changes
from gdviz.core.descent.recording import Recording
from gdviz.panes.landscape import zoom
from gdviz.scene.scene import Scene

Steps = NDArray[np.int64]


@dataclass(frozen=True)
class NumberEnd:
    """From ``step`` on, ``name`` (of a parameter, or "the loss") is ``state``: "infinite" or "NaN"."""

    step: int
    name: str
    state: str


def number_ends(recording: Recording) -> tuple[NumberEnd, ...]:
    """Where the loss and the parameters stop being finite numbers, in the order of their steps."""
    found = recording.milestones
    ends = [(found.infinite_loss, "the loss", "infinite")]
    # Where a parameter becomes NaN the loss does too; only before that it is worth a word.
    if found.nan_loss is not None and all(at is None or at > found.nan_loss for at in found.nan):
        ends.append((found.nan_loss, "the loss", "NaN"))
    for index, name in enumerate(recording.experiment.problem.parameters):
        ends += [(found.infinite[index], name, "infinite"), (found.nan[index], name, "NaN")]
    happened = [NumberEnd(step, name, state) for step, name, state in ends if step is not None]
    return tuple(sorted(happened, key=lambda end: end.step))


def rate_changes(recording: Recording) -> tuple[tuple[int, float], ...]:
    """The steps from which on the learning rate is another one, and that rate: changed by hand, or by the schedule.

    Of a schedule that changes it all the time only what ends a stretch at one rate counts.
    """
    rates, schedule = recording.learning_rates, recording.experiment.schedule
    made = [step for step, _ in changes(schedule)[1] if 0 < step <= recording.last_step]
    if schedule.varies and not schedule.sweeps:
        moved = rates[1:] != rates[:-1]
        made = sorted({*made, *(np.flatnonzero(moved[1:] & ~moved[:-1]) + 2).tolist()})
    return tuple((step, float(rates[step])) for step in made if rates[step] != rates[step - 1])


def box_jumps(scene: Scene, first: int, last: int) -> Steps:
    """The steps from ``first`` on and before ``last`` after which the box becomes larger, rising."""
    climbing = {step for recording in scene.recordings for step in zoom.growing_steps(recording)}
    jumps = [step for step in climbing if first <= step < last and scene.grows_after(step)]
    return np.array(sorted(jumps), dtype=np.int64)


def key_steps(scene: Scene, first: int, last: int, room: int) -> Steps:
    """The steps between ``first`` and ``last`` that an animation must not skip, rising, and at most ``room``.

    Where there are more, the ends of numbers come first, then the changed rates, then the steps with which the path
    leaves the view and those with which the view has grown; of the kind that does not fit, some from all over.
    """
    ends = {end.step for recording in scene.recordings for end in number_ends(recording)}
    changed = {step for recording in scene.recordings for step, _ in rate_changes(recording)}
    jumps = box_jumps(scene, first, last)
    kept: set[int] = set()
    for kind in (ends, changed, set(jumps.tolist()) | set((jumps + 1).tolist())):
        new = sorted(step for step in kind - kept if first < step < last)
        kept.update(_some(new, room - len(kept)))
    return np.array(sorted(kept), dtype=np.int64)


def _some(steps: list[int], count: int) -> list[int]:
    if len(steps) <= count:
        return steps
    return [steps[place] for place in np.linspace(0, len(steps) - 1, max(0, count)).astype(int)]
