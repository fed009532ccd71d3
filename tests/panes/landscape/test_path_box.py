"""The box that the path fills: a function of the path so far alone, and what it holds."""

import gc
import itertools
import math
import weakref

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdviz.core.box import Box
from gdviz.core.descent.recording import record
from gdviz.core.descent.schedules import RangeTest
from gdviz.core.precision import Precision
from gdviz.core.problems.surfaces import Himmelblau, Rosenbrock
from gdviz.panes.landscape import path_box as module
from gdviz.panes.landscape import zoom
from gdviz.panes.landscape.landscape import sample_surface
from gdviz.panes.landscape.path_box import FILLED, FINEST, extent, path_box
from gdviz.panes.landscape.shown_box import box_changes, eased_box, shown_box
from gdviz.presentation.look import BoxChoice, Look, View
from tests.data_sets import opened
from tests.recordings import LECTURE, append, invented, lecture, recorded
from tests.shown_numbers import number_of

TO_PATH = Look(box=BoxChoice.PATH)
LOOKS = [TO_PATH, Look(box=BoxChoice.PATH, equal_axes=True), Look(box=BoxChoice.PATH, view=View.HOLD)]
coordinates = st.one_of(
    st.floats(-5.0, 5.0),
    st.builds(lambda sign, exponent: sign * 10.0**exponent, st.sampled_from([-1.0, 1.0]), st.floats(-14.0, 60.0)),
    st.sampled_from([math.inf, -math.inf, math.nan, 0.0, -1.0]),
)
paths = st.lists(st.tuples(coordinates, coordinates), min_size=1, max_size=40)
problems = st.sampled_from([LECTURE, Rosenbrock(), Himmelblau()])
looks = st.sampled_from(LOOKS)


def finite(points):
    """The finite ones, in double precision."""
    points = np.asarray(points, np.float64)
    return points[np.isfinite(points).all(axis=1)]


def is_on_ladder(value):
    """Whether it is 1, 2 or 5 times a power of ten."""
    return f"{value:.9e}"[:11] in ("1.000000000", "2.000000000", "5.000000000")


@settings(max_examples=150, deadline=None)
@given(problems, paths, looks, st.integers(1, 7), st.integers(1, 3))
def test_it_depends_on_the_path_so_far_alone(problem, path, look, size, block):
    with pytest.MonkeyPatch.context() as patch:
        expected = [shown_box([invented(path[: step + 1], problem=problem)], step, look) for step in range(len(path))]
        patch.setattr(module, "BLOCK", block)
        at_once = invented(path, problem=problem)
        assert [shown_box([at_once], step, look) for step in reversed(range(len(path)))] == expected[::-1]
        growing = invented(path[:size], problem=problem, steps=max(len(path) - 1, 1))
        while True:
            last = growing.last_step
            assert [shown_box([growing], step, look) for step in range(last + 1)] == expected[: last + 1]
            if len(growing) == len(path):
                break
            rows = path[len(growing) : len(growing) + size]
            append(growing, rows, np.ones(len(rows)))


@settings(max_examples=300, deadline=None)
@given(problems, paths, looks)
def test_it_holds_the_path_with_a_margin_and_no_level_less_would(problem, path, look):
    recording = invented(path, problem=problem)
    first, before = zoom.first_box(problem, look), (0.0, 0.0)
    for step in range(len(path)):
        points, covered = finite(path[: step + 1]), extent([recording], step)
        box = path_box(covered, first, look.equal_axes)
        if not covered.moved.any():
            assert box is None
            continue
        assert box is not None
        assert box.reach(points).max() <= 0.9 + 1e-3
        factors = np.divide(box.half, first.half)
        assert all(map(is_on_ladder, factors))
        taken = (points.max(axis=0) / 2 - points.min(axis=0) / 2) / box.half
        is_finest = factors <= 2.6 * FINEST * np.maximum(1.0, np.abs(points).max(axis=0) / first.half)
        assert taken.max() <= FILLED * (1 + 1e-9)
        assert (is_finest | (taken > FILLED / 2.5 * (1 - 1e-9))).any()
        if covered.moved.all():
            if not look.equal_axes:
                assert (is_finest | (taken > FILLED / 2.5 * (1 - 1e-9))).all()
            assert (np.array(box.half) >= before).all()
            before = box.half
        else:
            moved = covered.moved.tolist().index(True)
            assert factors[1 - moved] >= factors[moved] * (1 - 1e-9)
            assert is_finest[1 - moved] or factors[1 - moved] == pytest.approx(factors[moved], rel=1e-9)
        if look.equal_axes:
            assert factors[0] == pytest.approx(factors[1], rel=1e-9)


@pytest.mark.parametrize("problem", [LECTURE, Rosenbrock()])
def test_before_anything_has_moved_it_is_the_box_of_the_start(problem):
    still = invented([problem.start] * 3, problem=problem)
    assert [shown_box([still], step, TO_PATH) for step in range(3)] == [problem.box] * 3
    far = invented([problem.box.denormalised((3.0, 0.0))] * 2, problem=problem)
    assert shown_box([far], 1, TO_PATH) == problem.box.scaled(5.0)


@pytest.mark.parametrize("angle", np.linspace(0.1, 6.2, 9))
def test_it_stays_put_over_many_steps(angle):
    # A spiral that grows evenly, around a middle that is often where the box could be placed in two ways.
    turns = np.arange(5000.0)
    points = turns[:, None] * np.stack([np.cos(angle + 2.0 * turns), np.sin(2.1 * turns)], axis=1)
    recording = invented(points)
    boxes = [shown_box([recording], step, TO_PATH) for step in range(5000)]
    changes = [step for step, (before, after) in enumerate(itertools.pairwise(boxes)) if before != after]
    # At each of some 12 levels of either parameter there are at most 4 cells to be reached.
    assert len(changes) <= 2 * 12 * 4
    assert box_changes([recording], TO_PATH, 0, 4999) == changes
    assert box_changes([recording], TO_PATH, 100, 3000) == [step for step in changes if 100 <= step < 3000]


@settings(max_examples=100, deadline=None)
@given(st.lists(paths, min_size=1, max_size=4), looks)
def test_several_runs_fill_it_together_and_its_changes_are_found(runs, look):
    recordings = [invented(path) for path in runs]
    last = max(recording.last_step for recording in recordings)
    boxes = [shown_box(recordings, step, look) for step in range(last + 1)]
    for step, box in enumerate(boxes):
        points = np.concatenate([finite(path[: step + 1]) for path in runs])
        if extent(recordings, step).moved.any():
            assert box.reach(points).max() <= 1.0 + 1e-9
    changes = [step for step in range(last) if boxes[step] != boxes[step + 1]]
    assert box_changes(recordings, look, 0, last) == changes


def test_runs_that_start_apart_have_not_moved_by_that():
    points = [(0.0, -1.0), (0.1, -1.0), (0.1, -0.9)]
    runs = [invented(points), invented([(first + 1.0, second) for first, second in points])]
    assert shown_box(runs, 0, TO_PATH) == LECTURE.box
    assert shown_box(runs, 1, TO_PATH).reach([(0.0, -1.0), (1.1, -1.0)]).max() <= 0.9


def test_a_parameter_that_begins_to_move_later_is_shown_on_its_own_level():
    points = [(0.0, -1.0), (1.0, -1.0), (1.0, -1.0), (1.0, -1.0 + 1e-6), (1.0, -1.0 + 2e-6)]
    recording, half = invented(points), LECTURE.box.half[0]
    boxes = [shown_box([recording], step, TO_PATH) for step in range(5)]
    assert boxes[1].half[0] == boxes[1].half[1]
    assert boxes[1] == boxes[2]
    assert boxes[3].half[0] == boxes[1].half[0]
    assert boxes[3].half[1] < 1e-5 * half
    assert box_changes([recording], TO_PATH, 0, 4) == [step for step in range(4) if boxes[step] != boxes[step + 1]]


def test_with_fresh_starts_it_is_that_of_the_current_run():
    schedule = RangeTest(start=0.1, end=1e4, number=10, fresh_steps=12)
    sweep = record(lecture(0.1, schedule=schedule, steps=129))
    boxes = [shown_box([sweep], step, TO_PATH) for step in range(130)]
    for run in range(10):
        alone = record(lecture(schedule.rate(run), steps=12))
        assert boxes[13 * run : 13 * run + 13] == [shown_box([alone], step, TO_PATH) for step in range(13)]
    changes = [step for step in range(129) if boxes[step] != boxes[step + 1]]
    assert box_changes([sweep], TO_PATH, 0, 129) == changes
    assert box_changes([sweep], TO_PATH, 20, 70) == [step for step in changes if 20 <= step < 70]


def test_where_the_loss_is_infinite_it_is_the_box_that_grows_as_far_as_it_can():
    recording = invented([(0.0, 0.0), (1e100, 1e308), (-1.7e308, 1.7e308)], problem=Rosenbrock())
    for look in LOOKS:
        assert shown_box([recording], 2, look) == shown_box([recording], 2, Look())


@settings(max_examples=200, deadline=None)
@given(st.floats(-16.0, 3.0), st.floats(-16.0, 3.0), st.floats(-1e6, 1e6), st.booleans())
def test_tick_labels_are_distinct_in_any_box(first, second, base, equal_axes):
    moved = [(base, -1.0), (base + 10.0**first, -1.0 + 10.0**second)]
    recording = invented(moved)
    surface = sample_surface(LECTURE, shown_box([recording], 1, Look(box=BoxChoice.PATH, equal_axes=equal_axes)))
    for axis in surface.axes[:2]:
        labels, positions = [tick.label for tick in axis.ticks], [tick.position for tick in axis.ticks]
        assert len(set(labels)) == len(labels) >= 2
        assert all(a < b for a, b in itertools.pairwise(positions))
        for tick in axis.ticks:
            side = surface.axes.index(axis)
            value = surface.box.centre[side] + tick.position * surface.box.half[side]
            written = number_of(tick.label)
            assert abs(written - value) <= 2e-4 * surface.box.half[side]


@pytest.mark.parametrize("precision", Precision)
def test_both_the_zigzag_and_the_way_along_the_valley_fill_it(precision):
    recording = record(opened("kilometres", 7.2e-11, precision))
    points = recording.points.astype(np.float64)
    for step in (3, 40, 200):
        box = shown_box([recording], step, TO_PATH)
        places = box.normalised(points[: step + 1])
        assert (np.ptp(places, axis=0) > 2 * FILLED / 2.5 * 0.99).all()


# Easing


boxes = st.builds(
    lambda x, y, a, b: Box((x, y), (10.0**a, 10.0**b)), *[st.floats(-9.0, 9.0)] * 2, *[st.floats(-9.0, 9.0)] * 2
)


@given(boxes, boxes, st.floats(0.0, 1.0), st.tuples(st.floats(-1.0, 1.0), st.floats(-1.0, 1.0)))
def test_what_is_in_both_boxes_is_in_all_between(before, after, part, place):
    point = before.denormalised(place)
    now = eased_box(before, after, part)
    if after.contains(point):
        rounding = 1e-9 + 1e-15 * np.abs(point).max() / min(now.half)
        assert now.reach(point[None])[0] <= 1.0 + rounding
    assert eased_box(before, after, 0.0).half == pytest.approx(before.half)
    assert eased_box(before, after, 1.0).half == pytest.approx(after.half)
    assert eased_box(before, after, 1.0).centre == pytest.approx(after.centre)


def test_nothing_is_remembered_of_a_recording_that_is_gone():
    recording = invented([(0.0, 0.0), (100.0, 3.0)])
    shown_box([recording], 1, TO_PATH)
    known = weakref.ref(recording)
    del recording
    gc.collect()
    assert known() is None


def test_the_other_views_are_as_before():
    recording = recorded("point-nine")
    for step in (0, 4, 5, 100, 200):
        level = zoom.zoom_level_at(recording, step, LECTURE.box)
        assert shown_box([recording], step, Look()) == LECTURE.box.scaled(zoom.factor(level))
        assert shown_box([recording], step, Look(view=View.HOLD)) == LECTURE.box
    assert box_changes([recording], Look(view=View.HOLD), 0, 200) == []
