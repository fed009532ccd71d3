"""The race in a real window: runs that are pinned play beside the one that is changed."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from gdviz.core.descent.schedules import Constant
from gdviz.core.scenarios.scenario import read_scenario
from gdviz.presentation.look import Theme
from gdviz.presentation.palette import PALETTES
from gdviz.session import edits
from tests.main_window.actions import press, race_rates
from tests.main_window.conftest import wait_computed


def test_p_keeps_the_run_beside_the_next_one(qtbot, window):
    press(qtbot, window, Qt.Key.Key_P)
    window.session.set_learning_rate(0.1)
    wait_computed(qtbot, window)
    assert len(window.stage.frame.landscape.paths) == 2
    assert {path.style for path in window.stage.frame.landscape.paths} == {0, 1}
    press(qtbot, window, Qt.Key.Key_P, Qt.KeyboardModifier.ShiftModifier)
    assert len(window.stage.frame.landscape.paths) == 1


def test_a_race_of_four_rates_is_one_key_away(qtbot, window):
    race_rates(qtbot, window)
    qtbot.waitUntil(lambda: len(window.stage.frame.landscape.paths) == 4, timeout=10_000)
    wait_computed(qtbot, window)
    assert isinstance(window.session.state.experiment.schedule, Constant)
    assert window.stage.frame.legend is not None


def test_one_pinned_run_is_let_go_by_the_menu(qtbot, window):
    assert not window.unpin_menu.isEnabled()
    race_rates(qtbot, window)
    qtbot.waitUntil(lambda: len(window.stage.frame.landscape.paths) == 4, timeout=10_000)
    wait_computed(qtbot, window)
    names = [action.text() for action in window.unpin_menu.actions()]
    assert names == [f"learning rate {rate}" for rate in ("0.01", "0.1", "0.7")]
    icons = [action.icon().pixmap(32, 32).toImage() for action in window.unpin_menu.actions()]
    for image, colour in zip(icons, PALETTES[Theme.LIGHT].runs, strict=False):
        assert image.pixelColor(16, 16).name().lower() == colour.lower()
    window.unpin_menu.actions()[1].trigger()
    assert window.statusBar().currentMessage() == "unpinned: learning rate 0.1"
    assert {path.style for path in window.stage.frame.landscape.paths} == {0, 2, 3}
    assert [action.text() for action in window.unpin_menu.actions()] == ["learning rate 0.01", "learning rate 0.7"]
    press(qtbot, window, Qt.Key.Key_P, Qt.KeyboardModifier.ShiftModifier)
    assert not window.unpin_menu.isEnabled()


def test_side_by_side_with_one_run_says_how_to_get_more(qtbot, window):
    press(qtbot, window, Qt.Key.Key_V, Qt.KeyboardModifier.ShiftModifier)
    assert "pin it (P)" in window.statusBar().currentMessage()
    assert window.commands["multiples"].isChecked()
    race_rates(qtbot, window)
    qtbot.waitUntil(lambda: len(window.stage.frame.landscape.each) == 4, timeout=10_000)
    assert window.stage.frame.look.multiples


def test_several_runs_are_saved_and_opened_again(qtbot, window, tmp_path, monkeypatch):
    target = tmp_path / "mine.toml"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(target), ""))
    press(qtbot, window, Qt.Key.Key_P)
    window.session.set_learning_rate(0.1)
    press(qtbot, window, Qt.Key.Key_P)
    window.session.apply(edits.set_optimizer, "momentum", {"momentum": 0.5})
    wait_computed(qtbot, window)
    saved = window.session.state.as_scenario()
    press(qtbot, window, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    press(qtbot, window, Qt.Key.Key_R)
    press(qtbot, window, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    wait_computed(qtbot, window)
    opened = window.session.state.as_scenario()
    assert window.windowTitle().startswith("mine")
    assert len(opened.others) == 2
    assert (opened.experiment, opened.others) == (saved.experiment, saved.others)


def test_a_run_that_is_only_pinned_is_saved_once(qtbot, window, tmp_path, monkeypatch):
    target = tmp_path / "mine.toml"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    press(qtbot, window, Qt.Key.Key_P)
    press(qtbot, window, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert read_scenario(target).others == ()
