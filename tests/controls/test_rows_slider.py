"""The slider of the number of rows, under a person's hand."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt

from gdviz.controls.rows_slider import SCALE, STOPS, RowsSlider, nearest_stop, stop_after
from tests.controls_shown import emitted, turn_wheel


@pytest.fixture
def slider(qtbot):
    widget = RowsSlider()
    qtbot.addWidget(widget)
    widget.resize(240, widget.height())
    widget.show_rows(100)
    widget.show()
    return widget


def test_from_a_hundred_to_ten_million_it_is_logarithmic():
    assert (STOPS[0], STOPS[-1]) == (100, 10_000_000)
    assert [SCALE.fraction_of(10**decade) for decade in range(2, 8)] == pytest.approx([0.0, 0.2, 0.4, 0.6, 0.8, 1.0])
    assert all(one < other for one, other in pairwise(STOPS))


@given(st.integers(1, 10_000_000), st.integers(-30, 30))
def test_notches_lead_from_stop_to_stop(rows, notches):
    found = stop_after(rows, notches)
    if notches == 0:
        assert found == rows
    elif notches > 0:
        assert found == max(rows, *STOPS) if notches > 16 else found >= rows
    else:
        assert found <= rows
    assert found in STOPS or found == rows
    passed = [stop for stop in STOPS if min(rows, found) < stop < max(rows, found)]
    assert len(passed) <= max(0, abs(notches) - 1)


@given(st.sampled_from(STOPS))
def test_the_place_of_a_stop_gives_that_stop(rows):
    assert nearest_stop(SCALE.fraction_of(rows)) == rows


def test_a_click_asks_for_the_number_there(slider, qtbot):
    requests = emitted(slider.rows_requested)
    qtbot.mouseClick(slider, Qt.MouseButton.LeftButton, pos=QPoint(238, 12))
    qtbot.mouseClick(slider, Qt.MouseButton.LeftButton, pos=QPoint(2, 12))
    assert requests == [10_000_000, 100]


def test_dragging_passes_every_stop_and_repeats_none(slider, qtbot):
    requests = emitted(slider.rows_requested)
    qtbot.mousePress(slider, Qt.MouseButton.LeftButton, pos=QPoint(9, 12))
    for x in range(9, 240, 3):
        qtbot.mouseMove(slider, QPoint(x, 12))
    qtbot.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=QPoint(239, 12))
    assert requests == list(STOPS[1:])


def test_the_wheel_goes_by_stops(slider):
    requests = emitted(slider.rows_requested)
    slider.show_rows(300)
    turn_wheel(slider, 1)
    turn_wheel(slider, -1)
    turn_wheel(slider, -2)
    slider.show_rows(10_000_000)
    turn_wheel(slider, 1)
    assert requests == [500, 200, 100]


def test_right_clicks_and_keys_are_not_for_it(slider, qtbot):
    requests = emitted(slider.rows_requested)
    qtbot.mouseClick(slider, Qt.MouseButton.RightButton, pos=QPoint(200, 12))
    qtbot.keyClick(slider, Qt.Key.Key_Right)
    assert requests == []


def test_the_handle_stands_at_the_number(slider):
    def handle_at():
        image = slider.grab().toImage()
        colour = slider.palette().highlight().color()
        row = [image.pixelColor(x, 4) == colour for x in range(image.width())]
        columns = [x for x, is_handle in enumerate(row) if is_handle]
        return sum(columns) / len(columns)

    places = []
    numbers = (100, 1_000, 300_000, 10_000_000)
    for rows in numbers:
        slider.show_rows(rows)
        places.append(handle_at())
    assert places == pytest.approx([9 + SCALE.fraction_of(rows) * 222 for rows in numbers], abs=1.5)
