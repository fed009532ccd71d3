import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdviz.core.data.creation import from_points
from gdviz.core.descent.recording import record
from gdviz.core.descent.schedules import RangeTest
from gdviz.core.problems.regression import LinearRegression
from gdviz.core.problems.surfaces import Rosenbrock
from gdviz.panes.landscape import zoom
from gdviz.panes.landscape.landscape import sample_surface
from gdviz.panes.landscape.path import FIRST_STEPS, LAST_STEPS, build_path, drawn_steps, last_finite_step
from gdviz.presentation.look import View
from tests.recordings import EXPERIMENTS, LECTURE, equal, invented, lecture, numbers, recorded

pytestmark = pytest.mark.unmeasured  # dear to measure; what it meets is met elsewhere


def path_at(recording, step, view=View.FOLLOW, style=0):
    problem = recording.experiment.problem
    level = zoom.zoom_level_at(recording, step, problem.box) if view is View.FOLLOW else 0
    surface = sample_surface(problem, problem.box.scaled(zoom.factor(level)))
    return build_path(recording, step, surface, view, style), surface


# Which steps


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.integers(0, 3000), st.integers(0, 1_000_000)))
def test_drawn_steps_are_few_and_hold_both_ends(last):
    steps = drawn_steps(last)
    assert len(steps) <= 1100
    assert len(steps) == last + 1 or len(steps) >= 650
    assert steps[0] == 0
    assert steps[-1] == last
    assert (np.diff(steps) > 0).all()
    shown = set(steps.tolist())
    assert shown >= set(range(min(FIRST_STEPS, last + 1)))
    assert shown >= set(range(max(0, last - LAST_STEPS), last + 1))
    # Each is one of two consecutive steps.
    assert last == 0 or all(step - 1 in shown or step + 1 in shown for step in shown)


@pytest.mark.parametrize("last", [1001, 5_000, 123_456, 1_000_000])
def test_of_a_zigzag_both_sides_are_drawn_all_the_way(last):
    steps = drawn_steps(last)
    sides = steps % 2
    assert abs(int((sides == 0).sum()) - int((sides == 1).sum())) <= 1
    # Every line that is drawn goes from one side to the other, as every step does.
    assert (np.diff(sides) != 0).all()


def test_the_drawing_is_steady_while_it_grows():
    before = set(drawn_steps(50_000).tolist())
    after = set(drawn_steps(50_001).tolist())
    assert len(before ^ after) <= 6


# Everything that is drawn


@pytest.mark.parametrize("name", EXPERIMENTS)
@pytest.mark.parametrize("view", View)
def test_nothing_beyond_the_box_at_any_step(name, view):
    recording = recorded(name)
    for step in range(0, 201, 3 if view is View.FOLLOW else 10):
        path, surface = path_at(recording, step, view)
        for place, values in numbers(path):
            assert np.isfinite(values).all(), (step, place)
            assert np.abs(values).max(initial=0.0) <= 1.5, (step, place)
        assert np.abs(path.segments[..., :2]).max(initial=0.0) <= 1.0
        assert np.abs(path.dots[:, :2]).max(initial=0.0) <= 1.0
        points = recording.points[: step + 1].astype(np.float64)
        if step <= 900:  # nothing is left out
            assert len(path.dots) == sum(surface.box.contains(point) for point in points)


@pytest.mark.parametrize("view", View)
def test_segments_lie_on_steps_and_end_at_points_or_walls(view):
    recording = recorded("point-nine")
    for step in (3, 4, 9, 40):
        path, surface = path_at(recording, step, view)
        places = surface.box.normalised(recording.points[: step + 1].astype(np.float64))
        steps = list(itertools.pairwise(places))
        for segment in path.segments[:, :, :2].astype(np.float64):
            for end in segment:
                is_point = np.abs(places - end).max(axis=1).min() < 1e-6
                assert is_point or np.abs(end).max() == 1.0
            middle = segment.mean(axis=0)
            assert min(distance(middle, a, b) for a, b in steps) < 1e-6


def distance(point, begin, end):
    way = end - begin
    place = np.clip((point - begin) @ way / (way @ way), 0.0, 1.0)
    return float(np.abs(point - begin - place * way).max())


@pytest.mark.parametrize("name", ["point-nine", "valley", "tenth"])
def test_heights_are_those_of_the_loss(name):
    recording = recorded(name)
    path, surface = path_at(recording, 20)
    problem, box = recording.experiment.problem, surface.box
    for place in (*path.dots, *path.segments.reshape(-1, 3)):
        loss = float(problem.loss(*box.denormalised(place[:2].astype(np.float64))))
        assert place[2] == pytest.approx((loss - surface.base) / surface.span, abs=1e-6)


def test_start_and_current_are_where_the_run_is():
    recording = recorded("tenth")
    path, surface = path_at(recording, 7, style=2)
    assert path.style == 2
    np.testing.assert_allclose(path.start[:2], surface.box.normalised((0.0, -1.0)), atol=1e-6)
    np.testing.assert_allclose(path.current[:2], surface.box.normalised(recording.points[7]), atol=1e-6)
    assert path.arrow is None
    assert len(path.segments) == 7
    assert len(path.dots) == 8


# The step that leaves the box


def test_the_step_that_leaves_is_an_arrow_through_the_wall():
    recording = recorded("point-nine")
    path, surface = path_at(recording, 4)
    arrow = path.arrow
    assert arrow.label == "leaves the view at step 4"
    tail, wall, tip = (np.array(getattr(arrow, name)) for name in ("tail", "wall", "tip"))
    np.testing.assert_allclose(tail[:2], surface.box.normalised(recording.points[3]), atol=1e-6)
    assert np.abs(wall[:2]).max() == 1.0
    assert np.abs(tip[:2]).max() > 1.0
    assert np.linalg.norm(tip - wall) == pytest.approx(0.14, abs=1e-6)
    # Straight on, toward the point at which the step ended.
    target = surface.box.normalised(recording.points[4])
    assert np.cross(np.append(wall[:2] - tail[:2], 0), np.append(target - tail[:2], 0))[2] == pytest.approx(0, abs=1e-6)
    assert path.current is None
    assert path_at(recording, 3)[0].arrow is None
    assert path_at(recording, 5)[0].arrow is None


def test_arrows_come_with_each_growth_of_the_view_and_only_then():
    recording = recorded("point-nine")
    for step in range(1, 200):
        before, after = (zoom.zoom_level_at(recording, at, LECTURE.box) for at in (step, step + 1))
        assert (path_at(recording, step)[0].arrow is not None) == (after > before)


def test_held_the_first_exit_stays():
    recording = recorded("point-nine")
    assert path_at(recording, 3, View.HOLD)[0].arrow is None
    first = path_at(recording, 4, View.HOLD)[0].arrow
    for step in (4, 5, 50, 200):
        arrow = path_at(recording, step, View.HOLD)[0].arrow
        assert arrow.label == "left at step 4"
        assert (arrow.tail, arrow.tip) == (first.tail, first.tip)


@pytest.mark.parametrize("leaves", [120, 3_333, 6_001, 9_990])
def test_held_the_exit_of_a_long_path_is_named_exactly(leaves):
    # A zigzag that widens slowly, and of which not every step is drawn.
    steps = np.arange(10_001)
    wide = 1.0 + (steps - leaves + 0.5) * 1e-6
    points = np.stack([(-1.0) ** steps * wide, np.zeros(10_001)], axis=1)
    recording = invented(LECTURE.box.denormalised(points))
    path, _ = path_at(recording, 10_000, View.HOLD)
    assert path.arrow.label == f"left at step {leaves:,}"
    np.testing.assert_allclose(path.arrow.tail[:2], points[leaves - 1], atol=1e-5)


def test_a_run_from_outside_has_no_exit_until_it_was_inside():
    outside = LECTURE.box.denormalised([(3.0, 0.0), (2.0, 0.0), (0.5, 0.0), (-4.0, 0.0)])
    recording = invented(outside)
    first, *_ = (path_at(recording, step, View.HOLD)[0] for step in range(4))
    assert first.start is first.current is first.arrow is None
    assert len(first.dots) == len(first.segments) == 0
    assert path_at(recording, 2, View.HOLD)[0].arrow is None
    assert path_at(recording, 3, View.HOLD)[0].arrow.label == "left at step 3"


def test_a_step_from_the_wall_has_an_arrow_without_length():
    recording = invented(LECTURE.box.denormalised([(0.0, 0.0), (1.0, 0.0), (4.0, 0.0)]))
    arrow = path_at(recording, 2, View.HOLD)[0].arrow
    assert arrow.label == "left at step 2"
    assert arrow.tail == arrow.wall
    assert np.abs(arrow.tip).max() <= 1.2


def test_a_step_from_outside_to_outside_is_not_drawn():
    recording = invented(LECTURE.box.denormalised([(0.0, 0.0), (5.0, 0.1), (-5.0, 0.1), (5.0, 9.0)]))
    path, _ = path_at(recording, 2, View.HOLD)
    assert path.arrow.label == "left at step 1"
    assert len(path.segments) == 1
    np.testing.assert_allclose(path.segments[0, :, :2], [(0.0, 0.0), (1.0, 0.02)], atol=1e-6)


# The end of the numbers


def test_the_path_ends_with_the_last_finite_point():
    recording = recorded("one")
    infinite = min(recording.milestones.infinite)
    assert last_finite_step(recording, 200) == infinite - 1
    assert last_finite_step(recording, 5) == 5
    path, _ = path_at(recording, 200)
    assert path.current is None
    assert path.arrow is None
    assert len(path.dots) == infinite


@pytest.mark.parametrize("view", View)
def test_points_at_the_end_of_double_precision(view):
    largest = float(np.finfo(np.float64).max)
    # A box of half width 0.1, in units of which the largest numbers are infinite.
    small = LinearRegression(from_points([0.0, 1.0], [-0.95, -0.95], None, "test"))
    assert max(small.box.half) < 0.2
    for problem in (small, Rosenbrock()):
        recording = invented([(0.0, -0.97), (largest, -largest), (-largest, largest)], problem=problem)
        for step in range(3):
            path, _ = path_at(recording, step, view)
            assert all(np.isfinite(values).all() and np.abs(values).max(initial=0.0) < 2 for _, values in numbers(path))


# Many runs in one recording


FRESH = RangeTest(start=0.01, end=1e6, number=12, fresh_steps=19)
"""Twelve rates with twenty rows each, of which the last ones end in infinity."""


@pytest.mark.parametrize("view", View)
def test_with_fresh_starts_the_path_is_that_of_the_current_run(view):
    sweep = record(lecture(0.1, schedule=FRESH, steps=239))
    for step in (0, 7, 19, 20, 21, 70, 79, 80, 81, 86, 99, 100, 101, 199, 200, 202, 219, 220, 221, 239):
        alone = record(lecture(FRESH(step), steps=19))
        found, surface = path_at(sweep, step, view)
        wanted, same_surface = path_at(alone, step % 20, view)
        assert surface is same_surface
        for name in ("segments", "dots", "start", "current"):
            assert equal(getattr(found, name), getattr(wanted, name)), (step, name)
        assert (found.arrow is None) == (wanted.arrow is None)
        if found.arrow is not None:
            assert equal(found.arrow.tip, wanted.arrow.tip)
            assert found.arrow.label == wanted.arrow.label, "the steps of a fresh start are counted from it"
        assert last_finite_step(sweep, step) - step == last_finite_step(alone, step % 20) - step % 20


def test_no_arrow_leads_from_the_start_or_to_it():
    # Each run goes out; the next begins inside, or outside where the start itself is.
    for start, held in (((0.0, -1.0), True), ((0.0, -40.0), False)):
        sweep = record(lecture(0.1, schedule=RangeTest(5.0, 10.0, 4, fresh_steps=3), start=start, steps=15))
        for step in range(16):
            path, _ = path_at(sweep, step, View.HOLD)
            assert (path.arrow is not None) == (held and step % 4 > 0)


# Several runs


def test_a_run_that_leaves_is_called_by_its_name():
    recording = recorded("point-nine")
    surface = sample_surface(LECTURE, LECTURE.box)
    labels = [
        build_path(recording, step, surface, view, 0, "0.9").arrow.label
        for step, view in ((4, View.FOLLOW), (9, View.HOLD))
    ]
    assert labels == ["0.9 leaves the view at step 4", "0.9 left at step 4"]
