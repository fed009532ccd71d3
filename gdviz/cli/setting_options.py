"""The options for the settings of optimizers and schedules, by their types and defaults."""

import argparse
from collections.abc import Callable, Mapping
from typing import Any

from gdviz.cli.arguments import number, option_name, sequence, whole_number
from gdviz.core.descent.settings import SEQUENCES, STEPS, Setting


def add_setting(parser: argparse.ArgumentParser, name: str, setting: Setting, what: str) -> None:
    """Add the option for a setting; ``what`` is its help."""
    if setting.kind is bool:
        parser.add_argument(option_name(name), action=argparse.BooleanOptionalAction, help=what)
    else:
        read, metavar = _type(setting)
        parser.add_argument(option_name(name), type=read, metavar=metavar, help=what)


def _type(setting: Setting) -> tuple[Callable[[str], Any], str]:
    """The type of an option and the name of its value."""
    if setting.kind in SEQUENCES:
        return sequence(setting), "N,N,..." if setting.kind == STEPS else "N:X,N:X,..."
    return (whole_number(setting.default), "N") if setting.kind is int else (number(setting.default), "X")


def defaults_text(key: str, known: Mapping[str, Mapping[str, Setting]]) -> str:
    """The defaults of a setting, each with the kinds that have it: "default: 0.9 (momentum, nesterov), 0 (rmsprop)".

    known: the settings of each kind.
    """
    kinds: dict[str, list[str]] = {}
    for name, settings in known.items():
        if key in settings:
            kinds.setdefault(settings[key].default_text, []).append(name)
    return "default: " + ", ".join(f"{value} ({', '.join(names)})" for value, names in kinds.items())
