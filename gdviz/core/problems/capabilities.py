"""What some problems have beyond a loss: data, batches, mean or sum, a closed form, a tape."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Literal, Protocol, runtime_checkable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdviz.core.precision import Precision
from gdviz.core.problems.dataset import Dataset
from gdviz.core.problems.large_regression import Column, GramForm
from gdviz.core.problems.problem import Evaluate, Point, Problem
from gdviz.core.problems.tape import Tape

Reduction = Literal["mean", "sum"]
REDUCTIONS: tuple[Reduction, ...] = ("mean", "sum")  # how the terms of the rows become one number; the usual one first

_known: dict[tuple[type, type], bool] = {}
"""Whether the instances of a class have a capability, for each pair of both that was asked for."""


class _OfClass(type(Protocol)):  # type: ignore[misc]
    """Asks a class once: Python looks for the members of a protocol at every `isinstance`, for 15 microseconds."""

    def __instancecheck__(cls, instance: Any) -> bool:
        asked = cls, type(instance)
        if (known := _known.get(asked)) is None:
            known = _known[asked] = super().__instancecheck__(instance)
        return known


@runtime_checkable
class HasData(Protocol, metaclass=_OfClass):
    """A loss over data, a field of its class; the parameters are slope and intercept of a line through them."""

    @property
    def data(self) -> Dataset:
        """The rows."""


@runtime_checkable
class HasReduction(Protocol, metaclass=_OfClass):
    """A loss that is the mean or the sum of the squared errors of the rows."""

    @property
    def reduction(self) -> Reduction:
        """Which of the two; a field of its class."""


@runtime_checkable
class HasBatches(HasData, Protocol):
    """A loss over data of which a step may see some rows: the gradient over them is that of all rows on average."""

    def losses(self, precision: Precision) -> Callable[[Point], Any]:
        """The function from points, shape (2,) or (2, n), to the loss of all rows, in that precision."""

    def batch_evaluator(self, x: Column, y: Column) -> Evaluate:
        """Loss and gradient over these rows."""

    def batch_hessian(self, x: Column, y: Column, point: ArrayLike) -> NDArray[np.float64]:
        """The second derivatives over these rows at a point of shape (2,), shape (2, 2)."""


@runtime_checkable
class HasTape(Protocol, metaclass=_OfClass):
    """A loss that is made of the operations of `gdviz.core.problems.tape`."""

    def tape(self, point: ArrayLike, precision: Precision) -> Tape:
        """The operations of the loss at a point of shape (2,), recorded; its two parameters are recorded in order.

        The loss is the evaluator's, bit for bit; the gradient is the evaluator's to the last bits.
        """


@runtime_checkable
class HasBatchTape(Protocol, metaclass=_OfClass):
    """The same for batches."""

    def batch_tape(self, x: Column, y: Column, point: ArrayLike, precision: Precision) -> Tape:
        """The operations of the loss over these rows."""


@runtime_checkable
class HasClosedForm(HasData, Protocol):
    """Least squares: once the rows are fitted, their moments tell the loss everywhere, and how its batches behave."""

    @property
    def form(self) -> GramForm:
        """The loss without its rows."""

    @property
    def reads_no_rows(self) -> bool:
        """Whether runs compute by that form, as they do with many rows."""


class DataProblem(Problem, HasData, Protocol):
    """A problem that has data."""


class RecordedProblem(Problem, HasTape, Protocol):
    """A problem that has a tape."""


def reads_no_rows(problem: Problem) -> bool:
    """Whether the problem has data, and an evaluation costs the same however many rows they are."""
    return isinstance(problem, HasClosedForm) and problem.reads_no_rows


def with_data(problem: DataProblem, data: Dataset) -> DataProblem:
    """The same loss over other data."""
    return replace(problem, data=data)  # type: ignore[type-var]


def with_reduction(problem: Problem, reduction: Reduction) -> Problem:
    """The mean or the sum of the same terms; the problem is one that `HasReduction`."""
    return replace(problem, reduction=reduction)  # type: ignore[type-var]
