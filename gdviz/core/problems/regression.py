"""Linear regression with the mean, half the mean or the sum of squared errors, in the weight w and the bias b."""

from collections.abc import Callable
from dataclasses import field
from functools import cache, cached_property, partial
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdviz.core.box import Box
from gdviz.core.data.creation import generate
from gdviz.core.data.dataset import Dataset
from gdviz.core.data.least_squares import DIRECT_ROWS
from gdviz.core.data.rows import Column
from gdviz.core.data.settings import DataSettings
from gdviz.core.errors import InputError
from gdviz.core.frozen import frozen
from gdviz.core.precision import Precision
from gdviz.core.problems.first_boxes import box_of_quadratic
from gdviz.core.problems.gram_form import GramForm
from gdviz.core.problems.problem import Evaluate, Point
from gdviz.core.problems.reductions import HALF, REDUCTIONS, Reduction, mean_factor
from gdviz.core.problems.row_wise import row_wise_evaluator, row_wise_gradient_in_place, row_wise_losses
from gdviz.core.problems.tape import Tape, Variable


@frozen
class LinearRegression:
    """loss(w, b) = mean((w x + b - y)^2) over the rows of a data set, half of it, or the sum of these squares.

    With the sum, loss, gradient and Hessian are n times those of the mean, and the stability limit is 1/n of it; with
    half the mean they are half, and the limit is twice as high. Up to
    DIRECT_ROWS rows a run computes row by row in its precision; beyond that in the Gram form, see
    `gdviz.core.problems.gram_form.GramForm`, whose cost per step is independent of the number of rows.
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
        """Raise InputError for an unknown reduction."""
        if self.reduction not in REDUCTIONS:
            raise InputError(f"reduction: there is no {self.reduction!r}; use one of {', '.join(REDUCTIONS)}")

    @property
    def formula(self) -> str:
        """The loss as a formula, for the screen."""
        name = f"{HALF} mean" if self.reduction == "half-mean" else self.reduction
        return f"{name}((w·x + b − y)²)"

    @property
    def reads_no_rows(self) -> bool:
        """Whether there are more than DIRECT_ROWS rows."""
        return self.data.rows > DIRECT_ROWS

    @property
    def form(self) -> GramForm:
        """The loss without its rows."""
        return GramForm(self.data.fit, self.reduction)

    @property
    def suggested_learning_rate(self) -> float:
        """0.1, or half the stability limit if that is less."""
        return min(0.1, 1.0 / float(np.linalg.eigvalsh(self._hessian)[-1]))

    @cached_property
    def box(self) -> Box:
        """Centred on the minimum; see `gdviz.core.problems.first_boxes.box_of_quadratic`."""
        (minimum,) = self.minima
        return box_of_quadratic(self.start, minimum, self._hessian)

    @property
    def minima(self) -> tuple[tuple[float, float], ...]:
        """The least-squares solution from centred columns; the minimum-norm one if x is the same in every row."""
        return ((self.data.fit.weight, self.data.fit.bias),)

    @property
    def flat_direction(self) -> tuple[float, float] | None:
        """That of the fit: the lines through the means of x and y, where x does not vary."""
        return self.data.fit.flat_direction

    @property
    def flat_derivation(self) -> tuple[str, str]:
        """The line of minima, and that the formula for w is 0/0 there."""
        line = "∂L/∂w = ∂L/∂b = 0  ⇒  b = mean(y) − w·mean(x), for any w"
        zero = "var(x) = 0" if self.data.distinct_x.in_double == 1 else "var(x) = 0 in double precision"
        return line, f"{zero}, so w = cov(x, y) / var(x) is 0/0"

    @cached_property
    def _hessian(self) -> NDArray[np.float64]:
        hessian = self.form.factor * self.data.fit.hessian
        hessian.flags.writeable = False
        return hessian

    def loss(self, first: ArrayLike, second: ArrayLike) -> NDArray[np.float64]:
        """The minimum plus d'Hd/2 with d the offset from it: exact for a quadratic, and reads no row.

        Written as a sum of squares, it is never below the minimum and never inf - inf.
        """
        return self.form.loss(first, second)

    def hessian(self, point: ArrayLike) -> NDArray[np.float64]:
        """(2/n) [[sum x^2, sum x], [sum x, n]], the same at every point, times the factor of the reduction."""
        return self._hessian

    def evaluator(self, precision: Precision) -> Evaluate:
        """Row by row up to DIRECT_ROWS rows, overflowing exactly where automatic differentiation does; else Gram."""
        if self.reads_no_rows:
            return self.form.evaluator(precision)
        return row_wise_evaluator(*self._columns(precision.dtype), self._multiple)

    def gradient_in_place(self, point: Point, out: Point) -> Callable[[], None]:
        """That of the evaluator, for one point."""
        if self.reads_no_rows:
            return self.form.gradient_in_place(point, out)
        x, y = self._columns(point.dtype)
        return partial(row_wise_gradient_in_place(x.size, self._multiple, point, out), x, y)

    def loss_evaluator(self, precision: Precision) -> Callable[[Point], NDArray[np.floating]]:
        """Its losses."""
        if self.reads_no_rows:
            return self.form.losses(precision)
        return row_wise_losses(*self._columns(precision.dtype), self._multiple)

    @property
    def _multiple(self) -> float | None:
        """The ratio of the loss to the mean of the squares of all rows; None for their sum."""
        return None if self.reduction == "sum" else self._mean_factor

    def _columns(self, dtype: np.dtype[np.floating]) -> tuple[Column, Column]:
        return self.data.x.astype(dtype), self.data.y.astype(dtype)

    def tape(self, point: ArrayLike, precision: Precision) -> Tape:
        """Prediction and loss, recorded in the order of the evaluator, so that loss and gradient are bit-identical.

        With more than DIRECT_ROWS rows, the tape of the Gram form, in double precision.
        """
        if self.reads_no_rows:
            return self.form.tape(point)
        tape = Tape(precision)
        squares = record_squares(tape, self.data.x, self.data.y, point)
        loss = squares.sum() if self.reduction == "sum" else squares.mean()
        if self.reduction == "half-mean":
            tape.number(self._mean_factor, HALF) * loss
        return tape

    @property
    def _mean_factor(self) -> float:
        """The factor that scales the mean square of a batch to the loss of all rows."""
        return mean_factor(self.reduction, self.data.rows)

    def losses(self, precision: Precision) -> Callable[[Point], Any]:
        """The loss over all rows, at a cost independent of their number."""
        return self.form.losses(precision)

    def batch_evaluator(self, x: Column, y: Column) -> Evaluate:
        """Row by row."""
        return row_wise_evaluator(x, y, self._mean_factor)

    def batch_gradient_in_place(self, point: Point, out: Point) -> Callable[[Column, Column], None]:
        """Row by row."""
        # The last batch of an epoch may have fewer rows.
        write_of = cache(lambda rows: row_wise_gradient_in_place(rows, self._mean_factor, point, out))
        return lambda x, y: write_of(x.size)(x, y)

    def batch_hessian(self, x: Column, y: Column, point: ArrayLike) -> NDArray[np.float64]:
        """The same at every point."""
        x = x.astype(np.float64)
        rows: NDArray[np.float64] = np.array([[(x * x).mean(), x.mean()], [x.mean(), 1.0]])
        return 2.0 * self._mean_factor * rows

    def batch_tape(self, x: Column, y: Column, point: ArrayLike, precision: Precision) -> Tape:
        """Its gradient is bit-identical to the run's."""
        tape = Tape(precision)
        loss = record_squares(tape, x, y, point).mean()
        if self._mean_factor != 1.0:
            tape.number(self._mean_factor, HALF if self.reduction == "half-mean" else "") * loss
        return tape


def record_squares(tape: Tape, x: ArrayLike, y: ArrayLike, point: ArrayLike) -> Variable:
    """Record the squared residual of each row, shape (n,), at a point of shape (2,)."""
    weight, bias = np.asarray(point)
    inputs = tape.data("x", x)
    prediction = tape.parameter("w", weight) * inputs
    prediction = prediction + tape.parameter("b", bias)
    return (prediction - tape.data("y", y)).square()
