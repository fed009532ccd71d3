"""The map of starting points says what becomes of each run, and for which runs it holds."""

import math
import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdviz.core.analysis.basins import NOT_FINITE, NOWHERE, UNKNOWN, BasinMap, basin_map
from gdviz.core.box import Box
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.manual_changes import PiecewiseConstant
from gdviz.core.descent.optimizers import Momentum
from gdviz.core.descent.recording import record
from gdviz.core.descent.schedules import Constant
from gdviz.core.problems.surfaces import Himmelblau, TwoWells
from gdviz.panes.basins.picture import build_basin_picture, nearest_start, tooltip_text

WELLS = Experiment(Himmelblau(), schedule=Constant(0.01), steps=40)
RUN = record(WELLS)


def hand_made(kinds, steps=None, experiment=WELLS, box=None):
    """A map with these kinds, rows by the first parameter."""
    kinds = np.array(kinds, np.int8)
    counts = np.where(kinds >= 0, 7, -1) if steps is None else np.array(steps)
    return BasinMap(experiment, box or experiment.problem.box, len(kinds), kinds, counts.astype(np.int32))


KINDS = hand_made([[0, 1, NOWHERE], [2, NOT_FINITE, 3], [UNKNOWN, 0, 0]])


@pytest.mark.parametrize(
    ("start", "sentence"),
    [
        ((-6, -6), "from (−6, −6): ends in (3, 2) after 7 steps"),
        ((-5, 1), "from (−6, 0): ends in (−2.81, 3.13) after 7 steps"),
        ((-6, 6), "from (−6, 6): in none after 40 steps"),
        ((0.4, 0), "from (0, 0): diverges"),
        ((5.5, -4), "from (6, −6): not computed yet"),
        ((60, 60), "from (6, 6): ends in (3, 2) after 7 steps"),
    ],
)
def test_it_is_told_what_becomes_of_the_nearest_start(start, sentence):
    assert tooltip_text(KINDS, *start) == sentence


def test_a_single_step_is_one_step():
    assert tooltip_text(hand_made([[0, 0], [0, 0]], [[1, 2], [0, 1234]]), -6, -6).endswith("after 1 step")
    assert tooltip_text(hand_made([[0, 0], [0, 0]], [[1, 2], [0, 1234]]), 6, 6).endswith("after 1,234 steps")


@pytest.mark.parametrize("half", [1e-9, 1e-3, 1.0, 6.0, 5e3, 1e12])
def test_neighbouring_starts_are_told_apart_in_any_view(half):
    basins = hand_made(np.zeros((5, 5)), box=Box((0.0, 0.0), (half, half)))
    sentences = {tooltip_text(basins, *nearest_start(basins, first * half, 0.0)) for first in (-1, -0.5, 0, 0.5, 1)}
    assert len(sentences) == 5
    assert max(map(len, sentences)) < 60


@given(st.integers(2, 60), st.floats(-6, 6), st.floats(-6, 6))
def test_no_start_of_the_map_is_nearer_than_the_nearest(side, first, second):
    basins = hand_made(np.zeros((side, side)))
    start = nearest_start(basins, first, second)
    columns, rows = basins.box.grid(side)
    assert start[0] in columns
    assert start[1] in rows
    assert abs(start[0] - first) <= np.abs(columns - first).min() + 1e-9
    assert abs(start[1] - second) <= np.abs(rows - second).min() + 1e-9
    assert nearest_start(basins, *start) == start


def test_the_run_from_a_told_start_goes_as_it_was_told():
    basins = basin_map(WELLS, WELLS.problem.box, 24)
    for place in ((2.5, 1.0), (-4.0, 2.2), (4.2, -3.3), (-1.2, -4.0)):
        start = nearest_start(basins, *place)
        name = re.search(r"ends in (\(.*\)) after", tooltip_text(basins, *place)).group(1)
        (well,) = [well for well in build_basin_picture(basins, (RUN,), 0).known_minima if well.name == name]
        end = record(replace(WELLS, start=start)).points[-1]
        assert np.abs(end - WELLS.problem.minima[well.index]).max() <= 0.06


def test_every_known_minimum_is_named_in_its_place():
    known_minima = build_basin_picture(KINDS, (RUN,), 0).known_minima
    assert [well.name for well in known_minima] == ["(3, 2)", "(−2.81, 3.13)", "(−3.78, −3.28)", "(3.58, −1.85)"]
    assert [well.index for well in known_minima] == [0, 1, 2, 3]
    assert known_minima[0].place == pytest.approx((0.5, 1 / 3))
    small = hand_made([[0, 0], [0, 0]], box=Box((3.0, 2.0), (1.0, 1.0)))
    assert [well.place is None for well in build_basin_picture(small, (RUN,), 0).known_minima] == [
        False,
        True,
        True,
        True,
    ]


def test_only_areas_that_there_are_get_a_name():
    whole = build_basin_picture(KINDS, (RUN,), 0)
    assert (whole.nowhere, whole.not_finite) == ("in none after 40 steps", "diverges")
    plain = build_basin_picture(hand_made([[0, 1], [2, 3]]), (RUN,), 0)
    assert (plain.nowhere, plain.not_finite) == ("", "")
    without = build_basin_picture(hand_made([[NOWHERE, NOWHERE], [NOWHERE, NOT_FINITE]]), (RUN,), 0)
    assert without.scale == ()


def test_the_scale_says_what_lightest_and_darkest_mean():
    steps = np.full((20, 20), 12)
    steps[0, :10], steps[1, 0] = 5, RUN.experiment.steps - 1
    picture = build_basin_picture(hand_made(np.zeros((20, 20)), steps), (RUN,), 0)
    assert picture.steps == (5, 12)
    assert picture.scale[:2] == ("light: 5 steps", "dark: 12 steps or more")
    steps[1, 0], steps[0, 0] = 12, 0
    picture = build_basin_picture(hand_made(np.zeros((20, 20)), steps), (RUN,), 0)
    assert picture.steps == (1, 12)
    assert picture.scale[:2] == ("light: 1 step or none", "dark: 12 steps")


def test_the_scale_has_two_ends_even_if_all_runs_take_as_long():
    picture = build_basin_picture(hand_made(np.zeros((3, 3)), np.full((3, 3), 4)), (RUN,), 0)
    assert picture.steps == (4, 5)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "at learning rate 0.01, 40 steps"),
        ({"steps": 1}, "at learning rate 0.01, 1 step"),
        ({"optimizer": Momentum()}, "Momentum at learning rate 0.01, 40 steps"),
        (
            {"schedule": PiecewiseConstant(Constant(0.02), ((5, 0.01),))},
            "at learning rate 0.02 at first, then changed, 40 steps",
        ),
    ],
)
def test_it_says_for_which_runs_the_map_holds(changes, words):
    basins = hand_made([[0, 1], [2, 3]], experiment=replace(WELLS, **changes))
    assert build_basin_picture(basins, (RUN,), 0).conditions == words


def test_it_says_how_much_is_still_to_come():
    assert build_basin_picture(None, (RUN,), 0).progress == "computing"
    assert build_basin_picture(KINDS, (RUN,), 0).progress == "computing: 88 %"
    assert build_basin_picture(hand_made([[UNKNOWN, UNKNOWN]] * 2), (RUN,), 0).progress == "computing: 0 %"
    almost = np.zeros((50, 50))
    almost[0, 0] = UNKNOWN
    assert build_basin_picture(hand_made(almost), (RUN,), 0).progress == "computing: 99 %"
    assert build_basin_picture(hand_made([[0, 1], [2, 3]]), (RUN,), 0).progress == ""


def test_run_and_minima_are_there_before_anything_is_computed():
    picture = build_basin_picture(None, (RUN,), 12)
    assert picture.basins is None
    assert picture.surface.box == WELLS.problem.box
    assert len(picture.paths[0].segments) == 12
    assert len(picture.known_minima) == 4


def test_runs_are_drawn_up_to_the_step_in_the_map_s_box():
    other = record(replace(WELLS, start=(-2.0, 4.0), steps=5))
    paths = build_basin_picture(KINDS, (RUN, other), 9).paths
    assert [path.style for path in paths] == [0, 1]
    assert [len(path.segments) for path in paths] == [9, 5]
    assert paths[0].current[:2] == pytest.approx(RUN.points[9] / 6, abs=1e-6)


def test_the_map_does_not_grow_after_a_run_that_leaves_it():
    flees = record(Experiment(TwoWells(), schedule=Constant(0.25), start=(1.8, 1.0), steps=20))
    assert not math.isfinite(flees.losses[-1])
    picture = build_basin_picture(None, (flees,), 20)
    assert picture.surface.box == TwoWells.box
    assert picture.paths[0].arrow.label == "left at step 1"
    assert picture.paths[0].current is None


def test_where_no_run_gets_anywhere_no_number_of_steps_is_said():
    steps = np.full((20, 20), RUN.experiment.steps)
    assert build_basin_picture(hand_made(np.zeros((20, 20)), steps), (RUN,), 0).scale == ()
