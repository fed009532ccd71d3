"""Events of a run that deserve a frame of their own: the view grows, numbers become non-finite, the rate changes."""

from enum import Enum, auto

import numpy as np
from numpy.typing import NDArray

from gdviz.core.descent.manual_changes import base_and_changes
from gdviz.core.descent.recording import Recording
from gdviz.core.frozen import frozen
from gdviz.panes.landscape.shown_box import box_changes
from gdviz.scene.scene import Scene

Steps = NDArray[np.int64]


class Kind(Enum):
    """The kinds of events, in the order in which they are told."""

    LEAVES = auto()
    RATE = auto()
    INFINITE = auto()
    NAN = auto()


@frozen
class Event:
    """An event at a step. ``subject``: what it happens to; ``number``: the loss of a path that leaves, or the new rate.

    run: the name of the run where there are several.
    """

    step: int
    kind: Kind
    subject: str
    number: str = ""
    run: str = ""


def non_finite_events(recording: Recording, run: str = "") -> list[Event]:
    """Where the loss and the parameters become infinite or NaN, in no particular order."""
    found = recording.milestones
    ends = [(found.infinite_loss, Kind.INFINITE, "the loss")]
    # Where a parameter becomes NaN the loss does too; it is worth a mention only before that.
    if found.nan_loss is not None and all(at is None or at > found.nan_loss for at in found.nan):
        ends.append((found.nan_loss, Kind.NAN, "the loss"))
    for index, name in enumerate(recording.experiment.problem.parameters):
        ends += [(found.infinite[index], Kind.INFINITE, name), (found.nan[index], Kind.NAN, name)]
    return [Event(step, kind, subject, run=run) for step, kind, subject in ends if step is not None]


def rate_changes(recording: Recording) -> tuple[tuple[int, float], ...]:
    """The steps at which the learning rate changes, by hand or by the schedule, and the new rate.

    If a schedule changes the rate all the time, only the end of a stretch at one rate counts.
    """
    rates, schedule = recording.learning_rates, recording.experiment.schedule
    made = [step for step, _ in base_and_changes(schedule)[1] if 0 < step <= recording.last_step]
    if schedule.varies and not schedule.sweeps:
        moved = rates[1:] != rates[:-1]
        made = sorted({*made, *(np.flatnonzero(moved[1:] & ~moved[:-1]) + 2).tolist()})
    return tuple((step, float(rates[step])) for step in made if rates[step] != rates[step - 1])


def box_jumps(scene: Scene, first: int, last: int) -> Steps:
    """The steps from ``first`` up to but not including ``last`` after which the box changes, ascending."""
    return np.array(box_changes(scene.recordings, scene.look, first, last), dtype=np.int64)


def key_steps(scene: Scene, first: int, last: int, room: int) -> Steps:
    """The steps between ``first`` and ``last`` that an animation must not skip, ascending, at most ``room`` of them.

    If there are more, non-finite numbers come first, then changed rates, then the steps at which the path leaves
    the view and those at which the view has grown; of the kind that does not fit, a selection spread over all of it.
    """
    ends = {end.step for recording in scene.recordings for end in non_finite_events(recording)}
    changed = {step for recording in scene.recordings for step, _ in rate_changes(recording)}
    jumps = box_jumps(scene, first, last)
    kept: set[int] = set()
    for kind in (ends, changed, {*jumps.tolist(), *(jumps + 1).tolist()}):
        new = sorted(step for step in kind - kept if first < step < last)
        left = room - len(kept)
        places = range(len(new)) if len(new) <= left else np.linspace(0, len(new) - 1, max(0, left)).astype(int)
        kept.update(new[place] for place in places)
    return np.array(sorted(kept), dtype=np.int64)
