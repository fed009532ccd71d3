"""The playback bar: buttons that are the window's actions, the slider of the steps, the speed."""

import math
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QLabel, QToolButton

from gdviz.controls.playback_bar import PlaybackBar
from gdviz.core.descent.schedules import RangeTest
from gdviz.presentation.look import Look, Theme
from gdviz.widgets.buttons import icon
from tests.controls_shown import emitted, make_controls, turn_wheel

NAMES = ("first", "back", "play", "forward", "last", "stop")
MILLION = {"steps": 1_000_000}


@pytest.fixture
def actions(qapp):
    return {name: QAction(name) for name in NAMES}


@pytest.fixture
def bar(qtbot, actions):
    bar = PlaybackBar(actions)
    qtbot.addWidget(bar)
    bar.resize(1000, 46)
    bar.show_controls(make_controls(step=4))
    bar.show()
    return bar


def place_of(bar, step, steps=200):
    margin = 11
    return QPoint(round(margin + step / steps * (bar.slider.width() - 2 * margin)), bar.slider.height() // 2)


def step_label(bar):
    return next(label for label in bar.findChildren(QLabel) if label.text().startswith(("step", "rate")))


def speed_button(bar):
    return next(found for found in bar.findChildren(QToolButton) if found.accessibleName() == "speed")


def button(bar, actions, name):
    return next(found for found in bar.findChildren(QToolButton) if found.defaultAction() is actions[name])


@pytest.mark.parametrize("name", NAMES)
def test_each_button_triggers_its_action(bar, actions, qtbot, name):
    bar.show_controls(make_controls(computing=True))
    triggered = emitted(actions[name].triggered)
    qtbot.mouseClick(button(bar, actions, name), Qt.MouseButton.LeftButton)
    assert len(triggered) == 1


def test_the_play_button_shows_what_it_does(bar, actions):
    def picture():
        return actions["play"].icon().pixmap(32, 32).toImage()

    play = picture()
    bar.show_controls(make_controls(playing=True))
    assert picture() != play
    assert picture() == icon("pause", "#111418").pixmap(32, 32).toImage()
    bar.show_controls(make_controls(playing=False))
    assert picture() == play


def test_the_icons_have_the_colour_of_the_theme(bar, actions):
    bar.show_controls(make_controls(look=Look(theme=Theme.DARK)))
    picture = actions["last"].icon().pixmap(48, 48).toImage()
    colours = {
        picture.pixelColor(x, y).name() for x in range(48) for y in range(48) if picture.pixelColor(x, y).alpha() == 255
    }
    assert "#f2f2f2" in colours
    assert "#000000" not in colours


def test_a_click_on_the_slider_goes_to_that_step(bar, qtbot):
    steps = emitted(bar.seek)
    qtbot.mouseClick(bar.slider, Qt.MouseButton.LeftButton, pos=place_of(bar, 150))
    assert steps == [150]


def test_dragging_scrubs(bar, qtbot):
    steps = emitted(bar.seek)
    qtbot.mousePress(bar.slider, Qt.MouseButton.LeftButton, pos=place_of(bar, 20))
    for step in (40, 60, 60):
        qtbot.mouseMove(bar.slider, place_of(bar, step))
    qtbot.mouseMove(bar.slider, QPoint(-500, 0))
    qtbot.mouseMove(bar.slider, QPoint(5000, 0))
    qtbot.mouseRelease(bar.slider, Qt.MouseButton.LeftButton)
    assert steps == [20, 40, 60, 0, 200]


def test_nobody_pulls_the_handle_out_of_the_hand(bar, qtbot):
    qtbot.mousePress(bar.slider, Qt.MouseButton.LeftButton, pos=place_of(bar, 20))
    bar.show_controls(make_controls(step=90))
    assert bar.slider.value() == 20
    qtbot.mouseRelease(bar.slider, Qt.MouseButton.LeftButton)
    assert bar.slider.value() == 90


def test_it_goes_no_further_than_what_is_recorded(bar, qtbot):
    steps = emitted(bar.seek)
    bar.show_controls(make_controls(last_step=50, computing=True))
    qtbot.mouseClick(bar.slider, Qt.MouseButton.LeftButton, pos=place_of(bar, 150))
    assert steps == [50]


def test_before_anything_is_recorded_there_is_nowhere_to_go(bar, qtbot):
    steps = emitted(bar.seek)
    bar.show_controls(make_controls(step=0, last_step=-1, computing=True))
    qtbot.mouseClick(bar.slider, Qt.MouseButton.LeftButton, pos=place_of(bar, 150))
    assert steps == []


def test_what_is_not_recorded_looks_different(bar):
    whole = bar.slider.grab().toImage()
    bar.show_controls(make_controls(step=4, last_step=100))
    part = bar.slider.grab().toImage()
    y = bar.slider.height() // 2
    left, right = (range(place_of(bar, first).x(), place_of(bar, last).x()) for first, last in ((20, 90), (110, 190)))
    assert all(part.pixelColor(x, y) == whole.pixelColor(x, y) for x in left)
    assert any(part.pixelColor(x, y) != whole.pixelColor(x, y) for x in right)


def test_a_million_steps(bar, qtbot):
    steps = emitted(bar.seek)
    bar.show_controls(make_controls(MILLION, step=123_456, last_step=1_000_000))
    assert step_label(bar).text() == "step   123,456 / 1,000,000"
    qtbot.mouseClick(bar.slider, Qt.MouseButton.LeftButton, pos=place_of(bar, 500_000, 1_000_000))
    assert steps == [pytest.approx(500_000, abs=2_000)]


def test_a_range_test_is_counted_as_in_the_header(bar):
    sweep = RangeTest(1e-4, 10.0, 100)
    bar.show_controls(make_controls({"schedule": sweep, "steps": sweep.last_step}, step=4, last_step=99))
    assert step_label(bar).text() == "rate   5 / 100"
    assert step_label(bar).text().split() == sweep.counter(4, 99).split()


def test_the_wheel_goes_step_by_step(bar):
    steps = emitted(bar.seek)
    turn_wheel(bar.slider, 1)
    turn_wheel(bar.slider, -2)
    assert steps == [5, 3]


def test_nothing_jumps_while_it_plays(bar):
    places = []
    for step in (0, 9, 10, 99, 100, 200):
        for playing in (True, False):
            bar.show_controls(make_controls(step=step, playing=playing, computing=playing))
            QApplication.sendPostedEvents()
            places.append([child.geometry() for child in (bar.slider, step_label(bar), speed_button(bar))])
    assert all(place == places[0] for place in places)


def test_stop_is_there_only_while_it_computes(bar, actions, qtbot):
    stop, wanted = button(bar, actions, "stop"), emitted(actions["stop"].triggered)
    assert not stop.isVisible()
    bar.show_controls(make_controls(computing=True, last_step=20))
    assert stop.isVisible()
    qtbot.mouseClick(stop, Qt.MouseButton.LeftButton)
    assert len(wanted) == 1


def test_the_menu_offers_the_speeds_and_marks_the_one_in_force(bar):
    wanted = emitted(bar.speed_changed)
    choices = speed_button(bar).menu().actions()
    assert [choice.text() for choice in choices[:3]] == ["x0.25", "x0.5", "x1"]
    assert choices[-1].text() == "unlimited"
    choices[0].trigger()
    choices[-1].trigger()
    assert wanted == [0.25, math.inf]
    bar.show_controls(make_controls(speed=256.0))
    assert [choice.text() for choice in choices if choice.isChecked()] == ["x256"]
    assert speed_button(bar).text() == "x256"


def test_showing_controls_emits_nothing(bar):
    heard = [emitted(signal) for signal in (bar.seek, bar.speed_changed)]
    base = make_controls()
    for controls in (base, replace(base, step=200), make_controls(MILLION, step=9), replace(base, speed=math.inf)):
        bar.show_controls(controls)
    assert heard == [[], []]


def test_keys_are_left_to_the_window(bar, qtbot):
    steps = emitted(bar.seek)
    bar.slider.setFocus()
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_PageUp):
        qtbot.keyClick(bar.slider, key)
    assert steps == []
