"""The base class of schedules, the constant one, and the checks of settings that several share."""

import math
from dataclasses import replace
from typing import Any, ClassVar

from gdviz.core.errors import InputError
from gdviz.core.frozen import frozen
from gdviz.core.precision import Precision

RATE = "learning_rate"  # the field that holds the learning rate


class Schedule:
    """Base class of schedules, which are frozen dataclasses.

    The fields are the settings, of the types in `gdviz.core.descent.settings`, each with a default. One named
    ``learning_rate`` is what the slider and ``--learning-rate`` set; its meaning is up to the schedule.

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

    @property
    def handles(self) -> tuple[tuple[int, float], ...]:
        """The steps and rates of the points by which the curve of the rates can be dragged, in increasing steps."""
        return ()

    def with_handle(self, index: int, step: int, rate: float) -> "Schedule":
        """The schedule with one of its handles elsewhere, but at most as near as one step to its neighbours."""
        raise NotImplementedError(f"{self.name}: this schedule has no handles")

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


@frozen
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


def check_steps(name: str, value: int) -> None:
    """Raise InputError unless a setting that counts steps is 1 or more."""
    if value < 1:
        raise InputError(f"schedule.{name}: {value} is not possible; use 1 or more steps")


def check_count(name: str, value: int) -> None:
    """Raise InputError for a number of steps below 0."""
    if value < 0:
        raise InputError(f"schedule.{name}: {value} is not possible; use 0 or more steps")


def check_within(name: str, value: float, low: float, high: float, what: str) -> None:
    """Raise InputError unless low <= value <= high; ``what``: the possible values, in words."""
    if not low <= value <= high:
        raise InputError(f"schedule.{name}: {value:g} is not possible; use {what}")


def check_decay(name: str, value: float) -> None:
    """Raise InputError for a factor that does not shrink a rate, or makes it 0."""
    check_within(name, value, math.ulp(0.0), 1.0, "a factor above 0 and up to 1, such as 0.5")


def check_not_negative(name: str, value: float) -> None:
    """Raise InputError for a negative number."""
    check_within(name, value, 0.0, math.inf, "0 or more")
