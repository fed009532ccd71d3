"""The settings of update rules and schedules: the fields of their dataclasses, with types and defaults."""

import math
import sys
from collections.abc import Hashable, Mapping
from dataclasses import fields
from datetime import date, time
from functools import cache
from typing import Any, get_type_hints

from gdviz.core.errors import InputError
from gdviz.core.frozen import frozen

STEPS = tuple[int, ...]
POINTS = tuple[tuple[int, float], ...]
SEQUENCES: tuple[Any, ...] = (STEPS, POINTS)
"""The types of settings that are sequences: of steps, and of pairs of a step and a number."""
LARGEST_WHOLE = 1_000_000_000
"""The largest whole number that a setting can be: more than any run has steps, and no less exact as a decimal one."""


@frozen
class Setting:
    """The type (float, int, bool or one of `SEQUENCES`) and default of a setting.

    words: what the default is, where it depends on the run; else empty. needs: the setting without which it has no
    effect; empty for none.
    """

    kind: Any
    default: Any
    words: str = ""
    needs: str = ""

    @property
    def default_text(self) -> str:
        """The default, as one would write it."""
        if self.words:
            return self.words
        if self.kind is bool:
            return "on" if self.default else "off"
        return f"{self.default:g}" if self.kind is float else text_of(self.default)


def text_of(value: Any) -> str:
    """A value as it is typed: ``0.5``, ``50,100``, and ``0:0.1,50:0.01`` for pairs."""
    if isinstance(value, tuple):
        return ",".join(":".join(map(text_of, item)) if isinstance(item, tuple) else text_of(item) for item in value)
    return f"{value:g}" if isinstance(value, float) and float(f"{value:g}") == value else str(value)


def sequence_from(text: str, kind: Any) -> tuple[Any, ...]:
    """The inverse of `text_of` for one of `SEQUENCES`; ValueError for anything else. Spaces are allowed."""
    items = text.split(",")
    if kind == STEPS:
        return tuple(int(item) for item in items)
    pairs = [item.split(":") for item in items]
    return tuple((int(step), float(value)) for step, value in pairs)


def settings_of_kind(what: str, kinds: Mapping[str, type[Any]], name: str) -> dict[str, Setting]:
    """The settings of the class of that name; ``what`` is "optimizer" or "schedule". InputError for an unknown name."""
    if name not in kinds:
        raise InputError(f"{what}: there is no {name!r}; use one of {', '.join(kinds)}")
    kind: Any = kinds[name]
    types = _type_hints(kind)
    return {field.name: Setting(types[field.name], field.default) for field in fields(kind)}


@cache
def _type_hints(kind: Hashable) -> dict[str, Any]:
    """Those of a class; to find them is slow, and the fields of the window ask at every frame."""
    return get_type_hints(kind)


def validated(what: str, name: str, known: Mapping[str, Setting], given: Mapping[str, Any]) -> dict[str, Any]:
    """The given settings, converted; InputError for an unknown one, or a value of the wrong type or not finite."""
    for key in given:
        if key not in known:
            possible = f"it has {', '.join(known) or 'none'}"
            raise InputError(f"{what}.{key}: {name} has no such setting; {possible}")
    return {key: _validated(f"{what}.{key}", value, known[key]) for key, value in given.items()}


def in_words(value: object) -> str:
    """A value of a wrong type, as a message names it."""
    if isinstance(value, dict | list):
        return "a table" if isinstance(value, dict) else "a list"
    return str(value) if isinstance(value, date | time) else repr(value)


def _validated(place: str, value: Any, setting: Setting) -> Any:
    if setting.kind in SEQUENCES:
        return _sequence(place, value, setting)
    if setting.kind is bool:
        if not isinstance(value, bool):
            raise InputError(f"{place}: {in_words(value)} is neither true nor false; use one of them")
        return value
    wanted = "a whole number" if setting.kind is int else "a finite number"
    is_finite = isinstance(value, int) or (isinstance(value, float) and math.isfinite(value))
    if isinstance(value, bool) or not is_finite or (setting.kind is int and value != int(value)):
        raise InputError(f"{place}: {in_words(value)} is not {wanted}; use one such as {setting.default}")
    largest, words = (LARGEST_WHOLE, f"{LARGEST_WHOLE:,}") if setting.kind is int else (sys.float_info.max, "1.8e308")
    if abs(value) > largest:
        raise InputError(f"{place}: this number is too large; use one up to {words}")
    return setting.kind(value)


def _sequence(place: str, value: Any, setting: Setting) -> tuple[Any, ...]:
    """The items, each of them a step, or a step and a number."""
    of_pairs = setting.kind == POINTS
    what = "pairs of a step and a number" if of_pairs else "steps"
    if not isinstance(value, list | tuple):
        raise InputError(
            f"{place}: {in_words(value)} is not a list of {what}; use one such as {text_of(setting.default)}"
        )
    step, number = Setting(int, 50), Setting(float, 0.1)
    if not of_pairs:
        return tuple(_validated(place, item, step) for item in value)
    for item in value:
        if not (isinstance(item, list | tuple) and len(item) == 2):
            raise InputError(f"{place}: {in_words(item)} is not a step and a number; use one such as (50, 0.1)")
    return tuple((_validated(place, at, step), _validated(place, rate, number)) for at, rate in value)
