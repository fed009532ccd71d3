"""Rules that treat each parameter alike and on its own, computed one parameter at a time."""

from typing import Any

import numpy as np

from gdviz.core.descent.optimizers.base import Evaluation, Formula
from gdviz.core.descent.optimizers.weight_decay import Decaying
from gdviz.core.problems.problem import Point

Kept = tuple[Any, ...]
"""What a rule keeps of a parameter, or of all of them."""
State = tuple[Kept, Kept, Kept]
"""What is kept of the first parameter, of the second, and of both together, such as the number of steps."""


class ElementWise(Decaying):
    """Base class of these rules, which define `advance` for one parameter, and may override the rest.

    A parameter is a NumPy number of the run's precision, or an array of shape (n,) for n runs side by side: the same
    operators give the same bits for both. NumPy takes a fifth of the time for a number that it takes for an array of
    two.
    """

    def init(self, point: Point) -> State:
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

    def update(self, evaluation: Evaluation, state: State) -> tuple[Point, State]:
        """See `Optimizer`."""
        point, gradient = evaluation.point, evaluation.gradient
        x, y, state = self.directions(point[0], point[1], gradient[0], gradient[1], evaluation, state)
        direction = np.empty_like(gradient)
        direction[0], direction[1] = x, y
        return direction, state

    def directions(
        self, x: Any, y: Any, slope_x: Any, slope_y: Any, evaluation: Evaluation, state: State
    ) -> tuple[Any, Any, State]:
        """The directions of both parameters at x, y, with the weight decay, and the next state."""
        first, second, shared = state
        numbers, shared = self.numbers(evaluation, shared)
        decay = self.weight_decay
        if not decay:
            x, first = self.advance(slope_x, first, numbers)
            y, second = self.advance(slope_y, second, numbers)
        elif self.decoupled_weight_decay:
            direction_x, first = self.advance(slope_x, first, numbers)
            direction_y, second = self.advance(slope_y, second, numbers)
            x, y = decay * x + direction_x, decay * y + direction_y
        else:
            x, first = self.advance(slope_x + decay * x, first, numbers)
            y, second = self.advance(slope_y + decay * y, second, numbers)
        return x, y, (first, second, shared)

    @staticmethod
    def arrays(state: State) -> tuple[Any, ...]:
        """The state as arrays of both parameters, shape (2,) or (2, n), and then what is kept of both together."""
        first, second, shared = state
        return *map(np.array, zip(first, second, strict=True)), *shared

    def explain(
        self,
        evaluation: Evaluation,
        before: State,
        direction: Point,
        after: State,
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
