"""The settings of update rules and schedules: the fields of their dataclasses, with types and defaults."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, get_type_hints

from gdviz.core.errors import InputError


@dataclass(frozen=True)
class Setting:
    """The type (float, int or bool) and default of a setting."""

    kind: type[Any]
    default: Any


def settings_of_kind(what: str, kinds: Mapping[str, type[Any]], name: str) -> dict[str, Setting]:
    """The settings of the class of that name; ``what`` is "optimizer" or "schedule". InputError for an unknown name."""
    if name not in kinds:
        raise InputError(f"{what}: there is no {name!r}; use one of {', '.join(kinds)}")
    types = get_type_hints(kinds[name])
    return {field.name: Setting(types[field.name], field.default) for field in fields(kinds[name])}


def validated(what: str, name: str, known: Mapping[str, Setting], given: Mapping[str, Any]) -> dict[str, Any]:
    """The given settings, converted; InputError for an unknown one, or a value of the wrong type or not finite."""
    for key in given:
        if key not in known:
            possible = f"it has {', '.join(known) or 'none'}"
            raise InputError(f"{what}.{key}: {name} has no such setting; {possible}")
    return {key: _validated(f"{what}.{key}", value, known[key]) for key, value in given.items()}


def _validated(place: str, value: Any, setting: Setting) -> Any:
    if setting.kind is bool:
        if not isinstance(value, bool):
            raise InputError(f"{place}: {value!r} is neither true nor false; use one of them")
        return value
    wanted = "a whole number" if setting.kind is int else "a finite number"
    is_finite = isinstance(value, int) or (isinstance(value, float) and math.isfinite(value))
    if isinstance(value, bool) or not is_finite or (setting.kind is int and value != int(value)):
        raise InputError(f"{place}: {value!r} is not {wanted}; use one such as {setting.default}")
    return setting.kind(value)
