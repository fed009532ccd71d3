import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gdviz.presentation.curves import clip_segments
from tests.recordings import EPS

BIGGEST = 1e308
near = st.floats(-3.0, 3.0)
walls = st.sampled_from([-1.0, 1.0, 0.0, math.nextafter(1.0, 2.0), math.nextafter(1.0, 0.0), -math.nextafter(1.0, 2.0)])
large = st.builds(lambda mantissa, exponent: mantissa * 10.0**exponent, st.floats(-10.0, 10.0), st.integers(0, 307))
tiny = st.floats(-1e-300, 1e-300)
coordinates = st.one_of(near, walls, large, tiny, st.floats(-BIGGEST, BIGGEST))
points = st.tuples(coordinates, coordinates)
inside = st.tuples(*2 * (st.one_of(st.floats(-1.0, 1.0), tiny),))
many = settings(max_examples=300, deadline=None)


def exact_part(begin, end, half):
    """Both ends of the part of a segment in [-half, half]^2, in rational numbers; None where there is none."""
    enter, leave = Fraction(0), Fraction(1)
    for first, last in zip(begin, end, strict=True):
        if first == last:
            if abs(first) > half:
                return None
            continue
        crossings = sorted((wall - first) / (last - first) for wall in (-half, half))
        enter, leave = max(enter, crossings[0]), min(leave, crossings[1])
    if enter > leave:
        return None
    return tuple(tuple(a + part * (b - a) for a, b in zip(begin, end, strict=True)) for part in (enter, leave))


def is_near(point, begin, end, tolerance):
    """Whether a point is at most that far away from a segment; all in rational numbers."""
    way = [b - a for a, b in zip(begin, end, strict=True)]
    length = sum(step * step for step in way)
    place = sum((p - a) * step for p, a, step in zip(point, begin, way, strict=True)) / length if length else 0
    place = min(max(place, Fraction(0)), Fraction(1))
    away = [p - a - place * step for p, a, step in zip(point, begin, way, strict=True)]
    return sum(step * step for step in away) <= tolerance * tolerance


def rational(pair):
    return tuple(Fraction(float(value)) for value in pair)


def clip(begin, end):
    first, last, visible = clip_segments(np.array([begin]), np.array([end]))
    return tuple(first[0].tolist()), tuple(last[0].tolist()), bool(visible[0])


@many
@given(points, points)
def test_parts_agree_with_rational_arithmetic(begin, end):
    first, last, visible = clip(begin, end)
    # What cannot be avoided is the rounding of the end that is nearer to the box.
    nearer = min(max(map(abs, begin)), max(map(abs, end)))
    slack = Fraction(16 * EPS) * max(1, Fraction(nearer))
    exact = rational(begin), rational(end)
    if visible:
        assert max(map(abs, (*first, *last))) <= 1.0
        assert first == begin or 1.0 in map(abs, first)
        assert last == end or 1.0 in map(abs, last)
        assert exact_part(*exact, 1 + slack) is not None
        assert is_near(rational(first), *exact, 2 * slack)
        assert is_near(rational(last), *exact, 2 * slack)
    certain = exact_part(*exact, 1 - slack) if slack < 1 else None
    if certain is not None:
        assert visible
        for point in certain:
            assert is_near(point, rational(first), rational(last), 2 * slack)


@many
@given(inside, points)
@example((0.9999999999999999, 1.0), (1.0, -1.25))
def test_a_step_out_of_the_box_keeps_begin_and_direction(begin, end):
    first, last, visible = clip(begin, end)
    assert visible
    assert first == begin
    _, exact = exact_part(rational(begin), rational(end), Fraction(1))
    np.testing.assert_allclose(last, [float(value) for value in exact], rtol=0, atol=8 * EPS)


@many
@given(points, points)
def test_a_segment_is_clipped_alike_in_both_directions(begin, end):
    first, last, visible = clip(begin, end)
    back_first, back_last, back_visible = clip(end, begin)
    if max(map(abs, begin)) == max(map(abs, end)) or not visible:
        return
    assert back_visible
    assert (back_first, back_last) == (last, first)


@many
@given(points)
def test_a_point_is_its_own_part(place):
    first, last, visible = clip(place, place)
    assert visible == (max(map(abs, place)) <= 1.0)
    if visible:
        assert first == last == place


@pytest.mark.parametrize(
    ("begin", "end", "part"),
    [
        ((-2.0, 0.0), (2.0, 0.0), ((-1.0, 0.0), (1.0, 0.0))),
        ((0.0, 3.0), (0.0, -1.5), ((0.0, 1.0), (0.0, -1.0))),
        ((-BIGGEST, 0.25), (BIGGEST, 0.25), None),
        ((0.0, 2.0), (2.0, 0.0), ((1.0, 1.0), (1.0, 1.0))),
        ((1.0, -5.0), (1.0, 5.0), ((1.0, -1.0), (1.0, 1.0))),
        ((0.0, 0.5), (BIGGEST, 0.5), ((0.0, 0.5), (1.0, 0.5))),
        # The way to the wall is so small a part of the segment that it underflows.
        ((0.0, 0.9999999999999999), (0.0, 2.0**1022), ((0.0, 0.9999999999999999), (0.0, 1.0))),
    ],
)
def test_known_parts(begin, end, part):
    first, last, visible = clip(begin, end)
    assert visible
    if part is not None:
        assert (first, last) == part


@pytest.mark.parametrize(
    ("begin", "end"),
    [
        ((1.5, -9.0), (1.5, 9.0)),
        ((0.0, 2.1), (2.1, 0.0)),
        ((-1e20, -1e20), (3.0, 0.5)),
        ((-BIGGEST, 2.0), (BIGGEST, 2.0)),
        ((5.0, 5.0), (5.0, 5.0)),
    ],
)
def test_segments_beside_the_box_are_invisible(begin, end):
    assert not clip(begin, end)[2]
    assert not clip(end, begin)[2]


def test_a_step_from_far_away_is_drawn_from_the_wall():
    for distance in (1e3, 1e12, 1e17, 1e300):
        first, last, visible = clip((-distance, 0.0), (0.5, 0.0))
        assert visible
        assert last == (0.5, 0.0)
        np.testing.assert_allclose(first, (-1.0, 0.0), atol=8 * EPS)


def test_rows_do_not_disturb_each_other():
    rng = np.random.default_rng(1)
    begin, end = (rng.normal(size=(200, 2)) * 10.0 ** rng.integers(-5, 100, (200, 1)) for _ in range(2))
    together = clip_segments(begin, end)
    for row in range(200):
        alone = clip_segments(begin[row : row + 1], end[row : row + 1])
        assert together[2][row] == alone[2][0]
        if alone[2][0]:
            assert np.array_equal(together[0][row], alone[0][0])
            assert np.array_equal(together[1][row], alone[1][0])


def test_no_segments():
    first, last, visible = clip_segments(np.empty((0, 2)), np.empty((0, 2)))
    assert first.shape == last.shape == (0, 2)
    assert visible.shape == (0,)
