"""Rules that treat each parameter alike and on its own, computed one parameter at a time."""

from typing import Any

import numpy as np

from gdviz.core.descent.optimizers.base import Evaluation, Formula
from gdviz.core.descent.optimizers.weight_decay import Decaying
from gdviz.core.problems.problem import Point

Kept = tuple[Any, ...]
"""What a rule keeps of a parameter, or of all of them."""


class ElementWise(Decaying):
    """Base class of these rules, which define `advance` for one parameter, and may override the rest.

    A parameter is a NumPy number of the run's precision, or an array of shape (n,) for n runs side by side: the same
    operators give the same bits for both. NumPy takes a fifth of the time for a number that it takes for an array of
    two. State: what is kept of the first parameter, of the second, and of both together, such as the number of steps.
    """

    def init(self, point: Point) -> tuple[Kept, Kept, Kept]:
        """What is kept before the first step, of each parameter and of both."""
        first, second = (self.kept_at_first(np.zeros_like(value)[()]) for value in point)
        return first, second, self.shared_at_first()

    def kept_at_first(self, zero: Any) -> Kept:
        """What is kept of a parameter before the first step; zero: a number or of shape (n,)."""
        return ()

    def shared_at_first(self) -> Kept:
        """What is kept of both parameters together before the first step."""
        return ()

    def numbers(self, evaluation: Evaluation, shared: Kept) -> tuple[Any, Kept]:
        """What `advance` needs to know of this step, and what is kept of both parameters after it."""
        return None, shared

    def advance(self, gradient: Any, kept: Kept, numbers: Any) -> tuple[Any, Kept]:
        """The direction of a parameter from its gradient, with a coupled decay in it, and what is kept of it.

        Neither argument may be changed in place.
        """
        raise NotImplementedError(f"{self.name}: this rule has no step")

    def update(self, evaluation: Evaluation, state: tuple[Kept, Kept, Kept]) -> tuple[Point, tuple[Kept, Kept, Kept]]:
        """See `Optimizer`."""
        direction = np.empty_like(evaluation.gradient)
        return direction, self.update_into(direction, evaluation, state)

    def update_into(
        self, direction: Point, evaluation: Evaluation, state: tuple[Kept, Kept, Kept]
    ) -> tuple[Kept, Kept, Kept]:
        """See `Optimizer`; no array is kept, and so none is copied."""
        first, second, shared = state
        numbers, shared = self.numbers(evaluation, shared)
        gradient, point, decay = evaluation.gradient, evaluation.point, self.weight_decay
        x, y = gradient[0], gradient[1]
        decouples = decay and self.decouples_decay
        if decay and not decouples:
            x, y = x + decay * point[0], y + decay * point[1]
        x, first = self.advance(x, first, numbers)
        y, second = self.advance(y, second, numbers)
        if decouples:
            x, y = decay * point[0] + x, decay * point[1] + y
        direction[0], direction[1] = x, y
        return first, second, shared

    @staticmethod
    def arrays(state: tuple[Kept, Kept, Kept]) -> tuple[Any, ...]:
        """The state as arrays of both parameters, shape (2,) or (2, n), and then what is kept of both together."""
        first, second, shared = state
        return *map(np.array, zip(first, second, strict=True)), *shared

    def explain(
        self,
        evaluation: Evaluation,
        before: tuple[Kept, Kept, Kept],
        direction: Point,
        after: tuple[Kept, Kept, Kept],
    ) -> tuple[Formula, ...]:
        """See `Optimizer`."""
        return self.explain_arrays(evaluation, self.arrays(before), direction, self.arrays(after))

    def explain_arrays(
        self, evaluation: Evaluation, before: tuple[Any, ...], direction: Point, after: tuple[Any, ...]
    ) -> tuple[Formula, ...]:
        """What `Optimizer.explain` gives, from the states as `arrays` gives them."""
        return ()


def chosen(condition: Any, this: Any, that: Any) -> Any:
    """``this`` where the condition holds, else ``that``; each a number or of shape (n,)."""
    if type(condition) is np.ndarray:
        return np.where(condition, this, that)
    return this if condition else that


def larger(first: Any, second: Any) -> Any:
    """The larger of two numbers, NaN if either is; each a number or of shape (n,)."""
    return chosen((first > second) | (first != first), first, second)
