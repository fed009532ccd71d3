"""The learning-rate range test: one rate after another, as a schedule."""

import math
from typing import ClassVar

import numpy as np

from gdviz.core.descent.schedules.base import Schedule
from gdviz.core.errors import InputError
from gdviz.core.frozen import frozen
from gdviz.core.precision import Precision

MAX_RATES, MAX_FRESH_STEPS = 10_000, 99  # of a range test; together no more rows than a run may have


@frozen
class RangeTest(Schedule):
    """The learning-rate range test: a rate that grows geometrically from ``start`` towards ``end``.

    rate_k = start (end/start)^(k/number) for k = 0 to number - 1, as in fast.ai; ``end`` itself is never reached.
    fresh_steps: 0 for one step per rate along a single run; otherwise the steps per rate, each time restarting from the
    start. smoothed: whether the shown loss is smoothed as in fast.ai. stops: whether the test ends when the shown loss
    exceeds four times the best so far (see `gdviz.core.analysis.range_test`). fastai_rules: whether rates are suggested
    by fast.ai's own rules, even where the loss does not fall (see `gdviz.core.analysis.suggestions`).

    The default rates are the lecture's; those that fit a problem are in `gdviz.core.analysis.default_rates`.

    Source: Smith, "Cyclical Learning Rates for Training Neural Networks", WACV (2017), section 3.3.
    """

    name: ClassVar[str] = "range-test"
    title: ClassVar[str] = "Range test"
    sweeps: ClassVar[bool] = True

    start: float = 1e-4
    end: float = 10.0
    number: int = 200
    fresh_steps: int = 0
    smoothed: bool = False
    stops: bool = True
    fastai_rules: bool = False

    def __post_init__(self) -> None:
        """Raise InputError for rates that do not grow, fewer than two rates, or too many steps."""
        for name, value in (("start", self.start), ("end", self.end)):
            if not (math.isfinite(value) and value > 0):
                raise InputError(f"range test: {name} {value:g} is not possible; use a rate above 0, such as 0.0001")
        if not self.end > self.start:
            raise InputError(f"range test: the end {self.end:g} is not above the start {self.start:g}; make it larger")
        if not math.isfinite(self.end / self.start):
            raise InputError(f"range test: {self.start:g} to {self.end:g} is too wide; use a start closer to the end")
        if not 2 <= self.number <= MAX_RATES:
            raise InputError(f"range test: {self.number} rates are not possible; use 2 to {MAX_RATES:,}")
        if not 0 <= self.fresh_steps <= MAX_FRESH_STEPS:
            raise InputError(f"range test: {self.fresh_steps} fresh steps are not possible; use 0 to {MAX_FRESH_STEPS}")

    def counter(self, step: int, steps: int) -> str:
        """The number of the rate being tried."""
        return f"rate {min(step // self.rows_per_rate + 1, self.number):,} / {self.number:,}"

    @property
    def rows_per_rate(self) -> int:
        """How many rows of the recording belong to each rate; with fresh steps this includes the start."""
        return self.fresh_steps + 1

    @property
    def restart_every(self) -> int:
        """With fresh steps, every rate has its own run."""
        return self.rows_per_rate if self.fresh_steps else 0

    @property
    def last_step(self) -> int:
        """The last step of the whole sweep."""
        return self.number * self.rows_per_rate - 1

    @property
    def key_rates(self) -> tuple[float, ...]:
        """Both ends."""
        return (self.start, self.end)

    def check(self, precision: Precision) -> None:
        """Raise InputError if two rates are equal in that precision."""
        with np.errstate(over="ignore"):
            rates = np.array([self.rate(index) for index in range(self.number)]).astype(precision.dtype)
        if not (np.diff(rates) > 0.0).all():
            many = f"{self.number:,} rates from {self.start} to {self.end}"
            raise InputError(f"range test: {many} are not all different in {precision}; use fewer, or a higher end")

    def rate(self, index: int) -> float:
        """The rate with index 0 to ``number`` - 1."""
        return self.start * math.pow(self.end / self.start, index / self.number)

    def __call__(self, step: int) -> float:
        """The rate at that row of the recording."""
        return self.rate(step // self.rows_per_rate)
