"""Schedules: the learning rate of every step, known beforehand or found from the losses so far."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, ClassVar

import numpy as np

from gdviz.core.descent.settings import Setting, checked, settings_of_kind
from gdviz.core.errors import InputError
from gdviz.core.precision import Precision

MAX_RATES, MAX_FRESH_STEPS = 10_000, 99  # of a range test; together they make no more rows than a run may have
RATE = "learning_rate"  # the setting of a schedule that is its learning rate


class Schedule:
    """What a schedule says of itself; a further one is a frozen dataclass derived from this.

    Its fields are its settings: float, int or bool, each with a default. One called ``learning_rate`` is the rate that
    the slider and ``--learning-rate`` set; what it makes of it is up to the schedule.

    One that knows its rates beforehand is called with the number of a step. One that has to see the losses says so with
    `is_planned`, and has `first_rate`, `init` and `follow` instead. The momentum, where it sets that too, follows from
    the step alone.
    """

    name: ClassVar[str]
    """The name on the command line and in files."""
    title: ClassVar[str]
    """The name on the screen."""
    sweeps: ClassVar[bool] = False
    """Whether it tries one rate after the other, and its losses are shown against the rates: a mode, not a run.

    It is not offered as a schedule, cannot be compared with runs, and has as many steps as its rates take.
    """
    varies: ClassVar[bool] = True
    """Whether the rate changes by itself; changes made by hand do not count."""
    is_planned: ClassVar[bool] = True
    """Whether the rate of every step is known beforehand."""
    sets_momentum: ClassVar[bool] = False
    """Whether the momentum of the rule is that of `momentum` and not its own."""

    @property
    def constant_rate(self) -> float | None:
        """The one rate of all steps; None where there may be several."""
        return None if self.varies else vars(self).get(RATE)

    @property
    def base_rate(self) -> float:
        """What is set as its learning rate; the first one where it has no such setting."""
        rate = vars(self).get(RATE)
        return self.first_rate if rate is None else float(rate)

    def with_rate(self, learning_rate: float) -> "Schedule":
        """The schedule with this as its learning rate; a constant rate where it has no such setting."""
        return replace(self, learning_rate=learning_rate) if RATE in vars(self) else Constant(learning_rate)  # type: ignore[type-var]

    @property
    def title_prefix(self) -> str:
        """What stands before the problem in a title; nothing for a constant rate, the usual one."""
        return f"{self.title}: " if self.varies else ""

    def counter(self, step: int, steps: int) -> str:
        """Where a run of so many steps is at that step, in words."""
        return f"step {step:,} / {steps:,}"

    @property
    def restart_every(self) -> int:
        """After how many rows the run begins at its start again, as if it were a new one; 0 for never."""
        return 0

    @property
    def last_step(self) -> int | None:
        """The last step for which it has a rate; None where it has one for every step."""
        return None

    @property
    def first_rate(self) -> float:
        """The learning rate at the start."""
        return self(0)

    def __call__(self, step: int) -> float:
        """The learning rate at step ``step`` (0 is the start) of a schedule that knows it beforehand."""
        raise NotImplementedError(f"{self.name}: the rate of a step is not known beforehand")

    @property
    def key_rates(self) -> tuple[float, ...]:
        """The rates that the precision of a run has to hold: the first one, and the largest and smallest there are."""
        return (self.first_rate,)

    def check(self, precision: Precision) -> None:
        """Raise InputError where that precision cannot tell rates apart that have to differ."""

    def init(self) -> Any:
        """The state before the first step; None for a schedule that keeps none."""
        return None

    def follow(self, step: int, loss: Any, state: Any) -> tuple[Any, Any]:
        """The learning rate at the point of a step, where the loss is ``loss``, and the next state.

        loss: a number, or of shape (n,) where n runs go side by side; the rate has the same shape, or is one for all.
        """
        return self(step), state

    def momentum(self, step: int) -> float:
        """The momentum at step ``step`` of a schedule that sets it."""
        raise NotImplementedError(f"{self.name}: this schedule sets no momentum")


def check_learning_rate(value: float) -> float:
    """The value itself if it is finite (0 and negative ones are possible); else InputError."""
    if not math.isfinite(value):
        raise InputError(f"learning_rate: {value} is not a finite number; take one such as 0.1")
    return value


@dataclass(frozen=True)
class Constant(Schedule):
    """The same learning rate at every step."""

    name: ClassVar[str] = "constant"
    title: ClassVar[str] = "Constant"
    varies: ClassVar[bool] = False

    learning_rate: float

    def __post_init__(self) -> None:
        """Raise InputError for a rate that is not finite."""
        check_learning_rate(self.learning_rate)

    def __call__(self, step: int) -> float:
        """The one rate."""
        return self.learning_rate


@dataclass(frozen=True)
class RangeTest(Schedule):
    """A rate that grows geometrically from ``start`` towards ``end``: the learning-rate range test.

    rate_k = start (end/start)^(k/number) for k = 0 to number - 1, as in fast.ai; ``end`` itself is never reached.
    fresh_steps: 0 for one step at each rate on one moving point; else the steps at each rate, each time from the start
    of the run. smoothed: whether the shown loss is smoothed as in fast.ai. stops: whether it ends where the shown loss
    exceeds four times the best so far (see `gdviz.core.analysis.range_test`).

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

    def __post_init__(self) -> None:
        """Raise InputError for rates that do not grow, fewer than two of them, or too many steps."""
        for name, value in (("start", self.start), ("end", self.end)):
            if not (math.isfinite(value) and value > 0):
                raise InputError(f"range test: {name} {value:g} is not possible; take a rate above 0, such as 0.0001")
        if not self.end > self.start:
            raise InputError(f"range test: the end {self.end:g} is not above the start {self.start:g}; make it larger")
        if not math.isfinite(self.end / self.start):
            raise InputError(f"range test: {self.start:g} to {self.end:g} is too far; take a start nearer to the end")
        if not 2 <= self.number <= MAX_RATES:
            raise InputError(f"range test: {self.number} rates are not possible; take 2 to {MAX_RATES:,}")
        if not 0 <= self.fresh_steps <= MAX_FRESH_STEPS:
            raise InputError(
                f"range test: {self.fresh_steps} fresh steps are not possible; take 0 to {MAX_FRESH_STEPS}"
            )

    def counter(self, step: int, steps: int) -> str:
        """Which of the rates is tried."""
        return f"rate {min(step // self.rows_per_rate + 1, self.number):,} / {self.number:,}"

    @property
    def rows_per_rate(self) -> int:
        """How many rows of the recording belong to each rate: with fresh steps, that of the start too."""
        return self.fresh_steps + 1

    @property
    def restart_every(self) -> int:
        """With fresh steps, every rate has a run of its own."""
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
        """Raise InputError where two of its rates are the same in that precision."""
        with np.errstate(over="ignore"):
            tried = np.array([self.rate(index) for index in range(self.number)]).astype(precision.dtype)
        if not (np.diff(tried) > 0.0).all():
            many = f"{self.number:,} rates from {self.start} to {self.end}"
            raise InputError(f"range test: {many} are not all different in {precision}; take fewer, or a higher end")

    def rate(self, index: int) -> float:
        """The rate with that index, from 0 to ``number`` - 1."""
        return self.start * math.pow(self.end / self.start, index / self.number)

    def __call__(self, step: int) -> float:
        """The rate of that row of the recording."""
        return self.rate(step // self.rows_per_rate)


SCHEDULES: dict[str, type[Schedule]] = {kind.name: kind for kind in (Constant, RangeTest)}
"""A further schedule is one dataclass and one line here; its fields are its settings everywhere."""


def offered_schedules() -> dict[str, type[Schedule]]:
    """The schedules that a run may be given, by their names."""
    return {name: kind for name, kind in SCHEDULES.items() if not kind.sweeps}


def schedule_settings(name: str) -> dict[str, Setting]:
    """The settings of the schedule of that name, but for its learning rate; InputError for an unknown name."""
    known = settings_of_kind("schedule", SCHEDULES, name)
    return {key: setting for key, setting in known.items() if key != RATE}


def settings_of(kind: object) -> dict[str, Any]:
    """The values of the settings of a schedule, but for its learning rate, or of an optimizer."""
    return {key: value for key, value in vars(kind).items() if key != RATE}


def has_rate(name: str) -> bool:
    """Whether the schedule of that name has a learning rate that can be set."""
    return any(field.name == RATE for field in fields(SCHEDULES[name]))  # type: ignore[arg-type]


def make_schedule(name: str, learning_rate: float, settings: Mapping[str, Any]) -> Schedule:
    """The schedule of that name, with that rate where it has such a setting, and these other settings.

    InputError for an unknown name or setting, or a value out of range or of another type.
    """
    values = checked("schedule", name, schedule_settings(name), settings)
    return SCHEDULES[name](**values, **({RATE: check_learning_rate(learning_rate)} if has_rate(name) else {}))
