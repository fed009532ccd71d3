"""`gdviz range-test`: the curve of a range test and the suggested rates, as CSV or a picture."""

import argparse
import csv
import sys
from dataclasses import replace
from functools import partial

from gdviz.animation.formats import PICTURES
from gdviz.cli.arguments import Parser, file_path, given, one_of, whole_number
from gdviz.cli.options import add_experiment_options, changed_scenario, check_one_configuration, overridden, parse_rates
from gdviz.cli.render import draw
from gdviz.cli.render_options import add_picture_options, asks_for_picture, look_of
from gdviz.cli.schedule_options import asks_for_schedule
from gdviz.core.analysis import range_test as range_tests
from gdviz.core.analysis.rate_limit import NO_LIMIT
from gdviz.core.analysis.suggestions import CURVE_SUGGESTIONS, suggestions, why_none
from gdviz.core.analysis.trial_runs import TRIAL_STEPS, verdict_at
from gdviz.core.descent.recording import Recording, record
from gdviz.core.descent.schedules import MAX_FRESH_STEPS, RangeTest
from gdviz.core.errors import InputError
from gdviz.core.scenarios.scenario import Scenario, title_of
from gdviz.panes.range_test.sentences import truth
from gdviz.scene.scene import Scene

DEFAULT = RangeTest()
CHECKED, FASTAI = "checked", "fastai"
"""The rules by which rates are picked."""


def make_parser() -> Parser:
    """Return the parser of `gdviz range-test`."""
    parser = Parser(prog="gdviz range-test", description="Increase the rate at every step and record the loss.")
    add_experiment_options(parser, race=False)
    add, flag = parser.add_argument, argparse.BooleanOptionalAction
    default = f"{DEFAULT.start:g}:{DEFAULT.end:g}:{DEFAULT.number}"
    what = f"N learning rates from A up to but excluding B; by default {default} for the lecture's data, for others"
    what += " times a power of ten about their 2/L; --steps N changes N alone"
    add("--rates", metavar="A:B:N", help=what)
    what = f"K steps from the start for each rate, at most {MAX_FRESH_STEPS}; 0: one continuous run"
    add("--fresh-steps", type=whole_number(20, within=(0, MAX_FRESH_STEPS)), metavar="K", help=what)
    add("--smooth", action=flag, dest="smoothed", help="smooth the loss as fast.ai does before picking rates")
    add("--stop", action=flag, dest="stops", help="stop once the loss exceeds four times its best; the default")
    what = f"pick rates where the loss really falls ({CHECKED}, the default), or by fast.ai's own rules ({FASTAI})"
    add("--rules", type=one_of((CHECKED, FASTAI)), metavar="NAME", help=what)
    what = f"print the suggested learning rates, and the verdict on each held constant for {TRIAL_STEPS} steps"
    add("--picks", action="store_true", help=what)
    what = f"the curve as .csv, or a picture ({', '.join(PICTURES)})"
    add("-o", "--output", type=file_path, metavar="FILE", help=what)
    add_picture_options(parser)
    return parser


def run(options: argparse.Namespace) -> list[str]:
    """Run the command; returns one line per picture that failed, and raises as `draw` does."""
    if options.learning_rate is not None:
        raise InputError("--learning-rate: a range test tries a range of rates; give it with --rates")
    if asks_for_schedule(options):
        raise InputError("--schedule: a range test sets the rate itself; leave the schedule out")
    is_picture = asks_for_picture(options.output, "a range test", options)
    scenario = changed_scenario(options.scenario, options, partial(_range_test_scenario, options))
    recording = record(scenario.experiment)
    if options.picks:
        _print_suggestions(recording)
    elif options.output is None:
        range_tests.write_csv(recording, sys.stdout)
    if is_picture:
        return draw(Scene(scenario.title, (recording,), look_of(options)), options)
    if options.output is not None:
        range_tests.write_range_test(recording, options.output)
    return []


def _range_test_scenario(options: argparse.Namespace, loaded: Scenario) -> Scenario:
    """The scenario with the options applied and its schedule replaced by a range test."""
    check_one_configuration(loaded)
    # Here --steps sets the number of rates, so it must not override the scenario's steps.
    scenario = overridden(loaded, argparse.Namespace(**{**vars(options), "steps": None}))
    test = _range_test(options, range_tests.range_test_or_default(scenario.experiment))
    experiment = range_tests.as_range_test(scenario.experiment, test)
    if experiment == loaded.experiment:
        return loaded
    return Scenario(title_of(experiment), experiment)


def _range_test(options: argparse.Namespace, before: RangeTest) -> RangeTest:
    chosen = given(options, "fresh_steps", "smoothed", "stops")
    if options.rules is not None:
        chosen["fastai_rules"] = options.rules == FASTAI
    if options.steps is not None:
        chosen["number"] = options.steps
    if options.rates is not None:
        chosen["start"], chosen["end"], chosen["number"] = parse_rates(options.rates)
        if options.steps not in (None, chosen["number"]):
            line = f"{options.steps} rates contradict --rates {options.rates}; leave one of them out"
            raise InputError(f"--steps: {line}")
    return replace(before, **chosen)


def _print_suggestions(recording: Recording) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(("pick", "learning_rate", f"after_{TRIAL_STEPS}_steps"))
    number = recording.experiment.precision.dtype.type
    curve = range_tests.curve(recording, recording.last_step)
    found = suggestions(curve, recording.experiment)
    for name, rate in found.items():
        # Rates read off the curve have its precision; the others are computed in double precision.
        text = str(number(rate)) if name in CURVE_SUGGESTIONS else str(rate)
        writer.writerow((name, text, verdict_at(recording.experiment, rate) or ""))
    if why_none(curve, recording.experiment) is not None:
        print(f"gdviz: {truth(curve, recording.experiment)}", file=sys.stderr)
    if "limit" not in found:
        print(f"gdviz: {NO_LIMIT}, so it is not among the picks", file=sys.stderr)
