import math
import re
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdviz.core.data.creation import from_points, generate
from gdviz.core.data.settings import DataSettings
from gdviz.core.descent.evaluations import rows_at
from gdviz.core.descent.recording import record
from gdviz.core.precision import Precision
from gdviz.core.problems.regression import LinearRegression
from gdviz.panes.data.density import summary
from gdviz.panes.data.picture import build_data_picture
from gdviz.presentation.look import DataPane, Look, View
from tests.recordings import EXPERIMENTS, LECTURE, invented, lecture, numbers, recorded


def picture(recording, step, **look):
    return build_data_picture((recording,), step, Look(**look))


def regression(x, y):
    return LinearRegression(from_points(x, y, None, "test"))


def span(limits):
    return limits[1] - limits[0]


REGRESSIONS = [name for name in EXPERIMENTS if EXPERIMENTS[name].problem is LECTURE]


def exact_line(slope, intercept, x_range, y_range):
    """Both ends of the part of a line in a rectangle, in rational numbers; None where there is none."""
    a, b = Fraction(float(slope)), Fraction(float(intercept))
    low, high = map(Fraction, x_range)
    walls = sorted((Fraction(wall) - b) / a for wall in y_range) if a else None
    if walls:
        low, high = max(low, walls[0]), min(high, walls[1])
    elif not y_range[0] <= b <= y_range[1]:
        return None
    return (low, a * low + b, high, a * high + b) if low <= high else None


@pytest.mark.parametrize("name", REGRESSIONS)
@pytest.mark.parametrize("view", View)
def test_all_is_finite_and_inside_the_ranges_at_every_step(name, view):
    recording = recorded(name)
    for step in range(0, 201, 3 if view is View.FOLLOW else 10):
        found = picture(recording, step, view=view)
        for place, values in numbers(found):
            assert np.isfinite(values).all(), (step, place)
        (x0, x1), (y0, y1) = found.x_range, found.y_range
        assert x0 < float(found.data.x.min()) <= float(found.data.x.max()) < x1
        assert y0 < float(found.data.y.min()) <= float(found.data.y.max()) < y1
        for line in (found.true_line, found.best_line, *(line for _, line in found.current_lines)):
            assert x0 <= line[0] <= line[2] <= x1
            assert y0 <= min(line[1], line[3])
            assert max(line[1], line[3]) <= y1
        ends = found.residuals[:, 1]
        assert ((ends[:, 1] >= y0) & (ends[:, 1] <= y1)).all()


@pytest.mark.parametrize("name", REGRESSIONS)
@pytest.mark.parametrize("view", View)
def test_lines_are_clipped_exactly(name, view):
    recording = recorded(name)
    for step in (0, 1, 2, 5, 30, 120, 200):
        found = picture(recording, step, view=view)
        settings_ = found.data.settings
        expected = [
            (found.true_line, (settings_.slope, settings_.intercept)),
            (found.best_line, LECTURE.minima[0]),
            (dict(found.current_lines).get(0), recording.points[step].astype(np.float64)),
        ]
        for line, (slope, intercept) in expected:
            if not np.isfinite([slope, intercept]).all():
                assert line is None
                continue
            exact = exact_line(slope, intercept, found.x_range, found.y_range)
            assert (line is None) == (exact is None)
            if line is not None:
                size = np.array([span(found.x_range), span(found.y_range)] * 2)
                # The rounding of a steep line's own numbers moves it sideways.
                slack = 1e-12 * (1 + abs(slope) / size[1] + abs(intercept) / size[1]) * size
                assert (np.abs(np.array(line) - np.array(exact, dtype=float)) <= slack).all()


@settings(max_examples=100, deadline=None)
@given(
    st.tuples(st.floats(-1e300, 1e300), st.floats(-1e300, 1e300)),
    st.tuples(st.floats(-50.0, 50.0), st.floats(-50.0, 50.0)),
    st.sampled_from(View),
)
def test_any_line_in_any_view(far, near, view):
    for line in (far, near):
        recording = invented([(0.0, -1.0), line, near])
        for step in (0, 1, 2):
            found = picture(recording, step, view=view)
            assert all(np.isfinite(values).all() for _, values in numbers(found))
            drawn = dict(found.current_lines).get(0)
            if view is View.FOLLOW:
                assert drawn is not None
                assert found.note == ""
            assert (drawn is None) == ("off the plot" in found.note)


# Ranges


def test_following_the_plot_grows_with_the_line_and_comes_back():
    recording = record(lecture(0.9, steps=1000).with_learning_rate(0.5, 60))
    heights = [span(picture(recording, step).y_range) for step in range(0, 1001, 5)]
    assert heights[0] < heights[6] < heights[10] <= heights[12]
    assert heights[12] > 1e5
    close = span((float(LECTURE.data.y.min()), float(LECTURE.data.y.max())))
    assert heights[-1] < 2 * close
    assert all(late <= early for early, late in pairwise(heights[12:]))


def test_following_both_ends_of_the_line_are_seen_at_every_step():
    recording = recorded("point-nine")
    for step in range(201):
        found = picture(recording, step)
        ((_, line),) = found.current_lines
        assert (line[0], line[2]) == found.x_range


def test_held_the_plot_stays_and_says_where_the_line_is():
    recording = recorded("point-nine")
    ranges = {picture(recording, step, view=View.HOLD).y_range for step in range(201)}
    assert len(ranges) == 1
    assert picture(recording, 0, view=View.HOLD).note == ""
    found = picture(recording, 100, view=View.HOLD)
    w, b = recording.points[100].astype(np.float64)
    middle, value = (float(text) for text in re.findall(r"= (\S+)", found.note.replace("−", "-"))[::-1])
    assert middle == pytest.approx(float(LECTURE.data.x.min() + LECTURE.data.x.max()) / 2, rel=0.05)
    assert value == pytest.approx(w * (LECTURE.data.x.min() + LECTURE.data.x.max()) / 2 + b, rel=0.01)
    assert found.current_lines == ()
    assert "off the plot" in found.note


def test_a_held_line_that_starts_far_off_flattens_no_data():
    recording = invented([(0.0, -500.0), (0.0, 0.0)])
    held, followed = (span(picture(recording, 0, view=view).y_range) for view in (View.HOLD, View.FOLLOW))
    assert held < 5 * span((float(LECTURE.data.y.min()), float(LECTURE.data.y.max())))
    assert followed > 500


def test_a_run_without_numbers_says_so():
    found = picture(recorded("one"), 200)
    assert found.note == "there is no line any more: its parameters are not finite"
    assert found.current_lines == ()
    assert len(found.residuals) == 0


# Residuals


def test_residuals_lead_from_the_points_to_the_line():
    recording = recorded("tenth")
    found = picture(recording, 30)
    w, b = recording.points[30].astype(np.float64)
    assert found.residuals.shape == (100, 2, 2)
    np.testing.assert_array_equal(found.residuals[:, 0], np.stack([LECTURE.data.x, LECTURE.data.y], axis=1))
    np.testing.assert_allclose(found.residuals[:, 1, 1], w * LECTURE.data.x.astype(np.float64) + b, rtol=1e-12)
    lengths = np.abs(found.residuals[:, 0, 1] - found.residuals[:, 1, 1])
    assert (lengths**2).mean() == pytest.approx(float(recording.losses[30]), rel=1e-5)


def test_ten_thousand_rows_have_some_of_their_residuals():
    problem = LinearRegression(generate(DataSettings(rows=10_000)))
    found = picture(record(lecture(0.5, problem=problem, steps=5)), 5)
    assert 250 <= len(found.residuals) <= 500
    assert found.note == "residuals of every 20th row"
    assert found.data.x.size == 10_000
    assert [int(histogram.counts.sum()) for histogram in summary(problem.data).histograms] == [10_000] * 3
    assert np.isin(found.residuals[:, 0, 0], problem.data.x.astype(np.float64)).all()


# Several runs, other problems


def test_every_run_has_its_line():
    found = build_data_picture((recorded("tenth"), recorded("point-nine"), recorded("ten")), 10, Look())
    assert [style for style, _ in found.current_lines][:1] == [0]
    assert {style for style, _ in found.current_lines} <= {0, 1, 2}
    short = record(lecture(0.5, steps=3))
    alone = build_data_picture((short,), 3, Look())
    assert build_data_picture((short,), 50, Look()).current_lines == alone.current_lines


def test_a_surface_has_no_data():
    assert picture(recorded("valley"), 3) is None


# Histograms


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(*2 * (st.floats(-1.8446744073709552e19, 1.8446744073709552e19, width=32),)),
        min_size=1,
        max_size=60,
    )
)
def test_histograms_count_every_row(pairs):
    x, y = zip(*pairs, strict=True)
    data = from_points(x, y, None, "test")
    found = summary(data).histograms
    assert [histogram.title for histogram in found] == ["x", "y"]
    for histogram, column in zip(found, (data.x, data.y), strict=True):
        assert histogram.counts.sum() == len(pairs)
        assert len(histogram.edges) == len(histogram.counts) + 1
        assert (np.diff(histogram.edges) > 0).all()
        assert histogram.edges[0] <= column.min()
        assert column.max() <= histogram.edges[-1]


@pytest.mark.parametrize("value", [0.0, 1.0, -7.5, 1e-30, 1e20, -3e38])
def test_a_constant_column_is_one_bar(value):
    data = from_points([value] * 7, [value] * 7, None, "test")
    for histogram in summary(data).histograms:
        assert sorted(histogram.counts.tolist()) == [0, 0, 0, 0, 7]


def test_histograms_are_drawn_only_where_they_are_looked_at():
    recording = recorded("tenth")
    assert picture(recording, 0).histograms == ()
    found = picture(recording, 0, data_pane=DataPane.HISTOGRAMS)
    assert [histogram.title for histogram in found.histograms] == ["x", "y", "noise"]
    noise = found.histograms[2]
    assert noise.counts.sum() == 100
    assert abs(noise.edges).max() < 0.05
    direct = ((LECTURE.data.noise >= noise.edges[3]) & (LECTURE.data.noise < noise.edges[4])).sum()
    assert noise.counts[3] == direct


# Odd data


@pytest.mark.parametrize(
    ("x", "y"),
    [
        ([2.0], [3.0]),
        ([1.0, 1.0, 1.0], [0.0, 1.0, 2.0]),
        ([1.0, 2.0, 3.0], [4.0, 4.0, 4.0]),
        ([0.0, 0.0], [0.0, 0.0]),
        ([1e30, 1e30], [1e30, 2e30]),
        ([-1e-20, 1e-20], [1e-20, 3e-20]),
        ([0.0, 3e38], [-3e38, 3e38]),
    ],
)
@pytest.mark.parametrize("view", View)
def test_odd_data_have_a_picture(x, y, view):
    problem = regression(x, y)
    for rate in (0.1, 1.5):
        recording = record(lecture(rate, problem=problem, steps=30, precision=Precision.FLOAT64))
        for step in range(0, 31, 3):
            found = picture(recording, step, view=view, data_pane=DataPane.HISTOGRAMS)
            assert all(np.isfinite(values).all() for _, values in numbers(found))
            assert span(found.x_range) > 0
            assert span(found.y_range) > 0


@pytest.mark.parametrize("view", View)
def test_a_line_at_the_end_of_double_precision(view):
    # The plot would have to grow beyond double precision itself.
    problem = regression([-40.0, 40.0], [-40.0, 40.0])
    recording = invented([(1.7e308, 1.7e308), (1.7e308, -1.7e308), (1.0, 0.0)], problem=problem)
    for step in range(3):
        found = picture(recording, step, view=view)
        assert all(np.isfinite(values).all() for _, values in numbers(found))
        assert math.isfinite(span(found.y_range))


def test_the_plot_is_close_once_all_lines_in_it_have_come():
    live, other = record(lecture(0.7)), record(lecture(0.01))
    alone, together = (build_data_picture(runs, 60, Look()) for runs in ((live,), (live, other)))
    assert together.y_range[0] < alone.y_range[0]
    assert len(together.current_lines) == 2
    at_end = build_data_picture((live, other), 200, Look())
    assert len(at_end.current_lines) == 2


def test_another_run_that_leaves_does_not_flatten_the_data():
    live = record(lecture(0.7))
    away = recorded("point-nine")
    alone, together = (build_data_picture(runs, 100, Look()) for runs in ((live,), (live, away)))
    assert together.y_range == alone.y_range
    assert [style for style, _ in together.current_lines] == [0]
    swapped = build_data_picture((away, live), 100, Look())
    assert swapped.y_range[1] > 1e6 * alone.y_range[1]


def test_another_run_is_seen_while_it_is_not_far_away():
    runs = tuple(record(lecture(rate)) for rate in (0.01, 0.1, 0.7, 0.9))
    seen = [[style for style, _ in build_data_picture(runs, step, Look()).current_lines] for step in (0, 1, 2, 40)]
    assert seen == [[0, 1, 2, 3], [0, 1, 2, 3], [0, 1, 2, 3], [0, 1, 2]]


def test_the_plot_of_a_race_does_not_jump_to_and_fro():
    runs = tuple(record(lecture(rate)) for rate in (0.1, 0.7, 0.9, 0.01))
    heights = [np.ptp(build_data_picture(runs, step, Look()).y_range) for step in range(90)]
    changes = [after - before for before, after in pairwise(heights) if after != before]
    assert [change > 0 for change in changes] == [True, False, False]


def test_each_run_whose_line_is_off_the_plot_is_named():
    runs = tuple(record(lecture(rate)) for rate in (0.01, 0.1, 0.9, 1.0))
    early = build_data_picture(runs, 5, Look(), (0, 1, 2, 3))
    assert {style for style, _ in early.current_lines} == {0, 1}
    assert early.note == "0.9 and 1: the lines are off the plot"
    late = build_data_picture(runs, 199, Look(), (0, 1, 2, 3))
    assert late.note == "0.9: the line is off the plot; 1: no line any more, its parameters are not finite"
    assert late.is_missing
    pair = (runs[0], runs[2])
    assert build_data_picture(pair, 5, Look(), (0, 1)).note == "0.9: the line is off the plot"
    for step in range(0, 201, 7):
        found = build_data_picture(runs, step, Look(), (0, 1, 2, 3))
        drawn = {style for style, _ in found.current_lines}
        assert found.is_missing == (len(drawn) < 4)
        for style, name in enumerate(("0.01", "0.1", "0.9", "1")):
            assert (re.search(rf"(^|[ ;]){re.escape(name)}(,|:| and)", found.note) is None) == (style in drawn), step


def test_residuals_that_are_not_drawn_are_not_spoken_of():
    problem = regression(np.linspace(0, 1, 1000), np.linspace(0, 1, 1000))
    gone = picture(invented([[0.0, 0.0], [np.nan, np.nan]], problem=problem), 1)
    assert not len(gone.residuals)
    assert gone.note == "there is no line any more: its parameters are not finite"
    assert picture(invented([[0.0, 0.0]], problem=problem), 0).note == "residuals of every 2nd row"


def test_the_rows_of_the_next_batch_are_named():
    small = record(lecture(0.1, batch_size=10, steps=20))
    rows = [build_data_picture((small,), step, Look()).batch for step in (0, 3)]
    for found, step in zip(rows, (0, 3), strict=True):
        assert found.tolist() == sorted(set(rows_at(small.experiment, step).tolist()))
    assert rows[0].tolist() != rows[1].tolist()
    assert build_data_picture((small,), 20, Look()).batch is not None
    assert build_data_picture((record(lecture(0.1, steps=3)),), 0, Look()).batch is None


def test_minimum_and_truth_stand_in_numbers():
    found = build_data_picture((record(lecture(0.1, steps=3)),), 0, Look()).known_lines
    assert found[0].startswith("minimum w = 0.0")
    assert found[0].endswith("; true w = 0.1, b = 0.5")
    assert found[1].endswith("), true (0.1, 0.5)")
    assert found[-1] == found[0].partition(";")[0]
    assert sorted(found[:2], key=len, reverse=True) == list(found[:2])
