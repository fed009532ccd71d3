"""The tape of one step, forward and reverse, in the run's own numbers, and what other panes highlight with it."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from gdviz.core.data.dataset import Dataset
from gdviz.core.descent.evaluations import rows_at, tape_at
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.recording import Recording
from gdviz.core.frozen import frozen
from gdviz.core.precision import Precision
from gdviz.core.problems.capabilities import HasClosedForm, HasData, HasTape
from gdviz.core.problems.finite_differences import GradientCheck, check, check_tape
from gdviz.core.problems.tape import Tape
from gdviz.core.weak_cache import weak_cache
from gdviz.panes.tape.formulas import nodes
from gdviz.panes.tape.rows import ALL_ROWS, BATCH_ROWS, TapeRow, forward_rows, reverse_rows, samples
from gdviz.presentation.arithmetic import direction_lines, update_lines
from gdviz.presentation.column_names import axis_names, in_sentence, whole_names
from gdviz.presentation.highlight import Highlight
from gdviz.presentation.numbers import format_number


@frozen
class TapePicture:
    """The tape of one step.

    samples: the rows of the data that are shown, counted from 1: the first, middle and last of all, or of the step's
    batch; empty if the tape has no rows. rows_of_data: how many there are. is_batch: whether the tape is that of a
    batch, which has other rows at every step. notes: what the tape covers, unless it is each row by itself.
    forward, reverse: the values, and their gradients. update: the update in numbers, or one line that says why there is
    none. update_lines: how many lines an update has. lit: the index in ``rows`` of the highlighted row. check: the
    gradient by finite differences, if requested.
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
        """What other panes highlight: the meaning of the highlighted row."""
        meaning = None if self.lit is None else self.rows[self.lit].meaning
        return Highlight(meaning, self.samples, self.is_batch)


def build_tape_picture(recording: Recording, step: int, lit: int | None = None, checked: bool = False) -> TapePicture:
    """Return the tape at ``step``, or at the last recorded step; with finite differences if ``checked``.

    A ``lit`` without a row, as after a change of problem, is ignored.
    """
    experiment, step = recording.experiment, min(step, recording.last_step)
    tape, batch = tape_at(experiment, recording.points[step], step), rows_at(experiment, step)
    source = ALL_ROWS if batch is None else BATCH_ROWS
    # In closed form the tape is in double precision, and its loss rounds to the recorded one.
    loss = float(recording.losses[step] if batch is None else tape.loss)
    problem = experiment.problem
    columns = whole_names(problem.data) if isinstance(problem, HasData) else Dataset.names
    forward = forward_rows(tape, loss, source, columns)
    reverse = reverse_rows(tape, recording.gradients[step], source)
    return TapePicture(
        step,
        problem.parameters,
        tuple(int(place if batch is None else batch[place]) + 1 for place in samples(nodes(tape))),
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
    # The names in the formulas of the closed form, with their values.
    count = problem.data.rows
    known = {entry.name: format_number(float(entry.value)) for entry in tape.entries if entry.name}
    rows = f", n = {count:,} rows" if "n" in known else ""
    x = in_sentence(axis_names(problem.data)[0])
    return (
        f"{count:,} rows in closed form: L* = {known['L*']} at w* = {known['w*']}, b* = {known['b*']}",
        f"mean of {x}: m = {known['m']}, its variance: v = {known['v']}{rows}",
    )


def _check(experiment: Experiment, point: NDArray[np.floating], step: int) -> GradientCheck:
    """Check the function that the step's tape computes: the loss, or that of the batch."""
    if experiment.batch_size is None:
        assert isinstance(experiment.problem, HasTape)
        return check(experiment.problem, point)
    double = replace(experiment, precision=Precision.FLOAT64)
    return check_tape(lambda moved: tape_at(double, moved, step), point)


def _update(recording: Recording, step: int) -> tuple[str, ...]:
    """Return the update from this step to the next."""
    if step == recording.experiment.steps:
        return ("This is the last step: no update follows.",)
    if recording.run_start(step + 1) == step + 1:
        return ("The next run begins at the start again: no update follows.",)
    if step == recording.last_step:
        return ("The next step is not computed yet.",)
    return (*direction_lines(recording, step), *update_lines(recording, step + 1))


@weak_cache(1)
def _update_lines(recording: Recording) -> int:
    """Return the number of lines, equal at every step: an update per parameter, and the rule's explanation."""
    return 2 + len(direction_lines(recording, 0))
