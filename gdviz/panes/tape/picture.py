"""The tape of one step, forward and in reverse, in the run's own numbers, and what other panes highlight with it."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.loop import rows_at, tape_at
from gdviz.core.descent.recording import Recording
from gdviz.core.precision import Precision
from gdviz.core.problems.capabilities import HasClosedForm, HasData, HasTape
from gdviz.core.problems.finite_differences import GradientCheck, check, check_tape
from gdviz.core.problems.tape import Tape
from gdviz.panes.tape.formulas import forms
from gdviz.panes.tape.rows import ALL_ROWS, BATCH_ROWS, TapeRow, forward_rows, reverse_rows, samples
from gdviz.presentation.arithmetic import direction_lines, update_lines
from gdviz.presentation.highlight import Highlight
from gdviz.presentation.numbers import format_number
from gdviz.presentation.weak_cache import weak_cache


@dataclass(frozen=True)
class TapePicture:
    """The tape of one step.

    samples: which rows of the data are shown, counted from 1: the first, the middle and the last of all, or of the
    step's batch; empty where the tape has no rows. rows_of_data: how many there are. is_batch: whether the tape is
    that of a batch, which has other rows at every step. notes: what the tape is of, unless that is each row by itself.
    forward, reverse: the values, and the gradients that arrive at them. update: the update in numbers, or one line
    that says why there is none. update_lines: how many lines an update has. lit: the index in ``rows`` of the row that
    is pointed at. check: the gradient by finite differences, if it was asked for.
    """

    step: int
    parameters: tuple[str, str]
    samples: tuple[int, ...]
    forward: tuple[TapeRow, ...]
    reverse: tuple[TapeRow, ...]
    update: tuple[str, ...]
    lit: int | None = None
    check: GradientCheck | None = None
    notes: tuple[str, ...] = ()
    rows_of_data: int = 0
    is_batch: bool = False
    update_lines: int = 2

    @property
    def rows(self) -> tuple[TapeRow, ...]:
        """All rows, from top to bottom."""
        return self.forward + self.reverse

    @property
    def highlight(self) -> Highlight:
        """What other panes highlight: what the row that is pointed at is about."""
        meaning = None if self.lit is None else self.rows[self.lit].meaning
        return Highlight(meaning, self.samples, self.is_batch)


def build_tape_picture(recording: Recording, step: int, lit: int | None = None, checked: bool = False) -> TapePicture:
    """The tape at ``step``, or at the last recorded one; with finite differences if ``checked``.

    A ``lit`` for which there is no row, as after a change of the problem, is dropped.
    """
    experiment, step = recording.experiment, min(step, recording.last_step)
    tape, batch = tape_at(experiment, recording.points[step], step), rows_at(experiment, step)
    whole = ALL_ROWS if batch is None else BATCH_ROWS
    # In closed form the tape is in double precision, and the loss on it rounded is the recorded one.
    loss = float(recording.losses[step] if batch is None else tape.loss)
    forward, reverse = forward_rows(tape, loss, whole), reverse_rows(tape, recording.gradients[step], whole)
    problem = experiment.problem
    return TapePicture(
        step,
        problem.parameters,
        tuple(int(place if batch is None else batch[place]) + 1 for place in samples(forms(tape))),
        forward,
        reverse,
        _update(recording, step),
        lit if lit in range(len(forward) + len(reverse)) else None,
        _check(experiment, recording.points[step], step) if checked else None,
        _notes(recording, step, batch, tape),
        problem.data.rows if isinstance(problem, HasData) else 0,
        batch is not None,
        _update_lines(recording),
    )


def _notes(recording: Recording, step: int, batch: NDArray[np.int64] | None, tape: Tape) -> tuple[str, ...]:
    if batch is not None:
        rows, loss = "row" if batch.size == 1 else "rows", format_number(float(recording.losses[step]))
        return (f"loss of this batch of {batch.size:,} {rows}; of all rows {loss}",)
    problem = recording.experiment.problem
    if not (isinstance(problem, HasClosedForm) and problem.reads_no_rows):
        return ()
    # What the names in the formulas of the closed form stand for, with their values.
    count = problem.data.rows
    known = {entry.name: format_number(float(entry.value)) for entry in tape.entries if entry.name}
    rows = f", n = {count:,} rows" if "n" in known else ""
    return (
        f"{count:,} rows in closed form: L* = {known['L*']} at w* = {known['w*']}, b* = {known['b*']}",
        f"mean of x: m = {known['m']}, its variance: v = {known['v']}{rows}",
    )


def _check(experiment: Experiment, point: NDArray[np.floating], step: int) -> GradientCheck:
    """Of the function that the step's tape computes: the loss, or that of the batch."""
    if experiment.batch_size is None:
        assert isinstance(experiment.problem, HasTape)
        return check(experiment.problem, point)
    double = replace(experiment, precision=Precision.FLOAT64)
    return check_tape(lambda moved: tape_at(double, moved, step), point)


def _update(recording: Recording, step: int) -> tuple[str, ...]:
    """The update from this step to the next."""
    if step == recording.experiment.steps:
        return ("This is the last step: no update follows.",)
    if recording.run_start(step + 1) == step + 1:
        return ("The next run begins at the start again: no update follows.",)
    if step == recording.last_step:
        return ("The next step is not computed yet.",)
    return (*direction_lines(recording, step), *update_lines(recording, step + 1))


@weak_cache(1)
def _update_lines(recording: Recording) -> int:
    """For each parameter the update, and what the rule explains of its direction: the same number at every step."""
    return 2 + len(direction_lines(recording, 0))
