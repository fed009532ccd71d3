"""What an update rule sees of the loss at one step: the point and its gradient, and everything else on demand."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdviz.core.problems.problem import Evaluate, HessianAt, Point


def _unknown(point: ArrayLike) -> Any:
    raise LookupError("nothing but the gradient is known here")


class Evaluation:
    """The loss around the point at which a run stands. In a mini-batch run it is that of the step's batch.

    point, gradient: shape (2,), or (2, n) where n runs go side by side, in the precision of the run. What is asked for
    beyond them is computed then; LookupError where there is only a gradient to go by.
    """

    __slots__ = ("_evaluate", "_hessian_at", "gradient", "point")

    def __init__(
        self, point: Point, gradient: Point, evaluate: Evaluate = _unknown, hessian_at: HessianAt = _unknown
    ) -> None:
        """``evaluate`` and ``hessian_at`` compute the loss with its gradient, and its Hessian, at any point."""
        self.point, self.gradient = point, gradient
        self._evaluate, self._hessian_at = evaluate, hessian_at

    @property
    def loss(self) -> Any:
        """The loss at the point, a number or of shape (n,), in the precision of the run."""
        return self.loss_at(self.point)

    @property
    def hessian(self) -> NDArray[np.float64]:
        """The second derivatives at the point in double precision, shape (2, 2), or (2, 2, n)."""
        if self.point.ndim == 1:
            return self._hessian_at(self.point)
        return np.stack([self._hessian_at(column) for column in self.point.T], axis=-1)

    def loss_at(self, point: Point) -> Any:
        """The loss at another point, of the shape of ``point``."""
        return self._evaluate(point)[0]

    def gradient_at(self, point: Point) -> Point:
        """The gradient at another point, of the shape of ``point``."""
        return self._evaluate(point)[1]
