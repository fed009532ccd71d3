"""The running means that adaptive rules keep of gradients and their squares, computed as PyTorch does, in symbols too.

The order of operations decides at which step single precision overflows. The functions take numbers and arrays. Rules
multiply a numerator by the learning rate first, and divide by it last, as Tensor.addcdiv_ multiplies: where the rate
times the numerator overflows, so does the step, or it is NaN.
"""

from typing import Any

import numpy as np

from gdviz.core.descent.optimizers.base import Formula
from gdviz.core.problems.problem import Point

CORRECTED = {
    name: f"{with_hat}_{{}}" for name, with_hat in (("m", "m\N{COMBINING CIRCUMFLEX ACCENT}"), ("s", "ŝ"), ("u", "û"))
}
"""The symbols of means after the correction of their bias."""


def running_mean(mean: Any, value: Any, decay: float) -> Any:
    """decay * mean + (1 - decay) * value, as Tensor.lerp_ computes it (ATen/native/Lerp.h)."""
    weight, difference = 1.0 - decay, value - mean
    if weight < 0.5:
        difference *= weight
        difference += mean
        return difference
    difference *= decay
    return value - difference


def running_square(squares: Any, value: Any, decay: float) -> Any:
    """decay * squares + (1 - decay) * value^2, as Tensor.addcmul_ computes it: the weight meets one factor first."""
    square = (1.0 - decay) * value
    square *= value
    square += decay * squares
    return square


def running_moments(mean: Any, squares: Any, value: Any, beta1: float, beta2: float) -> tuple[Any, Any]:
    """`running_mean` with beta1 and `running_square` with beta2, to the same bits, in one call."""
    weight, difference, square = 1.0 - beta1, value - mean, (1.0 - beta2) * value
    square *= value
    square += beta2 * squares
    if weight < 0.5:
        difference *= weight
        difference += mean
        return difference, square
    difference *= beta1
    return value - difference, square


def divisor(rate: Any) -> Any:
    """The learning rate of a step, or 1 where it is 0, at which nothing moves whatever the direction."""
    if type(rate) is np.ndarray:
        return rate if rate.all() else np.where(rate == 0.0, rate.dtype.type(1.0), rate)
    return rate or 1.0


def mean_formula(name: str, before: Point, after: Point, decay: float, value: tuple[str, Point]) -> Formula:
    """The update of the running mean of that name (``m``) by a value with its symbol."""
    parts = (decay, (f"{name}_{{}}", before), 1.0 - decay, value)
    return Formula(f"{name}_{{}} ←", after, "{}·{} + {}·{}", parts)


def square_formula(name: str, before: Point, after: Point, decay: float, value: tuple[str, Point]) -> Formula:
    """The update of the running mean of squares of that name (``s``) by a value with its symbol."""
    return mean_formula(name, before, after, decay, squared(value))


def squared(value: tuple[str, Point]) -> tuple[str, Point]:
    """The square of a value with its symbol."""
    symbol, numbers = value
    return f"({symbol})²" if "/" in symbol else f"{symbol}²", numbers * numbers


def corrected_formula(name: str, mean: Point, correction: float, corrected: Point) -> Formula:
    """The bias correction of the running mean of that name: its quotient by 1 - decay^steps."""
    parts = ((f"{name}_{{}}", mean), correction)
    return Formula(f"{CORRECTED[name]} =", corrected, "{} / {}", parts, is_direction=name == "m")
