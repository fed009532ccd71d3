"""The lecturer's questions in a real window: asked by key, answered by a click."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QCursor

from gdviz.core.descent.schedules import Constant, RangeTest
from gdviz.session import edits
from tests.main_window.actions import press
from tests.main_window.conftest import wait_computed


def swept(qtbot, window):
    """Ask for a range test and wait for its end."""
    press(qtbot, window, Qt.Key.Key_W)
    assert window.session.state.is_range_test
    window.session.player.set_speed(float("inf"))
    qtbot.waitUntil(lambda: window.stage.frame.step == window.session.state.experiment.steps, timeout=10_000)
    return window.stage


def with_map(qtbot, window, pane, key, modifier=Qt.KeyboardModifier.NoModifier):
    press(qtbot, window, key, modifier)
    assert window.session.state.look.pane == pane
    qtbot.waitUntil(lambda: not window.session.charts.is_busy, timeout=30_000)
    return window.stage


# Which learning rate should I take?


def test_w_sweeps_and_a_click_on_the_tenth_takes_it(qtbot, window):
    stage = swept(qtbot, window)
    plot, suggestions = stage.panes["rates"], stage.panes["suggestions"]
    assert plot.isVisible()
    assert suggestions.isVisible()
    assert not stage.panes["loss"].isVisible()
    assert window.commands["range_test"].isChecked()
    (tenth,) = [each for each in stage.frame.pictures["rates"].suggestions if each.name == "tenth"]
    place = plot.grid.place(np.log10(tenth.learning_rate), plot.grid.y_range[1])
    qtbot.mouseClick(plot, Qt.MouseButton.LeftButton, pos=QPoint(round(place.x()), round(place.y()) + 40))
    wait_computed(qtbot, window)
    assert window.session.state.experiment.schedule == Constant(tenth.learning_rate)
    assert stage.panes["loss"].isVisible()
    assert not plot.isVisible()
    assert not window.commands["range_test"].isChecked()


def test_w_twice_is_back_where_it_was(qtbot, window):
    before = window.session.state.experiment
    for _ in range(7):
        press(qtbot, window, Qt.Key.Key_Right)
    step = window.session.target_step
    assert step > 0
    swept(qtbot, window)
    press(qtbot, window, Qt.Key.Key_W)
    wait_computed(qtbot, window)
    assert window.session.state.experiment == before
    qtbot.waitUntil(lambda: window.stage.frame.step == step)


def test_a_suggestion_that_diverges_says_so_in_its_row(qtbot, window):
    stage = swept(qtbot, window)
    pane = stage.panes["suggestions"]
    qtbot.waitUntil(lambda: any(words.text.startswith("diverges") for words in pane.words), timeout=10_000)
    (row,) = [words.rect for words in pane.words if words.text.startswith("diverges")]
    suggested = pane.suggestion_at(row.center())
    assert suggested.name == "minimum"
    assert "diverges if held constant" in pane.tooltip_at(row.center())


def test_fastais_own_rules_are_one_switch_away(qtbot, window):
    swept(qtbot, window)
    group = window.control_panel.range_test
    qtbot.mouseClick(group.fastai_rules, Qt.MouseButton.LeftButton)
    wait_computed(qtbot, window)
    assert window.session.state.experiment.schedule == RangeTest(fastai_rules=True)
    window.session.undo()
    wait_computed(qtbot, window)
    assert window.session.state.experiment.schedule == RangeTest()
    assert not group.fastai_rules.isChecked()


def test_the_settings_of_the_sweep_are_in_the_control_panel(qtbot, window):
    group = window.control_panel.range_test
    assert not group.isVisible()
    swept(qtbot, window)
    assert group.isVisibleTo(window.control_panel)
    group.range_test_changed.emit(RangeTest(0.01, 2.0, 50))
    wait_computed(qtbot, window)
    assert window.session.state.experiment.schedule == RangeTest(0.01, 2.0, 50)
    assert "rates" in window.stage.frame.pictures


# What would you have to do with the number of steps?


def test_m_shows_the_map_and_a_click_loads_that_run(qtbot, window):
    stage = with_map(qtbot, window, "map", Qt.Key.Key_M)
    plot = stage.panes["map"]
    assert plot.isVisible()
    assert not stage.surface.isVisible()
    place = plot.grid.place(np.log10(0.25), np.log10(40)).toPoint()
    qtbot.mouseClick(plot, Qt.MouseButton.LeftButton, pos=place)
    wait_computed(qtbot, window)
    session = window.session
    assert isinstance(session.state.experiment.schedule, Constant)
    assert session.state.experiment.schedule.learning_rate == pytest.approx(0.25, rel=0.05)
    assert session.player.frame.step == pytest.approx(40, rel=0.1)
    assert session.state.look.pane == "map"
    press(qtbot, window, Qt.Key.Key_M)
    assert stage.surface.isVisible()
    assert not plot.isVisible()


def test_v_leads_back_from_a_map_to_the_landscape(qtbot, window):
    press(qtbot, window, Qt.Key.Key_V)
    press(qtbot, window, Qt.Key.Key_M)
    press(qtbot, window, Qt.Key.Key_V)
    assert window.stage.panes["contour"].isVisible()


def test_the_dot_on_the_map_goes_with_the_run(qtbot, window):
    stage = with_map(qtbot, window, "map", Qt.Key.Key_M)
    before = stage.frame.pictures["map"]
    press(qtbot, window, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: stage.frame.step == 10)
    assert stage.frame.pictures["map"] is not before


def test_another_start_gives_another_map_meanwhile(qtbot, window):
    stage = with_map(qtbot, window, "map", Qt.Key.Key_M)
    first = window.session.player.scene().chart
    window.session.apply(edits.change, start=(2.0, 2.0))
    wait_computed(qtbot, window)
    press(qtbot, window, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert stage.frame.step == 10, "the map is still on its way"
    qtbot.waitUntil(lambda: not window.session.charts.is_busy, timeout=30_000)
    second = window.session.player.scene().chart
    assert second is not first
    assert second.experiment.start == (2.0, 2.0)
    assert second.is_complete


def test_shift_m_shows_where_each_start_ends(qtbot, open_window):
    window = open_window("two-wells")
    stage = with_map(qtbot, window, "basins", Qt.Key.Key_M, Qt.KeyboardModifier.ShiftModifier)
    plot = stage.panes["basins"]
    assert plot.isVisible()
    place = plot.grid.place(-0.5, 0.5).toPoint()
    qtbot.mouseClick(plot, Qt.MouseButton.LeftButton, pos=place)
    wait_computed(qtbot, window)
    assert window.session.state.experiment.start != (1.8, 1.0)
    assert window.session.state.look.pane == "basins"


def test_a_bowl_has_no_map_of_starting_points_and_this_is_said(qtbot, window):
    with qtbot.waitSignal(window.session.refused) as refused:
        press(qtbot, window, Qt.Key.Key_M, Qt.KeyboardModifier.ShiftModifier)
    assert "single minimum" in refused.args[0]
    assert window.stage.surface.isVisible()
    assert not window.commands["basins"].isChecked()


# What will it do? Is there not a formula for this?


def test_g_shows_the_next_steps_and_they_follow_the_slider(qtbot, window):
    press(qtbot, window, Qt.Key.Key_G)
    (path,) = window.stage.frame.landscape.paths
    assert len(path.ghost)
    window.session.set_learning_rate(0.2)
    wait_computed(qtbot, window)
    (moved,) = window.stage.frame.landscape.paths
    assert moved.ghost.tobytes() != path.ghost.tobytes()
    press(qtbot, window, Qt.Key.Key_G)
    (path,) = window.stage.frame.landscape.paths
    assert not len(path.ghost)


def test_i_shows_the_arrows_of_the_next_step_and_undo_takes_them_back(qtbot, window):
    press(qtbot, window, Qt.Key.Key_I)
    arrows = window.stage.frame.landscape.inside
    assert [one.name for one in arrows.directions] == ["−gradient", "step"]
    assert window.commands["inside"].isChecked()
    assert window.commands["undo"].text() == "Undo show inside the rule"
    window.session.undo()
    assert window.stage.frame.landscape.inside is None
    assert not window.commands["inside"].isChecked()


def test_i_on_a_map_says_where_the_arrows_are(qtbot, window):
    press(qtbot, window, Qt.Key.Key_M)
    with qtbot.waitSignal(window.session.noticed) as noticed:
        press(qtbot, window, Qt.Key.Key_I)
    assert noticed.args == ["the arrows are shown on the surface and the contour (V)"]


def test_a_shows_the_solution_in_the_place_of_the_data(qtbot, window):
    press(qtbot, window, Qt.Key.Key_A)
    stage = window.stage
    assert stage.panes["formula"].isVisible()
    assert not stage.panes["data"].isVisible()
    press(qtbot, window, Qt.Key.Key_A)
    assert stage.panes["data"].isVisible()


def test_the_solution_of_a_surface_has_a_place_too(qtbot, open_window):
    window = open_window("two-wells")
    assert not window.stage.panes["data"].isVisible()
    press(qtbot, window, Qt.Key.Key_A)
    assert window.stage.panes["formula"].isVisible()


def test_every_question_has_a_menu_entry_that_shows_its_key(window):
    keys = {
        name: window.commands[name].shortcut().toString()
        for name in ("range_test", "map", "ghost", "inside", "formula")
    }
    assert keys == {"range_test": "W", "map": "M", "ghost": "G", "inside": "I", "formula": "A"}
    assert window.commands["basins"].shortcut().toString() == "Shift+M"
    for name in (*keys, "basins"):
        assert any(window.commands[name] in menu.menu().actions() for menu in window.menuBar().actions())


def test_closing_in_the_middle_of_a_map_waits_for_its_thread(qtbot, window):
    QCursor.setPos(0, 0)
    press(qtbot, window, Qt.Key.Key_M)
    window.close()
    assert not window.session.charts.is_busy
