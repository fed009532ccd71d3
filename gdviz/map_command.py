"""`gdviz map`: its options, and the maps of rate and steps and of starting points that it prints, writes or draws."""

import argparse
import csv
import sys
from dataclasses import replace
from itertools import repeat
from pathlib import Path
from typing import TextIO

import numpy as np

from gdviz.core import basins, phase_map
from gdviz.core.atomic import replacing
from gdviz.core.basins import BasinMap
from gdviz.core.errors import InputError
from gdviz.core.experiment import Experiment
from gdviz.core.library import load_scenario
from gdviz.core.phase_map import MapGrid, PhaseMap, default_grid, spaced_steps
from gdviz.core.recording import record
from gdviz.core.scenario import Scenario
from gdviz.core.schedules import Constant, RangeTest
from gdviz.model.charts import FINE_COLUMNS, FINE_SIDE, Chart, offers
from gdviz.model.formats import PICTURE_ENDINGS
from gdviz.model.look import Pane
from gdviz.model.scene import Scene
from gdviz.options import add_experiment_options, overridden
from gdviz.rate_range import parse_rates
from gdviz.render_options import add_picture_options, look_of, picture_job


def add_map_options(parser: argparse.ArgumentParser) -> None:
    """Add what `gdviz map` has."""
    add_experiment_options(parser)
    add = parser.add_argument
    add("--rates", metavar="A:B:N", help=f"from A to B, both included, N of them; by default {FINE_COLUMNS} to 20")
    what = "of the starting points, to the minimum in which the run ends (nan where it is not finite, empty where none)"
    add("--basins", action="store_true", help=f"the map {what}")
    add("-o", "--output", metavar="FILE", help=f"the numbers as .csv or a picture ({', '.join(PICTURE_ENDINGS)})")
    add_picture_options(parser)


def draw_map(options: argparse.Namespace) -> list[str]:
    """Carry it out; returns what could not be drawn, in one line each.

    InputError for what is known before anything is drawn. NoDisplayError where a picture needs a screen.
    """
    target = None if options.output is None else Path(options.output)
    _check(target, options)
    scenario = _wanted(options)
    if target is not None and target.suffix != ".csv":
        from gdviz.rendering import carry_out

        return carry_out([picture_job(_scene(scenario, options), target, options)], options.force)
    chart = _chart(scenario.experiment, options)
    if target is None:
        write_csv(chart, sys.stdout)
        sys.stdout.flush()
    else:
        with replacing(target) as temporary, temporary.open("w", newline="", encoding="ascii") as file:
            write_csv(chart, file)
    return []


def write_csv(chart: Chart, file: TextIO) -> None:
    """One line a cell; the shortest decimals that give the same number in the run's precision again."""
    writer = csv.writer(file, lineterminator="\n")
    if isinstance(chart, PhaseMap):
        _write_map(chart, writer)
    else:
        _write_basins(chart, writer)
