"""The running means that adaptive rules keep of gradients and their squares, computed as PyTorch does, in symbols too.

The order of operations decides at which step single precision overflows. New arrays are changed in place, and constants
are arrays, made once: each takes half the time for two numbers.
"""

from functools import lru_cache
from typing import Any

import numpy as np

from gdviz.core.descent.optimizers.base import Evaluation, Formula
from gdviz.core.problems.problem import Point

CORRECTED = {
    name: f"{with_hat}_{{}}" for name, with_hat in (("m", "m\N{COMBINING CIRCUMFLEX ACCENT}"), ("s", "ŝ"), ("u", "û"))
}
"""The symbols of means after the correction of their bias."""


@lru_cache(maxsize=1024)
def constant(value: float, dtype: np.dtype[Any]) -> Any:
    """The number as an array of shape () in that precision, to which NumPy would round it anyway."""
    return np.array(value, dtype)


def running_mean(mean: Point, value: Point, decay: float) -> Point:
    """decay * mean + (1 - decay) * value, as Tensor.lerp_ computes it (ATen/native/Lerp.h)."""
    weight, difference = 1.0 - decay, value - mean
    if weight < 0.5:
        difference *= constant(weight, difference.dtype)
        difference += mean
        return difference
    difference *= constant(decay, difference.dtype)
    return value - difference


def running_square(squares: Point, value: Point, decay: float) -> Point:
    """decay * squares + (1 - decay) * value^2, as Tensor.addcmul_ computes it: the weight meets one factor first."""
    square: Point = constant(1.0 - decay, value.dtype) * value
    square *= value
    square += constant(decay, squares.dtype) * squares
    return square


def quotient(evaluation: Evaluation, numerator: Point, denominator: Point, factor: float = 1.0) -> Point:
    """factor * numerator / denominator, multiplied by the learning rate first and divided by it last.

    So Tensor.addcdiv_ multiplies: where the rate times the numerator overflows, so does the step, or it is NaN.
    """
    rate = rate_or(1.0, evaluation)
    found: Point = (rate if factor == 1.0 else rate * factor) * numerator
    found /= denominator
    found /= rate
    return found


def rate_or(other: float, evaluation: Evaluation) -> Any:
    """The learning rate of the step, or another number where it is 0, at which nothing moves whatever the direction."""
    rate = evaluation.learning_rate
    if isinstance(rate, np.ndarray):
        return rate if rate.all() else np.where(rate == 0.0, rate.dtype.type(other), rate)
    return rate or other


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
