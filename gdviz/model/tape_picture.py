"""Where the gradients come from: the tape of one step, forward and in reverse, in the run's own numbers."""

from dataclasses import dataclass

from gdviz.core.finite_differences import GradientCheck, check
from gdviz.core.recording import Recording
from gdviz.model.arithmetic import update_in_numbers
from gdviz.model.tape_rows import Meaning, TapeRow, forward_rows, reverse_rows, samples


@dataclass(frozen=True)
class TapePicture:
    """The tape of one step.

    samples: which rows of the data are shown, counted from 1: the first, the middle and the last; empty without data.
    forward, reverse: the values, and the gradients that arrive at them. update: what follows from them, in numbers, or
    in a line why nothing does. lit: the place in ``rows`` of the one that is pointed at. check: the gradient by finite
    differences, where that was asked for.
    """

    step: int
    parameters: tuple[str, str]
    samples: tuple[int, ...]
    forward: tuple[TapeRow, ...]
    reverse: tuple[TapeRow, ...]
    update: tuple[str, ...]
    lit: int | None = None
    check: GradientCheck | None = None

    @property
    def rows(self) -> tuple[TapeRow, ...]:
        """All rows, from top to bottom."""
        return self.forward + self.reverse

    @property
    def meaning(self) -> Meaning | None:
        """What the row that is pointed at speaks of."""
        return None if self.lit is None else self.rows[self.lit].meaning


def build_tape_picture(recording: Recording, step: int, lit: int | None = None, checked: bool = False) -> TapePicture:
    """The tape at ``step``, or at the last recorded one; with finite differences if ``checked``.

    A ``lit`` for which there is no row, as after a change of the problem, is dropped.
    """
    experiment, step = recording.experiment, min(step, recording.last_step)
    point = recording.points[step]
    tape = experiment.problem.tape(point, experiment.precision)
    forward, reverse = forward_rows(tape), reverse_rows(tape, recording.gradients[step])
    return TapePicture(
        step,
        experiment.problem.parameters,
        tuple(row + 1 for row in samples(tape)),
        forward,
        reverse,
        _update(recording, step),
        lit if lit is not None and 0 <= lit < len(forward) + len(reverse) else None,
        check(experiment.problem, point) if checked else None,
    )


def _update(recording: Recording, step: int) -> tuple[str, ...]:
    """The update that this step's gradients lead to: the one that ends at the next step."""
    if step == recording.experiment.steps:
        return ("This is the last step: no update follows.",)
    if recording.run_begin(step + 1) == step + 1:
        return ("The next run begins at the start again: no update follows.",)
    if step == recording.last_step:
        return ("The next step is not computed yet.",)
    return update_in_numbers(recording, step + 1)
