"""What a label covers, and that it stays where it is."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QRectF

from gdviz.plotting import label_space
from gdviz.plotting.label_space import LEVELS, MOVING, NO_PLACES, SIDES, LabelSpace, around, points_between

PLACES = st.one_of(st.integers(-3, 9).map(float), st.sampled_from([np.nan, np.inf, -np.inf, 4.000000000000001]))
BOXES = st.tuples(*(st.integers(*ends).map(float) for ends in ((-2, 6), (-2, 6), (0, 4), (0, 4))))


@pytest.mark.parametrize("most_pairs", [0, label_space.MOST_PAIRS])
@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(PLACES, PLACES), max_size=30), st.lists(BOXES, max_size=8))
def test_a_box_covers_the_points_in_it_and_on_its_edge(most_pairs, points, boxes):
    space = LabelSpace(QRectF(), [], np.array(points, np.float64).reshape(-1, 2))
    rects = [QRectF(*box) for box in boxes]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(label_space, "MOST_PAIRS", most_pairs)
        covered = space.covered(rects).tolist()
    inside = [
        [rect.left() <= x <= rect.right() and rect.top() <= y <= rect.bottom() for x, y in points] for rect in rects
    ]
    assert covered == list(map(sum, inside))


ROOM = QRectF(0.0, 0.0, 400.0, 300.0)
STEPS = st.lists(st.tuples(st.integers(60, 340), st.integers(60, 240)), min_size=1, max_size=12)


def space(path, kept=NO_PLACES, taken=()):
    """Where a marker has gone along a path."""
    places = np.array(path, np.float64)
    lines = points_between(np.stack([places[:-1], places[1:]], axis=1), 8.0)
    return LabelSpace(ROOM, list(taken), lines, passed=places, reach=8.0, kept=kept)


def candidates(x=200.0, y=150.0):
    return around(QRectF(x, y, 0.0, 0.0), 60.0, 20.0, (10.0, 25.0, 50.0))


def test_the_places_around_a_point_are_off_it_the_nearest_first():
    boxes = candidates()
    away = np.maximum(np.maximum(boxes[:, :2] - (200.0, 150.0), (200.0, 150.0) - boxes[:, 2:]), 0.0)
    gaps = np.hypot(*away.T).reshape(3, -1)
    assert np.allclose(gaps, np.array([[10.0], [25.0], [50.0]]))
    assert np.allclose(boxes[:, 2:] - boxes[:, :2], (60.0, 20.0))


def test_around_a_rectangle_no_place_is_on_it():
    named = QRectF(100.0, 80.0, 90.0, 60.0)
    for ways in (SIDES, ((0, 1), (0.7, 0.7), (-0.7, 0.7))):
        for left, top, right, bottom in around(named, 60.0, 20.0, (5.0, 9.0), ways).tolist():
            assert not named.intersects(QRectF(left, top, right - left, bottom - top))


@settings(max_examples=150, deadline=None)
@given(STEPS)
def test_a_label_stays_while_its_place_is_clear(path):
    """However the path grows, it moves only from a place that something runs through, and never comes back to one."""
    left = set()
    before = None
    for end in range(1, len(path) + 1):
        board = space(path[:end])
        board.place("start", candidates())
        now = board.chosen["start", 0]
        if before is not None and now != before:
            assert board.levels(candidates()[[before]])[0] > 0
            left.add(before)
        assert now not in left or board.levels(candidates())[now] > 0
        before = now


@settings(max_examples=150, deadline=None)
@given(STEPS, st.integers(0, 23))
def test_a_place_kept_is_left_for_a_marker_and_not_for_a_line(path, index):
    board = space(path, {("start", 0): index})
    board.place("start", candidates())
    covers = board.levels(candidates())
    is_left = board.chosen["start", 0] != index
    assert not is_left or covers[index] >= MOVING
    if covers[index] >= LEVELS:
        assert covers[board.chosen["start", 0]] == covers.min()


@settings(max_examples=150, deadline=None)
@given(STEPS, st.lists(st.tuples(st.integers(0, 340), st.integers(0, 280)), max_size=4))
def test_a_place_covers_a_label_or_a_marker_only_where_all_do(path, others):
    taken = [QRectF(x, y, 60.0, 20.0) for x, y in others]
    board = space(path, taken=taken)
    rect = board.place("minimum", candidates())
    covers = board.levels(candidates())
    assert ROOM.contains(rect)
    assert covers[board.chosen["minimum", 0]] // LEVELS == (covers // LEVELS).min()
    assert space(path, taken=taken).place("minimum", candidates()) == rect


def test_while_a_box_grows_a_kept_place_is_not_left():
    board = replace(space([(230, 150)], {("start", 0): 0}), stays=True)
    board.place("start", candidates())
    assert board.levels(candidates())[0] >= LEVELS
    assert board.chosen["start", 0] == 0


def test_labels_of_one_name_are_told_apart():
    board = space([(60, 60)], {("minimum", 1): 3})
    for x in (150.0, 250.0):
        board.place("minimum", candidates(x))
    assert board.chosen == {("minimum", 0): 0, ("minimum", 1): 3}
