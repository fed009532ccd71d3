"""Cyclical rates and the one-cycle policy, both of which may move the momentum the other way.

``learning_rate`` is the highest rate, PyTorch's ``max_lr``, in both. The lowest is learning_rate/div_factor, as in
OneCycleLR, so that the slider moves the whole curve; CyclicLR gives it as ``base_lr``. Where PyTorch has words for a
variant (``mode``, ``anneal_strategy``) there is a switch.
"""

import math
from typing import ClassVar

from gdviz.core.descent.schedules.base import (
    Schedule,
    check_decay,
    check_learning_rate,
    check_steps,
    check_within,
)
from gdviz.core.errors import InputError
from gdviz.core.frozen import frozen


def _check_cycle(schedule: "Cyclic | OneCycle") -> None:
    """Raise InputError for a rate that is not finite, a factor below 1 or a momentum out of range."""
    check_learning_rate(schedule.learning_rate)
    check_within("div_factor", schedule.div_factor, 1.0, math.inf, "1 or more")
    for name in ("base_momentum", "max_momentum"):
        check_within(name, getattr(schedule, name), 0.0, math.nextafter(1.0, 0.0), "0 or more, below 1")


@frozen
class Cyclic(Schedule):
    """Up and down in straight lines between learning_rate/div_factor and learning_rate, again and again.

    step_size_up, step_size_down: the steps of either way. triangular2: each cycle is half as high as the one before.
    gamma: below 1 the height is multiplied by it at every step ("exp_range"). cycle_momentum: the momentum goes from
    ``max_momentum`` down to ``base_momentum`` and back; on for a rule that has a momentum, if not given.
    Source: torch.optim.lr_scheduler.CyclicLR, with its default momenta; Smith, WACV (2017), whose base rate is a third
    or a quarter of the highest.
    """

    name: ClassVar[str] = "cyclic"
    title: ClassVar[str] = "Cyclic"

    learning_rate: float = 0.1
    div_factor: float = 4.0
    step_size_up: int = 25
    step_size_down: int = 25
    triangular2: bool = False
    gamma: float = 1.0
    cycle_momentum: bool = False
    base_momentum: float = 0.8
    max_momentum: float = 0.9

    def __post_init__(self) -> None:
        """Raise InputError for a value out of range."""
        _check_cycle(self)
        check_steps("step_size_up", self.step_size_up)
        check_steps("step_size_down", self.step_size_down)
        check_decay("gamma", self.gamma)

    @property
    def sets_momentum(self) -> bool:  # type: ignore[override]
        """Whether the momentum cycles too."""
        return self.cycle_momentum

    @property
    def key_rates(self) -> tuple[float, ...]:
        """Both ends."""
        return (self.learning_rate / self.div_factor, self.learning_rate)

    def __call__(self, step: int) -> float:
        """The rate at a step."""
        low = self.learning_rate / self.div_factor
        return low + (self.learning_rate - low) * self._height(step)

    def momentum(self, step: int) -> float:
        """The momentum at a step: the lower, the higher the rate."""
        return self.max_momentum - (self.max_momentum - self.base_momentum) * self._height(step)

    def _height(self, step: int) -> float:
        """From 0 at the lowest rate to 1 at the highest, with what shrinks the cycles."""
        cycle, place = divmod(step, self.step_size_up + self.step_size_down)
        up = place / self.step_size_up
        height = up if up <= 1.0 else (self.step_size_up + self.step_size_down - place) / self.step_size_down
        return height * math.pow(self.gamma, step) * (math.pow(0.5, cycle) if self.triangular2 else 1.0)


@frozen
class OneCycle(Schedule):
    """Once up from learning_rate/div_factor to learning_rate, and down to a fraction of the first rate.

    total_steps: where it ends; the run's number of steps if not given. The rate of that step, after which no update
    follows, is the one before. pct_start: the part of the steps that go up, 0.3 for 30 %. linear: in straight lines
    instead of along a cosine (``anneal_strategy``). final_div_factor: the first rate over the last. three_phase: first
    down to the first rate, in as many steps as up. cycle_momentum: from ``max_momentum`` down to ``base_momentum`` and
    back; on for a rule that has a momentum, if not given.
    Source: torch.optim.lr_scheduler.OneCycleLR, with its defaults; Smith and Topin, "Super-convergence" (2017).
    """

    name: ClassVar[str] = "one-cycle"
    title: ClassVar[str] = "One-cycle"

    learning_rate: float = 0.1
    total_steps: int = 200
    pct_start: float = 0.3
    linear: bool = False
    div_factor: float = 25.0
    final_div_factor: float = 1e4
    three_phase: bool = False
    cycle_momentum: bool = False
    base_momentum: float = 0.85
    max_momentum: float = 0.95

    def __post_init__(self) -> None:
        """Raise InputError for a value out of range, or a rise that takes no whole step."""
        _check_cycle(self)
        check_steps("total_steps", self.total_steps)
        check_within("final_div_factor", self.final_div_factor, 1.0, math.inf, "1 or more")
        check_within("pct_start", self.pct_start, 0.0, 1.0, "a part from 0 to 1, such as 0.3")
        if not self.pct_start * self.total_steps > 1.0:
            rise = f"{self.pct_start:g} of {self.total_steps:,} steps is no whole step up"
            larger = f"more than {1.0 / self.total_steps:.3g}, or " if self.total_steps > 1 else ""
            raise InputError(f"schedule.pct_start: {rise}; use {larger}more steps")

    @property
    def sets_momentum(self) -> bool:  # type: ignore[override]
        """Whether the momentum cycles too."""
        return self.cycle_momentum

    @property
    def last_step(self) -> int:
        """The end of the cycle."""
        return self.total_steps

    @property
    def key_rates(self) -> tuple[float, ...]:
        """The first rate, the highest and the last."""
        first = self.learning_rate / self.div_factor
        return (first, self.learning_rate, first / self.final_div_factor)

    def __call__(self, step: int) -> float:
        """The rate at a step."""
        first, highest, last = self.key_rates
        down = (first, last) if self.three_phase else (last,)
        return self._along((first, highest, *down), step)

    def momentum(self, step: int) -> float:
        """The momentum at a step: the lower, the higher the rate."""
        high, low = self.max_momentum, self.base_momentum
        return self._along((high, low, high, high) if self.three_phase else (high, low, high), step)

    def _along(self, corners: tuple[float, ...], step: int) -> float:
        """The value at a step, of a curve with these values at the ends of its phases."""
        up, last = self.pct_start * self.total_steps - 1.0, self.total_steps - 1
        ends = (0.0, up, 2.0 * up, last) if self.three_phase else (0.0, up, last)
        step = min(step, last)
        phase = next(number for number, end in enumerate(ends) if number and (step <= end or number == len(ends) - 1))
        before, after = corners[phase - 1 : phase + 1]
        part = (step - ends[phase - 1]) / (ends[phase] - ends[phase - 1])
        if self.linear:
            return before + (after - before) * part
        return after + (before - after) / 2.0 * (1.0 + math.cos(math.pi * part))
