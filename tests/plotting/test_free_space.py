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


def test_a_label_stands_in_its_cells_and_takes_its_place(qapp):
    style = Style(PALETTES[Theme.LIGHT], 1.0)
    labels = LabelPlacer(ROOM, [], NOTHING, style)
    across, down = cell_centres(ROOM)
    is_left = np.broadcast_to(across < 0.5, (len(down), len(across)))
    words = labels.put_within({"left": is_left, "right": ~is_left, "nowhere": is_left & ~is_left}, style.palette.pane)
    assert [each.text for each in words] == ["left", "right"]
    assert words[0].rect.right() <= ROOM.center().x() <= words[1].rect.left()
    assert [each.rect for each in words] == labels.taken
