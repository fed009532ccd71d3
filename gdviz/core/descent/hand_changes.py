"""Changes of the learning rate made by hand: a schedule that has them on top of another one."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from operator import attrgetter, itemgetter
from typing import Any

from gdviz.core.descent.schedules import Schedule, check_learning_rate, make_schedule
from gdviz.core.errors import InputError

MAX_CHANGES = 10_000


@dataclass(frozen=True)
class PiecewiseConstant(Schedule):
    """Another schedule with changes made by hand: pairs of a step and the rate from there on, in the order of steps."""

    before: Schedule
    changes: tuple[tuple[int, float], ...]

    def __post_init__(self) -> None:
        """Raise InputError for too many changes, a rate that is not finite, a step below zero or steps out of order."""
        if len(self.changes) > MAX_CHANGES:
            raise InputError(f"schedule.changes: {len(self.changes):,} are too many; take {MAX_CHANGES:,} at most")
        last = -1
        for step, learning_rate in self.changes:
            check_learning_rate(learning_rate)
            if step < 0:
                raise InputError(f"schedule.changes: {step} is no step; take 0 or more")
            if step <= last:
                raise InputError(f"schedule.changes: step {step} comes after step {last}; put them in order, each once")
            last = step

    def __call__(self, step: int) -> float:
        """The rate of the last change up to the step; the earlier schedule's where there is none."""
        place = bisect_right(self.changes, step, key=itemgetter(0))
        return self.changes[place - 1][1] if place else self.before(step)

    @property
    def key_rates(self) -> tuple[float, ...]:
        """Those of the earlier schedule, and each change."""
        return (*self.before.key_rates, *(rate for _, rate in self.changes))

    def follow(self, step: int, loss: Any, state: Any) -> tuple[Any, Any]:
        """The earlier schedule's until the first change; that one goes on seeing the losses."""
        rate, following = self.before.follow(step, loss, state)
        place = bisect_right(self.changes, step, key=itemgetter(0))
        return self.changes[place - 1][1] if place else rate, following


_PROPERTIES = ("varies", "is_planned", "sets_momentum", "title_prefix", "base_rate", "first_rate")
# All but the rates is the earlier schedule's, the first rate too: a change at the start would be a schedule of its own.
for _name in (*_PROPERTIES, "with_rate", "init", "momentum"):
    setattr(PiecewiseConstant, _name, property(attrgetter(f"before.{_name}")))


def changed_from(schedule: Schedule, step: int, learning_rate: float) -> Schedule:
    """The schedule with one rate from ``step`` on; a change at that step or later is replaced, not stacked.

    At step 0 it is the schedule's own. InputError in the middle of a range test.
    """
    if step == 0:
        return schedule.with_rate(learning_rate)
    if schedule.sweeps:
        raise InputError("schedule.changes: a range test changes the rate by itself; leave the changes out")
    before, made = changes(schedule)
    return PiecewiseConstant(before, (*made[: bisect_left(made, step, key=itemgetter(0))], (step, learning_rate)))


def until(schedule: Schedule, last_step: int) -> Schedule:
    """The schedule without the changes after the last step of a run, which it never reaches."""
    before, made = changes(schedule)
    kept = made[: bisect_right(made, last_step, key=itemgetter(0))]
    if kept == made:
        return schedule
    return PiecewiseConstant(before, kept) if kept else before


def changes(schedule: Schedule) -> tuple[Schedule, tuple[tuple[int, float], ...]]:
    """The schedule beneath all changes made by hand, and these changes in the order of their steps."""
    if isinstance(schedule, PiecewiseConstant):
        return schedule.before, schedule.changes
    return schedule, ()


def with_settings(
    schedule: Schedule, name: str, settings: Mapping[str, Any], learning_rate: float | None = None
) -> Schedule:
    """The schedule of that name with these settings, at the rate of the one before where none is given.

    It keeps the changes made by hand where it is of the same kind and no rate is given. InputError as `make_schedule`.
    """
    before, made = changes(schedule)
    after = make_schedule(name, before.base_rate if learning_rate is None else learning_rate, settings)
    return PiecewiseConstant(after, made) if made and learning_rate is None and type(after) is type(before) else after
