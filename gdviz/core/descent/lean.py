"""The loop of one run whose rates are known, without allocating: bit for bit the steps of `loop.walk`.

A call of NumPy on two numbers takes a fifth of a microsecond where operands and result are arrays that exist already,
and up to three times as long where it has to make them.
"""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdviz.core.descent.checkpoint import Checkpoint, start
from gdviz.core.descent.evaluations import StepEvaluation, batches_of
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.optimizers.element_wise import ElementWise
from gdviz.core.problems.capabilities import HasBatchGradientInPlace, HasGradientInPlace
from gdviz.core.problems.problem import Point

Columns = tuple[NDArray[np.floating], ...]
"""Points (n, 2), losses (n,), gradients (n, 2), directions (n, 2) and learning rates (n,) of n steps."""


def can_be_lean(experiment: Experiment) -> bool:
    """Whether its gradients can be computed in place, and no step waits for the loss."""
    capability = HasGradientInPlace if experiment.batch_size is None else HasBatchGradientInPlace
    return experiment.schedule.is_predetermined and isinstance(experiment.problem, capability)


class LeanRun:
    """A run at a step; its numbers stay in one place, where each step overwrites them."""

    def __init__(self, experiment: Experiment, begin: Checkpoint) -> None:
        """Take up a run that `can_be_lean`."""
        self._experiment, self._first, self._step, self._state = experiment, start(experiment), begin.step, begin.state
        self._numbers = np.empty(7, begin.point.dtype)
        self._point, self._gradient, self._rate = self._numbers[:2], self._numbers[2:4], self._numbers[4, ...]
        self._direction = self._gradient if experiment.optimizer.is_plain else self._numbers[5:]
        self._write_gradient = _gradient_writer(experiment, begin.step, self._point, self._gradient)
        self._losses, self._seen = _losses(experiment), StepEvaluation(experiment)
        self._seen.point, self._seen.gradient = self._point, self._gradient
        self._point[...] = begin.point
        self._restart_if_due(begin.step)

    @property
    def checkpoint(self) -> Checkpoint:
        """Where it is."""
        return Checkpoint(self._step, self._point.copy(), self._state)

    def advance(self, learning_rates: Iterable[Any]) -> Columns:
        """Take a step at each of the rates. Call this with NumPy's warnings about overflow and NaN disabled."""
        walk = self._walk_by_parameter if isinstance(self._experiment.optimizer, ElementWise) else self._walk
        taken = walk(learning_rates)
        self._step += len(taken)
        return self._columns(np.frombuffer(b"".join(taken), self._point.dtype).reshape(-1, self._numbers.size))

    def _walk(self, learning_rates: Iterable[Any]) -> list[bytes]:
        """The numbers of each step, with a rule that computes both parameters at once."""
        write_gradient, numbers, taken = self._write_gradient, self._numbers.tobytes, list[bytes]()
        point, gradient, direction, rate = self._point, self._gradient, self._direction, self._rate
        scales, multiply, subtract = self._experiment.optimizer.scales_with_rate, np.multiply, np.subtract
        change = np.empty_like(point) if scales else direction
        is_plain, restarts = direction is gradient, self._experiment.restart_every > 0
        seen, update = self._seen, self._experiment.optimizer.update_into
        sets_momentum = self._experiment.schedule.sets_momentum
        for step, learning_rate in enumerate(learning_rates, self._step):
            write_gradient()
            rate[()] = learning_rate
            if not is_plain:
                if sets_momentum:
                    update = self._experiment.optimizer_at(step).update_into
                seen.step, seen.learning_rate = step, learning_rate
                self._state = update(direction, seen, self._state)
            taken.append(numbers())
            if scales:
                multiply(rate, direction, change)
            subtract(point, change, point)
            if restarts:
                self._restart_if_due(step + 1)
        return taken

    def _walk_by_parameter(self, learning_rates: Iterable[Any]) -> list[bytes]:
        """The numbers of each step, with a rule that computes one parameter at a time: as numbers, not as arrays."""
        write_gradient, numbers, taken = self._write_gradient, self._numbers.tobytes, list[bytes]()
        point, gradient, direction, rate, seen = self._point, self._gradient, self._direction, self._rate, self._seen
        sets_momentum, restart_every = self._experiment.schedule.sets_momentum, self._experiment.restart_every
        directions, scales = self._element_wise(self._step).directions, self._experiment.optimizer.scales_with_rate
        (x, y), state = point, self._state
        for step, learning_rate in enumerate(learning_rates, self._step):
            write_gradient()
            rate[()] = learning_rate
            seen.step, seen.learning_rate = step, learning_rate
            if sets_momentum:
                directions = self._element_wise(step).directions
            change_x, change_y, state = directions(x, y, gradient[0], gradient[1], seen, state)
            direction[0], direction[1] = change_x, change_y
            taken.append(numbers())
            if scales:
                change_x, change_y = learning_rate * change_x, learning_rate * change_y
            point[0], point[1] = x, y = x - change_x, y - change_y
            if restart_every and (step + 1) % restart_every == 0:
                self._restart_if_due(step + 1)
                (x, y), state = point, self._state
        self._state = state
        return taken

    def _element_wise(self, step: int) -> ElementWise:
        """The rule of a step, with the momentum that the schedule gives it."""
        rule = self._experiment.optimizer_at(step)
        assert isinstance(rule, ElementWise)
        return rule

    def _restart_if_due(self, step: int) -> None:
        restart_every = self._experiment.restart_every
        if restart_every and step % restart_every == 0:
            self._point[...], self._state = self._first.point, self._first.state

    def _columns(self, rows: NDArray[np.floating]) -> Columns:
        points, gradients = rows[:, :2].copy(), rows[:, 2:4].copy()
        directions = gradients if self._direction is self._gradient else rows[:, 5:].copy()
        return points, self._losses(points.T), gradients, directions, rows[:, 4].copy()


def _gradient_writer(experiment: Experiment, step: int, point: Point, out: Point) -> Callable[[], None]:
    """The function that writes the gradient of one step after the other, from ``step`` on."""
    problem, batches = experiment.problem, batches_of(experiment)
    if batches is None:
        assert isinstance(problem, HasGradientInPlace)
        return problem.gradient_in_place(point, out)
    assert isinstance(problem, HasBatchGradientInPlace)
    write, columns = problem.batch_gradient_in_place(point, out), batches.columns_from(step)
    return lambda: write(*next(columns))


def _losses(experiment: Experiment) -> Callable[[Point], NDArray[np.floating]]:
    """The function from n points of the run, shape (2, n), to their losses, shape (n,)."""
    problem, precision = experiment.problem, experiment.precision
    if experiment.batch_size is not None:
        assert isinstance(problem, HasBatchGradientInPlace)
        return problem.losses(precision)
    assert isinstance(problem, HasGradientInPlace)
    return problem.loss_evaluator(precision)
