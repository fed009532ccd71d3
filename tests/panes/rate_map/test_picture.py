"""What is drawn of the map of rate and steps, and what is told of it, is true of the runs themselves."""

from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdviz.core.analysis.phase_map import MapGrid, PhaseMap, compute, phase_map
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.manual_changes import PiecewiseConstant
from gdviz.core.descent.optimizers import Momentum, Nesterov
from gdviz.core.descent.recording import record
from gdviz.core.descent.schedules import Constant, RangeTest
from gdviz.core.precision import Precision
from gdviz.core.problems.problem import minimum_loss
from gdviz.core.problems.surfaces import Himmelblau, Rosenbrock, TwoWells
from gdviz.panes.rate_map.background import FIRST_CLASSIFIED, LOWEST_Y, map_background
from gdviz.panes.rate_map.picture import build_map_picture, tooltip_text
from gdviz.panes.rate_map.regions import Cells, Region, classify, worsening_columns
from tests.recordings import lecture, partial

STEPS = tuple(np.unique(np.rint(np.geomspace(1, 300, 60)).astype(int)).tolist())
GRID = MapGrid(1e-3, 10.0, 25, STEPS)
EXPERIMENTS = {
    "lecture": lecture(0.9, steps=300),
    "lecture in double precision": lecture(0.9, steps=300, precision=Precision.FLOAT64),
    "momentum": lecture(0.9, steps=300, optimizer=Momentum()),
    "nesterov": lecture(0.9, steps=300, optimizer=Nesterov(0.5), precision=Precision.FLOAT64),
    "rosenbrock": Experiment(Rosenbrock(), start=(-1.2, 1.0), steps=300),
    "himmelblau": Experiment(Himmelblau(), start=(0.0, 0.0), steps=300),
    "two wells": Experiment(TwoWells(), start=(1.8, 1.0), steps=300),
}


@cache
def mapped(name):
    return phase_map(EXPERIMENTS[name], GRID)


@cache
def run(name, column):
    """The run that a column of the map is about."""
    rate = float(GRID.learning_rates[column])
    base = EXPERIMENTS[name]
    return record(Experiment(base.problem, base.optimizer, Constant(rate), base.start, 300, base.precision))


def grown(name, done):
    """The map of which only so many steps have been computed."""
    whole = mapped(name)
    rows = int(np.searchsorted(STEPS, done, side="right"))
    return PhaseMap(whole.experiment, GRID, whole.losses[:rows], np.where(whole.needed > done, -1, whole.needed), done)


def picture(name, recordings=(), step=0):
    whole = mapped(name)
    return build_map_picture(whole, recordings or (record(whole.experiment),), step)


# The background


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_a_cell_has_the_part_of_the_start_s_loss_that_is_left(name):
    background = map_background(mapped(name))
    lowest = minimum_loss(EXPERIMENTS[name].problem)
    for column in (0, 9, 18, 24):
        losses = run(name, column).losses.astype(np.float64)
        above = np.maximum(losses - lowest, 0.0) / (losses[0] - lowest)
        with np.errstate(divide="ignore"):
            expected = np.log10(above[list(STEPS)])
        np.testing.assert_allclose(background.values[:, column], expected, rtol=1e-5, atol=1e-5)
        assert background.column(float(GRID.learning_rates[column])) == column


def test_every_place_on_the_axes_belongs_to_the_nearest_cell():
    background = map_background(mapped("lecture"))
    assert background.x_range == pytest.approx((-3.0, 1.0))
    assert background.y_range == pytest.approx((LOWEST_Y, np.log10(300)))
    for step in (1, 2, 7, 100, 300):
        nearest = min(STEPS, key=lambda known: abs(np.log(known / step)))
        assert STEPS[background.row(step)] == nearest
    assert background.row(0.75) == 0
    assert background.row(1e9) == len(STEPS) - 1
    assert [background.column(rate) for rate in (1e-9, 1e-3, 10.0, 1e9)] == [0, 0, 24, 24]


@pytest.mark.parametrize("name", ["lecture", "himmelblau"])
def test_the_line_is_where_one_percent_is_left(name):
    background = map_background(mapped(name))
    needed = mapped(name).needed
    assert (needed > 0).any()
    assert (needed < 0).any()
    rates = np.log10(GRID.learning_rates)
    for column in range(25):
        here = background.line[np.isclose(background.line[:, 0], rates[column])]
        if needed[column] > 0:
            assert np.allclose(here[:, 1], np.log10(needed[column]))
        assert len(here) == 0 or needed[column] > 0
    inside = background.line[np.isfinite(background.line[:, 0]), 0]
    assert background.x_range[0] <= inside.min() <= inside.max() <= background.x_range[1]
    parts = np.split(background.line, np.flatnonzero(np.isnan(background.line[:, 0])))
    assert len(parts) - 1 == np.count_nonzero(np.diff(np.append(needed > 0, False).astype(int)) == -1)


@pytest.mark.parametrize(
    ("name", "label"),
    [("lecture", "limit 2/L = 0.7755"), ("momentum", "limit 1.473"), ("nesterov", "limit 0.5816")],
)
def test_the_wall_of_a_quadratic_is_the_limit_of_its_rule(name, label):
    limit = map_background(mapped(name)).limit
    assert limit.label == label
    assert limit.learning_rate == pytest.approx(float(label.split()[-1]), rel=1e-3)
    assert limit.position == pytest.approx(np.log10(limit.learning_rate))


def test_no_wall_is_claimed_where_the_curvature_changes():
    assert map_background(mapped("rosenbrock")).limit is None


# The regions


def columns_with(name, region):
    regions = map_background(mapped(name)).regions
    return [(column, regions[:, column] == region) for column in range(25) if (regions[:, column] == region).any()]


@pytest.mark.parametrize("name", ["lecture", "lecture in double precision", "momentum", "nesterov"])
def test_every_step_makes_it_worse_where_that_is_said(name):
    found = columns_with(name, Region.WORSENING)
    assert found
    for column, rows in found:
        assert GRID.learning_rates[column] >= map_background(mapped(name)).limit.learning_rate
        losses = run(name, column).losses[: STEPS[np.flatnonzero(rows)[-1]] + 1]
        assert all(after >= before for before, after in pairwise(losses.tolist()))


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_within_one_percent_and_more_steps_help_are_true(name):
    background, lowest = map_background(mapped(name)), minimum_loss(EXPERIMENTS[name].problem)
    for column, rows in columns_with(name, Region.WITHIN_TOLERANCE):
        losses = run(name, column).losses.astype(np.float64)
        shown = losses[np.array(STEPS)[rows]]
        assert (shown - lowest <= 0.01001 * (losses[0] - lowest)).all()
    helped = columns_with(name, Region.IMPROVING)
    assert helped
    for column, rows in helped:
        assert background.limit is None or GRID.learning_rates[column] < background.limit.learning_rate
        losses = run(name, column).losses
        # Now and then a run on a general surface leaves the valley for a step or two.
        assert (losses[np.array(STEPS)[rows]] > max(losses[-1], np.quantile(losses[150:], 0.95))).all()


def test_a_higher_minimum_is_named_where_the_run_ends_in_one():
    found = columns_with("two wells", Region.HIGHER_MINIMUM)
    deep, shallow = TwoWells().minima
    for column, rows in found:
        last = run("two wells", column).points[-1]
        assert np.hypot(*(last - shallow)) < 0.1 < np.hypot(*(last - deep))
        assert rows[-1]
    assert {column for column, _ in found}.isdisjoint(
        column for column, _ in columns_with("two wells", Region.WITHIN_TOLERANCE)
    )
    assert found


@pytest.mark.parametrize("name", ["lecture", "rosenbrock"])
def test_infinite_and_nan_are_told_apart_as_in_the_run(name):
    regions, losses = map_background(mapped(name)).regions, mapped(name).losses
    assert np.array_equal(regions == Region.INFINITE, np.isinf(losses))
    assert np.array_equal(regions == Region.NAN, np.isnan(losses))
    assert (regions == Region.INFINITE).any()
    assert (regions == Region.NAN).any()


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_losses_at_all_are_told_apart(data):
    rows, columns = data.draw(st.integers(0, 12)), data.draw(st.integers(1, 4))
    loss = st.one_of(st.sampled_from([-np.inf, np.inf, np.nan, 0.0, -2.0, -0.5]), st.floats(-40, 40, width=32))
    values = [[data.draw(loss) for _ in range(columns)] for _ in range(rows)]
    below = np.array([data.draw(st.booleans()) for _ in range(columns)])
    values = np.array(values, np.float32).reshape(rows, columns)
    cells = Cells(np.arange(1, rows + 1), values, data.draw(st.booleans()), below)
    regions = classify(cells, (-0.5,))
    assert np.array_equal(regions == Region.NAN, np.isnan(values))
    assert np.array_equal(regions == Region.INFINITE, np.isposinf(values))
    assert not (worsening_columns(cells) & below).any()
    assert not (regions[:, ~below] == Region.IMPROVING).any()
    assert not (regions[:, below] == Region.WORSENING).any()
    if not cells.from_start:
        assert not np.isin(regions, [Region.WITHIN_TOLERANCE, Region.WORSE_THAN_START, Region.WORSENING]).any()


def test_a_loss_that_jumps_for_ever_is_not_said_to_be_helped():
    values = np.tile(np.array([[0.0], [-1.0]], np.float32), (20, 1))
    cells = Cells(np.arange(1, 41), values, True, np.array([True]))
    assert not (classify(cells, ()) == Region.IMPROVING).any()


def test_regions_change_only_when_the_steps_have_doubled():
    assert map_background(grown("lecture", FIRST_CLASSIFIED - 1)).regions.size == 0
    assert len(map_background(grown("lecture", FIRST_CLASSIFIED - 1)).settled_line) == 0
    one, two = (map_background(grown("lecture", done)) for done in (130, 250))
    assert len(two.values) > len(one.values)
    assert np.array_equal(one.regions, two.regions)
    assert np.array_equal(one.settled_line, two.settled_line, equal_nan=True)
    assert len(map_background(mapped("lecture")).regions) == len(STEPS)


# A start that nothing can be measured by


@pytest.mark.parametrize(
    ("start", "said"),
    [
        ((float(TwoWells.minima[0][0]), 0.0), "it starts in the minimum"),
        ((1e20, 0.0), "its loss is infinite at the start"),
    ],
)
def test_where_the_start_is_no_measure_none_is_invented(start, said):
    experiment = Experiment(TwoWells(), start=start, schedule=Constant(0.1), steps=10)
    shown = build_map_picture(phase_map(experiment, MapGrid(0.01, 1.0, 5, (1, 2, 3))), (record(experiment),), 0)
    assert not shown.background.from_start
    assert len(shown.background.line) == 0
    assert tooltip_text(shown, 0.1, 1).startswith(f"learning rate 0.1: {said}\nafter 1 step: loss ")


# Grids of one column or row, and what is not computed yet


def test_a_map_of_one_cell_has_axes():
    experiment = lecture(0.1)
    shown = build_map_picture(phase_map(experiment, MapGrid(0.1, 0.1, 1, (1,))), (record(experiment),), 1)
    (left, right), (low, high) = shown.background.x_range, shown.background.y_range
    assert left < -1.0 < right
    assert low < 0.0 < high
    assert shown.runs[0].off_map == (0, 0)


def test_nothing_computed_yet_is_an_empty_map_with_its_axes():
    recording = record(lecture(0.9))
    shown = build_map_picture(None, (recording,), 5)
    assert shown.note == "computing"
    assert shown.background.values.shape[0] == 0
    assert shown.background.x_range == pytest.approx((-4.0, np.log10(20.0)))
    assert shown.background.limit.label == "limit 2/L = 0.7755"
    assert tooltip_text(shown, 0.1, 37).endswith(": not computed yet")
    assert build_map_picture(None, (recording,), 6).background is shown.background


def test_the_first_map_of_one_that_grows_may_hold_nothing():
    first = next(compute(EXPERIMENTS["lecture"], GRID, seconds=0.0))
    shown = build_map_picture(first, (record(lecture(0.9)),), 3)
    assert shown.note.startswith("computing")
    assert tooltip_text(shown, 0.1, 300).endswith("not computed yet")


def test_the_note_says_how_much_is_computed():
    recordings = (record(lecture(0.9)),)
    assert build_map_picture(grown("lecture", 120), recordings, 0).note == "computing: 120 of 300 steps"
    assert picture("lecture").note == ""


# What is told


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_what_is_told_of_every_column_is_true_of_its_run(name):
    shown, lowest = picture(name), minimum_loss(EXPERIMENTS[name].problem)
    for column in range(25):
        losses = run(name, column).losses.astype(np.float64)
        there = losses - lowest <= 0.01 * (losses[0] - lowest)
        said = tooltip_text(shown, float(GRID.learning_rates[column]), 17).splitlines()[0].partition(": ")[2]
        if there.any():
            first = int(there.argmax())
            assert said.startswith(f"within 1 % after {first} step")
            assert said.endswith("but not for good") == (not there[-1])
        else:
            assert said.startswith(("never: ", "not within 300 steps"))
        if said == "never: above the limit, every step makes it worse":
            finite = losses[np.isfinite(losses)]
            assert (np.diff(finite) >= 0).all()
        if said == "never: the loss becomes NaN":
            assert np.isnan(losses[-1])


def test_both_lines_are_told_of_the_nearest_cell():
    shown = picture("lecture")
    rate = float(GRID.learning_rates[16])
    step = STEPS[30]
    first, second = tooltip_text(shown, rate * 1.05, step + 0.3).splitlines()
    assert first == f"learning rate 0.4642: within 1 % after {mapped('lecture').needed[16]} steps"
    assert second.startswith(f"after {step} steps: loss ")
    shown_loss = float(second.split()[-1].replace("−", "-"))
    assert shown_loss == pytest.approx(float(run("lecture", 16).losses[step]), rel=1e-3)
    assert tooltip_text(shown, 10.0, 300).endswith("after 300 steps: loss NaN")
    assert tooltip_text(shown, 0.001, 1).startswith("learning rate 0.001: not within 300 steps")


def test_what_is_not_computed_yet_is_not_called_never():
    shown = build_map_picture(grown("lecture", 120), (record(lecture(0.9)),), 0)
    assert tooltip_text(shown, 0.001, 299) == (
        "learning rate 0.001: not within 120 steps, still computing\nafter 300 steps: not computed yet"
    )
    assert "never: above the limit, every step makes it worse" in tooltip_text(shown, 5.0, 1)


# The runs


def trail(recording, step, name="lecture"):
    return picture(name, (recording,), step).runs[0]


def test_the_run_goes_up_at_its_rate_from_step_one_on():
    recording = record(lecture(0.9))
    found = trail(recording, 57)
    x = np.log10(np.float32(0.9))
    assert np.allclose(found.trail, [(x, 0.0), (x, np.log10(57))])
    assert found.current == pytest.approx((x, np.log10(57)))
    assert found.off_map == (0, 0)
    assert picture("lecture", (recording,), 57).outside == ()
    assert np.allclose(found.full_trail, [(x, 0.0), (x, np.log10(200))])


def test_step_zero_stands_on_the_lower_edge():
    found = trail(record(lecture(0.9)), 0)
    assert found.current == pytest.approx((np.log10(0.9), LOWEST_Y))
    assert found.off_map == (0, 0)
    assert len(found.trail) == 0


def test_a_changed_rate_is_a_corner():
    recording = record(lecture(0.9, schedule=PiecewiseConstant(Constant(0.9), ((20, 0.5),))))
    before, after = np.log10(0.9), np.log10(0.5)
    at, end = np.log10(20), np.log10(150)
    points = trail(recording, 150).trail
    _, order = np.unique(points.round(9), axis=0, return_index=True)
    assert np.allclose(points[np.sort(order)], [(before, 0.0), (before, at), (after, at), (after, end)])
    assert np.allclose(trail(recording, 19).trail[:, 0], before)


def test_the_course_stands_still_while_the_run_is_computed():
    recording = record(lecture(0.9))
    assert np.array_equal(trail(partial(recording, 40), 20).full_trail, trail(recording, 20).full_trail)


@pytest.mark.parametrize(
    ("rate", "step", "off_map", "note"),
    [
        (30.0, 50, (1, 0), "rate 30 is right of the map"),
        (1e-5, 50, (-1, 0), "rate 1e−05 is left of the map"),
        (0.0, 50, (-1, 0), "rate 0 is left of the map"),
        (-0.1, 50, (-1, 0), "rate −0.1 is left of the map"),
        (0.1, 400, (0, 1), "step 400 is above the map"),
        (0.0, 400, (-1, 1), "rate 0 is left of the map, step 400 is above the map"),
    ],
)
def test_a_run_outside_stands_at_the_edge_and_has_a_note(rate, step, off_map, note):
    recording = record(lecture(rate, steps=500))
    shown = picture("lecture", (recording,), step)
    (found,) = shown.runs
    assert found.off_map == off_map
    assert shown.outside == (note,)
    for value, (low, high), side in zip(
        found.current, (shown.background.x_range, shown.background.y_range), off_map, strict=True
    ):
        assert low <= value <= high
        assert side == 0 or value == (low, high)[side > 0]
    if off_map[0]:
        assert len(found.trail) == 0
    else:
        assert found.trail[:, 1].max() == pytest.approx(shown.background.y_range[1])


@pytest.mark.parametrize("rate", [1e-3, 10.0])
@pytest.mark.parametrize("precision", list(Precision))
def test_a_run_at_the_edge_of_the_map_is_on_it(rate, precision):
    found = trail(record(lecture(rate, precision=precision)), 50)
    assert found.off_map == (0, 0)
    assert len(found.trail)


def test_of_a_run_that_comes_back_the_part_on_the_map_is_shown():
    recording = record(lecture(30.0, schedule=PiecewiseConstant(Constant(30.0), ((20, 0.5), (60, 30.0), (100, 0.1)))))
    shown = picture("lecture", (recording,), 150)
    points = shown.runs[0].trail
    assert np.isnan(points).any()
    x = points[np.isfinite(points[:, 0]), 0]
    assert x.max() == pytest.approx(shown.background.x_range[1])
    assert x.min() == pytest.approx(-1.0)


def test_a_range_test_climbs_across_the_map():
    recording = record(lecture(0.9, schedule=RangeTest(0.001, 10.0, 200), steps=199))
    points = trail(recording, 199).trail
    assert (np.diff(points, axis=0) >= -1e-12).all()
    assert points[0] == pytest.approx((np.log10(recording.learning_rates[1]), 0.0))
    assert points[-1] == pytest.approx((np.log10(recording.learning_rates[199]), np.log10(199)))


def test_with_fresh_steps_the_trail_is_that_of_the_last_run():
    recording = record(lecture(0.9, schedule=RangeTest(0.001, 10.0, 20, fresh_steps=9), steps=199))
    found = trail(recording, 57)
    x = np.log10(recording.learning_rates[57])
    assert found.current == pytest.approx((x, np.log10(7)))
    assert np.allclose(found.trail[:, 0], x)
    assert trail(recording, 60).current == pytest.approx((np.log10(recording.learning_rates[60]), LOWEST_Y))


def test_ten_thousand_corners_are_thinned():
    schedule = RangeTest(0.001, 10.0, 10_000, fresh_steps=0)
    recording = record(Experiment(Rosenbrock(), schedule=schedule, start=(1.0, 1.0), steps=9_999))
    assert len(trail(recording, 9_999).trail) < 10_000


def test_several_runs_have_their_own_styles_and_ends():
    recordings = (record(lecture(0.9, steps=20)), record(lecture(0.1)))
    first, second = picture("lecture", recordings, 100).runs
    assert (first.style, second.style) == (0, 1)
    assert first.current[1] == pytest.approx(np.log10(20))
    assert second.current[1] == pytest.approx(np.log10(100))


def test_a_changed_rate_is_said_not_to_fit_the_colours():
    changed = record(lecture(0.9).with_learning_rate(0.5, 20))
    assert picture("lecture", (changed,), 20).outside == ()
    assert picture("lecture", (changed,), 21).outside == ("the colours are of constant rates",)
