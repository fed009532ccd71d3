"""The options for schedules and their settings, and the schedule that they ask for."""

import argparse

from gdviz.cli.arguments import given, one_of
from gdviz.cli.setting_options import add_setting, defaults_text
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.manual_changes import base_and_changes, with_settings, without_changes_after
from gdviz.core.descent.optimizers import Optimizer
from gdviz.core.descent.schedules import (
    Constant,
    Schedule,
    fitted_settings,
    fitted_to,
    has_learning_rate,
    schedule_settings,
    selectable_schedules,
    settings_of,
)
from gdviz.core.descent.settings import Setting
from gdviz.core.errors import InputError
from gdviz.core.problems.problem import Problem


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
    """Add the options for schedules."""
    names = selectable_schedules()
    parser.add_argument("--schedule", type=one_of(names), metavar="NAME", help=", ".join(names))
    known = {name: schedule_settings(name) for name in names}
    for name, setting in schedule_options().items():
        key = name.removeprefix("schedule_")
        is_shared = all(key in settings for settings in known.values())  # as those of a warm-up are
        what = f"before any schedule; default: {setting.default_text}" if is_shared else defaults_text(key, known)
        add_setting(parser, name, setting, what)


def asks_for_schedule(options: argparse.Namespace) -> bool:
    """Whether the options name a schedule or change a setting of one."""
    return any(getattr(options, name, None) is not None for name in ("schedule", *schedule_options()))


def schedule_of(experiment: Experiment, options: argparse.Namespace, optimizer: Optimizer) -> Schedule:
    """The schedule that the options ask for, for a run with this optimizer; by default the experiment's own."""
    rate, steps = options.learning_rate, experiment.steps if options.steps is None else options.steps
    schedule = fitted_to(experiment.schedule, experiment.steps, steps)
    if asks_for_schedule(options):
        schedule = _requested_schedule(schedule, experiment.problem, steps, options, optimizer)
    elif rate is not None:
        return schedule.with_rate(rate)
    return schedule if options.steps is None else without_changes_after(schedule, options.steps)


def _requested_schedule(
    now: Schedule, problem: Problem, steps: int, options: argparse.Namespace, optimizer: Optimizer
) -> Schedule:
    before, _ = base_and_changes(now)
    name, rate = options.schedule or ("constant" if before.sweeps else before.name), options.learning_rate
    overrides = {key.removeprefix("schedule_"): value for key, value in given(options, *schedule_options()).items()}
    if before.sweeps:
        before = Constant(problem.suggested_learning_rate)
        rate = before.learning_rate if rate is None else rate
    if rate is not None and not has_learning_rate(name):
        if "points" in overrides:
            raise InputError(f"learning_rate: the points of the schedule {name} are its rates; leave one of them out")
        now, rate = before.with_rate(rate), None
        before = now
    kept = settings_of(before) if before.name == name else {}
    settings = fitted_settings(name, {**kept, **overrides}, before, steps, optimizer.has_momentum)
    return with_settings(now, name, settings, rate)
