"""Problems that do not ship in a real window: chosen in the panel, with as many controls as they have uses for."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox

from gdviz.controls.rows_slider import RowsSlider
from gdviz.core.problems.registry import PROBLEMS
from tests.controls_shown import SCHEDULE, commit, field, shown_numbers
from tests.main_window.actions import press, told
from tests.main_window.conftest import wait_computed
from tests.seams import Saddle, SmoothAbsolute, SteepSquares


@pytest.fixture
def window(open_window, monkeypatch):
    for kind in (Saddle, SmoothAbsolute, SteepSquares):
        monkeypatch.setitem(PROBLEMS, kind.name, kind)
    return open_window()


def take(qtbot, window, title):
    combo = window.control_panel.problem
    combo.setCurrentText(title)
    combo.activated.emit(combo.currentIndex())
    wait_computed(qtbot, window)
    assert window.session.state.experiment.problem.title == title


def choices(panel):
    return [combo.currentText() for combo in panel.findChildren(QComboBox) if combo.isVisibleTo(panel)]


def test_over_data_there_are_rows_and_batches_but_no_reduction(qtbot, window):
    panel = window.control_panel
    take(qtbot, window, "Steep squares")
    assert choices(panel) == ["Steep squares", "Gradient descent", *SCHEDULE, "float32"]
    assert {"rows", "batch", "batch seed"} <= set(shown_numbers(panel))
    assert panel.findChild(RowsSlider).isVisibleTo(panel)
    assert window.stage.panes["data"].isVisible()
    commit(qtbot, field(panel, "batch"), "20")
    commit(qtbot, field(panel, "rows"), "250")
    wait_computed(qtbot, window)
    experiment = window.session.state.experiment
    assert (experiment.problem.data.rows, experiment.batch_size) == (250, 20)
    press(qtbot, window, Qt.Key.Key_T)
    assert window.stage.panes["tape"].isVisible()
    take(qtbot, window, "Linear regression")
    assert "mean of squares" in choices(panel)
    assert window.session.state.experiment.problem.data is experiment.problem.data


def test_the_keys_say_what_there_is_not(qtbot, window):
    take(qtbot, window, "Smooth absolute error")
    press(qtbot, window, Qt.Key.Key_T)
    assert told(window).startswith("Smooth absolute error has no tape")
    take(qtbot, window, "Saddle")
    assert not {"rows", "batch"} & set(shown_numbers(window.control_panel))
    assert not window.stage.panes["data"].isVisible()
    window.commands["basins"].trigger()
    assert told(window).startswith("Saddle has no known minimum for runs to reach")
    assert not window.commands["basins"].isChecked()
    window.session.player.seek(200)
    qtbot.waitUntil(lambda: window.stage.frame.step == 200)
    assert window.stage.frame.header.verdict.kind == "diverging"
