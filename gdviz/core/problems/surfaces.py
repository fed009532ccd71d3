"""Test surfaces: formulas in two parameters."""

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdviz.core.box import Box
from gdviz.core.frozen import frozen
from gdviz.core.precision import Precision
from gdviz.core.problems.problem import Evaluate, Point
from gdviz.core.problems.tape import Tape


class Surface:
    """Base class of surfaces, which define ``_value(x, y)`` and ``_partial_derivatives(x, y)``, using + - * only.

    The same code then works for Python's numbers, NumPy's scalars of either precision, whole grids and the tape.
    """

    parameters: ClassVar[tuple[str, str]] = ("x", "y")
    is_quadratic: ClassVar[bool] = False

    @staticmethod
    def _value(x: Any, y: Any) -> Any:
        raise NotImplementedError

    @staticmethod
    def _partial_derivatives(x: Any, y: Any) -> tuple[Any, Any]:
        raise NotImplementedError

    def loss(self, first: ArrayLike, second: ArrayLike) -> NDArray[np.float64]:
        """The formula in double precision, broadcast."""
        with np.errstate(over="ignore", invalid="ignore"):
            return np.asarray(self._value(np.asarray(first, np.float64), np.asarray(second, np.float64)))

    def evaluator(self, precision: Precision) -> Evaluate:
        """The formula and its derivatives on scalars; their precision is the point's."""

        def evaluate(point: Point) -> tuple[np.floating, Point]:
            x, y = point
            gradient = np.empty_like(point)
            # One by one, since a derivative may be a plain number.
            gradient[0], gradient[1] = self._partial_derivatives(x, y)
            return self._value(x, y), gradient

        return evaluate

    def gradient_in_place(self, point: Point, out: Point) -> Callable[[], None]:
        """The derivatives on scalars: in double precision Python's own, which are twice as fast.

        Other operations than + - * may raise an error on them, so a surface without a tape has NumPy's.
        """
        derivatives, on_python = self._partial_derivatives, point.dtype == np.float64 and self.tape is not None

        def write() -> None:
            x, y = point.tolist() if on_python else (point[0], point[1])
            out[0], out[1] = derivatives(x, y)

        return write

    def loss_evaluator(self, precision: Precision) -> Callable[[Point], NDArray[np.floating]]:
        """The formula."""
        return lambda points: np.asarray(self._value(*points), points.dtype)

    def tape(self, point: ArrayLike, precision: Precision) -> Tape:
        """The recorded formula; its gradient is the evaluator's as long as it is finite.

        Bit-identical, except for Rosenbrock's derivative by x, where the same factors are multiplied in another order.
        """
        tape, values = Tape(precision), np.asarray(point)
        self._value(*(tape.parameter(name, value) for name, value in zip(self.parameters, values, strict=True)))
        return tape


@frozen
class Rosenbrock(Surface):
    """(1 - x)^2 + 100 (y - x^2)^2: a curved valley. Rosenbrock, The Computer Journal 3 (1960), 175-184."""

    name: ClassVar[str] = "rosenbrock"
    title: ClassVar[str] = "Rosenbrock"
    formula: ClassVar[str] = "(1 − x)² + 100·(y − x²)²"
    derivation: ClassVar[str] = "both squares are zero:  x = 1,  y = x² = 1"
    suggested_learning_rate: ClassVar[float] = 0.001

    start: ClassVar[tuple[float, float]] = (-1.2, 1.0)
    box: ClassVar[Box] = Box((0.0, 1.0), (2.0, 2.0))
    minima: ClassVar[tuple[tuple[float, float], ...]] = ((1.0, 1.0),)

    @staticmethod
    def _value(x: Any, y: Any) -> Any:
        away, off = 1 - x, y - x * x
        return away * away + 100 * (off * off)

    @staticmethod
    def _partial_derivatives(x: Any, y: Any) -> tuple[Any, Any]:
        off = y - x * x
        return -2 * (1 - x) - 400 * (off * x), 200 * off

    def hessian(self, point: ArrayLike) -> NDArray[np.float64]:
        """[[2 - 400 (y - 3 x^2), -400 x], [-400 x, 200]]."""
        x, y = np.asarray(point, dtype=np.float64)
        return np.array([[2 - 400 * (y - 3 * x * x), -400 * x], [-400 * x, np.full_like(x, 200.0)]])


@frozen
class Himmelblau(Surface):
    """(x^2 + y - 11)^2 + (x + y^2 - 7)^2: four equal minima. Himmelblau, Applied Nonlinear Programming (1972)."""

    name: ClassVar[str] = "himmelblau"
    title: ClassVar[str] = "Himmelblau"
    formula: ClassVar[str] = "(x² + y − 11)² + (x + y² − 7)²"
    derivation: ClassVar[str] = "both squares are zero:  x² + y = 11,  x + y² = 7"
    suggested_learning_rate: ClassVar[float] = 0.01

    start: ClassVar[tuple[float, float]] = (0.0, 0.0)
    box: ClassVar[Box] = Box((0.0, 0.0), (6.0, 6.0))
    minima: ClassVar[tuple[tuple[float, float], ...]] = (
        (3.0, 2.0),
        (-2.805118086952745, 3.131312518250573),
        (-3.779310253377747, -3.283185991286170),
        (3.584428340330492, -1.848126526964404),
    )

    @staticmethod
    def _value(x: Any, y: Any) -> Any:
        first, second = x * x + y - 11, x + y * y - 7
        return first * first + second * second

    @staticmethod
    def _partial_derivatives(x: Any, y: Any) -> tuple[Any, Any]:
        first, second = x * x + y - 11, x + y * y - 7
        # Doubled by a sum, to the same bits: NumPy's scalars take twice as long with a number of Python's.
        return 4 * (first * x) + (second + second), (first + first) + 4 * (second * y)

    def hessian(self, point: ArrayLike) -> NDArray[np.float64]:
        """[[12 x^2 + 4 y - 42, 4 (x + y)], [4 (x + y), 12 y^2 + 4 x - 26]]."""
        x, y = np.asarray(point, dtype=np.float64)
        cross = 4 * (x + y)
        return np.array([[12 * x * x + 4 * y - 42, cross], [cross, 12 * y * y + 4 * x - 26]])


@frozen
class TwoWells(Surface):
    """(w^2 - 1)^2 + 0.3 w + b^2: a deep well on the left, a shallow one on the right, and a saddle between them."""

    name: ClassVar[str] = "two-wells"
    title: ClassVar[str] = "Two wells"
    parameters: ClassVar[tuple[str, str]] = ("w", "b")
    formula: ClassVar[str] = "(w² − 1)² + 0.3·w + b²"
    derivation: ClassVar[str] = "∂L/∂w = 4w³ − 4w + 0.3 = 0,  ∂L/∂b = 2b = 0:  two minima, one saddle"
    suggested_learning_rate: ClassVar[float] = 0.05

    start: ClassVar[tuple[float, float]] = (1.8, 1.0)
    box: ClassVar[Box] = Box((0.0, 0.0), (1.9, 1.9))
    minima: ClassVar[tuple[tuple[float, float], ...]] = ((-1.0355787140888537, 0.0), (0.9601495555191055, 0.0))

    @staticmethod
    def _value(x: Any, y: Any) -> Any:
        well = x * x - 1
        return well * well + 0.3 * x + y * y

    @staticmethod
    def _partial_derivatives(x: Any, y: Any) -> tuple[Any, Any]:
        return 4 * ((x * x - 1) * x) + 0.3, 2 * y

    def hessian(self, point: ArrayLike) -> NDArray[np.float64]:
        """[[12 w^2 - 4, 0], [0, 2]]."""
        w, _ = np.asarray(point, dtype=np.float64)
        zero = np.zeros_like(w)
        return np.array([[12 * w * w - 4, zero], [zero, np.full_like(w, 2.0)]])
