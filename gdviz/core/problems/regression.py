"""Linear regression with the mean or the sum of the squared errors, over the weight w and the bias b."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdviz.core.box import Box
from gdviz.core.errors import InputError
from gdviz.core.precision import Precision
from gdviz.core.problems.capabilities import REDUCTIONS, Reduction
from gdviz.core.problems.dataset import Dataset, DataSettings, generate
from gdviz.core.problems.large_regression import DIRECT_ROWS, Column, GramForm
from gdviz.core.problems.problem import Evaluate, Point
from gdviz.core.problems.tape import Tape, Variable

TABLE_CELLS = 32_768
"""The size of each table that is filled for many points at once; five of them fit into the usual cache."""


@dataclass(frozen=True)
class LinearRegression:
    """loss(w, b) = mean((w x + b - y)^2) over the rows of a data set, or the sum of these squares.

    With the sum, loss, gradient and Hessian are n times those of the mean, and the stability limit an nth of its. Up to
    DIRECT_ROWS rows a run computes row by row in its precision; with more of them in the Gram form, see
    `gdviz.core.problems.large_regression.GramForm`, where a step costs the same however many there are.
    """

    name: ClassVar[str] = "linear-regression"
    title: ClassVar[str] = "Linear regression"
    parameters: ClassVar[tuple[str, str]] = ("w", "b")
    is_quadratic: ClassVar[bool] = True
    derivation: ClassVar[str] = "∂L/∂w = ∂L/∂b = 0  ⇒  w = cov(x, y) / var(x),  b = mean(y) − w·mean(x)"
    start: ClassVar[tuple[float, float]] = (0.0, -1.0)  # the lecture's

    data: Dataset = field(default_factory=lambda: generate(DataSettings()))
    reduction: Reduction = "mean"

    def __post_init__(self) -> None:
        """Raise InputError for a reduction that there is not."""
        if self.reduction not in REDUCTIONS:
            raise InputError(f"reduction: there is no {self.reduction!r}; take one of {', '.join(REDUCTIONS)}")

    @property
    def formula(self) -> str:
        """The loss as a formula, for the screen."""
        return f"{self.reduction}((w·x + b − y)²)"

    @property
    def reads_no_rows(self) -> bool:
        """Whether there are more than DIRECT_ROWS rows."""
        return self.data.rows > DIRECT_ROWS

    @property
    def form(self) -> GramForm:
        """The loss without its rows."""
        return GramForm(self.data.fit, self.reduction == "sum")

    @property
    def suggested_learning_rate(self) -> float:
        """A tenth, or less where the data would make that unstable: half the stability limit at most."""
        return min(0.1, 1.0 / float(np.linalg.eigvalsh(self._hessian)[-1]))

    @cached_property
    def box(self) -> Box:
        """Centred on the minimum, twice as wide as the way from the default start, equal in w and b."""
        (minimum,) = self.minima
        away = max(abs(start - value) for start, value in zip(self.start, minimum, strict=True))
        half = 2.0 * away if away > 0 else 1.0
        return Box(minimum, (half, half))

    @property
    def minima(self) -> tuple[tuple[float, float], ...]:
        """The least-squares solution over centred columns; the shortest one where x is the same in every row."""
        return ((self.data.fit.weight, self.data.fit.bias),)

    @cached_property
    def _hessian(self) -> NDArray[np.float64]:
        hessian = self.form.factor * self.data.fit.hessian
        hessian.flags.writeable = False
        return hessian

    def loss(self, first: ArrayLike, second: ArrayLike) -> NDArray[np.float64]:
        """The minimum plus d'Hd/2 with d the way from it: exact for a quadratic, and no row is read.

        Written as a sum of squares it is never below the minimum, and never inf - inf.
        """
        return self.form.loss(first, second)

    def hessian(self, point: ArrayLike) -> NDArray[np.float64]:
        """(2/n) [[sum x^2, sum x], [sum x, n]], the same at every point; n times that for the sum of squares."""
        return self._hessian

    def evaluator(self, precision: Precision) -> Evaluate:
        """Up to DIRECT_ROWS rows row by row, so that it overflows where automatic differentiation does; else Gram's."""
        if self.reads_no_rows:
            return self.form.evaluator(precision)
        x, y = self.data.x.astype(precision.dtype), self.data.y.astype(precision.dtype)
        return row_by_row(x, y, None if self.reduction == "sum" else 1)

    def tape(self, point: ArrayLike, precision: Precision) -> Tape:
        """Prediction and loss, recorded in the order of the evaluator: loss and gradient are its own, bit for bit.

        With more than DIRECT_ROWS rows it is that of the Gram form, in double precision.
        """
        if self.reads_no_rows:
            return self.form.tape(point)
        tape = Tape(precision)
        squares = recorded_squares(tape, self.data.x, self.data.y, point)
        squares.sum() if self.reduction == "sum" else squares.mean()
        return tape

    @property
    def _times_mean(self) -> int:
        """What the mean of the squares of a batch is multiplied by, so that it stands for all rows."""
        return self.data.rows if self.reduction == "sum" else 1

    def losses(self, precision: Precision) -> Callable[[Point], Any]:
        """The loss of all rows, at a cost that no row adds to."""
        return self.form.losses(precision)

    def batch_evaluator(self, x: Column, y: Column) -> Evaluate:
        """Row by row."""
        return row_by_row(x, y, self._times_mean)

    def batch_hessian(self, x: Column, y: Column, point: ArrayLike) -> NDArray[np.float64]:
        """The same at every point."""
        x = x.astype(np.float64)
        rows: NDArray[np.float64] = np.array([[(x * x).mean(), x.mean()], [x.mean(), 1.0]])
        return 2.0 * self._times_mean * rows

    def batch_tape(self, x: Column, y: Column, point: ArrayLike, precision: Precision) -> Tape:
        """Its gradient is the run's own, bit for bit."""
        tape = Tape(precision)
        loss = recorded_squares(tape, x, y, point).mean()
        if self._times_mean > 1:
            self._times_mean * loss
        return tape


def recorded_squares(tape: Tape, x: ArrayLike, y: ArrayLike, point: ArrayLike) -> Variable:
    """The squared residual of each row, shape (n,), at a point of shape (2,), as recorded on the tape."""
    weight, bias = np.asarray(point)
    inputs = tape.data("x", x)
    prediction = tape.parameter("w", weight) * inputs
    prediction = prediction + tape.parameter("b", bias)
    return (prediction - tape.data("y", y)).square()


def row_by_row(x: Column, y: Column, times_mean: int | None) -> Evaluate:
    """Loss and gradient over rows of shape (n,), in their precision and the order of automatic differentiation.

    times_mean: the loss is so many times the mean of the squares; None: it is their sum.
    """
    one, count = x.dtype.type(1), x.dtype.type(x.size)
    divisor, times = (one, one) if times_mean is None else (count, x.dtype.type(times_mean))
    factor = x.dtype.type(2) * (times / divisor)
    total = np.add.reduce
    many: Callable[[Point], tuple[Column, Point]] | None = None

    def evaluate(point: Point) -> tuple[Any, Point]:
        if point.ndim > 1:
            nonlocal many
            many = many or _side_by_side(x, y, factor)
            squares, gradients = many(point)
            return squares / divisor * times, gradients
        residual = point[0] * x
        residual += point[1]
        residual -= y
        loss = total(residual * residual) / divisor * times
        residual *= factor
        return loss, np.array((total(residual * x), total(residual)))

    return evaluate


def _side_by_side(x: Column, y: Column, factor: np.floating) -> Callable[[Point], tuple[Column, Point]]:
    """From points of shape (2, n) to the sums over the rows: of the squares, shape (n,), and the gradients, (2, n).

    In blocks of points whose tables stay in the processor's cache. A table has a line for each point and a column for
    each row of the data, so that the sum along a line is that of the one point, bit for bit. The tables are kept from
    call to call: one run, one thread.
    """
    most = max(1, TABLE_CELLS // x.size)
    xs, ys, room = (np.empty(0, x.dtype),) * 3

    def sums(points: Point) -> tuple[Column, Point]:
        nonlocal xs, ys, room
        count = points.shape[1]
        if len(xs) < min(count, most):
            # Full tables of x and y, since NumPy takes twice as long where it has to repeat a line.
            xs, ys = (np.repeat(column[None], min(count, most), axis=0) for column in (x, y))
            room = np.empty((3, *xs.shape), x.dtype)
        found = np.empty((3, count), points.dtype)
        for begin in range(0, count, most):
            block, into = points[:, begin : begin + most], found[:, begin : begin + most]
            lines = block.shape[1]
            tables = room[:, :lines]
            squares, products, residual = tables
            np.multiply(block[0][:, None], xs[:lines], out=residual)
            residual += block[1][:, None]
            residual -= ys[:lines]
            np.multiply(residual, residual, out=squares)
            residual *= factor
            np.multiply(residual, xs[:lines], out=products)
            np.add.reduce(tables, axis=2, out=into)
        return found[0], found[1:]

    return sums
