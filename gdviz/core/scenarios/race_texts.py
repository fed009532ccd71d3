"""Reads from a text what is to race: learning rates, optimizers, schedules or starts; InputError if it is not there."""

import re
from collections.abc import Mapping

from gdviz.core.descent.optimizers import OPTIMIZERS
from gdviz.core.descent.schedules import selectable_schedules
from gdviz.core.errors import InputError

Rule = tuple[str, float | None]
"""The name of an optimizer and its learning rate; None for the one that its range test suggests, or for none at all."""
Start = tuple[float, float]
_POINTS = "a comma separates the values; use decimal points, as in"


def _numbers(text: str, example: str) -> tuple[float, ...]:
    if re.search(r"(^|,)\s*[+-]?0+,\d|;", text):
        raise InputError(f"race: {text!r}: {_POINTS} {example}")
    return tuple(_number(item, example) for item in text.split(","))


def _number(text: str, example: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise InputError(f"race: {text.strip()!r} is not a number; use numbers as in {example}") from None


def read_rates(text: str) -> tuple[float, ...]:
    """Learning rates: "0.01,0.1"."""
    return _numbers(text, "0.01,0.1,0.7")


def read_rules(text: str) -> tuple[Rule, ...]:
    """Optimizers, with a rate or none: "gd:0.1,momentum"."""
    rules = []
    if re.search(r":\s*\d+,\s*\d", text):
        raise InputError(f"race: {text!r}: {_POINTS} gd:0.1,momentum:0.01")
    for name, colon, rate in (item.partition(":") for item in text.split(",")):
        _check_name("optimizer", name.strip(), OPTIMIZERS)
        rules.append((name.strip(), _number(rate, "gd:0.1,momentum:0.01") if colon else None))
    return tuple(rules)


def read_schedules(text: str) -> tuple[str, ...]:
    """Names of schedules: "constant,cosine"."""
    names = tuple(name.strip() for name in text.split(","))
    for name in names:
        _check_name("schedule", name, selectable_schedules())
    return names


def _check_name(what: str, name: str, known: Mapping[str, object]) -> None:
    if name not in known:
        raise InputError(f"race: there is no {what} {name!r}; use some of {', '.join(known)}")


def read_starts(text: str) -> tuple[Start, ...]:
    """Starts: "0,-1;1,2"."""
    example, starts = "0,-1;1,2", []
    for item in text.split(";"):
        values = tuple(_number(value, example) for value in item.split(","))
        if len(values) != 2:
            decimals = ", with decimal points" if len(values) == 4 else ""
            raise InputError(f"race: {item.strip()!r} is no start; use two numbers for each, as in {example}{decimals}")
        starts.append((values[0], values[1]))
    return tuple(starts)
