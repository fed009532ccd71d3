"""The running means that adaptive rules keep of gradients and their squares, computed as PyTorch does, in symbols too.

The order of operations decides at which step single precision overflows.
"""

import numpy as np

from gdviz.core.descent.optimizers.base import Formula
from gdviz.core.problems.problem import Point

CORRECTED = {
    name: f"{with_hat}_{{}}" for name, with_hat in (("m", "m\N{COMBINING CIRCUMFLEX ACCENT}"), ("s", "ŝ"), ("u", "û"))
}
"""The symbols of means after the correction of their bias."""


def running_mean(mean: Point, value: Point, decay: float) -> Point:
    """decay * mean + (1 - decay) * value, as Tensor.lerp_ computes it (ATen/native/Lerp.h)."""
    weight = 1.0 - decay
    if weight < 0.5:
        return np.asarray(mean + weight * (value - mean))
    return np.asarray(value - decay * (value - mean))


def running_square(squares: Point, value: Point, decay: float) -> Point:
    """decay * squares + (1 - decay) * value^2, as Tensor.addcmul_ computes it: the weight meets one factor first."""
    return np.asarray(decay * squares + (1.0 - decay) * value * value)


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
    return Formula(f"{CORRECTED[name]} =", corrected, "{} / {}", ((f"{name}_{{}}", mean), correction))
