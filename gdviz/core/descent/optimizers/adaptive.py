"""AdaGrad, RMSprop and Adadelta: rules that divide the gradient by a root of its squares so far (torch.optim)."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy import sqrt

from gdviz.core.descent.optimizers.base import Evaluation, Formula, Parts
from gdviz.core.descent.optimizers.element_wise import ElementWise, Kept
from gdviz.core.descent.optimizers.means import (
    divisor,
    mean_formula,
    running_mean,
    running_square,
    square_formula,
    squared,
)
from gdviz.core.problems.problem import Point


@dataclass(frozen=True)
class AdaGrad(ElementWise):
    """direction = gradient / (sqrt(sum of squares) + eps), by 1 + lr_decay * steps smaller (torch.optim.Adagrad).

    Keeps the sum, and the number of steps. Source: Duchi, Hazan and Singer, JMLR 12 (2011), 2121-2159.
    """

    name: ClassVar[str] = "adagrad"
    title: ClassVar[str] = "AdaGrad"
    direction_symbol: ClassVar[str] = "d_{}"

    lr_decay: float = 0.0
    weight_decay: float = 0.0
    initial_accumulator_value: float = 0.0
    eps: float = 1e-10

    def kept_at_first(self, zero: Any) -> Kept:
        """The sum starts at its initial value."""
        return (np.full_like(zero, self.initial_accumulator_value)[()],)

    def shared_at_first(self) -> Kept:
        """No steps."""
        return (0,)

    def numbers(self, evaluation: Evaluation, shared: Kept) -> tuple[Any, Kept]:
        """What the gradient is multiplied with, the rate, and the number of steps."""
        (count,), rate = shared, divisor(evaluation.learning_rate)
        return (rate * (1.0 / (1.0 + count * self.lr_decay)), rate), (count + 1,)

    def advance(self, gradient: Any, kept: Kept, numbers: Any) -> tuple[Any, Kept]:
        """The direction, and the sum with the new square."""
        squares, (scaled, rate) = kept[0] + gradient * gradient, numbers
        return scaled * gradient / (sqrt(squares) + self.eps) / rate, (squares,)

    def explain_arrays(
        self, evaluation: Evaluation, before: tuple[Any, ...], direction: Point, after: tuple[Any, ...]
    ) -> tuple[Formula, ...]:
        """The growing sum, and the quotient."""
        gradient, formulas = self.gradient_formulas(evaluation)
        kept = Formula("s_{} ←", after[0], "{} + {}", (("s_{}", before[0]), squared(gradient)))
        terms, parts = "{} / (√{} + {})", Parts([gradient, ("s_{}", after[0]), self.eps])
        if self.lr_decay:
            terms, parts = f"{terms} / {{}}", (*parts, 1.0 + before[1] * self.lr_decay)
        return (*formulas, kept, Formula("d_{} =", direction, terms, parts, is_direction=True))


@dataclass(frozen=True)
class RMSprop(ElementWise):
    """direction = gradient / (sqrt(mean of squares) + eps), with momentum a buffer of it (torch.optim.RMSprop).

    centered: whether the mean of the squares is taken about the mean of the gradients, as a variance.
    Keeps the means of squares and gradients, and the buffer. Source: Tieleman and Hinton, lecture 6e (2012).
    """

    name: ClassVar[str] = "rmsprop"
    title: ClassVar[str] = "RMSprop"

    alpha: float = 0.99
    eps: float = 1e-8
    weight_decay: float = 0.0
    momentum: float = 0.0
    centered: bool = False

    @property
    def direction_symbol(self) -> str:  # type: ignore[override]
        """The buffer, if there is one."""
        return "v_{}" if self.momentum else "d_{}"

    def kept_at_first(self, zero: Any) -> Kept:
        """All start at zero."""
        return zero, zero, zero

    def numbers(self, evaluation: Evaluation, shared: Kept) -> tuple[Any, Kept]:
        """The rate."""
        return divisor(evaluation.learning_rate), shared

    def advance(self, gradient: Any, kept: Kept, numbers: Any) -> tuple[Any, Kept]:
        """The direction, and the means and the buffer that are in use."""
        squares, mean, buffer = kept
        squares = variance = running_square(squares, gradient, self.alpha)
        if self.centered:
            mean = running_mean(mean, gradient, self.alpha)
            variance = squares - mean * mean
        size = sqrt(variance) + self.eps
        if not self.momentum:
            return numbers * gradient / size / numbers, (squares, mean, buffer)
        buffer = self.momentum * buffer + gradient / size
        return buffer, (squares, mean, buffer)

    def explain_arrays(
        self, evaluation: Evaluation, before: tuple[Any, ...], direction: Point, after: tuple[Any, ...]
    ) -> tuple[Formula, ...]:
        """The means, the quotient, and its buffer."""
        gradient, formulas = self.gradient_formulas(evaluation)
        found = [*formulas, square_formula("s", before[0], after[0], self.alpha, gradient)]
        spread = ("s_{}", after[0])
        if self.centered:
            mean, variance = ("m_{}", after[1]), after[0] - after[1] * after[1]
            found.append(mean_formula("m", before[1], after[1], self.alpha, gradient))
            found.append(Formula("σ²_{} =", variance, "{} − {}", (spread, squared(mean))))
            spread = ("σ²_{}", variance)
        quotient, parts = "{} / (√{} + {})", (gradient, spread, self.eps)
        if not self.momentum:
            return (*found, Formula("d_{} =", direction, quotient, parts, is_direction=True))
        buffer = (self.momentum, ("v_{}", before[2]), *parts)
        return (*found, Formula("v_{} ←", after[2], f"{{}}·{{}} + {quotient}", buffer, is_direction=True))


@dataclass(frozen=True)
class Adadelta(ElementWise):
    """direction = gradient * rms(earlier directions) / rms(gradients), with running means (torch.optim.Adadelta).

    Keeps the mean of the squared gradients, and that of the squared directions. Source: Zeiler, arXiv:1212.5701.
    """

    name: ClassVar[str] = "adadelta"
    title: ClassVar[str] = "Adadelta"
    direction_symbol: ClassVar[str] = "d_{}"

    rho: float = 0.9
    eps: float = 1e-6
    weight_decay: float = 0.0

    def kept_at_first(self, zero: Any) -> Kept:
        """Both start at zero."""
        return zero, zero

    def advance(self, gradient: Any, kept: Kept, numbers: Any) -> tuple[Any, Kept]:
        """The direction, and both means with its square."""
        squares, moved = kept
        squares = running_square(squares, gradient, self.rho)
        direction = sqrt(moved + self.eps) / sqrt(squares + self.eps) * gradient
        return direction, (squares, running_square(moved, direction, self.rho))

    def explain_arrays(
        self, evaluation: Evaluation, before: tuple[Any, ...], direction: Point, after: tuple[Any, ...]
    ) -> tuple[Formula, ...]:
        """The mean of the squared gradients, the quotient, and the mean of the squared directions."""
        gradient, formulas = self.gradient_formulas(evaluation)
        parts = (("u_{}", before[1]), self.eps, ("s_{}", after[0]), self.eps, gradient)
        return (
            *formulas,
            square_formula("s", before[0], after[0], self.rho, gradient),
            Formula("d_{} =", direction, "√({} + {}) / √({} + {})·{}", parts, is_direction=True),
            square_formula("u", before[1], after[1], self.rho, ("d_{}", direction)),
        )
