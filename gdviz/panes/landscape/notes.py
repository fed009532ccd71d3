"""The notes in the lower left corner of the landscape: how the run stands there, or each of several in a few words."""

from collections.abc import Sequence

import numpy as np

from gdviz.core.descent.recording import Recording
from gdviz.panes.landscape import zoom
from gdviz.panes.landscape.path import last_finite_step
from gdviz.presentation.batch_notes import batch_notes, common_notes
from gdviz.presentation.look import View
from gdviz.presentation.numbers import format_number

CANNOT_GROW = "the view cannot grow further: the loss there is beyond double precision"


def notes_of(recordings: Sequence[Recording], names: Sequence[str], step: int, view: View) -> tuple[str, ...]:
    """Everything about a single run; of several, in their order, the most important about each, with its name."""
    if len(recordings) == 1:
        return _all_of(recordings[0], min(step, recordings[0].last_step), view)
    runs = zip(names, recordings, strict=True)
    each = [f"{name}: {_in_short(recording, min(step, recording.last_step), view)}" for name, recording in runs]
    return (*each, *common_notes([recording.experiment for recording in recordings], step))


def _all_of(recording: Recording, step: int, view: View) -> tuple[str, ...]:
    notes = _loss_and_distance(recording, step)
    ended = _ended_at(recording, step, view)
    if ended is not None:
        notes.append(_ending(recording, ended))
    if _is_outside(recording, step, view):
        notes.append(_left(recording, step) if view is View.HOLD else CANNOT_GROW)
    return (*notes, *batch_notes(recording.experiment, step))


def _in_short(recording: Recording, step: int, view: View) -> str:
    """Where the run is if it is not in the picture; else its loss."""
    ended = _ended_at(recording, step, view)
    if ended is not None:
        return f"off every map from step {ended - recording.run_begin(ended):,}"
    if _is_outside(recording, step, view):
        return _now(recording, step) if view is View.HOLD else "beyond any view"
    return f"loss {format_number(float(recording.losses[step]))}"


def _ended_at(recording: Recording, step: int, view: View) -> int | None:
    """The step from which on the point is not finite, up to this one; a box that is held has been left before."""
    finite = last_finite_step(recording, step)
    return finite + 1 if finite < step and view is View.FOLLOW else None


def _is_outside(recording: Recording, step: int, view: View) -> bool:
    """Whether the run is where the view does not go: out of the box that is held, or of the largest one."""
    problem = recording.experiment.problem
    if view is View.HOLD:
        # A point that is not finite has left a box that is held, even from inside it.
        return not problem.box.reach(recording.points[step][None])[0] <= 1.0
    top = zoom.top_zoom_level(problem)
    reach = problem.box.reach(recording.points[last_finite_step(recording, step)][None])[0]
    return not reach <= zoom.factor(top) and zoom.zoom_level_at(recording, step) == top


def _loss_and_distance(recording: Recording, step: int) -> list[str]:
    point = recording.points[step].astype(np.float64)
    minima = recording.experiment.problem.minima
    with np.errstate(over="ignore", invalid="ignore"):
        away = min((float(np.hypot(*(point - minimum))) for minimum in minima), default=np.nan)
    which = "minimum" if len(minima) == 1 else "nearest minimum"
    notes = [f"loss {format_number(float(recording.losses[step]))}"]
    return [*notes, f"distance to the {which} {format_number(away)}"] if np.isfinite(away) else notes


def _ending(recording: Recording, step: int) -> str:
    names = recording.experiment.problem.parameters
    values = zip(names, recording.points[step], strict=True)
    what = " and ".join(f"{name} = {format_number(float(value))}" for name, value in values if not np.isfinite(value))
    return f"{what} from step {step - recording.run_begin(step):,}: off every map"


def _left(recording: Recording, step: int) -> str:
    left = zoom.left_at(recording, step)
    if left is None:
        return f"outside of the view from the start; {_now(recording, step)}"
    return f"left at step {left - recording.run_begin(left):,}; {_now(recording, step)}"


def _now(recording: Recording, step: int) -> str:
    problem, point = recording.experiment.problem, recording.points[step].astype(np.float64)
    # The parameter that is further out in units of the box; a NaN counts as furthest.
    furthest = int(np.argmax(np.nan_to_num(np.abs(problem.box.normalised(point)), nan=np.inf, posinf=np.inf)))
    return f"now {problem.parameters[furthest]} = {format_number(float(point[furthest]), 3)}"
