import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdviz.core.box import Box

coordinates = st.floats(-1e6, 1e6)
halves = st.floats(1e-3, 1e6)
boxes = st.builds(Box, st.tuples(coordinates, coordinates), st.tuples(halves, halves))
unit = st.floats(-3, 3)


@settings(deadline=None)
@given(boxes, unit, unit)
def test_there_and_back(box, u, v):
    point = box.denormalised((u, v))
    scale = max(*map(abs, box.centre), *box.half)
    assert box.denormalised(box.normalised(point)) == pytest.approx(point, abs=1e-12 * scale)


def test_corners_are_the_unit_corners():
    box = Box((1.0, -2.0), (4.0, 0.5))
    assert (box.low, box.high) == ((-3.0, -2.5), (5.0, -1.5))
    assert box.normalised([box.low, box.high, (1.0, -2.0)]).tolist() == [[-1, -1], [1, 1], [0, 0]]


@settings(deadline=None)
@given(st.tuples(halves, halves), unit, unit, unit, unit)
def test_a_box_scaled_by_the_reach_just_holds_the_point(half, a, b, u, v):
    box = Box((a * half[0], b * half[1]), half)
    point = box.denormalised((u, v))
    reach = float(box.reach(point[None])[0])
    assert reach == pytest.approx(max(abs(u), abs(v)), abs=1e-14)
    assert box.scaled(reach * (1 + 1e-9) + 1e-12).contains(point)
    assert reach < 1e-6 or not box.scaled(reach * (1 - 1e-6)).contains(point)


def test_holds_its_edge_and_nothing_that_is_no_point():
    box = Box((0.0, 0.0), (2.0, 1.0))
    assert box.contains((2.0, -1.0))
    assert not box.contains((2.0000001, 0.0))
    assert not box.contains((0.0, -1.0000001))
    assert not box.contains((math.nan, 0.0))
    assert not box.contains((0.0, math.inf))


def test_reach_of_what_is_not_finite():
    reach = Box((3.0, 3.0), (1.0, 1.0)).reach([[math.nan, 0.0], [math.inf, 0.0], [3.0, -math.inf], [5.0, 3.0]])
    np.testing.assert_array_equal(reach, [math.nan, math.inf, math.inf, 2.0])


def test_normalising_the_largest_numbers_does_not_overflow():
    assert Box((1e308, 0.0), (1e308, 1.0)).normalised((-1e308, 0.0)).tolist() == [-2.0, 0.0]


def test_grid_runs_from_edge_to_edge_in_equal_steps():
    box = Box((1.0, -2.0), (4.0, 0.5))
    first, second = box.grid(5)
    assert first.tolist() == [-3, -1, 1, 3, 5]
    assert second.tolist() == [-2.5, -2.25, -2.0, -1.75, -1.5]


def test_grid_of_the_largest_box_is_finite():
    box = Box((0.0, 0.0), (1.7e308, 1.0))
    first, _ = box.grid(3)
    assert first.tolist() == [-1.7e308, 0.0, 1.7e308]


def test_is_finite():
    assert Box((0.0, 0.0), (1e308, 1.0)).is_finite
    assert not Box((1e308, 0.0), (1e308, 1.0)).is_finite
    assert not Box((0.0, 0.0), (1.0, 1.0)).scaled(math.inf).is_finite
