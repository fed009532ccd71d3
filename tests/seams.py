"""Kinds that gdviz does not have, registered for a test: what the seams of rules, schedules and problems carry."""

from dataclasses import field, replace
from functools import cached_property
from typing import Any, ClassVar

import numpy as np

from gdviz.core.box import Box
from gdviz.core.data.creation import generate
from gdviz.core.data.dataset import Dataset
from gdviz.core.data.settings import DataSettings
from gdviz.core.descent.optimizers import OPTIMIZERS, Formula, Optimizer
from gdviz.core.descent.schedules import Schedule
from gdviz.core.frozen import frozen
from gdviz.core.precision import Precision
from gdviz.core.problems.surfaces import Surface
from gdviz.core.problems.tape import Tape


@frozen
class Backtracking(Optimizer):
    """Gradient descent with a line search: the gradient, halved until the loss falls enough (Armijo 1966)."""

    name: ClassVar[str] = "backtracking"
    title: ClassVar[str] = "Backtracking"
    direction_symbol: ClassVar[str] = "d_{}"

    slope: float = 1e-4

    def update(self, evaluation, state):
        return self._size(evaluation) * evaluation.gradient, None

    def explain(self, evaluation, before, direction, after):
        parts = (float(self._size(evaluation)), ("∂L/∂{}", evaluation.gradient))
        return (Formula("d_{} =", direction, "{}·{}", parts),)

    def _size(self, evaluation):
        point, gradient, loss = evaluation.point, evaluation.gradient, evaluation.loss
        size = np.ones_like(loss)
        for _ in range(60):
            falls = evaluation.loss_at(point - size * gradient) <= loss - self.slope * size * (gradient**2).sum(axis=0)
            if np.all(falls):
                break
            size = np.where(falls, size, size / 2).astype(point.dtype)
        return size


@frozen
class SignDescent(Optimizer):
    """The sign of the gradient: no rate is known from which it would diverge."""

    name: ClassVar[str] = "sign"
    title: ClassVar[str] = "Sign descent"
    direction_symbol: ClassVar[str] = "sign ∂L/∂{}"

    def update(self, evaluation, state):
        return np.sign(evaluation.gradient), None


@frozen
class Newton(Optimizer):
    """The step to the minimum of the local quadratic: infinite or NaN where the Hessian has no inverse."""

    name: ClassVar[str] = "damped-newton"
    title: ClassVar[str] = "Damped Newton"
    direction_symbol: ClassVar[str] = "(H⁻¹∂L)_{}"

    def update(self, evaluation, state):
        (a, b), (_, d) = evaluation.hessian
        first, second = evaluation.gradient.astype(np.float64)
        direction = np.array([d * first - b * second, a * second - b * first]) / (a * d - b * b)
        return direction.astype(evaluation.gradient.dtype), None

    def overshoot_rate(self, eigenvalue):
        return 1.0

    def stability_limit(self, eigenvalue):
        return 2.0


@frozen
class DecayedMomentum(Optimizer):
    """Momentum with decoupled weight decay (Loshchilov and Hutter 2019): the decay is not part of the buffer."""

    name: ClassVar[str] = "sgdw"
    title: ClassVar[str] = "Decayed momentum"
    direction_symbol: ClassVar[str] = "d_{}"
    is_common_noun: ClassVar[bool] = True

    momentum: float = 0.9
    weight_decay: float = 0.01

    def init(self, point):
        return np.zeros_like(point)

    def update(self, evaluation, state):
        buffer = self.momentum * state + evaluation.gradient
        return buffer + self.weight_decay * evaluation.point, buffer

    def explain(self, evaluation, before, direction, after):
        buffer = (self.momentum, ("v_{}", before), ("∂L/∂{}", evaluation.gradient))
        decay = (("v_{}", after), self.weight_decay, ("{}", evaluation.point))
        return Formula("v_{} ←", after, "{}·{} + {}", buffer), Formula("d_{} =", direction, "{} + {}·{}", decay)

    def stability_limit(self, eigenvalue):
        return 2.0 * (1.0 + self.momentum) / (eigenvalue + self.weight_decay * (1.0 + self.momentum))


@frozen
class Broken(Optimizer):
    """A line search whose numbers break: after some steps its directions are NaN."""

    name: ClassVar[str] = "broken"
    title: ClassVar[str] = "Broken search"
    direction_symbol: ClassVar[str] = "d_{}"

    after: float = 5.0

    def init(self, point):
        return np.zeros(point.shape[1:], point.dtype)

    def update(self, evaluation, state):
        return np.where(state < self.after, evaluation.gradient, np.nan).astype(evaluation.point.dtype), state + 1

    def explain(self, evaluation, before, direction, after):
        return (Formula("d_{} =", direction, "{}·{}", (float(before), ("∂L/∂{}", evaluation.gradient))),)


@frozen
class CountedMeans(Optimizer):
    """Adam (torch.optim.Adam): it keeps two arrays and the count of its steps."""

    name: ClassVar[str] = "counted-means"
    title: ClassVar[str] = "Counted means"
    is_common_noun: ClassVar[bool] = True
    direction_symbol: ClassVar[str] = "d_{}"

    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8

    def init(self, point):
        return np.zeros_like(point), np.zeros_like(point), 0

    def update(self, evaluation, state):
        mean = self.beta1 * state[0] + (1 - self.beta1) * evaluation.gradient
        squares = self.beta2 * state[1] + (1 - self.beta2) * evaluation.gradient**2
        count = state[2] + 1
        size = np.sqrt(squares / (1 - self.beta2**count)) + self.epsilon
        return mean / (1 - self.beta1**count) / size, (mean, squares, count)


WITH_RATE = tuple(kind for kind in OPTIMIZERS.values() if kind.takes_learning_rate)
WITHOUT_RATE = tuple(kind for kind in OPTIMIZERS.values() if not kind.takes_learning_rate)
"""Those that gdviz has."""
RULES = (Backtracking, SignDescent, Newton, DecayedMomentum, CountedMeans)
"""Two without a limit, one that uses the Hessian, one the point, one that keeps several things; all are in order."""


@frozen
class Plateau(Schedule):
    """The rate times ``factor`` whenever the loss has not fallen for ``patience`` steps."""

    name: ClassVar[str] = "plateau"
    title: ClassVar[str] = "Halve on plateau"

    learning_rate: float = 0.1
    factor: float = 0.5
    patience: int = 3

    @property
    def is_predetermined(self):
        return False

    @property
    def first_rate(self):
        return self.learning_rate

    def init(self) -> Any:
        return self.learning_rate, np.inf, 0

    def update(self, step, loss, state):
        rate, best, waited = state
        waited = np.where(loss < best, 0, waited + 1)
        rate = np.where(waited > self.patience, rate * self.factor, rate)
        return rate, (rate, np.fmin(loss, best), np.where(waited > self.patience, 0, waited))


@frozen
class Cycle(Schedule):
    """A rate that rises and a momentum that falls, from step to step."""

    name: ClassVar[str] = "cycle"
    title: ClassVar[str] = "Cycle"

    learning_rate: float = 0.1
    steps: int = 40

    @property
    def sets_momentum(self):
        return True

    def __call__(self, step):
        return self.learning_rate * (1 + step % self.steps / self.steps)

    def momentum(self, step):
        return 0.9 - 0.2 * (step % self.steps) / self.steps


def with_momentum(optimizer, momentum):
    """The rule with another momentum."""
    return replace(optimizer, momentum=momentum)


@frozen
class Saddle(Surface):
    """x^2 - y^2: it falls without end along y, and has no minimum."""

    name: ClassVar[str] = "saddle"
    title: ClassVar[str] = "Saddle"
    is_quadratic: ClassVar[bool] = True
    formula: ClassVar[str] = "x² − y²"
    derivation: ClassVar[str] = "∂L/∂x = 2x = 0,  ∂L/∂y = −2y = 0:  a saddle, and no minimum"
    suggested_learning_rate: ClassVar[float] = 0.1

    start: ClassVar[tuple[float, float]] = (1.0, 0.001)
    box: ClassVar[Box] = Box((0.0, 0.0), (2.0, 2.0))
    minima: ClassVar[tuple[tuple[float, float], ...]] = ()

    @staticmethod
    def _value(x, y):
        return x * x - y * y

    @staticmethod
    def _partial_derivatives(x, y):
        return 2 * x, -2 * y

    def hessian(self, point):
        return np.array([[2.0, 0.0], [0.0, -2.0]])


class _OfRows:
    """What the two below share: the mean over the rows of a function of the error, with its two derivatives."""

    parameters: ClassVar[tuple[str, str]] = ("w", "b")
    is_quadratic: ClassVar[bool] = False
    suggested_learning_rate: ClassVar[float] = 0.05
    start: ClassVar[tuple[float, float]] = (0.0, -1.0)
    box: ClassVar[Box] = Box((0.0, 0.0), (3.0, 3.0))

    def loss(self, first, second):
        first, second = np.broadcast_arrays(np.asarray(first, np.float64), np.asarray(second, np.float64))
        evaluate, points = self.evaluator(Precision.FLOAT64), np.array([first.ravel(), second.ravel()])
        # A grid over many rows all at once would need gigabytes.
        with np.errstate(over="ignore", invalid="ignore"):
            blocks = [evaluate(points[:, begin : begin + 64])[0] for begin in range(0, points.shape[1], 64)]
        return np.concatenate([np.empty(0), *blocks]).reshape(first.shape)

    def hessian(self, point):
        return self.batch_hessian(self.data.x, self.data.y, point)

    def evaluator(self, precision):
        return self.batch_evaluator(self.data.x.astype(precision.dtype), self.data.y.astype(precision.dtype))

    def losses(self, precision):
        evaluate = self.evaluator(precision)
        return lambda point: evaluate(point)[0]

    def batch_evaluator(self, x, y):
        def evaluate(point):
            # A line for each of the points, however many: the same bits for one and for many.
            errors = point[0][..., None] * x + point[1][..., None] - y
            values, slopes, _ = self._term(errors)
            gradient = np.stack([(slopes * x).mean(axis=-1), slopes.mean(axis=-1)])
            return values.mean(axis=-1), gradient

        return evaluate

    def batch_hessian(self, x, y, point):
        w, b = np.asarray(point, np.float64)[..., None]
        x = x.astype(np.float64)
        bends = self._term(w * x + b - y)[2]
        cross = (bends * x).mean(axis=-1)
        return np.array([[(bends * x * x).mean(axis=-1), cross], [cross, bends.mean(axis=-1)]])


@frozen
class SmoothAbsolute(_OfRows):
    """A regression with sqrt(1 + error^2) - 1 (pseudo-Huber): no formula for its minimum, and a root has no tape."""

    name: ClassVar[str] = "smooth-absolute"
    title: ClassVar[str] = "Smooth absolute error"
    formula: ClassVar[str] = "mean(√(1 + (w·x + b − y)²) − 1)"
    derivation: ClassVar[str] = "no formula is known, only descent"
    minima: ClassVar[tuple[tuple[float, float], ...]] = ()

    data: Dataset = field(default_factory=lambda: generate(DataSettings()))

    def _term(self, errors):
        root = np.sqrt(1 + errors * errors)
        return root - 1, errors / root, root**-3.0


@frozen
class SteepSquares(_OfRows):
    """A regression with error^2 + error^4, in which few large errors count most; of operations that a tape has."""

    name: ClassVar[str] = "steep-squares"
    title: ClassVar[str] = "Steep squares"
    formula: ClassVar[str] = "mean(r² + r⁴),  r = w·x + b − y"
    derivation: ClassVar[str] = "mean(r·x + 2·r³·x) = mean(r + 2·r³) = 0"

    data: Dataset = field(default_factory=lambda: generate(DataSettings()))

    @cached_property
    def minima(self):
        point = np.array([self.data.fit.weight, self.data.fit.bias])
        evaluate = self.evaluator(Precision.FLOAT64)
        for _ in range(20):
            point = point - np.linalg.lstsq(self.hessian(point), evaluate(point)[1], rcond=None)[0]
        return ((float(point[0]), float(point[1])),)

    def _term(self, errors):
        squares = errors * errors
        return squares + squares * squares, 2 * errors + 4 * (squares * errors), 2 + 12 * squares

    def tape(self, point, precision):
        return self.batch_tape(self.data.x, self.data.y, point, precision)

    def batch_tape(self, x, y, point, precision):
        tape, (weight, bias) = Tape(precision), np.asarray(point)
        prediction = tape.parameter("w", weight) * tape.data("x", x) + tape.parameter("b", bias)
        squares = (prediction - tape.data("y", y)).square()
        (squares + squares.square()).mean()
        return tape
