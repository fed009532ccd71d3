"""Lion and Rprop: rules that use the sign of a gradient only, and step by a length of their own."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

import numpy as np

from gdviz.core.descent.optimizers.base import Evaluation, Formula
from gdviz.core.descent.optimizers.element_wise import ElementWise, Kept, chosen
from gdviz.core.descent.optimizers.means import mean_formula, running_mean
from gdviz.core.errors import InputError
from gdviz.core.problems.problem import Point


@dataclass(frozen=True)
class Lion(ElementWise):
    """direction = sign(beta1 * m + (1 - beta1) * gradient): the rate is the length of the step (optax.lion).

    Keeps m, which then follows the gradients with beta2. The weight decay, by default none, is decoupled.
    Source: Chen et al., "Symbolic Discovery of Optimization Algorithms", NeurIPS (2023).
    """

    name: ClassVar[str] = "lion"
    title: ClassVar[str] = "Lion"
    direction_symbol: ClassVar[str] = "d_{}"

    beta1: float = 0.9
    beta2: float = 0.99
    weight_decay: float = 0.0

    decoupled_weight_decay = True

    def kept_at_first(self, zero: Any) -> Kept:
        """The mean starts at zero."""
        return (zero,)

    def advance(self, gradient: Any, kept: Kept, numbers: Any) -> tuple[Any, Kept]:
        """The direction, and the mean."""
        (mean,) = kept
        direction = np.sign(running_mean(mean, gradient, self.beta1))
        return direction, (running_mean(mean, gradient, self.beta2),)

    def explain_arrays(
        self, evaluation: Evaluation, before: tuple[Any, ...], direction: Point, after: tuple[Any, ...]
    ) -> tuple[Formula, ...]:
        """The mix of mean and gradient, its sign, and the update of the mean."""
        gradient = ("∂L/∂{}", evaluation.gradient)
        mixed = running_mean(before[0], evaluation.gradient, self.beta1)
        parts = (self.beta1, ("m_{}", before[0]), 1.0 - self.beta1, gradient)
        return (
            Formula("c_{} =", mixed, "{}·{} + {}·{}", parts, is_direction=True),
            self.direction_formula(direction, "sign({})", (("c_{}", mixed),), evaluation),
            mean_formula("m", before[0], after[0], self.beta2, gradient),
        )


@dataclass(frozen=True)
class Rprop(ElementWise):
    """step = sign(gradient) * size, which grows while the sign stays and shrinks where it turns (torch.optim.Rprop).

    The rate of the first step is the first size; no later one matters, whatever the schedule. Where the sign turns, the
    parameter stands still once. Keeps the gradient that is compared with, 0 where it has turned, and the size.
    Source: Riedmiller and Braun, ICNN (1993), as iRprop-.
    """

    name: ClassVar[str] = "rprop"
    title: ClassVar[str] = "Rprop"
    direction_symbol: ClassVar[str] = "d_{}"
    scales_with_rate: ClassVar[bool] = False
    reads_every_rate: ClassVar[bool] = False

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

    def kept_at_first(self, zero: Any) -> Kept:
        """No gradient to compare with, and no size yet."""
        return zero, zero

    def shared_at_first(self) -> Kept:
        """No steps."""
        return (0,)

    def numbers(self, evaluation: Evaluation, shared: Kept) -> tuple[Any, Kept]:
        """The first size at the first step, else 0; zero, the least and the largest size as numbers."""
        (count,), dtype = shared, evaluation.gradient.dtype
        first = evaluation.learning_rate if count == 0 else 0.0
        return (first, *_bounds(self.step_size_min, self.step_size_max, dtype)), (count + 1,)

    def advance(self, gradient: Any, kept: Kept, numbers: Any) -> tuple[Any, Kept]:
        """The direction, the gradient to compare with, and the size."""
        (before, size), (first, zero, least, most) = kept, numbers
        product, size = gradient * before, size + first
        turned = product < 0.0
        size = chosen(product > 0.0, self.etaplus * size, chosen(turned, self.etaminus * size, size))
        size = chosen(size < least, least, size)
        size = chosen(size > most, most, size)
        seen = chosen(turned, zero, gradient)
        sign = np.sign(seen)
        sign = chosen(sign != sign, zero, sign)  # as PyTorch has it: NaN has no sign
        return sign * size, (seen, size)

    def explain_arrays(
        self, evaluation: Evaluation, before: tuple[Any, ...], direction: Point, after: tuple[Any, ...]
    ) -> tuple[Formula, ...]:
        """Whether the sign turned, the size, what is left of the gradient, and the direction."""
        turned, sizes = np.sign(evaluation.gradient * before[0]), after[1]
        factor = np.select([turned > 0.0, turned < 0.0], [self.etaplus, self.etaminus], 1.0).astype(sizes.dtype)
        old = before[1] + (evaluation.learning_rate if before[2] == 0 else 0.0)
        gradient, sign = ("∂L/∂{}", evaluation.gradient), ("σ_{}", turned)
        size = (self.step_size_max, self.step_size_min, ("η_{}", factor), ("Δ_{}", old))
        step = (("g_{}", after[0]), ("Δ_{}", sizes))
        return (
            Formula("σ_{} =", turned, "sign({}·{})", (gradient, ("g_{}", before[0]))),
            Formula("Δ_{} ←", sizes, "min({}, max({}, {}·{}))", size),
            Formula("g_{} ←", after[0], "{} if {} ≥ 0 else 0", (gradient, sign)),
            Formula("d_{} =", direction, "sign({})·{}", step, is_direction=True),
        )


@lru_cache(maxsize=64)
def _bounds(least: float, most: float, dtype: np.dtype[Any]) -> tuple[Any, Any, Any]:
    """Zero, the least and the largest size as numbers of that precision, whose making would take long at every step."""
    zero, least, most = np.array((0.0, least, most), dtype)
    return zero, least, most
