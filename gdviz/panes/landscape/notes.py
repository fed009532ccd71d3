"""The notes on the landscape: how the run is doing, or each of several in a few words."""

from collections.abc import Sequence

import numpy as np

from gdviz.core.box import Box
from gdviz.core.descent.recording import Recording
from gdviz.core.problems.capabilities import HasData
from gdviz.core.problems.minimum_line import distances_to_minima, flat_direction
from gdviz.panes.landscape import zoom
from gdviz.panes.landscape.path import last_finite_step
from gdviz.presentation.batch_notes import batch_notes, common_notes
from gdviz.presentation.look import Look, View
from gdviz.presentation.minima import LINE_OF_MINIMA
from gdviz.presentation.numbers import format_number
from gdviz.presentation.overflow import overflow_note
from gdviz.presentation.scaling import standardised_columns

NO_BREAK = "\u00a0"
"""A space at which no line ends."""
CANNOT_GROW = "the view cannot grow further: the loss there is beyond double precision"


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


def note_rows(recordings: Sequence[Recording], look: Look) -> int:
    """The lines that are reserved for notes at every step, so that nothing moves when another note is due."""
    run = recordings[0].experiment
    has_more = look.ghost or look.inside or look.view is View.HOLD or batch_notes(run, 1)
    return 2 if len(recordings) > 1 or has_more or _scaling_notes(recordings[0]) else 1


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


def _loss_and_distance(recording: Recording, step: int) -> list[str]:
    """The loss, and how far the nearest minimum is: in each parameter where they are of different scales.

    To a line of minima there is then no distance that means anything.
    """
    problem, point = recording.experiment.problem, recording.points[step].astype(np.float64)
    notes, is_line = [f"loss {format_number(float(recording.losses[step]))}"], flat_direction(problem) is not None
    away = distances_to_minima(problem, point)
    if not np.isfinite(min(away, default=np.nan)):
        return notes
    which = LINE_OF_MINIMA if is_line else "minimum" if len(away) == 1 else "nearest minimum"
    if problem.box.half[0] == problem.box.half[1]:
        return [*notes, f"distance to the {which} {format_number(min(away))}"]
    if is_line:
        return notes
    ways = zip(point, problem.minima[int(np.argmin(away))], problem.parameters, strict=True)
    distances = ((format_number(abs(value - nearest), 3), name) for value, nearest, name in ways)
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
        return f"outside of the view from the start; {_position_note(recording, step, first)}"
    return f"left at step {left - recording.run_start(left):,}; {_position_note(recording, step, first)}"


def _position_note(recording: Recording, step: int, first: Box) -> str:
    problem, point = recording.experiment.problem, recording.points[step].astype(np.float64)
    # The parameter furthest out in units of the box; NaN counts as infinite.
    furthest = int(np.argmax(np.nan_to_num(np.abs(first.normalised(point)), nan=np.inf, posinf=np.inf)))
    return f"now {problem.parameters[furthest]} = {format_number(float(point[furthest]), 3)}"
