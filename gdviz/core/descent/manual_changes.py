"""Manual changes of the learning rate, as a schedule on top of another one."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import replace
from operator import attrgetter, itemgetter
from typing import Any

from gdviz.core.descent.schedules import Schedule, check_learning_rate, make_schedule
from gdviz.core.errors import InputError
from gdviz.core.frozen import frozen

MAX_CHANGES = 10_000


@frozen
class PiecewiseConstant(Schedule):
    """A base schedule with manual changes: pairs of a step and the rate from there on, in increasing steps."""

    base: Schedule
    changes: tuple[tuple[int, float], ...]

    def __post_init__(self) -> None:
        """Raise InputError for too many changes, a rate that is not finite, a negative step or steps out of order."""
        if len(self.changes) > MAX_CHANGES:
            raise InputError(f"schedule.changes: {len(self.changes):,} are too many; use {MAX_CHANGES:,} at most")
        last = -1
        for step, learning_rate in self.changes:
            check_learning_rate(learning_rate)
            if step < 0:
                raise InputError(f"schedule.changes: {step} is not a step; use 0 or more")
            if step <= last:
                raise InputError(f"schedule.changes: step {step} comes after step {last}; put them in order, each once")
            last = step

    def __call__(self, step: int) -> float:
        """The rate of the last change up to the step; before the first one, the base schedule's."""
        place = bisect_right(self.changes, step, key=itemgetter(0))
        return self.changes[place - 1][1] if place else self.base(step)

    @property
    def key_rates(self) -> tuple[float, ...]:
        """Those of the base schedule, and each change."""
        return (*self.base.key_rates, *(rate for _, rate in self.changes))

    def update(self, step: int, loss: Any, state: Any) -> tuple[Any, Any]:
        """The base schedule's rate until the first change; its state is updated throughout."""
        rate, following = self.base.update(step, loss, state)
        place = bisect_right(self.changes, step, key=itemgetter(0))
        return self.changes[place - 1][1] if place else rate, following


_PROPERTIES = ("title", "varies", "is_predetermined", "sets_momentum", "base_rate", "first_rate", "last_step")
# Delegated to the base schedule, even the first rate: a change at step 0 would replace the base.
for _name in (*_PROPERTIES, "with_rate", "init", "momentum"):
    setattr(PiecewiseConstant, _name, property(attrgetter(f"base.{_name}")))


def with_rate_from(schedule: Schedule, step: int, learning_rate: float) -> Schedule:
    """The schedule with one rate from ``step`` onwards; changes at that step or later are replaced, not stacked.

    At step 0 the base schedule's own rate is set. InputError in the middle of a range test.
    """
    if step == 0:
        return schedule.with_rate(learning_rate)
    if schedule.sweeps:
        raise InputError("schedule.changes: a range test changes the rate by itself; leave the changes out")
    base, changes = base_and_changes(schedule)
    return PiecewiseConstant(base, (*changes[: bisect_left(changes, step, key=itemgetter(0))], (step, learning_rate)))


def without_changes_after(schedule: Schedule, last_step: int) -> Schedule:
    """The schedule without the changes after the last step of a run."""
    base, changes = base_and_changes(schedule)
    kept = changes[: bisect_right(changes, last_step, key=itemgetter(0))]
    if kept == changes:
        return schedule
    return PiecewiseConstant(base, kept) if kept else base


def without_cycling_momentum(schedule: Schedule) -> Schedule:
    """The schedule whose rate alone cycles, for a rule that has no momentum, if it leaves the choice."""
    if (base := getattr(schedule, "base", None)) is not None:  # beneath manual changes and a warm-up
        return replace(schedule, base=without_cycling_momentum(base))  # type: ignore[type-var]
    if getattr(schedule, "cycle_momentum", False):
        return replace(schedule, cycle_momentum=False)  # type: ignore[type-var]
    return schedule


def base_and_changes(schedule: Schedule) -> tuple[Schedule, tuple[tuple[int, float], ...]]:
    """The schedule beneath all manual changes, and these changes in increasing steps."""
    if isinstance(schedule, PiecewiseConstant):
        return schedule.base, schedule.changes
    return schedule, ()


def with_settings(
    schedule: Schedule, name: str, settings: Mapping[str, Any], learning_rate: float | None = None
) -> Schedule:
    """The schedule of that name with these settings, at ``learning_rate`` or else the rate of ``schedule``.

    Manual changes are kept if it is of the same kind and no rate is given. InputError as in `make_schedule`.
    """
    base, changes = base_and_changes(schedule)
    new = make_schedule(name, base.base_rate if learning_rate is None else learning_rate, settings)
    return PiecewiseConstant(new, changes) if changes and learning_rate is None and new.name == base.name else new
