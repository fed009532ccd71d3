"""The options of the schedule, one for each setting that some schedule has, and the schedule that they ask for."""

import argparse

from gdviz.cli.arguments import given, number, one_of, option_of, whole_number
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.manual_changes import base_and_changes, with_settings, without_changes_after
from gdviz.core.descent.schedules import (
    Schedule,
    has_learning_rate,
    schedule_settings,
    selectable_schedules,
    settings_of,
)
from gdviz.core.descent.settings import Setting
from gdviz.core.errors import InputError


def schedule_options() -> dict[str, Setting]:
    """Every setting that some schedule has, by its option's name: ``patience`` becomes ``--schedule-patience``."""
    found: dict[str, Setting] = {}
    for name in selectable_schedules():
        for key, setting in schedule_settings(name).items():
            known = found.setdefault(f"schedule_{key}", setting)
            # If a setting is a whole number in one of them only, any number is read; the schedule itself checks it.
            found[f"schedule_{key}"] = setting if known.kind is int and setting.kind is float else known
    return found


def add_schedule_options(parser: argparse.ArgumentParser) -> None:
    """Add a schedule and its settings; nothing where only one can be chosen."""
    names = selectable_schedules()
    if len(names) == 1:
        return
    parser.add_argument("--schedule", type=one_of(names), metavar="NAME", help=", ".join(names))
    for name, setting in schedule_options().items():
        what = f"of the schedule; {setting.default} by default"
        if setting.kind is bool:
            parser.add_argument(option_of(name), action=argparse.BooleanOptionalAction, help=what)
        else:
            read = (whole_number if setting.kind is int else number)(setting.default)
            parser.add_argument(option_of(name), type=read, metavar="N" if setting.kind is int else "X", help=what)


def asks_for_schedule(options: argparse.Namespace) -> bool:
    """Whether the options name a schedule or set one up."""
    return any(getattr(options, name, None) is not None for name in ("schedule", *schedule_options()))


def schedule_of(experiment: Experiment, options: argparse.Namespace) -> Schedule:
    """The schedule that the options ask for; the experiment's own if they do not mention it."""
    schedule, rate = experiment.schedule, options.learning_rate
    if asks_for_schedule(options):
        schedule = _other_schedule(experiment, options)
    elif rate is not None:
        return schedule.with_rate(rate)
    return schedule if options.steps is None else without_changes_after(schedule, options.steps)


def _other_schedule(experiment: Experiment, options: argparse.Namespace) -> Schedule:
    before, _ = base_and_changes(experiment.schedule)
    name = options.schedule or ("constant" if before.sweeps else before.name)
    rate = options.learning_rate
    if rate is not None and not has_learning_rate(name):
        raise InputError(f"learning_rate: the schedule {name} has rates of its own; leave it out")
    if rate is None and before.sweeps:
        rate = experiment.problem.suggested_learning_rate
    kept = settings_of(before) if before.name == name else {}
    given_ones = {key.removeprefix("schedule_"): value for key, value in given(options, *schedule_options()).items()}
    return with_settings(experiment.schedule, name, {**kept, **given_ones}, rate)
