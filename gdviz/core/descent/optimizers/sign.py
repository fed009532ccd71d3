"""Lion and Rprop: rules that use the sign of a gradient only, and step by a length of their own."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from gdviz.core.descent.optimizers.base import Evaluation, Formula, Optimizer
from gdviz.core.descent.optimizers.means import constant, mean_formula, running_mean
from gdviz.core.descent.optimizers.weight_decay import Decaying
from gdviz.core.errors import InputError
from gdviz.core.problems.problem import Point


@dataclass(frozen=True)
class Lion(Decaying):
    """direction = sign(beta1 * m + (1 - beta1) * gradient): the rate is the length of the step (optax.lion).

    State: m, which then follows the gradients with beta2. The weight decay, by default none, is decoupled.
    Source: Chen et al., "Symbolic Discovery of Optimization Algorithms", NeurIPS (2023).
    """

    name: ClassVar[str] = "lion"
    title: ClassVar[str] = "Lion"
    direction_symbol: ClassVar[str] = "d_{}"

    beta1: float = 0.9
    beta2: float = 0.99
    weight_decay: float = 0.0

    @property
    def decouples_decay(self) -> bool:
        """Always."""
        return True

    def init(self, point: Point) -> Point:
        """The mean starts at zero."""
        return np.zeros_like(point)

    def update(self, evaluation: Evaluation, state: Point) -> tuple[Point, Point]:
        """The direction, and the mean."""
        direction = np.sign(running_mean(state, evaluation.gradient, self.beta1))
        return self.decayed(direction, evaluation), running_mean(state, evaluation.gradient, self.beta2)

    def explain(self, evaluation: Evaluation, before: Point, direction: Point, after: Point) -> tuple[Formula, ...]:
        """The mix of mean and gradient, its sign, and the update of the mean."""
        gradient = ("∂L/∂{}", evaluation.gradient)
        mixed = running_mean(before, evaluation.gradient, self.beta1)
        parts = (self.beta1, ("m_{}", before), 1.0 - self.beta1, gradient)
        return (
            Formula("c_{} =", mixed, "{}·{} + {}·{}", parts, is_direction=True),
            self.direction_formula(direction, "sign({})", (("c_{}", mixed),), evaluation),
            mean_formula("m", before, after, self.beta2, gradient),
        )


@dataclass(frozen=True)
class Rprop(Optimizer):
    """step = sign(gradient) * size, which grows while the sign stays and shrinks where it turns (torch.optim.Rprop).

    The rate of the first step is the first size; no later one matters, whatever the schedule. Where the sign turns, the
    parameter stands still once. State: the gradient that is compared with, 0 where it has turned, the sizes, and the
    number of steps. Source: Riedmiller and Braun, ICNN (1993), as iRprop-.
    """

    name: ClassVar[str] = "rprop"
    title: ClassVar[str] = "Rprop"
    direction_symbol: ClassVar[str] = "d_{}"
    scales_with_rate: ClassVar[bool] = False

    etaminus: float = 0.5
    etaplus: float = 1.2
    step_size_min: float = 1e-6
    step_size_max: float = 50.0

    def __post_init__(self) -> None:
        """Raise InputError for a setting that is out of range."""
        super().__post_init__()
        if self.step_size_max < self.step_size_min:
            told = f"{self.step_size_max} is not possible; use step_size_min, {self.step_size_min}, or more"
            raise InputError(f"optimizer.step_size_max: {told}")

    def init(self, point: Point) -> tuple[Point, Point, int]:
        """The sizes are those of the first step's rate."""
        return np.zeros_like(point), np.zeros_like(point), 0

    def update(self, evaluation: Evaluation, state: tuple[Point, Point, int]) -> tuple[Point, tuple[Point, Point, int]]:
        """The direction, the gradient to compare with, and the sizes."""
        turned, _, sizes = self._sizes(evaluation, state)
        kept = evaluation.gradient.copy()
        np.putmask(kept, turned, 0.0)
        sign = np.sign(kept)
        np.putmask(sign, sign != sign, 0.0)  # as PyTorch has it: NaN has no sign
        sign *= sizes
        return sign, (kept, sizes, state[2] + 1)

    def _sizes(self, evaluation: Evaluation, state: tuple[Point, Point, int]) -> tuple[NDArray[np.bool_], Point, Point]:
        """Where the sign of the gradient turns, the factor of the sizes, and the sizes."""
        before, sizes, count = state
        product, dtype = evaluation.gradient * before, sizes.dtype
        factor, zero = np.ones_like(sizes), constant(0.0, dtype)
        np.putmask(factor, product > zero, self.etaplus)
        turned = product < zero
        np.putmask(factor, turned, self.etaminus)
        sizes = factor * (self._first(evaluation, sizes) if count == 0 else sizes)
        np.maximum(sizes, constant(self.step_size_min, dtype), out=sizes)
        np.minimum(sizes, constant(self.step_size_max, dtype), out=sizes)
        return turned, factor, sizes

    @staticmethod
    def _first(evaluation: Evaluation, sizes: Point) -> Point:
        return np.broadcast_to(np.asarray(evaluation.learning_rate, sizes.dtype), sizes.shape)

    def explain(
        self, evaluation: Evaluation, before: Any, direction: Point, after: tuple[Point, Point, int]
    ) -> tuple[Formula, ...]:
        """Whether the sign turned, the size, what is left of the gradient, and the direction."""
        _, factor, sizes = self._sizes(evaluation, before)
        turned = np.sign(evaluation.gradient * before[0])
        old = self._first(evaluation, sizes) if before[2] == 0 else before[1]
        gradient, sign = ("∂L/∂{}", evaluation.gradient), ("σ_{}", turned)
        size = (self.step_size_max, self.step_size_min, ("η_{}", factor), ("Δ_{}", old))
        step = (("g_{}", after[0]), ("Δ_{}", sizes))
        return (
            Formula("σ_{} =", turned, "sign({}·{})", (gradient, ("g_{}", before[0]))),
            Formula("Δ_{} ←", sizes, "min({}, max({}, {}·{}))", size),
            Formula("g_{} ←", after[0], "{} if {} ≥ 0 else 0", (gradient, sign)),
            Formula("d_{} =", direction, "sign({})·{}", step, is_direction=True),
        )
