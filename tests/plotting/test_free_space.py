"""The free space of a room, and the roomiest place in it."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QRectF

from gdviz.plotting import free_space
from gdviz.plotting.free_space import CELL, SPACIOUS, cell_centres, free_cells, packed, roomiest
from gdviz.plotting.placement import LabelPlacer
from gdviz.plotting.style import Style
from gdviz.presentation.look import Theme
from gdviz.presentation.palette import PALETTES

ROOM = QRectF(10.0, 20.0, 400.0, 200.0)
NOTHING = np.empty((0, 2))


def test_in_an_empty_room_the_roomiest_place_is_the_middle():
    rect = roomiest(ROOM, packed(free_cells(ROOM, [], NOTHING)), 60.0, 20.0)
    assert rect is not None
    assert (rect.width(), rect.height()) == (60.0, 20.0)
    assert rect.center().toTuple() == pytest.approx(ROOM.center().toTuple(), abs=4.0)


def test_it_keeps_clear_of_taken_places_and_of_what_is_drawn():
    taken, obstacle = QRectF(10.0, 20.0, 300.0, 200.0), np.array([[360.0, 120.0]])
    rect = roomiest(ROOM, packed(free_cells(ROOM, [taken], obstacle)), 60.0, 20.0)
    assert rect is not None
    assert not rect.intersects(taken)
    assert not rect.contains(360.0, 120.0)
    assert ROOM.contains(rect)


def test_there_is_none_where_nothing_fits():
    assert roomiest(ROOM, packed(free_cells(ROOM, [ROOM], NOTHING)), 60.0, 20.0) is None
    assert roomiest(ROOM, packed(free_cells(ROOM, [], NOTHING)), 500.0, 20.0) is None


def test_an_obstacle_takes_its_cell_and_the_eight_around_it_even_from_outside():
    rows, columns = 50, 100
    places = np.array([[212.0, 121.0], [9.0, 100.0], [413.9, 19.0], [5.0, 60.0], [np.nan, 60.0]])
    taken = np.argwhere(~free_cells(ROOM, [], places)).tolist()
    middle = [[row, column] for row in (24, 25, 26) for column in (49, 50, 51)]
    edge = [[row, 0] for row in (19, 20, 21)]
    assert sorted(taken) == sorted([*middle, *edge, [0, columns - 1]])
    assert free_cells(ROOM, [], places).shape == (rows, columns)


def roomiest_by_trying(room, free, width, height):
    """The same, by looking at every cell of every rectangle."""
    for factor in SPACIOUS:
        across, down = (math.ceil(length / CELL * factor) + 1 for length in (width, height))
        corners = [(row, column) for row, column in np.ndindex(free.shape) if row + down <= free.shape[0]]
        corners = [(row, column) for row, column in corners if column + across <= free.shape[1]]
        corners = [corner for corner in corners if all_free(free, *corner, across, down)]
        if corners:
            middle = np.mean(corners, axis=0)
            row, column = min(corners, key=lambda corner: ((np.array(corner) - middle) ** 2).sum())
            left, top = (column + across / 2) * CELL - width / 2, (row + down / 2) * CELL - height / 2
            return QRectF(room.left() + left, room.top() + top, width, height)
    return None


def all_free(free, row, column, across, down):
    return free[row : row + down, column : column + across].all()


@settings(max_examples=200, deadline=None)
@given(
    st.integers(1, 12), st.integers(1, 20), st.integers(1, 40), st.integers(1, 20), st.randoms(use_true_random=False)
)
def test_the_roomiest_place_is_the_one_found_by_trying_all(rows, columns, width, height, random):
    room = QRectF(3.0, 5.0, columns * CELL + 1.0, rows * CELL + 1.0)
    free = np.full((rows, columns), True)
    for _ in range(random.randint(0, 4)):
        free[random.randrange(rows), random.randrange(columns)] = False
    expected = roomiest_by_trying(room, free, float(width), float(height))
    assert roomiest(room, packed(free), float(width), float(height)) == expected


def test_a_place_is_found_without_arrays_that_would_hand_the_interpreter_over(monkeypatch):
    free = packed(free_cells(ROOM, [], NOTHING))
    monkeypatch.setattr(free_space, "np", None)
    assert roomiest(ROOM, free, 500.0, 20.0) is None


def test_a_label_stands_in_its_cells_and_takes_its_place(qapp):
    style = Style(PALETTES[Theme.LIGHT], 1.0)
    labels = LabelPlacer(ROOM, [], NOTHING, style)
    across, down = cell_centres(ROOM)
    is_left = np.broadcast_to(across < 0.5, (len(down), len(across)))
    words = labels.put_within({"left": is_left, "right": ~is_left, "nowhere": is_left & ~is_left}, style.palette.pane)
    assert [each.text for each in words] == ["left", "right"]
    assert words[0].rect.right() <= ROOM.center().x() <= words[1].rect.left()
    assert [each.rect for each in words] == labels.taken


@pytest.mark.parametrize("free_columns", [0, 40, 100])
def test_few_of_the_sizes_are_tried(monkeypatch, free_columns):
    tried, fitting = [], free_space._fitting
    monkeypatch.setattr(free_space, "_fitting", lambda *given: tried.append(given) or fitting(*given))
    free = free_cells(ROOM, [], NOTHING)
    free[:, free_columns:] = False
    assert (roomiest(ROOM, packed(free), 60.0, 20.0) is not None) == (free_columns > 0)
    assert len({tuple(size) for _, _, *size in tried}) <= 4 < len(SPACIOUS)
