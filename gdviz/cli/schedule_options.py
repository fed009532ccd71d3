"""The options for schedules and their settings, and the schedule that they ask for."""

import argparse
from collections.abc import Callable
from typing import Any

from gdviz.cli.arguments import given, number, one_of, option_name, sequence, whole_number
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.manual_changes import base_and_changes, with_settings, without_changes_after
from gdviz.core.descent.optimizers import Optimizer
from gdviz.core.descent.schedules import (
    Constant,
    Schedule,
    fitted_settings,
    has_learning_rate,
    schedule_settings,
    selectable_schedules,
    settings_of,
)
from gdviz.core.descent.settings import SEQUENCES, STEPS, Setting
from gdviz.core.errors import InputError


def schedule_options() -> dict[str, Setting]:
    """The settings of all schedules by option name: ``patience`` becomes ``--schedule-patience``."""
    found: dict[str, Setting] = {}
    for name in selectable_schedules():
        for key, setting in schedule_settings(name).items():
            known = found.setdefault(f"schedule_{key}", setting)
            # Where schedules disagree between int and float, any number is read; the schedule itself checks it.
            found[f"schedule_{key}"] = setting if known.kind is int and setting.kind is float else known
    return found


def add_schedule_options(parser: argparse.ArgumentParser) -> None:
    """Add the options for schedules, unless there is only one to choose."""
    names = selectable_schedules()
    if len(names) == 1:
        return
    parser.add_argument("--schedule", type=one_of(names), metavar="NAME", help=", ".join(names))
    for name, setting in schedule_options().items():
        what = _help(name.removeprefix("schedule_"))
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


def _help(key: str) -> str:
    """The default of a setting of schedules, and of which; each schedule's own where they differ."""
    known = {name: schedule_settings(name) for name in selectable_schedules()}
    defaults = {name: settings[key].default_text for name, settings in known.items() if key in settings}
    if len(defaults) == len(known):
        return f"before any schedule; default: {defaults[next(iter(defaults))]}"
    if len({*defaults.values()}) == 1:
        return f"of {', '.join(defaults)}; default: {defaults[next(iter(defaults))]}"
    return f"default: {', '.join(f'{value} ({name})' for name, value in defaults.items())}"


def asks_for_schedule(options: argparse.Namespace) -> bool:
    """Whether the options name a schedule or change a setting of one."""
    return any(getattr(options, name, None) is not None for name in ("schedule", *schedule_options()))


def schedule_of(experiment: Experiment, options: argparse.Namespace, optimizer: Optimizer) -> Schedule:
    """The schedule that the options ask for, for a run with this optimizer; by default the experiment's own."""
    schedule, rate = experiment.schedule, options.learning_rate
    if asks_for_schedule(options):
        schedule = _requested_schedule(experiment, options, optimizer)
    elif rate is not None:
        return schedule.with_rate(rate)
    return schedule if options.steps is None else without_changes_after(schedule, options.steps)


def _requested_schedule(experiment: Experiment, options: argparse.Namespace, optimizer: Optimizer) -> Schedule:
    before, _ = base_and_changes(experiment.schedule)
    name = options.schedule or ("constant" if before.sweeps else before.name)
    rate = options.learning_rate
    if rate is not None and not has_learning_rate(name):
        raise InputError(f"learning_rate: the schedule {name} sets its own rates; leave it out")
    if rate is None and before.sweeps:
        rate = experiment.problem.suggested_learning_rate
    kept = settings_of(before) if before.name == name else {}
    overrides = {key.removeprefix("schedule_"): value for key, value in given(options, *schedule_options()).items()}
    steps = experiment.steps if options.steps is None else options.steps
    usual = Constant(experiment.problem.suggested_learning_rate) if before.sweeps else before
    settings = fitted_settings(name, {**kept, **overrides}, usual, steps, hasattr(optimizer, "momentum"))
    return with_settings(experiment.schedule, name, settings, rate)
