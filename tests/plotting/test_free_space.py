"""The free space of a room, and the roomiest place in it."""

import numpy as np
import pytest
from PySide6.QtCore import QRectF

from gdviz.plotting.free_space import cell_centres, counted, free_cells, roomiest
from gdviz.plotting.placement import LabelPlacer
from gdviz.plotting.style import Style
from gdviz.presentation.look import Theme
from gdviz.presentation.palette import PALETTES

ROOM = QRectF(10.0, 20.0, 400.0, 200.0)
NOTHING = np.empty((0, 2))


def test_in_an_empty_room_the_roomiest_place_is_the_middle():
    rect = roomiest(ROOM, counted(free_cells(ROOM, [], NOTHING)), 60.0, 20.0)
    assert rect is not None
    assert (rect.width(), rect.height()) == (60.0, 20.0)
    assert rect.center().toTuple() == pytest.approx(ROOM.center().toTuple(), abs=4.0)


def test_it_keeps_clear_of_taken_places_and_of_what_is_drawn():
    taken, obstacle = QRectF(10.0, 20.0, 300.0, 200.0), np.array([[360.0, 120.0]])
    rect = roomiest(ROOM, counted(free_cells(ROOM, [taken], obstacle)), 60.0, 20.0)
    assert rect is not None
    assert not rect.intersects(taken)
    assert not rect.contains(360.0, 120.0)
    assert ROOM.contains(rect)


def test_there_is_none_where_nothing_fits():
    assert roomiest(ROOM, counted(free_cells(ROOM, [ROOM], NOTHING)), 60.0, 20.0) is None
    assert roomiest(ROOM, counted(free_cells(ROOM, [], NOTHING)), 500.0, 20.0) is None


def test_an_obstacle_takes_its_cell_and_the_eight_around_it_even_from_outside():
    rows, columns = 50, 100
    places = np.array([[212.0, 121.0], [9.0, 100.0], [413.9, 19.0], [5.0, 60.0], [np.nan, 60.0]])
    taken = np.argwhere(~free_cells(ROOM, [], places)).tolist()
    middle = [[row, column] for row in (24, 25, 26) for column in (49, 50, 51)]
    edge = [[row, 0] for row in (19, 20, 21)]
    assert sorted(taken) == sorted([*middle, *edge, [0, columns - 1]])
    assert free_cells(ROOM, [], places).shape == (rows, columns)


@pytest.mark.parametrize(("free_columns", "most"), [(0, 0), (100, 4), (40, 4)])
def test_few_sizes_are_tried(free_columns, most):
    tried = []

    class Watched(np.ndarray):
        def __getitem__(self, key):
            if isinstance(key, tuple) and isinstance(key[0], slice):
                tried.append(key)
            return super().__getitem__(key)

    free = free_cells(ROOM, [], NOTHING)
    free[:, free_columns:] = False
    found = roomiest(ROOM, counted(free).view(Watched), 60.0, 20.0)
    assert (found is not None) == (free_columns > 0)
    assert len(tried) <= 4 * (most + 1), "each of them sums four arrays"


def test_a_label_stands_in_its_cells_and_takes_its_place(qapp):
    style = Style(PALETTES[Theme.LIGHT], 1.0)
    labels = LabelPlacer(ROOM, [], NOTHING, style)
    across, down = cell_centres(ROOM)
    is_left = np.broadcast_to(across < 0.5, (len(down), len(across)))
    words = labels.put_within({"left": is_left, "right": ~is_left, "nowhere": is_left & ~is_left}, style.palette.pane)
    assert [each.text for each in words] == ["left", "right"]
    assert words[0].rect.right() <= ROOM.center().x() <= words[1].rect.left()
    assert [each.rect for each in words] == labels.taken
