"""Linear regression with the mean squared error, over the weight w and the bias b."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdviz.core.box import Box
from gdviz.core.dataset import Dataset, DataSettings, generate
from gdviz.core.precision import Precision
from gdviz.core.problem import Evaluate, Point
from gdviz.core.tape import Tape

TABLE_CELLS = 32_768
"""Of each of the tables that are filled for many points at once; five of them have room in the usual cache."""


@dataclass(frozen=True)
class LinearRegression:
    """loss(w, b) = mean((w x + b - y)^2) over the rows of a data set."""

    name: ClassVar[str] = "linear-regression"
    title: ClassVar[str] = "Linear regression"
    parameters: ClassVar[tuple[str, str]] = ("w", "b")
    formula: ClassVar[str] = "mean((w·x + b − y)²)"
    is_quadratic: ClassVar[bool] = True
    derivation: ClassVar[str] = "∂L/∂w = ∂L/∂b = 0  ⇒  w = cov(x, y) / var(x),  b = mean(y) − w·mean(x)"

    data: Dataset = field(default_factory=lambda: generate(DataSettings()))

    @property
    def start(self) -> tuple[float, float]:
        """(w, b) = (0, -1), the lecture's start."""
        return (0.0, -1.0)

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

    @cached_property
    def minima(self) -> tuple[tuple[float, float], ...]:
        """The least-squares solution over centred columns; the shortest one where x is the same in every row."""
        x, y = self._columns(Precision.FLOAT64)
        deviation = x - x.mean()
        variation = float(deviation @ deviation)
        if variation == 0.0:
            design = np.stack([x, np.ones_like(x)], axis=1)
            weight, bias = np.linalg.lstsq(design, y, rcond=None)[0]
            return ((float(weight), float(bias)),)
        weight = float(deviation @ (y - y.mean())) / variation
        return ((weight, float(y.mean() - weight * x.mean())),)

    @cached_property
    def _minimum_loss(self) -> float:
        x, y = self._columns(Precision.FLOAT64)
        weight, bias = self.minima[0]
        residual = weight * x + bias - y
        return float(residual @ residual) / x.size

    @cached_property
    def _moments(self) -> tuple[float, float]:
        x, _ = self._columns(Precision.FLOAT64)
        return float(x.mean()), float(x.var())

    @cached_property
    def _hessian(self) -> NDArray[np.float64]:
        x, _ = self._columns(Precision.FLOAT64)
        mean = float(x.mean())
        hessian = 2.0 * np.array([[float(x @ x) / x.size, mean], [mean, 1.0]])
        hessian.flags.writeable = False
        return hessian

    def loss(self, first: ArrayLike, second: ArrayLike) -> NDArray[np.float64]:
        """The minimum plus d'Hd/2 with d the way from it: exact for a quadratic, and no row is touched.

        Written as a sum of two squares it is never below the minimum, and never inf - inf.
        """
        weight, bias = self.minima[0]
        mean, variance = self._moments
        with np.errstate(over="ignore", invalid="ignore"):
            u = np.asarray(first, dtype=np.float64) - weight
            v = np.asarray(second, dtype=np.float64) - bias
            residual = mean * u + v
            return np.asarray(self._minimum_loss + variance * (u * u) + residual * residual)

    def hessian(self, point: ArrayLike) -> NDArray[np.float64]:
        """(2/n) [[sum x^2, sum x], [sum x, n]], the same at every point."""
        return self._hessian

    def evaluator(self, precision: Precision) -> Evaluate:
        """Row by row, in the order of operations of automatic differentiation, so that it overflows where that does."""
        x, y = self._columns(precision)
        count = precision.dtype.type(x.size)
        factor = precision.dtype.type(2.0) / count
        total = np.add.reduce
        many = _SideBySide(x, y, factor)

        def evaluate(point: Point) -> tuple[Any, Point]:
            if point.ndim > 1:
                squares, gradients = many.sums(point)
                return squares / count, gradients
            residual = point[0] * x
            residual += point[1]
            residual -= y
            loss = total(residual * residual) / count
            residual *= factor
            return loss, np.array((total(residual * x), total(residual)))

        return evaluate

    def tape(self, point: ArrayLike, precision: Precision) -> Tape:
        """Prediction and loss, recorded in the order of the evaluator: loss and gradient are its own, bit for bit."""
        weight, bias = np.asarray(point)
        tape = Tape(precision)
        inputs = tape.data("x", self.data.x)
        prediction = tape.parameter("w", weight) * inputs
        prediction = prediction + tape.parameter("b", bias)
        (prediction - tape.data("y", self.data.y)).square().mean()
        return tape

    def _columns(self, precision: Precision) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
        return self.data.x.astype(precision.dtype), self.data.y.astype(precision.dtype)


class _SideBySide:
    """The sums over the rows for many points, in blocks of points whose tables stay in the processor's cache.

    A table has a line for each point and a column for each row of the data, so that the sum along a line is that of
    the one point, bit for bit. The tables are kept from call to call: one run, one thread.
    """

    def __init__(self, x: NDArray[np.floating], y: NDArray[np.floating], factor: np.floating) -> None:
        self._x, self._y, self._factor = x, y, factor
        self._most = max(1, TABLE_CELLS // x.size)
        self._make_tables(0)

    def sums(self, points: Point) -> tuple[NDArray[np.floating], Point]:
        """Of points of shape (2, n): of the squares, shape (n,), and the gradients, shape (2, n)."""
        count = points.shape[1]
        if len(self._xs) < min(count, self._most):
            self._make_tables(min(count, self._most))
        sums = np.empty((3, count), points.dtype)
        for begin in range(0, count, self._most):
            block = slice(begin, begin + self._most)
            self._add_up(points[:, block], sums[:, block])
        return sums[0], sums[1:]

    def _make_tables(self, lines: int) -> None:
        # Full tables of x and y, since NumPy takes twice as long where it has to repeat a line.
        self._xs, self._ys = (np.repeat(column[None], lines, axis=0) for column in (self._x, self._y))
        self._tables = np.empty((3, *self._xs.shape), self._x.dtype)

    def _add_up(self, points: Point, sums: NDArray[np.floating]) -> None:
        lines = points.shape[1]
        x, y, tables = self._xs[:lines], self._ys[:lines], self._tables[:, :lines]
        squares, products, residual = tables
        np.multiply(points[0][:, None], x, out=residual)
        residual += points[1][:, None]
        residual -= y
        np.multiply(residual, residual, out=squares)
        residual *= self._factor
        np.multiply(residual, x, out=products)
        np.add.reduce(tables, axis=2, out=sums)
