"""A tape: operations over arrays, recorded in order, and the reverse pass that gives the gradient at each of them.

Source: Griewank and Walther, Evaluating Derivatives (2008), chapter 3. Nothing is clamped: inf and NaN pass.
"""

import math
import operator
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdviz.core.precision import Precision

Values: TypeAlias = NDArray[np.floating]
"""A number (shape ()) or a column of numbers, in the precision of the tape."""


class Operation(Enum):
    """What made a value: the first three are given, the others are computed."""

    PARAMETER = auto()
    DATA = auto()
    NUMBER = auto()
    ADD = auto()
    SUBTRACT = auto()
    MULTIPLY = auto()
    SQUARE = auto()
    SUM = auto()
    MEAN = auto()


GIVEN = frozenset({Operation.PARAMETER, Operation.DATA, Operation.NUMBER})
_COMPUTE: dict[Operation, Callable[..., Any]] = {
    Operation.ADD: operator.add,
    Operation.SUBTRACT: operator.sub,
    Operation.MULTIPLY: operator.mul,
    Operation.SQUARE: lambda values: values * values,
    Operation.SUM: lambda values: np.add.reduce(values, axis=None),
    Operation.MEAN: lambda values: np.add.reduce(values, axis=None) / values.dtype.type(values.size),
}
_REACHING: dict[Operation, Callable[[list[Values], int, Values], Any]] = {
    Operation.ADD: lambda values, number, gradient: gradient,
    Operation.SUBTRACT: lambda values, number, gradient: -gradient if number == 1 else gradient,
    Operation.MULTIPLY: lambda values, number, gradient: values[1 - number] * gradient,
    # The gradient is doubled, not the value: it is small where a mean follows, while the value may overflow.
    Operation.SQUARE: lambda values, number, gradient: values[0] * (2 * gradient),
    Operation.SUM: lambda values, number, gradient: np.broadcast_to(gradient, values[0].shape),
    Operation.MEAN: lambda values, number, gradient: np.broadcast_to(
        gradient / gradient.dtype.type(values[0].size), values[0].shape
    ),
}
"""The part of the result's gradient that reaches operand ``number``, in the result's shape or its own."""
_ORDER_OF_SUMMING = 20
"""NumPy adds up to 128 numbers in 8 rows one after the other, and the sums of such blocks in pairs."""


@dataclass(frozen=True, eq=False)
class Entry:
    """One value on a tape: the operation that made it and the places of its operands on the tape.

    name: of a given value. is_active: whether it depends on a parameter, so that it has a gradient.
    """

    operation: Operation
    operands: tuple[int, ...]
    value: Values
    name: str
    is_active: bool


class Tape:
    """Records what is done with its variables; the last value recorded is the loss."""

    def __init__(self, precision: Precision) -> None:
        """An empty tape, on which everything has that precision."""
        self.precision = precision
        self._entries: list[Entry] = []

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All values, in the order in which they were recorded."""
        return tuple(self._entries)

    @property
    def loss(self) -> Values:
        """The last value recorded; a loss has shape ()."""
        return self._entries[-1].value

    def parameter(self, name: str, value: ArrayLike) -> "Variable":
        """A value by which the loss is differentiated."""
        return self._given(Operation.PARAMETER, name, value)

    def data(self, name: str, value: ArrayLike) -> "Variable":
        """A constant value; it has no gradient."""
        return self._given(Operation.DATA, name, value)

    def number(self, value: float, name: str = "") -> "Variable":
        """A number in the formula, which may have a name."""
        return self._given(Operation.NUMBER, name or f"{value:g}", value)

    def apply(self, operation: Operation, *operands: "Variable") -> "Variable":
        """Compute and record; the operands are broadcast as in NumPy."""
        places = tuple(operand.place for operand in operands)
        entries = [self._entries[place] for place in places]
        with np.errstate(all="ignore"):
            value = np.asarray(_COMPUTE[operation](*(entry.value for entry in entries)))
        return self._add(Entry(operation, places, value, "", any(entry.is_active for entry in entries)))

    def gradients(self) -> tuple[Values | None, ...]:
        """The derivative of the loss by each entry, in its shape; None where no path leads from it to a parameter.

        ValueError where the last value is not a single number.
        """
        if self.loss.shape != ():
            raise ValueError(f"only a single number can be differentiated, not values of shape {self.loss.shape}")
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
                        whole = np.asarray(_REACHING[entry.operation](values, number, gradient))
                        reaching, known = _unbroadcast(whole, values[number].shape), found[place]
                        found[place] = reaching if known is None else np.asarray(known + reaching)
        return tuple(found)

    def parameter_gradient(self) -> Values:
        """The derivatives by the parameters, in their order, shape (number of parameters,); 0 where one is not used."""
        pairs = zip(self._entries, self.gradients(), strict=True)
        wanted = [slope for entry, slope in pairs if entry.operation is Operation.PARAMETER]
        return np.array([0.0 if slope is None else slope for slope in wanted], self.precision.dtype)

    def rounding_error(self) -> float:
        """How far, to first order, rounding may have moved the loss: eps times the sum of abs(value * its gradient).

        Source: Linnainmaa, Taylor expansion of the accumulated rounding error, BIT 16 (1976), 146-160.
        """
        total = 0.0
        with np.errstate(all="ignore"):
            for entry, gradient in zip(self._entries, self.gradients(), strict=True):
                if gradient is not None and entry.operation not in GIVEN:
                    total += self._rounded(entry, gradient)
        return float(np.finfo(self.precision.dtype).eps) * total

    def _rounded(self, entry: Entry, gradient: Values) -> float:
        """By how many eps the rounding of this one value may have moved the loss."""
        moved = float(np.abs(entry.value * gradient).sum())
        if entry.operation not in (Operation.SUM, Operation.MEAN):
            return moved
        summed = self._entries[entry.operands[0]].value
        size = float(np.abs(summed).sum()) / (summed.size if entry.operation is Operation.MEAN else 1)
        return moved + size * float(np.abs(gradient)) * (_ORDER_OF_SUMMING + math.log2(summed.size))

    def _given(self, operation: Operation, name: str, value: ArrayLike) -> "Variable":
        values = np.asarray(value).astype(self.precision.dtype)
        return self._add(Entry(operation, (), values, name, operation is Operation.PARAMETER))

    def _add(self, entry: Entry) -> "Variable":
        self._entries.append(entry)
        return Variable(self, len(self._entries) - 1)


@dataclass(frozen=True, eq=False)
class Variable:
    """A value on a tape; + - * and the methods below are recorded."""

    tape: Tape
    place: int

    # A NumPy number on the left of an operator leaves the operation to the variable.
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
        """The product with itself."""
        return self.tape.apply(Operation.SQUARE, self)

    def sum(self) -> "Variable":
        """The sum of all its numbers."""
        return self.tape.apply(Operation.SUM, self)

    def mean(self) -> "Variable":
        """The sum of all its numbers, divided by how many they are."""
        return self.tape.apply(Operation.MEAN, self)

    def _variable(self, other: Any) -> "Variable":
        if not isinstance(other, Variable):
            return self.tape.number(other)
        if other.tape is not self.tape:
            raise ValueError("variables of two tapes cannot be combined")
        return other


def _unbroadcast(gradient: Values, shape: tuple[int, ...]) -> Values:
    """Add up along the axes along which an operand of that shape was repeated."""
    if gradient.shape == shape:
        return gradient
    new = gradient.ndim - len(shape)
    repeated = tuple(axis for axis in range(gradient.ndim) if axis < new or shape[axis - new] < gradient.shape[axis])
    return np.asarray(np.add.reduce(gradient, axis=repeated)).reshape(shape)
