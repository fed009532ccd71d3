"""Optional capabilities of problems: data, batches, a reduction, a closed form, a tape."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdviz.core.data.dataset import Dataset
from gdviz.core.data.rows import Column
from gdviz.core.precision import Precision
from gdviz.core.problems.gram_form import GramForm
from gdviz.core.problems.problem import Evaluate, Point, Problem, minimum_loss
from gdviz.core.problems.reductions import Reduction
from gdviz.core.problems.tape import Tape

_instance_checks: dict[tuple[type, type], bool] = {}
"""Whether instances of a class have a capability, by capability and class."""


class _CachedProtocolMeta(type(Protocol)):  # type: ignore[misc]
    """Caches `isinstance` per class, since looking up the members of a protocol takes 15 microseconds each time."""

    def __instancecheck__(cls, instance: Any) -> bool:
        key = cls, type(instance)
        if (known := _instance_checks.get(key)) is None:
            known = _instance_checks[key] = super().__instancecheck__(instance)
        return known


@runtime_checkable
class HasData(Protocol, metaclass=_CachedProtocolMeta):
    """A loss over data; the parameters are slope and intercept of a line. ``data`` is a dataclass field."""

    @property
    def data(self) -> Dataset:
        """The rows."""


@runtime_checkable
class HasReduction(Protocol, metaclass=_CachedProtocolMeta):
    """A loss that is the mean of the squared errors of the rows, their sum, or half the mean."""

    @property
    def reduction(self) -> Reduction:
        """Which of them; a dataclass field."""


@runtime_checkable
class HasBatches(HasData, Protocol):
    """A loss over data that supports mini-batches, whose gradient is an unbiased estimate of the full one."""

    def losses(self, precision: Precision) -> Callable[[Point], Any]:
        """The function from points, shape (2,) or (2, n), to the loss over all rows, in that precision."""

    def batch_evaluator(self, x: Column, y: Column) -> Evaluate:
        """Loss and gradient over these rows."""

    def batch_hessian(self, x: Column, y: Column, point: ArrayLike) -> NDArray[np.float64]:
        """The Hessian over these rows at a point of shape (2,), shape (2, 2); at n points as in `HessianAt`."""


@runtime_checkable
class HasGradientInPlace(Protocol, metaclass=_CachedProtocolMeta):
    """A loss whose gradient at one point can be computed without allocating, which makes a run twice as fast."""

    def gradient_in_place(self, point: Point, out: Point) -> Callable[[], None]:
        """The function that writes the gradient at ``point``, as it is when called, to ``out``; both of shape (2,).

        Bit-identical to that of `gdviz.core.problems.problem.Problem.evaluator`.
        """

    def loss_evaluator(self, precision: Precision) -> Callable[[Point], NDArray[np.floating]]:
        """The function from n points, shape (2, n), to the losses of the evaluator there, shape (n,), bit-identical."""


@runtime_checkable
class HasBatchGradientInPlace(HasBatches, Protocol):
    """The mini-batch counterpart of `HasGradientInPlace`."""

    def batch_gradient_in_place(self, point: Point, out: Point) -> Callable[[Column, Column], None]:
        """The function that writes the gradient over rows of x and y, as many as they are."""


@runtime_checkable
class HasTape(Protocol, metaclass=_CachedProtocolMeta):
    """A loss composed of the operations of `gdviz.core.problems.tape`."""

    def tape(self, point: ArrayLike, precision: Precision) -> Tape:
        """The recorded loss at a point of shape (2,); its two parameters are recorded in order.

        The loss is bit-identical to the evaluator's; the gradient may differ in the last bits.
        """


@runtime_checkable
class HasBatchTape(Protocol, metaclass=_CachedProtocolMeta):
    """The mini-batch counterpart of `HasTape`."""

    def batch_tape(self, x: Column, y: Column, point: ArrayLike, precision: Precision) -> Tape:
        """The recorded loss over these rows."""


@runtime_checkable
class HasClosedForm(HasData, Protocol):
    """Least squares: the moments of the rows determine the loss everywhere, and the behaviour of batches."""

    @property
    def form(self) -> GramForm:
        """The loss without its rows."""

    @property
    def reads_no_rows(self) -> bool:
        """Whether runs use that form, as they do with many rows."""


@runtime_checkable
class HasFlatDirection(Protocol, metaclass=_CachedProtocolMeta):
    """A loss whose minimum may be a line, as least squares over rows with the same x; `minima` then has one point."""

    @property
    def flat_direction(self) -> tuple[float, float] | None:
        """The unit vector along which the loss is the same everywhere; None if there is none."""

    @property
    def flat_derivation(self) -> tuple[str, str]:
        """What to tell where there is one: the derivation of the line, and what ``derivation`` cannot be used for."""


class DataProblem(Problem, HasData, Protocol):
    """A problem that has data."""


class RecordedProblem(Problem, HasTape, Protocol):
    """A problem that has a tape."""


def reads_no_rows(problem: Problem) -> bool:
    """Whether the problem has data, and the cost of an evaluation is independent of the number of rows."""
    return isinstance(problem, HasClosedForm) and problem.reads_no_rows


def loss_above_minimum(problem: Problem, points: NDArray[np.float64]) -> NDArray[np.float64]:
    """The loss above the lowest minimum, which must be known, at points of shape (n, 2), shape (n,).

    For least squares without cancellation, however small it is beside the minimum.
    """
    if isinstance(problem, HasClosedForm):
        return problem.form.above_minimum(*points.T)
    lowest = minimum_loss(problem)
    assert lowest is not None
    return problem.loss(*points.T) - lowest


def with_data(problem: DataProblem, data: Dataset) -> DataProblem:
    """The same loss over other data."""
    return replace(problem, data=data)  # type: ignore[type-var]


def with_reduction(problem: Problem, reduction: Reduction) -> Problem:
    """The problem with that reduction; requires `HasReduction`."""
    return replace(problem, reduction=reduction)  # type: ignore[type-var]
