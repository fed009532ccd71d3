"""The loss of a regression from its moments, at a cost independent of the number of rows."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdviz.core.data.least_squares import Fit
from gdviz.core.frozen import frozen
from gdviz.core.precision import Precision
from gdviz.core.problems.problem import Evaluate, Point
from gdviz.core.problems.reductions import HALF, Reduction, mean_factor
from gdviz.core.problems.tape import Tape


@frozen
class GramForm:
    """The loss as its minimum plus d'Hd/2, with d the offset from it: exact, at a cost independent of the rows.

    Computed in double precision, whatever the precision of the run.
    """

    fit: Fit
    reduction: Reduction = "mean"

    @property
    def factor(self) -> float:
        """The ratio of the loss to the mean of squares."""
        return mean_factor(self.reduction, self.fit.rows)

    def loss(self, first: ArrayLike, second: ArrayLike) -> NDArray[np.float64]:
        """The loss at parameters of any shape; as a sum of squares it is never below the minimum, never inf - inf."""
        with np.errstate(over="ignore", invalid="ignore"):
            u = np.asarray(first, dtype=np.float64) - self.fit.weight
            v = np.asarray(second, dtype=np.float64) - self.fit.bias
            return np.asarray(self.factor * self.mean_of_squares(u, self.fit.mean * u + v))

    @property
    def gain_of_slope(self) -> float:
        """By how much the best line has a smaller loss than the best line of slope 0."""
        return self.factor * self.fit.variance * self.fit.weight**2

    def above_minimum(self, first: ArrayLike, second: ArrayLike) -> NDArray[np.float64]:
        """The loss above the minimum, in double precision and without cancellation; broadcasts."""
        with np.errstate(over="ignore", invalid="ignore"):
            u = np.asarray(first, dtype=np.float64) - self.fit.weight
            residual = self.fit.mean * u + (np.asarray(second, dtype=np.float64) - self.fit.bias)
            return np.asarray(self.factor * (self.fit.variance * (u * u) + residual * residual))

    def evaluator(self, precision: Precision) -> Evaluate:
        """Loss (see `losses`) and gradient in double precision, rounded to that of the run at the end.

        A gradient is infinite only where it exceeds the run's precision itself, not where an intermediate sum would.
        """
        dtype, rounded, factor = precision.dtype, self._rounding(precision), self.factor
        weight, bias, mean, variance = self.fit.weight, self.fit.bias, self.fit.mean, self.fit.variance

        def evaluate(point: Point) -> tuple[Any, Point]:
            first, second = _doubles(point)
            u, v = first - weight, second - bias
            residual = mean * u + v
            steps = (2.0 * factor * (variance * u + mean * residual), 2.0 * factor * residual)
            return rounded(self.mean_of_squares(u, residual)), np.array(steps, dtype)

        return evaluate

    def gradient_in_place(self, point: Point, out: Point) -> Callable[[], None]:
        """The function that writes the gradient at ``point``, as it is when called, to ``out``; both of shape (2,)."""
        twice, weight, bias = 2.0 * self.factor, self.fit.weight, self.fit.bias
        mean, variance = self.fit.mean, self.fit.variance

        def write() -> None:
            first, second = point.tolist()
            u = first - weight
            residual = mean * u + (second - bias)
            out[0], out[1] = twice * (variance * u + mean * residual), twice * residual

        return write

    def losses(self, precision: Precision) -> Callable[[Point], Any]:
        """Maps points of a run, shape (2,) or (2, n), to losses over all rows, scalar or shape (n,), in its precision.

        Computed in double precision and rounded. As row by row, it is infinite where the sum of the squares exceeds the
        run's precision, even if their mean does not; otherwise a run on slightly more rows would seem to last longer.
        """
        rounded, fit = self._rounding(precision), self.fit

        def loss(point: Point) -> Any:
            first, second = _doubles(point)
            u = first - fit.weight
            return rounded(self.mean_of_squares(u, fit.mean * u + (second - fit.bias)))

        return loss

    def _rounding(self, precision: Precision) -> Callable[[Any], Any]:
        """Maps a mean of squares to the loss in that precision."""
        dtype, factor, most = precision.dtype, self.factor, float(np.finfo(precision.dtype).max) / self.fit.rows

        def rounded(mean: Any) -> Any:
            if isinstance(mean, float):
                return dtype.type(np.inf if mean > most else factor * mean)
            return np.where(mean > most, np.inf, factor * mean).astype(dtype)

        return rounded

    def tape(self, point: ArrayLike) -> Tape:
        """The operations of the loss, in double precision; rounded, it is the loss of the evaluator.

        Its numbers have names: w*, b* and L* for the minimum and the mean of squares there, m and v for mean and
        variance of x, n for the rows.
        """
        tape, (weight, bias), fit = Tape(Precision.FLOAT64), np.asarray(point), self.fit
        u = tape.parameter("w", weight) - tape.number(fit.weight, "w*")
        v = tape.parameter("b", bias) - tape.number(fit.bias, "b*")
        residual = tape.number(fit.mean, "m") * u + v
        loss = tape.number(fit.minimum, "L*") + tape.number(fit.variance, "v") * u.square() + residual.square()
        if self.reduction != "mean":
            tape.number(self.factor, "n" if self.reduction == "sum" else HALF) * loss
        return tape

    def mean_of_squares(self, u: Any, residual: Any) -> Any:
        """From u, the offset of w from the minimum, and the residual at the mean of x; both of any shape."""
        return self.fit.minimum + self.fit.variance * (u * u) + residual * residual


def _doubles(point: Point) -> Any:
    """One point as plain numbers, which are fast in Python; many as the two rows of an array."""
    return point.tolist() if point.ndim == 1 else point.astype(np.float64)
