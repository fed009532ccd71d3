"""A tape for reverse-mode automatic differentiation: recorded array operations, and the reverse pass over them.

Source: Griewank and Walther, Evaluating Derivatives (2008), chapter 3. Nothing is clamped: inf and NaN propagate.
"""

import math
import operator
from collections.abc import Callable
from enum import Enum, auto
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdviz.core.frozen import frozen
from gdviz.core.precision import Precision

Values: TypeAlias = NDArray[np.floating]
"""A scalar (shape ()) or a column of numbers, in the precision of the tape."""


class Operation(Enum):
    """The origin of a value: the first three are leaves, the others are computed."""

    PARAMETER = auto()
    DATA = auto()
    NUMBER = auto()
    ADD = auto()
    SUBTRACT = auto()
    MULTIPLY = auto()
    SQUARE = auto()
    SUM = auto()
    MEAN = auto()


LEAVES = frozenset({Operation.PARAMETER, Operation.DATA, Operation.NUMBER})
_FORWARD: dict[Operation, Callable[..., Any]] = {
    Operation.ADD: operator.add,
    Operation.SUBTRACT: operator.sub,
    Operation.MULTIPLY: operator.mul,
    Operation.SQUARE: lambda values: values * values,
    Operation.SUM: lambda values: np.add.reduce(values, axis=None),
    Operation.MEAN: lambda values: np.add.reduce(values, axis=None) / values.dtype.type(values.size),
}
_BACKWARD: dict[Operation, Callable[[list[Values], int, Values], Any]] = {
    Operation.ADD: lambda values, number, gradient: gradient,
    Operation.SUBTRACT: lambda values, number, gradient: -gradient if number == 1 else gradient,
    Operation.MULTIPLY: lambda values, number, gradient: values[1 - number] * gradient,
    # Doubles the gradient, not the value, which may overflow; the gradient is small if a mean follows.
    Operation.SQUARE: lambda values, number, gradient: values[0] * (2 * gradient),
    Operation.SUM: lambda values, number, gradient: np.broadcast_to(gradient, values[0].shape),
    Operation.MEAN: lambda values, number, gradient: np.broadcast_to(
        gradient / gradient.dtype.type(values[0].size), values[0].shape
    ),
}
"""The contribution of a result's gradient to that of operand ``number``, in the shape of either."""
_SUMMATION_DEPTH = 20
"""NumPy sums blocks of up to 128 numbers sequentially in 8 lanes, and the sums of the blocks pairwise."""


@frozen(eq=False)
class Entry:
    """One value on a tape: the operation that produced it and the tape indices of its operands.

    name: of a leaf. is_active: whether it depends on a parameter, and so has a gradient.
    """

    operation: Operation
    operands: tuple[int, ...]
    value: Values
    name: str
    is_active: bool


class Tape:
    """Records the operations on its variables; the last value recorded is the loss."""

    def __init__(self, precision: Precision) -> None:
        """Create an empty tape; all its values have that precision."""
        self.precision = precision
        self._entries: list[Entry] = []

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All values, in recording order."""
        return tuple(self._entries)

    @property
    def loss(self) -> Values:
        """The last value recorded; a loss has shape ()."""
        return self._entries[-1].value

    def parameter(self, name: str, value: ArrayLike) -> "Variable":
        """Add a value with respect to which the loss is differentiated."""
        return self._leaf(Operation.PARAMETER, name, value)

    def data(self, name: str, value: ArrayLike) -> "Variable":
        """Add a constant, which has no gradient."""
        return self._leaf(Operation.DATA, name, value)

    def number(self, value: float, name: str = "") -> "Variable":
        """Add a numeric constant of the formula, optionally named."""
        return self._leaf(Operation.NUMBER, name or f"{value:g}", value)

    def apply(self, operation: Operation, *operands: "Variable") -> "Variable":
        """Compute and record an operation; operands are broadcast as in NumPy."""
        places = tuple(operand.place for operand in operands)
        entries = [self._entries[place] for place in places]
        with np.errstate(all="ignore"):
            value = np.asarray(_FORWARD[operation](*(entry.value for entry in entries)))
        return self._add(Entry(operation, places, value, "", any(entry.is_active for entry in entries)))

    def gradients(self) -> tuple[Values | None, ...]:
        """The gradient of the loss with respect to each entry, in its shape; None if it depends on no parameter.

        ValueError if the last value is not a scalar.
        """
        if self.loss.shape != ():
            raise ValueError(f"only a scalar can be differentiated, not values of shape {self.loss.shape}")
        found: list[Values | None] = [None] * len(self._entries)
        found[-1] = np.ones_like(self.loss) if self._entries[-1].is_active else None
        with np.errstate(all="ignore"):
            for result in reversed(range(len(found))):
                entry, gradient = self._entries[result], found[result]
                if gradient is None:
                    continue
                values = [self._entries[place].value for place in entry.operands]
                for number, place in enumerate(entry.operands):
                    if self._entries[place].is_active:
                        contribution = np.asarray(_BACKWARD[entry.operation](values, number, gradient))
                        contribution, known = _unbroadcast(contribution, values[number].shape), found[place]
                        found[place] = contribution if known is None else np.asarray(known + contribution)
        return tuple(found)

    def parameter_gradient(self) -> Values:
        """The gradient with respect to the parameters, in order, shape (number of parameters,); 0 for an unused one."""
        pairs = zip(self._entries, self.gradients(), strict=True)
        found = [gradient for entry, gradient in pairs if entry.operation is Operation.PARAMETER]
        return np.array([0.0 if gradient is None else gradient for gradient in found], self.precision.dtype)

    def rounding_error(self) -> float:
        """A first-order bound on the rounding error of the loss: eps times the sum of abs(value * its gradient).

        Source: Linnainmaa, Taylor expansion of the accumulated rounding error, BIT 16 (1976), 146-160.
        """
        total = 0.0
        with np.errstate(all="ignore"):
            for entry, gradient in zip(self._entries, self.gradients(), strict=True):
                if gradient is not None and entry.operation not in LEAVES:
                    total += self._rounding_of(entry, gradient)
        return float(np.finfo(self.precision.dtype).eps) * total

    def _rounding_of(self, entry: Entry, gradient: Values) -> float:
        """The contribution of rounding this value to the error of the loss, in eps."""
        error = float(np.abs(entry.value * gradient).sum())
        if entry.operation not in (Operation.SUM, Operation.MEAN):
            return error
        summed = self._entries[entry.operands[0]].value
        size = float(np.abs(summed).sum()) / (summed.size if entry.operation is Operation.MEAN else 1)
        return error + size * float(np.abs(gradient)) * (_SUMMATION_DEPTH + math.log2(summed.size))

    def _leaf(self, operation: Operation, name: str, value: ArrayLike) -> "Variable":
        values = np.asarray(value).astype(self.precision.dtype)
        return self._add(Entry(operation, (), values, name, operation is Operation.PARAMETER))

    def _add(self, entry: Entry) -> "Variable":
        self._entries.append(entry)
        return Variable(self, len(self._entries) - 1)


@frozen(eq=False)
class Variable:
    """A value on a tape; + - * and the methods below record operations."""

    tape: Tape
    place: int

    # Makes NumPy scalars on the left of an operator defer to the reflected methods here.
    __array_ufunc__ = None

    def __add__(self, other: Any) -> "Variable":
        return self.tape.apply(Operation.ADD, self, self._variable(other))

    def __radd__(self, other: Any) -> "Variable":
        return self.tape.apply(Operation.ADD, self._variable(other), self)

    def __sub__(self, other: Any) -> "Variable":
        return self.tape.apply(Operation.SUBTRACT, self, self._variable(other))

    def __rsub__(self, other: Any) -> "Variable":
        return self.tape.apply(Operation.SUBTRACT, self._variable(other), self)

    def __mul__(self, other: Any) -> "Variable":
        known = self._variable(other)
        return self.square() if known.place == self.place else self.tape.apply(Operation.MULTIPLY, self, known)

    def __rmul__(self, other: Any) -> "Variable":
        return self.tape.apply(Operation.MULTIPLY, self._variable(other), self)

    def square(self) -> "Variable":
        """Record its square."""
        return self.tape.apply(Operation.SQUARE, self)

    def sum(self) -> "Variable":
        """Record the sum of its elements."""
        return self.tape.apply(Operation.SUM, self)

    def mean(self) -> "Variable":
        """Record the mean of its elements."""
        return self.tape.apply(Operation.MEAN, self)

    def _variable(self, other: Any) -> "Variable":
        if not isinstance(other, Variable):
            return self.tape.number(other)
        if other.tape is not self.tape:
            raise ValueError("variables of different tapes cannot be combined")
        return other


def _unbroadcast(gradient: Values, shape: tuple[int, ...]) -> Values:
    """Sum over the axes along which an operand of that shape was broadcast."""
    if gradient.shape == shape:
        return gradient
    new = gradient.ndim - len(shape)
    repeated = tuple(axis for axis in range(gradient.ndim) if axis < new or shape[axis - new] < gradient.shape[axis])
    return np.asarray(np.add.reduce(gradient, axis=repeated)).reshape(shape)
