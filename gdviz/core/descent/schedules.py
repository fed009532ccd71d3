"""Schedules: the learning rate of every step, predetermined or computed from the losses so far."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, ClassVar

import numpy as np

from gdviz.core.descent.settings import Setting, settings_of_kind, validated
from gdviz.core.errors import InputError
from gdviz.core.precision import Precision

MAX_RATES, MAX_FRESH_STEPS = 10_000, 99  # of a range test; together no more rows than a run may have
RATE = "learning_rate"  # the field that holds the learning rate


class Schedule:
    """Base class of schedules, which are frozen dataclasses.

    The fields are the settings: float, int or bool, each with a default. One named ``learning_rate`` is what the slider
    and ``--learning-rate`` set; its meaning is up to the schedule.

    A predetermined schedule is called with the number of a step. One that has to see the losses sets `is_predetermined`
    to False and defines `first_rate`, `init` and `update` instead. A momentum, if set, depends on the step only.
    """

    name: ClassVar[str]
    """The name on the command line and in files."""
    title: ClassVar[str]
    """The name on the screen."""
    sweeps: ClassVar[bool] = False
    """Whether it tries one rate after another, and its losses are plotted against the rates: a mode, not a run.

    Such a schedule cannot be selected or compared with runs, and its rates determine the number of steps.
    """
    varies: ClassVar[bool] = True
    """Whether the rate changes by itself; manual changes do not count."""
    is_predetermined: ClassVar[bool] = True
    """Whether the rate of every step is known in advance."""
    sets_momentum: ClassVar[bool] = False
    """Whether `momentum` overrides the momentum of the rule."""

    @property
    def constant_rate(self) -> float | None:
        """The rate of all steps; None if it may vary."""
        return None if self.varies else vars(self).get(RATE)

    @property
    def base_rate(self) -> float:
        """The learning-rate setting, or the first rate if there is no such setting."""
        rate = vars(self).get(RATE)
        return self.first_rate if rate is None else float(rate)

    def with_rate(self, learning_rate: float) -> "Schedule":
        """The schedule with this learning rate; a constant one if there is no such setting."""
        return replace(self, learning_rate=learning_rate) if RATE in vars(self) else Constant(learning_rate)  # type: ignore[type-var]

    @property
    def title_prefix(self) -> str:
        """The prefix of a title; empty for a constant rate, the usual case."""
        return f"{self.title}: " if self.varies else ""

    def counter(self, step: int, steps: int) -> str:
        """The label of the progress at a step, out of ``steps``."""
        return f"step {step:,} / {steps:,}"

    @property
    def restart_every(self) -> int:
        """After how many rows the run restarts from its start, as if it were a new one; 0 for never."""
        return 0

    @property
    def last_step(self) -> int | None:
        """The last step that has a rate; None if every step has one."""
        return None

    @property
    def first_rate(self) -> float:
        """The learning rate at the start."""
        return self(0)

    def __call__(self, step: int) -> float:
        """The learning rate at ``step`` (0 is the start) of a predetermined schedule."""
        raise NotImplementedError(f"{self.name}: the rate of a step is not predetermined")

    @property
    def key_rates(self) -> tuple[float, ...]:
        """The rates that the run's precision must be able to represent: the first, the largest and the smallest."""
        return (self.first_rate,)

    def check(self, precision: Precision) -> None:
        """Raise InputError if rates that must differ are equal in that precision."""

    def init(self) -> Any:
        """The initial state; None for a stateless schedule."""
        return None

    def update(self, step: int, loss: Any, state: Any) -> tuple[Any, Any]:
        """Return the learning rate at a step, given the loss there, and the next state.

        loss: a number, or of shape (n,) for n runs side by side; the rate has the same shape, or is one number for all.
        """
        return self(step), state

    def momentum(self, step: int) -> float:
        """The momentum at ``step``, if the schedule sets one."""
        raise NotImplementedError(f"{self.name}: this schedule sets no momentum")


def check_learning_rate(value: float) -> float:
    """Return the value if it is finite (0 and negative values are allowed); else raise InputError."""
    if not math.isfinite(value):
        raise InputError(f"learning_rate: {value} is not a finite number; use one such as 0.1")
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


SCHEDULES: dict[str, type[Schedule]] = {kind.name: kind for kind in (Constant, RangeTest)}
"""A new schedule is one dataclass and one entry here; its fields are its settings everywhere."""


def selectable_schedules() -> dict[str, type[Schedule]]:
    """The schedules that a run can use, by name."""
    return {name: kind for name, kind in SCHEDULES.items() if not kind.sweeps}


def schedule_settings(name: str) -> dict[str, Setting]:
    """The settings of the schedule of that name, except its learning rate; InputError for an unknown name."""
    known = settings_of_kind("schedule", SCHEDULES, name)
    return {key: setting for key, setting in known.items() if key != RATE}


def settings_of(kind: object) -> dict[str, Any]:
    """The values of the settings of an optimizer, or of a schedule except its learning rate."""
    return {key: value for key, value in vars(kind).items() if key != RATE}


def has_learning_rate(name: str) -> bool:
    """Whether the schedule of that name has a learning-rate setting."""
    return any(field.name == RATE for field in fields(SCHEDULES[name]))  # type: ignore[arg-type]


def make_schedule(name: str, learning_rate: float, settings: Mapping[str, Any]) -> Schedule:
    """The schedule of that name with these settings, and with that rate if it has a learning-rate setting.

    InputError for an unknown name or setting, or a value out of range or of the wrong type.
    """
    values = validated("schedule", name, schedule_settings(name), settings)
    return SCHEDULES[name](**values, **({RATE: check_learning_rate(learning_rate)} if has_learning_rate(name) else {}))
