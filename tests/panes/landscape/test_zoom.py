import gc
import math
import weakref

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdviz.core.box import Box
from gdviz.core.descent.loop import descend
from gdviz.core.descent.recording import Recording, record
from gdviz.core.descent.schedules import RangeTest
from gdviz.core.precision import Precision
from gdviz.core.problems.surfaces import Himmelblau, Rosenbrock
from gdviz.panes.landscape import zoom
from tests.recordings import LECTURE, append, invented, lecture, recorded

coordinates = st.one_of(
    st.floats(-5.0, 5.0),
    st.builds(lambda sign, exponent: sign * 10.0**exponent, st.sampled_from([-1.0, 1.0]), st.floats(-3.0, 60.0)),
    st.sampled_from([math.inf, -math.inf, math.nan, 0.0]),
)
paths = st.lists(st.tuples(coordinates, coordinates), min_size=1, max_size=40)
problems = st.sampled_from([LECTURE, Rosenbrock(), Himmelblau()])


LADDER = [float(f"{mantissa}e{exponent}") for exponent in range(333) for mantissa in (1, 2, 5) if exponent < 308]
"""1, 2, 5, 10, ... by level."""


def level_at(recording, step):
    """The level relative to the problem's own box."""
    return zoom.zoom_level_at(recording, step, recording.experiment.problem.box)


def exit_at(recording, step):
    """The exit from the problem's own box."""
    return zoom.exit_step_at(recording, step, recording.experiment.problem.box)


def holding_levels(problem, points):
    """The lowest level that holds all finite points, by trying; both answers where a point lies on the edge itself."""
    finite = [point for point in np.asarray(points) if np.isfinite(point).all()]
    answers = []
    for slack in (1 - 1e-12, 1 + 1e-12):
        reached = max((float(problem.box.reach(point[None])[0]) for point in finite), default=0.0)
        answers.append(next(level for level, width in enumerate(LADDER) if width >= reached * slack))
    return [min(level, zoom.top_zoom_level(problem, problem.box)) for level in answers]


@settings(max_examples=100, deadline=None)
@given(problems, paths, st.data())
def test_the_level_is_the_lowest_that_holds_the_path_so_far(problem, path, data):
    chunks = data.draw(st.lists(st.integers(1, 7), min_size=len(path), max_size=len(path)))
    order = data.draw(st.permutations(range(len(path))))
    at_once = invented(path, problem=problem)
    answers = {step: level_at(at_once, step) for step in order}
    for step in order:
        low, high = holding_levels(problem, path[: max(step, 1)])
        assert low <= answers[step] <= high

    # The same while it grows chunk by chunk, asked in between in any order.
    growing = invented(path[: chunks[0]], problem=problem, steps=max(len(path) - 1, 1))
    for size in chunks[1:]:
        for step in order:
            if step <= growing.last_step:
                assert level_at(growing, step) == answers[step]
        rows = path[len(growing) : len(growing) + size]
        if rows:
            append(growing, rows, np.ones(len(rows)))
    assert {step: level_at(growing, step) for step in order} == answers


@settings(max_examples=100, deadline=None)
@given(problems, paths, st.integers(1, 5))
def test_the_first_step_out_of_the_first_box(problem, path, size):
    inside = [problem.box.contains(point) for point in path]
    first = next((step for step in range(1, len(path)) if inside[step - 1] and not inside[step]), None)
    growing = invented(path[:size], problem=problem, steps=max(len(path) - 1, 1))
    at_once = invented(path, problem=problem)
    for step in reversed(range(len(path))):
        assert exit_at(at_once, step) == (first if first is not None and first <= step else None)
    while len(growing) < len(path):
        assert exit_at(growing, growing.last_step) == exit_at(at_once, growing.last_step)
        rows = path[len(growing) : len(growing) + size]
        append(growing, rows, np.ones(len(rows)))
    assert exit_at(growing, growing.last_step) == first


def test_the_box_holds_the_path_and_the_level_below_does_not():
    recording = recorded("point-nine")
    box, points = recording.experiment.problem.box, recording.points.astype(np.float64)
    assert level_at(recording, 0) == 0
    for step in range(1, 201):
        level = level_at(recording, step)
        assert (box.scaled(zoom.factor(level)).reach(points[:step]) <= 1.0).all()
        assert level == 0 or (box.scaled(zoom.factor(level - 1)).reach(points[:step]) > 1.0).any()


def test_point_nine_leaves_at_step_four_and_the_view_follows():
    recording = recorded("point-nine")
    assert [level_at(recording, step) for step in range(6)] == [0, 0, 0, 0, 0, 1]


@pytest.mark.parametrize("problem", [LECTURE, Rosenbrock(), Himmelblau()], ids=lambda problem: problem.name)
def test_the_top_level_is_the_last_with_a_finite_loss(problem):
    def worst(level):
        box = problem.box.scaled(zoom.factor(level))
        first, second = box.grid(41)
        return float(problem.loss(first[:, None], second[None, :]).max())

    top = zoom.top_zoom_level(problem, problem.box)
    assert math.isfinite(worst(top))
    assert not math.isfinite(worst(top + 1))
    # Degree 2 overflows near 1e154, degree 4 near 1e77: nothing is given away.
    degree = 2 if problem.is_quadratic else 4
    assert math.log10(zoom.factor(top)) == pytest.approx(308 / degree, abs=2)


class Plain:
    """A loss that is finite everywhere, over a box that cannot grow to the end of the ladder."""

    name = "plain"
    box = Box((0.0, 0.0), (5e10, 1.0))

    @staticmethod
    def loss(first, second):
        return np.zeros(np.broadcast_shapes(np.shape(first), np.shape(second)))


def test_the_box_itself_stays_finite():
    top = zoom.top_zoom_level(Plain(), Plain().box)
    assert Plain.box.scaled(zoom.factor(top)).is_finite
    assert zoom.factor(top) == 2e297


def test_what_is_beyond_the_top_level_stays_on_it():
    recording = invented([(0.0, 0.0), (1e300, 1e308), (-1.7e308, 1.7e308)], problem=Rosenbrock())
    assert [level_at(recording, step) for step in range(3)] == [
        0,
        0,
        zoom.top_zoom_level(Rosenbrock(), Rosenbrock().box),
    ]


def test_another_measure_of_the_same_recording_is_kept_apart():
    recording = invented([(0.0, 0.0), (100.0, 3.0), (0.0, 30.0)])

    def second(points):
        return np.abs(points[:, 1])

    assert [zoom.zoom_level_for(recording, step, "second", second) for step in range(3)] == [0, 2, 5]
    assert level_at(recording, 2) > 2


def test_nothing_is_remembered_of_a_recording_that_is_gone():
    recording = invented([(0.0, 0.0), (100.0, 3.0)])

    def reach(points):
        return np.abs(points[:, 1])

    zoom.zoom_level_for(recording, 1, "second", reach)
    known = weakref.ref(recording), weakref.ref(reach)
    del reach
    gc.collect()
    assert all(thing() is not None for thing in known)
    del recording
    gc.collect()
    assert all(thing() is None for thing in known)


@pytest.mark.parametrize(
    ("level", "width", "text"),
    [
        (0, 1.0, "view ×1"),
        (1, 2.0, "view ×2"),
        (2, 5.0, "view ×5"),
        (3, 10.0, "view ×10"),
        (4, 20.0, "view ×20"),
        (5, 50.0, "view ×50"),
        (6, 100.0, "view ×100"),
        (7, 200.0, "view ×200"),
        (9, 1000.0, "view ×1000"),
        (11, 5000.0, "view ×5000"),
        (12, 10000.0, "view ×10⁴"),
        (13, 20000.0, "view ×2·10⁴"),
        (70, 2e23, "view ×2·10²³"),
        (71, 5e23, "view ×5·10²³"),
    ],
)
def test_odometer(level, width, text):
    assert zoom.factor(level) == width
    assert zoom.zoom_label(level) == text


def test_single_precision_ends_far_below_the_top():
    largest = float(np.finfo(Precision.FLOAT32.dtype).max)
    recording = invented([(0.0, 0.0), (largest, -largest), (0.0, 0.0)], precision=Precision.FLOAT32)
    assert level_at(recording, 2) < zoom.top_zoom_level(LECTURE, LECTURE.box)
    assert LECTURE.box.scaled(zoom.factor(level_at(recording, 2))).contains((largest, -largest))


# Many runs in one recording


@pytest.mark.parametrize("chunk_steps", [1, 7, 64, 500])
def test_with_fresh_starts_the_box_is_that_of_the_current_run(chunk_steps):
    schedule = RangeTest(start=0.1, end=1e4, number=10, fresh_steps=12)
    sweep = lecture(0.1, schedule=schedule, steps=129)
    growing = Recording(sweep)
    for chunk in descend(sweep, chunk_steps=chunk_steps):
        growing.append(chunk)
        level_at(growing, growing.last_step)
    for run in range(10):
        alone = record(lecture(schedule.rate(run), steps=12))
        begin = 13 * run
        for step in range(13):
            assert level_at(growing, begin + step) == level_at(alone, step)
            left = exit_at(alone, step)
            assert exit_at(growing, begin + step) == (None if left is None else begin + left)
    assert max(level_at(growing, 13 * run + 12) for run in range(10)) > 10
    assert {level_at(growing, 13 * run) for run in range(10)} == {0}
    grown = [step for step in range(129) if level_at(growing, step + 1) > level_at(growing, step)]
    assert grown
    assert set(grown) <= set(zoom.zoom_steps(growing, LECTURE.box))
