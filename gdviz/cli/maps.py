"""`gdviz map`: maps of learning rates and steps, or of starting points, as CSV or a picture."""

import argparse
import csv
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import repeat
from typing import TextIO

from gdviz.animation.formats import PICTURES
from gdviz.cli.arguments import Parser, file_path, naming_options
from gdviz.cli.options import add_experiment_options, changed_scenario, check_one_configuration, overridden, parse_rates
from gdviz.cli.render import draw
from gdviz.cli.render_options import add_picture_options, asks_for_picture, look_of
from gdviz.core.analysis import phase_map as maps
from gdviz.core.analysis.basins import NOT_FINITE, NOWHERE, BasinMap, basin_map
from gdviz.core.analysis.phase_map import MapGrid, PhaseMap
from gdviz.core.atomic import replacing
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.manual_changes import without_changes_after
from gdviz.core.descent.recording import record
from gdviz.core.descent.schedules import Constant
from gdviz.core.errors import InputError, locating
from gdviz.core.scenarios.scenario import Scenario, title_of
from gdviz.panes.basins.entry import BASINS, FINE_SIDE
from gdviz.panes.rate_map.entry import FINE_COLUMNS, MAP
from gdviz.panes.registry import PANES
from gdviz.scene.scene import Scene
from gdviz.session.maps import check_panes

DEFAULT_RATES = f"{maps.LOWEST_RATE:g}:{maps.HIGHEST_RATE:g}:{FINE_COLUMNS}"


def make_parser() -> Parser:
    """Return the parser of `gdviz map`."""
    parser = Parser(prog="gdviz map", description="Map the loss for every learning rate and number of steps.")
    add_experiment_options(parser, race=False)
    add = parser.add_argument
    default = f"{DEFAULT_RATES} by default, lower where the limit is lower"
    add("--rates", metavar="A:B:N", help=f"N learning rates from A to B inclusive; {default}")
    what = "the minimum reached, empty if none was, nan where the run diverged"
    add("--basins", action="store_true", help=f"map {FINE_SIDE} x {FINE_SIDE} starting points instead: {what}")
    what = f"the values as .csv, or a picture ({', '.join(PICTURES)})"
    add("-o", "--output", type=file_path, metavar="FILE", help=what)
    add_picture_options(parser)
    return parser


def run(options: argparse.Namespace) -> list[str]:
    """Run the command; returns one line per picture that failed, and raises as `draw` does."""
    if options.basins and options.rates is not None:
        raise InputError("--rates: a map of starting points is for one rate; give it with --learning-rate")
    if options.pane not in (None, _map_pane(options)):
        raise InputError(f"--pane: a map is drawn in the pane {_map_pane(options)}; leave it out")
    is_picture = asks_for_picture(options.output, "a map", options)
    scenario = changed_scenario(options.scenario, options, partial(_overridden_scenario, options))
    if is_picture:
        with naming_options(options):
            scene = _scene(scenario, options)
        return draw(scene, options)
    with naming_options(options):
        chart = _computed_map(scenario.experiment, options)
    if options.output is None:
        _write_csv(chart, sys.stdout)
    else:
        with replacing(options.output) as temporary, temporary.open("w", newline="", encoding="ascii") as file:
            _write_csv(chart, file)
    return []


def _map_pane(options: argparse.Namespace) -> str:
    return BASINS if options.basins else MAP


def _overridden_scenario(options: argparse.Namespace, loaded: Scenario) -> Scenario:
    """The scenario with the options applied; for a range test `--steps` affects the map only."""
    scenario = overridden(loaded, argparse.Namespace(**{**vars(options), "steps": None}))
    check_one_configuration(scenario)
    experiment = scenario.experiment
    if options.steps in (None, experiment.steps):
        return scenario
    is_sweep = experiment.schedule.sweeps
    schedule = experiment.schedule
    schedule = Constant(schedule.first_rate) if is_sweep else without_changes_after(schedule, options.steps)
    changed = replace(experiment, schedule=schedule, steps=options.steps)
    return scenario if is_sweep else Scenario(title_of(changed), changed)


def _grid(experiment: Experiment, options: argparse.Namespace, steps: Sequence[int]) -> MapGrid:
    default = maps.default_grid(experiment, FINE_COLUMNS)
    rates = (default.lowest, default.highest, default.columns) if options.rates is None else parse_rates(options.rates)
    return MapGrid(*rates, tuple(steps))


def _scene(scenario: Scenario, options: argparse.Namespace) -> Scene:
    """The scene to draw; the default maps are computed only when it is drawn."""
    experiment = scenario.experiment
    recordings = tuple(record(run) for run in (experiment, *scenario.others))
    scene = Scene(scenario.title, recordings, replace(look_of(options), pane=_map_pane(options)))
    with locating("--basins" if options.basins else "map"):
        check_panes(scene)
    if options.basins or (options.rates is None and options.steps is None):
        return scene
    grid = _grid(experiment, options, maps.log_spaced_steps(options.steps or maps.DEFAULT_STEPS))
    return replace(scene, chart=maps.phase_map(experiment, grid))


def _computed_map(experiment: Experiment, options: argparse.Namespace) -> PhaseMap | BasinMap:
    """Compute the map to be written as CSV."""
    if not options.basins:
        grid = _grid(experiment, options, range(1, (options.steps or experiment.steps) + 1))
        return maps.phase_map(experiment, grid)
    problem = PANES[BASINS].refusal(experiment)
    if problem is not None:
        raise InputError(f"--basins: {problem}")
    return basin_map(experiment, experiment.problem.box, FINE_SIDE)


def _write_csv(chart: PhaseMap | BasinMap, file: TextIO) -> None:
    """Write a line per cell, with the shortest decimals that round-trip in the run's precision."""
    writer = csv.writer(file, lineterminator="\n")
    if isinstance(chart, PhaseMap):
        writer.writerow(("learning_rate", "step", "loss"))
        number = chart.experiment.precision.dtype.type
        for rate, losses in zip(chart.grid.learning_rates, chart.losses.T, strict=True):
            writer.writerows(zip(repeat(str(number(rate))), chart.grid.steps, map(str, losses), strict=False))
    else:
        first, second = chart.experiment.problem.parameters
        writer.writerow((first, second, f"minimum_{first}", f"minimum_{second}", "steps"))
        writer.writerows(_basin_rows(chart))


def _basin_rows(chart: BasinMap) -> Iterator[tuple[str, ...]]:
    """The rows of a map of starting points: start, minimum, steps."""
    problem, number = chart.experiment.problem, chart.experiment.precision.dtype.type
    names = {NOWHERE: ("", ""), NOT_FINITE: ("nan", "nan")}
    names |= {place: (str(number(x)), str(number(y))) for place, (x, y) in enumerate(problem.minima)}
    firsts, seconds = ([str(number(value)) for value in values] for values in chart.box.grid(chart.side))
    for i, first in enumerate(firsts):
        for second, minimum, steps in zip(seconds, chart.minimum[i].tolist(), chart.steps[i].tolist(), strict=True):
            yield first, second, *names[minimum], str(steps) if minimum >= 0 else ""
