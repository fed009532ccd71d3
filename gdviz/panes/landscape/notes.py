"""The notes on the landscape: how the run is doing, or each of several in a few words."""

from collections.abc import Callable, Sequence

import numpy as np

from gdviz.core.box import Box
from gdviz.core.descent.recording import Recording
from gdviz.core.problems.capabilities import HasData
from gdviz.core.problems.minimum_line import distances_to_minima, flat_direction
from gdviz.panes.landscape import zoom
from gdviz.panes.landscape.path import last_finite_step
from gdviz.presentation.batch_notes import batch_notes, common_notes
from gdviz.presentation.look import View
from gdviz.presentation.minima import LINE_OF_MINIMA
from gdviz.presentation.numbers import format_number
from gdviz.presentation.overflow import overflow_note
from gdviz.presentation.scaling import standardised_columns

NO_BREAK = "\u00a0"
"""A space at which no line ends."""
CANNOT_GROW = "the view cannot grow further: the loss there is beyond double precision"
OUTSIDE = "outside of the view from the start"
SOME_STEPS = (1, 7)
"""At one of these or at the last one the number of epochs has as many digits as at any."""

Boxes = tuple[Box, Box]
"""The first box, and the one that is shown; the same where the view is held."""


def landscape_notes(
    recordings: Sequence[Recording], names: Sequence[str], step: int, view: View, boxes: Boxes
) -> tuple[str, ...]:
    """All notes on a single run; for several, one short note on each, with its name."""
    if len(recordings) == 1:
        return _full_notes(recordings[0], min(step, recordings[0].last_step), view, boxes)
    runs = zip(names, recordings, strict=True)
    each = [
        f"{name}: {_short_note(recording, min(step, recording.last_step), view, boxes)}" for name, recording in runs
    ]
    common = common_notes([recording.experiment for recording in recordings], step)
    beyond = [note for note in dict.fromkeys(map(overflow_note, recordings)) if note]
    return (*each, *beyond, *common, *_scaling_notes(recordings[0]))


def widest_notes(recordings: Sequence[Recording], names: Sequence[str], view: View, first: Box) -> tuple[str, ...]:
    """The notes as wide as they get over the recorded steps, whichever of them is shown."""
    if len(recordings) == 1:
        return _widest_full_notes(recordings[0], view, first)
    runs = list(zip(names, recordings, strict=True))
    each = [f"{name}: {_widest_short_note(recording, view, first)}" for name, recording in runs]
    beyond = [note for note in dict.fromkeys(map(overflow_note, recordings)) if note]
    common = common_notes([recording.experiment for recording in recordings], SOME_STEPS[0])
    return (*each, *beyond, *common, *_scaling_notes(recordings[0]))


def _widest_full_notes(recording: Recording, view: View, first: Box) -> tuple[str, ...]:
    experiment, last = recording.experiment, recording.last_step
    notes = [*_loss_and_distance(recording, 0, _widest), *filter(None, [overflow_note(recording)])]
    ended = _ended(recording)
    if ended is not None and view is View.FOLLOW:
        notes.append(_non_finite_note(recording, ended))
    if view is View.HOLD and _leaves(recording, first):
        left = f"left at step {last:,}" if first.contains(recording.points[0]) else OUTSIDE
        notes.append(f"{left}; {_widest_position(recording)}")
    elif view is View.FOLLOW and zoom.highest_zoom_level(recording, first) == zoom.top_zoom_level(
        experiment.problem, first
    ):
        notes.append(CANNOT_GROW)
    epochs = zip(*(batch_notes(experiment, step) for step in (*SOME_STEPS, last)), strict=True)
    return (*notes, *(max(lines, key=len) for lines in epochs), *_scaling_notes(recording))


def _widest_short_note(recording: Recording, view: View, first: Box) -> str:
    ways, ended = [f"loss {_widest()}"], _ended(recording)
    if ended is not None and view is View.FOLLOW:
        ways.append(f"off every map from step {ended:,}")
    if view is View.HOLD and _leaves(recording, first):
        ways.append(_widest_position(recording))
    return max(ways, key=len)


def _widest_position(recording: Recording) -> str:
    return f"now {max(recording.experiment.problem.parameters, key=len)} = {_widest(digits=3)}"


def _widest(value: float = 0.0, digits: int = 4) -> str:
    """A number as wide as any with that many digits."""
    return format_number(-8.888888e-88, digits)


def _ended(recording: Recording) -> int | None:
    """The first step with a non-finite point, in any run; None if there is none."""
    found = recording.milestones
    return min((step for step in (*found.infinite, *found.nan) if step is not None), default=None)


def _leaves(recording: Recording, first: Box) -> bool:
    """Whether any step is outside the first box."""
    return zoom.highest_zoom_level(recording, first) > 0 or _ended(recording) is not None


def _full_notes(recording: Recording, step: int, view: View, boxes: Boxes) -> tuple[str, ...]:
    notes = [*_loss_and_distance(recording, step), *filter(None, [overflow_note(recording)])]
    ended = _first_non_finite(recording, step, view)
    if ended is not None:
        notes.append(_non_finite_note(recording, ended))
    if _is_outside(recording, step, view, boxes):
        notes.append(_exit_note(recording, step, boxes[0]) if view is View.HOLD else CANNOT_GROW)
    return (*notes, *batch_notes(recording.experiment, step), *_scaling_notes(recording))


def _scaling_notes(recording: Recording) -> tuple[str, ...]:
    """What slope and intercept are about where it is not the data in their own units."""
    problem = recording.experiment.problem
    if not isinstance(problem, HasData) or not any(problem.data.are_standardised):
        return ()
    first, second = problem.parameters
    return (f"{first}, {second}: for {standardised_columns(problem.data)}",)


def _short_note(recording: Recording, step: int, view: View, boxes: Boxes) -> str:
    """Where the run is if it is outside the view; else its loss."""
    ended = _first_non_finite(recording, step, view)
    if ended is not None:
        return f"off every map from step {ended - recording.run_start(ended):,}"
    if _is_outside(recording, step, view, boxes):
        return _position_note(recording, step, boxes[0]) if view is View.HOLD else "beyond any view"
    return f"loss {format_number(float(recording.losses[step]))}"


def _first_non_finite(recording: Recording, step: int, view: View) -> int | None:
    """The first step up to ``step`` with a non-finite point; None in a held view, which the run left before."""
    finite = last_finite_step(recording, step)
    return finite + 1 if finite < step and view is View.FOLLOW else None


def _is_outside(recording: Recording, step: int, view: View, boxes: Boxes) -> bool:
    """Whether the run is outside the held box, or outside a box that cannot grow."""
    problem, (first, shown) = recording.experiment.problem, boxes
    if view is View.HOLD:
        return not first.contains(recording.points[step])  # as a non-finite point is
    if shown.contains(recording.points[last_finite_step(recording, step)]):
        return False
    return zoom.zoom_level_at(recording, step, first) == zoom.top_zoom_level(problem, first)


def _loss_and_distance(recording: Recording, step: int, number: Callable[..., str] = format_number) -> list[str]:
    """The loss, and how far the nearest minimum is: in each parameter where they are of different scales.

    To a line of minima there is then no distance that means anything.
    """
    problem, point = recording.experiment.problem, recording.points[step].astype(np.float64)
    notes, is_line = [f"loss {number(float(recording.losses[step]))}"], flat_direction(problem) is not None
    away = distances_to_minima(problem, point)
    if not np.isfinite(min(away, default=np.nan)):
        return notes
    which = LINE_OF_MINIMA if is_line else "minimum" if len(away) == 1 else "nearest minimum"
    if problem.box.half[0] == problem.box.half[1]:
        return [*notes, f"distance to the {which} {number(min(away))}"]
    if is_line:
        return notes
    ways = zip(point, problem.minima[int(np.argmin(away))], problem.parameters, strict=True)
    distances = ((number(abs(value - nearest), 3), name) for value, nearest, name in ways)
    parts = [f"{distance}{NO_BREAK}in{NO_BREAK}{name}" for distance, name in distances]
    return [*notes, f"to the {which}: {', '.join(parts)}"]


def _non_finite_note(recording: Recording, step: int) -> str:
    names = recording.experiment.problem.parameters
    values = zip(names, recording.points[step], strict=True)
    what = " and ".join(f"{name} = {format_number(float(value))}" for name, value in values if not np.isfinite(value))
    return f"{what} from step {step - recording.run_start(step):,}: off every map"


def _exit_note(recording: Recording, step: int, first: Box) -> str:
    left = zoom.exit_step_at(recording, step, first)
    if left is None:
        return f"{OUTSIDE}; {_position_note(recording, step, first)}"
    return f"left at step {left - recording.run_start(left):,}; {_position_note(recording, step, first)}"


def _position_note(recording: Recording, step: int, first: Box) -> str:
    problem, point = recording.experiment.problem, recording.points[step].astype(np.float64)
    # The parameter furthest out in units of the box; NaN counts as infinite.
    furthest = int(np.argmax(np.nan_to_num(np.abs(first.normalised(point)), nan=np.inf, posinf=np.inf)))
    return f"now {problem.parameters[furthest]} = {format_number(float(point[furthest]), 3)}"
