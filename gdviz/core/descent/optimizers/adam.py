"""Adam and its relatives: the mean of the gradients divided by a root of the mean of their squares (torch.optim)."""

import math
from typing import Any, ClassVar

import numpy as np
from numpy import sqrt

from gdviz.core.descent.optimizers.base import Evaluation, Formula, Parts
from gdviz.core.descent.optimizers.element_wise import ElementWise, Kept, larger
from gdviz.core.descent.optimizers.means import (
    CORRECTED,
    corrected_formula,
    divisor,
    mean_formula,
    running_mean,
    running_moments,
    square_formula,
)
from gdviz.core.frozen import frozen
from gdviz.core.problems.problem import Point

QUOTIENT = "{} / (√{} + {})"


@frozen
class _Moments(ElementWise):
    """Base class of rules with running means m of the gradients and s of their squares.

    Keeps m and s of each parameter, and of both the number of steps; a rule may put more between s and the number.
    """

    direction_symbol: ClassVar[str] = "d_{}"

    beta1: float = 0.9
    beta2: float = 0.999
    eps: float = 1e-8
    weight_decay: float = 0.0

    def kept_at_first(self, zero: Any) -> Kept:
        """Both means start at zero."""
        return zero, zero

    def shared_at_first(self) -> Kept:
        """No steps."""
        return (0,)

    def _corrections(self, count: int) -> tuple[float, float]:
        """By which both means are divided at that step, because they started at zero."""
        return 1.0 - self.beta1**count, 1.0 - self.beta2**count

    def _mean_formulas(
        self, evaluation: Evaluation, before: tuple[Any, ...], after: tuple[Any, ...]
    ) -> tuple[Formula, ...]:
        """The updates of both means."""
        gradient, formulas = self.gradient_formulas(evaluation)
        mean = mean_formula("m", before[0], after[0], self.beta1, gradient)
        return (*formulas, mean, square_formula("s", before[1], after[1], self.beta2, gradient))


@frozen
class Adam(_Moments):
    """direction = (m / (1 - beta1^t)) / (sqrt(s / (1 - beta2^t)) + eps) at step t, from 1 (torch.optim.Adam).

    Source: Kingma and Ba, ICLR (2015).
    """

    name: ClassVar[str] = "adam"
    title: ClassVar[str] = "Adam"

    def numbers(self, evaluation: Evaluation, shared: Kept) -> tuple[Any, Kept]:
        """What m is multiplied with, the rate, and by what the root of s is divided."""
        count, rate = shared[0] + 1, divisor(evaluation.learning_rate)
        of_mean, of_squares = self._corrections(count)
        return (rate * (1.0 / of_mean), rate, math.sqrt(of_squares)), (count,)

    def advance(self, gradient: Any, kept: Kept, numbers: Any) -> tuple[Any, Kept]:
        """The direction, and both means."""
        mean, squares = running_moments(kept[0], kept[1], gradient, self.beta1, self.beta2)
        scaled, rate, root = numbers
        return scaled * mean / (sqrt(squares) / root + self.eps) / rate, (mean, squares)

    def explain_arrays(
        self, evaluation: Evaluation, before: tuple[Any, ...], direction: Point, after: tuple[Any, ...]
    ) -> tuple[Formula, ...]:
        """Both means, their bias corrections, and the quotient."""
        means = self._mean_formulas(evaluation, before, after)
        return (*means, *self._quotient_formulas(evaluation, direction, after, ("s", after[1])))

    def _quotient_formulas(
        self, evaluation: Evaluation, direction: Point, after: tuple[Any, ...], spread: tuple[str, Point]
    ) -> tuple[Formula, ...]:
        (name, squares), (of_mean, of_squares) = spread, self._corrections(after[-1])
        mean, corrected = after[0] / of_mean, squares / of_squares
        parts = ((CORRECTED["m"], mean), (CORRECTED[name], corrected), self.eps)
        return (
            corrected_formula("m", after[0], of_mean, mean),
            corrected_formula(name, squares, of_squares, corrected),
            self.direction_formula(direction, QUOTIENT, parts, evaluation),
        )


@frozen
class AdamW(Adam):
    """Adam with decoupled weight decay (torch.optim.AdamW).

    Source: Loshchilov and Hutter, "Decoupled Weight Decay Regularization", ICLR (2019).
    """

    name: ClassVar[str] = "adamw"
    title: ClassVar[str] = "AdamW"

    weight_decay: float = 0.01

    decoupled_weight_decay = True


@frozen
class AMSGrad(Adam):
    """Adam with the largest s so far in the place of s (torch.optim.Adam with amsgrad=True); that is kept too.

    Source: Reddi, Kale and Kumar, "On the Convergence of Adam and Beyond", ICLR (2018).
    """

    name: ClassVar[str] = "amsgrad"
    title: ClassVar[str] = "AMSGrad"

    def kept_at_first(self, zero: Any) -> Kept:
        """All start at zero."""
        return zero, zero, zero

    def advance(self, gradient: Any, kept: Kept, numbers: Any) -> tuple[Any, Kept]:
        """The direction, both means, and the largest s."""
        mean, squares = running_moments(kept[0], kept[1], gradient, self.beta1, self.beta2)
        largest, (scaled, rate, root) = larger(kept[2], squares), numbers
        return scaled * mean / (sqrt(largest) / root + self.eps) / rate, (mean, squares, largest)

    def explain_arrays(
        self, evaluation: Evaluation, before: tuple[Any, ...], direction: Point, after: tuple[Any, ...]
    ) -> tuple[Formula, ...]:
        """Both means, the largest s, the bias corrections, and the quotient."""
        means = self._mean_formulas(evaluation, before, after)
        largest = Formula("u_{} ←", after[2], "max({}, {})", (("u_{}", before[2]), ("s_{}", after[1])))
        return (*means, largest, *self._quotient_formulas(evaluation, direction, after, ("u", after[2])))


@frozen
class NAdam(_Moments):
    """Adam with Nesterov momentum: it looks ahead with a mix of gradient and m (torch.optim.NAdam).

    Keeps m and s, and of both parameters the product of all factors mu so far, and the next factor.
    Source: Dozat, ICLR workshop (2016).
    """

    name: ClassVar[str] = "nadam"
    title: ClassVar[str] = "NAdam"

    momentum_decay: float = 4e-3
    decoupled_weight_decay: bool = False

    def shared_at_first(self) -> Kept:
        """An empty product, which is 1, the first factor, and no steps."""
        return 1.0, self.beta1 * (1.0 - 0.5 * 0.96**self.momentum_decay), 0

    def numbers(self, evaluation: Evaluation, shared: Kept) -> tuple[Any, Kept]:
        """The rate, the weights of gradient and m, and by what s is divided."""
        product, factor, count = shared[0] * shared[1], shared[1], shared[2] + 1
        following = self.beta1 * (1.0 - 0.5 * 0.96 ** ((count + 1) * self.momentum_decay))
        rate = divisor(evaluation.learning_rate)
        of_gradient, of_mean = (1.0 - factor) / (1.0 - product), following / (1.0 - product * following)
        return (rate, of_gradient, of_mean, 1.0 - self.beta2**count), (product, following, count)

    def advance(self, gradient: Any, kept: Kept, numbers: Any) -> tuple[Any, Kept]:
        """The direction, and both means."""
        rate, of_gradient, of_mean, of_squares = numbers
        mean, squares = running_moments(kept[0], kept[1], gradient, self.beta1, self.beta2)
        ahead, size = of_gradient * gradient + of_mean * mean, sqrt(squares / of_squares) + self.eps
        return rate * ahead / size / rate, (mean, squares)

    def explain_arrays(
        self, evaluation: Evaluation, before: tuple[Any, ...], direction: Point, after: tuple[Any, ...]
    ) -> tuple[Formula, ...]:
        """Both means, their bias corrections, the first with the look ahead, and the quotient."""
        gradient, _ = self.gradient_formulas(evaluation)
        (_, of_gradient, of_mean, of_squares), _ = self.numbers(evaluation, before[2:])
        ahead, corrected = of_gradient * gradient[1] + of_mean * after[0], after[1] / of_squares
        mixed = (of_gradient, gradient, of_mean, ("m_{}", after[0]))
        parts = ((CORRECTED["m"], ahead), (CORRECTED["s"], corrected), self.eps)
        return (
            *self._mean_formulas(evaluation, before, after),
            Formula(f"{CORRECTED['m']} =", ahead, "{}·{} + {}·{}", mixed, is_direction=True),
            corrected_formula("s", after[1], of_squares, corrected),
            self.direction_formula(direction, QUOTIENT, parts, evaluation),
        )


@frozen
class RAdam(_Moments):
    """Adam whose first steps, while the variance of s is unknown, are those of m alone (torch.optim.RAdam).

    From then on the quotient is rectified by a factor that rises to 1. Source: Liu et al., ICLR (2020).
    """

    name: ClassVar[str] = "radam"
    title: ClassVar[str] = "RAdam"

    decoupled_weight_decay: bool = False

    def numbers(self, evaluation: Evaluation, shared: Kept) -> tuple[Any, Kept]:
        """The bias correction of m, the rate times the rectification (None while there is none), and the rate."""
        count, rate = shared[0] + 1, divisor(evaluation.learning_rate)
        of_mean, of_squares = self._corrections(count)
        factor = self._factor(count, of_squares)
        return (of_mean, None if factor is None else rate * factor, rate), (count,)

    def advance(self, gradient: Any, kept: Kept, numbers: Any) -> tuple[Any, Kept]:
        """The direction, and both means."""
        of_mean, scaled, rate = numbers
        mean, squares = running_moments(kept[0], kept[1], gradient, self.beta1, self.beta2)
        direction = mean / of_mean
        if scaled is not None:
            direction = scaled * direction / (sqrt(squares) + self.eps) / rate
        return direction, (mean, squares)

    def _factor(self, count: int, of_squares: float) -> float | None:
        """The rectification times the bias correction of the root of s; None while the variance of s is unknown."""
        most = 2.0 / (1.0 - self.beta2) - 1.0
        length = most - 2.0 * count * self.beta2**count / of_squares
        if not length > 5.0:
            return None
        rectified = (length - 4.0) * (length - 2.0) * most / ((most - 4.0) * (most - 2.0) * length)
        return math.sqrt(of_squares) * math.sqrt(rectified)

    def explain_arrays(
        self, evaluation: Evaluation, before: tuple[Any, ...], direction: Point, after: tuple[Any, ...]
    ) -> tuple[Formula, ...]:
        """Both means, the bias correction, and the rectified quotient, or the corrected mean alone."""
        of_mean, of_squares = self._corrections(after[-1])
        mean, factor = after[0] / of_mean, self._factor(after[-1], of_squares)
        terms, parts = "{}", Parts([(CORRECTED["m"], mean)])
        if factor is not None:
            terms, parts = "{}·{} / (√{} + {})", (factor, *parts, ("s_{}", after[1]), self.eps)
        return (
            *self._mean_formulas(evaluation, before, after),
            corrected_formula("m", after[0], of_mean, mean),
            self.direction_formula(direction, terms, parts, evaluation),
        )


@frozen
class Adamax(_Moments):
    """direction = (m / (1 - beta1^t)) / u, with u the largest gradient so far, slowly forgotten (torch.optim.Adamax).

    Keeps m and u. Source: Kingma and Ba, ICLR (2015), section 7.1.
    """

    name: ClassVar[str] = "adamax"
    title: ClassVar[str] = "Adamax"

    def numbers(self, evaluation: Evaluation, shared: Kept) -> tuple[Any, Kept]:
        """What m is multiplied with, and the rate."""
        count, rate = shared[0] + 1, divisor(evaluation.learning_rate)
        return (rate * (1.0 / self._corrections(count)[0]), rate), (count,)

    def advance(self, gradient: Any, kept: Kept, numbers: Any) -> tuple[Any, Kept]:
        """The direction, m and u."""
        mean = running_mean(kept[0], gradient, self.beta1)
        largest, (scaled, rate) = larger(self.beta2 * kept[1], abs(gradient) + self.eps), numbers
        return scaled * mean / largest / rate, (mean, largest)

    def explain_arrays(
        self, evaluation: Evaluation, before: tuple[Any, ...], direction: Point, after: tuple[Any, ...]
    ) -> tuple[Formula, ...]:
        """m and u, the bias correction, and the quotient."""
        gradient, formulas = self.gradient_formulas(evaluation)
        of_mean = self._corrections(after[-1])[0]
        mean, size = after[0] / of_mean, (f"|{gradient[0]}|", np.abs(gradient[1]))
        return (
            *formulas,
            mean_formula("m", before[0], after[0], self.beta1, gradient),
            Formula("u_{} ←", after[1], "max({}·{}, {} + {})", (self.beta2, ("u_{}", before[1]), size, self.eps)),
            corrected_formula("m", after[0], of_mean, mean),
            Formula("d_{} =", direction, "{} / {}", ((CORRECTED["m"], mean), ("u_{}", after[1])), is_direction=True),
        )
