"""The settings of schedules, taken from their dataclasses: types and defaults, and schedules made of them."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, get_type_hints

from gdviz.core.descent.schedules import RATE, SCHEDULES, Schedule, check_learning_rate
from gdviz.core.errors import InputError


@dataclass(frozen=True)
class Setting:
    """A setting of a schedule besides its learning rate: its type (float, int or bool), and its default."""

    kind: type[Any]
    default: Any


def offered_schedules() -> dict[str, type[Schedule]]:
    """The schedules that a run may be given, by their names."""
    return {name: kind for name, kind in SCHEDULES.items() if not kind.sweeps}


def schedule_settings(name: str) -> dict[str, Setting]:
    """The settings of the schedule of that name, but for its learning rate; InputError for an unknown name."""
    if name not in SCHEDULES:
        raise InputError(f"schedule: there is no {name!r}; take one of {', '.join(SCHEDULES)}")
    return _settings(SCHEDULES[name])


def _settings(kind: Any) -> dict[str, Setting]:
    types = get_type_hints(kind)
    return {one.name: Setting(types[one.name], one.default) for one in fields(kind) if one.name != RATE}


def settings_of(schedule: Schedule) -> dict[str, Any]:
    """The values of a schedule's settings, but for its learning rate."""
    return {key: value for key, value in vars(schedule).items() if key != RATE}


def has_rate(name: str) -> bool:
    """Whether the schedule of that name has a learning rate that can be set."""
    return any(one.name == RATE for one in fields(SCHEDULES[name]))  # type: ignore[arg-type]


def make_schedule(name: str, learning_rate: float, settings: Mapping[str, Any]) -> Schedule:
    """The schedule of that name, with that rate where it has such a setting, and these other settings.

    InputError for an unknown name or setting, or a value out of range or of another type.
    """
    known = schedule_settings(name)
    for key in settings:
        if key not in known:
            possible = f"it knows {', '.join(known)}" if known else "it has none"
            raise InputError(f"schedule.{key}: {name} has no such setting; {possible}")
    values = {key: _checked(f"schedule.{key}", value, known[key]) for key, value in settings.items()}
    return SCHEDULES[name](**values, **({RATE: check_learning_rate(learning_rate)} if has_rate(name) else {}))


def _checked(place: str, value: Any, setting: Setting) -> Any:
    if setting.kind is bool:
        if not isinstance(value, bool):
            raise InputError(f"{place}: {value!r} is neither true nor false; take one of them")
        return value
    wanted = "a whole number" if setting.kind is int else "a finite number"
    is_finite = isinstance(value, int) or (isinstance(value, float) and math.isfinite(value))
    if isinstance(value, bool) or not is_finite or (setting.kind is int and value != int(value)):
        raise InputError(f"{place}: {value!r} is not {wanted}; take one such as {setting.default}")
    return setting.kind(value)
