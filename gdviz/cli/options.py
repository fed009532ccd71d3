"""The options that all commands share: each overrides what the scenario says."""

import argparse
import math
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace

from gdviz.cli.arguments import (
    Parser,
    given,
    is_given,
    naming_options,
    number,
    one_of,
    option_name,
    parsed_by,
    whole_number,
)
from gdviz.cli.data_options import ALL_ROWS, add_data_options, problem_of
from gdviz.cli.schedule_options import add_schedule_options, asks_for_schedule, schedule_of
from gdviz.cli.setting_options import add_setting, defaults_text
from gdviz.cli.waiting import said_once_long
from gdviz.core.analysis.default_rates import with_fitting_rates
from gdviz.core.analysis.range_test import with_schedule
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.manual_changes import without_changes_after
from gdviz.core.descent.optimizers import OPTIMIZERS, Optimizer, make_optimizer, optimizer_settings
from gdviz.core.descent.schedules import settings_of
from gdviz.core.descent.settings import Setting
from gdviz.core.errors import InputError
from gdviz.core.precision import Precision
from gdviz.core.problems.capabilities import HasBatches, HasData
from gdviz.core.problems.problem import Problem
from gdviz.core.problems.registry import PROBLEMS
from gdviz.core.scenarios.library import DEFAULT_SCENARIO, load_scenario
from gdviz.core.scenarios.races import RACE_RATES, RACES, Race, found_rates, read_race
from gdviz.core.scenarios.scenario import Scenario, title_of
from gdviz.presentation.data_notes import data_notes
from gdviz.presentation.look import BoxChoice
from gdviz.presentation.race_words import rates_note
from gdviz.presentation.scaling import condition_note

EXAMPLE = "0.0001:10:200"
"""Of `--rates`."""
RIVALS = {"learning-rate": "learning_rate", "start": "start"}
"""The options that a race sets, by what is raced."""
Range = tuple[int | None, int | None]
"""The first and the last step to show, as typed: None for an end that is left open."""


def optimizer_options() -> dict[str, Setting]:
    """Every setting that some optimizer has: ``momentum`` becomes ``--momentum``."""
    return {key: setting for name in OPTIMIZERS for key, setting in optimizer_settings(name).items()}


def add_experiment_options(parser: Parser, with_range: bool = False, race: bool = True) -> None:
    """Add the scenario and the options that override it; on request ``--race``, and a `Range` for ``--steps``."""
    add = parser.add_argument
    what = f"a shipped scenario, a scenario file (.toml) or a table of data; {DEFAULT_SCENARIO} by default"
    add("scenario", nargs="?", default=DEFAULT_SCENARIO, metavar="SCENARIO|FILE", help=what)
    add("--problem", type=one_of(PROBLEMS), metavar="NAME", help=", ".join(PROBLEMS))
    add_data_options(parser)
    add("--title", metavar="TEXT", help="the title, which stays until another scenario or table is opened")
    add("--optimizer", type=one_of(OPTIMIZERS), metavar="NAME", help=", ".join(OPTIMIZERS))
    known = {name: optimizer_settings(name) for name in OPTIMIZERS}
    for key, setting in optimizer_options().items():
        add_setting(parser, key, setting, defaults_text(key, known))
    without = ", ".join(name for name, kind in OPTIMIZERS.items() if not kind.takes_learning_rate)
    add("--learning-rate", type=number(0.1), metavar="X", help=f"any finite number; there is none with {without}")
    add_schedule_options(parser)
    add("--start", nargs=2, type=number(-1.0), metavar=("W", "B"), help="where the run begins")
    what = "the number of steps"
    if with_range:
        add("--steps", type=_steps_or_range, metavar="N|A:B", help=f"{what}, or as A:B those of the run to show")
    else:
        add("--steps", type=whole_number(200), metavar="N", help=what)
    add("--dtype", type=one_of(Precision), metavar="NAME", help=", ".join(Precision))
    if race:
        parser.alone["--race"] = next(iter(RACES))
        add("--race", type=parsed_by(read_race), metavar="WHAT=VALUES", help=_race_help())


def _race_help() -> str:
    rates = ", ".join(f"{rate:g}" for rate in RACE_RATES)
    kinds = ", ".join(f'"{name}={kind.example}"' for name, kind in RACES.items())
    alone = f"the recipe with the learning rates {rates} side by side, or with two to four others"
    return f"{alone}: {kinds}; an optimizer without a rate has that of its range test"


def add_box_options(parser: argparse.ArgumentParser) -> None:
    """Add the options for the part of the parameters that the landscape shows: fields of `Look`."""
    what = f"what the landscape shows: {' or '.join(BoxChoice)}; {BoxChoice.START} by default"
    parser.add_argument("--box", type=one_of(BoxChoice), metavar="NAME", help=what)
    what = "both parameters in the same scale, whatever the data"
    parser.add_argument("--equal-axes", action="store_true", help=what)


def add_inside_option(parser: argparse.ArgumentParser) -> None:
    """Add the option of window and pictures for the arrows of the next step."""
    what = "the gradient, what the rule makes of it, and the step, as arrows"
    parser.add_argument("--inside", action="store_true", help=what)


def wanted_scenario(name: str, options: argparse.Namespace, others: Iterable[str] = ()) -> Scenario:
    """The scenario of that name or file with the given options; InputError for an impossible value, with its option.

    others: as in `load_scenario`.
    """

    def change(loaded: Scenario) -> Scenario:
        wanted = raced(overridden(loaded, options), options)
        _warn_of_dropped_changes(loaded, options)
        return wanted

    return changed_scenario(name, options, change, others)


def changed_scenario(
    name: str, options: argparse.Namespace, change: Callable[[Scenario], Scenario], others: Iterable[str] = ()
) -> Scenario:
    """The scenario of that name or file as a command changes it, with the given title; InputError as above.

    Notes on its data go to standard error.
    """
    columns = (options.x, options.y) if options.data is None else (None, None)
    with naming_options(options):
        loaded = load_scenario(name, others, columns)
        wanted = change(loaded)
        if (wanted.experiment, wanted.others) != (loaded.experiment, loaded.others):
            wanted = replace(wanted, question="")  # it is about another run
        if options.title is not None:
            wanted = replace(wanted, title=options.title, keeps_title=True)
    condition = condition_note(wanted.experiment.problem)
    for note in (*data_notes(wanted.experiment), *([f"{condition}; use --standardised"] if condition else [])):
        print(f"gdviz: {note}", file=sys.stderr)
    return wanted


def _warn_of_dropped_changes(loaded: Scenario, options: argparse.Namespace) -> None:
    is_set_by_race = options.race is not None and options.race.what != "start"
    keeps_schedule = options.learning_rate is None and not is_set_by_race and not asks_for_schedule(options)
    if options.steps is not None and keeps_schedule:
        runs = (loaded.experiment, *loaded.others)
        if any(without_changes_after(run.schedule, options.steps) != run.schedule for run in runs):
            left_out = f"the changes of the learning rate after step {options.steps} are left out"
            print(f"gdviz: --steps: {left_out}", file=sys.stderr)


def overridden(scenario: Scenario, options: argparse.Namespace) -> Scenario:
    """The scenario with the given options in all runs, equal ones merged; InputError for an impossible value."""
    name = options.problem if options.problem is not None else scenario.experiment.problem.name
    problem = problem_of(name, scenario.experiment.problem, options)
    before = (scenario.experiment, *scenario.others)
    runs = [_changed(experiment, problem, options) for experiment in before]
    if options.batch_order is not None and all(run.batch_size is None for run in runs):
        raise InputError("--batch-order: every step sees all rows; choose a --batch-size too, or leave it out")
    # With another configuration the scenario's text would no longer be true.
    if runs == list(before):
        return scenario
    others = [run for number, run in enumerate(runs) if not any(run.is_same_run(one) for one in runs[:number])][1:]
    return Scenario(title_of(runs[0]), runs[0], others=tuple(others))


def raced(scenario: Scenario, options: argparse.Namespace) -> Scenario:
    """The scenario, if `--race` is given with the runs of the race; the rates found for them go to standard error.

    InputError together with an option that the race sets, for an impossible race, and for a range test.
    """
    race: Race | None = options.race
    if race is None:
        return scenario
    if race.what in RIVALS and is_given(options, RIVALS[race.what]):
        option = option_name(RIVALS[race.what])
        raise InputError(f"{option}: the race has {race.kind.noun}s of its own; give --race or {option}")
    if scenario.experiment.schedule.sweeps:
        raise InputError("--race: a range test cannot race; use another scenario")
    with said_once_long("--race: looking for a learning rate for each rule"):
        wanted = race.completed(scenario.experiment, options.learning_rate)
    runs = wanted.runs(scenario.experiment)
    found = found_rates(race, wanted) if options.learning_rate is None else ()
    if found:
        print(f"gdviz: --race: {rates_note(found)}", file=sys.stderr)
    if runs == (scenario.experiment, *scenario.others):
        return scenario
    return Scenario(title_of(*runs), runs[0], others=runs[1:])


def check_one_configuration(scenario: Scenario) -> None:
    """InputError if the runs differ in more than rate and steps, since there is no single map of them."""
    first = scenario.experiment
    if any(replace(run, schedule=first.schedule, steps=first.steps) != first for run in scenario.others):
        raise InputError("the runs of this scenario differ in more than the learning rate; use one with a single run")


def _changed(before: Experiment, problem: Problem, options: argparse.Namespace) -> Experiment:
    optimizer = _optimizer(before.optimizer, options)
    if options.learning_rate is not None and not optimizer.takes_learning_rate:
        told = f"{optimizer.name} sets its own step length; leave the rate out, or choose another optimizer"
        raise InputError(f"--learning-rate: {told}")
    experiment = _with_problem(before, problem, optimizer, _batch_of(before, problem, options))
    changed = given(options, "steps", "batch_order")
    if options.batch_seed is not None:
        changed["seed"] = options.batch_seed
    if options.start is not None:
        changed["start"] = tuple(options.start)
    if options.dtype is not None:
        changed["precision"] = options.dtype
    precision = changed.get("precision", before.precision)
    schedule = schedule_of(experiment, options, optimizer)
    changed["schedule"] = with_fitting_rates(schedule, before, problem, precision)
    # All at once: which numbers are possible depends on the precision, and a schedule may need a rule with momentum.
    experiment = replace(experiment, **changed)
    if options.steps is not None or not before.schedule.sweeps or experiment == before:
        return experiment
    # The number of steps was that at which the range test stopped before it was changed.
    if experiment.schedule.sweeps:
        return with_schedule(experiment, experiment.schedule)
    return replace(experiment, steps=Experiment.steps)


def _batch_of(before: Experiment, problem: Problem, options: argparse.Namespace) -> int | None:
    if options.batch_size is None:
        # The scenario's batch size means nothing for a problem without batches.
        return before.batch_size if isinstance(problem, HasBatches) else None
    return None if options.batch_size == ALL_ROWS else options.batch_size


def _with_problem(experiment: Experiment, problem: Problem, optimizer: Optimizer, batch_size: int | None) -> Experiment:
    if problem.name == experiment.problem.name:
        experiment = experiment.with_optimizer(optimizer)
        is_own = isinstance(problem, HasData) and problem.data.settings is None
        changed = experiment.with_own_data(problem) if is_own else replace(experiment, problem=problem)
        return replace(changed, batch_size=batch_size)
    # The scenario's start and rate mean nothing for another problem; a range test looks for a rate.
    schedule = experiment.schedule
    if not schedule.sweeps:
        schedule = schedule.with_rate(problem.suggested_learning_rate)
    fields = {"problem": problem, "start": problem.start, "schedule": schedule, "batch_size": batch_size}
    return experiment.with_optimizer(optimizer, **fields)


def _optimizer(before: Optimizer, options: argparse.Namespace) -> Optimizer:
    chosen = given(options, *optimizer_options())
    if options.optimizer is None and not chosen:
        return before
    name = options.optimizer if options.optimizer is not None else before.name
    return make_optimizer(name, {**(settings_of(before) if name == before.name else {}), **chosen})


def parse_rates(text: str) -> tuple[float, float, int]:
    """The lowest rate, the highest and their number, from ``A:B:N``; InputError in one line for anything else."""
    try:
        low, high, many = text.split(":")
        lowest, highest, number = float(low), float(high), int(many)
    except ValueError:
        raise InputError(
            f"--rates: {text!r} is not possible; give the lowest, the highest and how many: {EXAMPLE}"
        ) from None
    for value in (lowest, highest):
        if not (math.isfinite(value) and value > 0):
            raise InputError(f"--rates: {value:g} is not possible; use finite rates above 0: {EXAMPLE}")
    if highest < lowest:
        raise InputError(f"--rates: {highest:g} is below {lowest:g}; give the lowest rate first: {EXAMPLE}")
    if number < 1:
        raise InputError(f"--rates: {number} rates are not possible; use 1 or more: {EXAMPLE}")
    return lowest, highest, number


def _steps_or_range(text: str) -> int | Range:
    """``200`` steps to compute, or ``10:50`` the steps of the run to show."""
    if ":" not in text:
        return whole_number("200 or 0:50")(text)
    try:
        first, last = (int(part) if part else None for part in text.split(":"))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no range of steps; use one such as 0:50") from None
    return first, last
