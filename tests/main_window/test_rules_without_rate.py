"""A rule that takes no learning rate in the window: no control of the rate looks as if it did anything."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QComboBox, QLabel, QToolButton

from gdviz.controls.rate_bar import FROM_HERE_HINT, RATE_HINT
from gdviz.controls.rate_slider import HINT
from gdviz.core.descent.optimizers import OPTIMIZERS
from gdviz.main_window.menus import OF_RATES
from gdviz.session import edits
from gdviz.widgets.number_field import NumberField
from tests.controls_shown import turn_wheel
from tests.main_window.actions import press
from tests.main_window.conftest import wait_computed
from tests.seams import WITHOUT_RATE

NAMES = [kind.name for kind in WITHOUT_RATE]


def chosen(qtbot, window, name):
    choice = window.control_panel.optimizer.kind.choice
    choice.select(name)
    choice.activated.emit(choice.currentIndex())
    assert window.session.state.experiment.optimizer.name == name
    wait_computed(qtbot, window)
    return window


def of_rate(window):
    """The controls of the rate: fields, slider, button."""
    panel, bar = window.control_panel, window.rate_bar
    (from_here,) = [one for one in bar.findChildren(QToolButton) if one.accessibleName() == "from this step on"]
    return bar.field, bar.slider, panel.optimizer.rate, from_here


def shows_schedule(panel):
    choices = [one for one in panel.findChildren(QComboBox) if one.accessibleName() == "schedule"]
    return [one.isVisibleTo(panel) for one in choices]


def texts(panel):
    return [label.text() for label in panel.findChildren(QLabel) if label.isVisibleTo(panel)]


@pytest.mark.parametrize("name", NAMES)
def test_all_controls_of_the_rate_are_disabled_and_say_what_the_rule_does(qtbot, window, name):
    before, said = window.session.state.experiment, OPTIMIZERS[name].step_length
    chosen(qtbot, window, name)
    for control in of_rate(window):
        assert not control.isEnabled()
        assert said in control.toolTip()
    assert (window.rate_bar.field.text(), window.control_panel.optimizer.rate.text()) == ("", "")
    assert f"None: {said}" in texts(window.control_panel)
    assert window.rate_bar.slider.accessibleDescription() == said
    fields = [one for one in window.control_panel.findChildren(NumberField) if one.isVisibleTo(window.control_panel)]
    assert "warmup steps" not in [one.accessibleName() for one in fields]
    assert shows_schedule(window.control_panel) == [False]
    # Nothing that a mouse does there has an effect.
    experiment = window.session.state.experiment
    turn_wheel(window.rate_bar.slider, 3)
    qtbot.mouseClick(window.rate_bar.slider, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(of_rate(window)[-1], Qt.MouseButton.LeftButton)
    assert window.session.state.experiment == experiment
    assert not window.messages.bar.isVisible()
    chosen(qtbot, window, "gd")
    assert window.session.state.experiment == before
    assert all(control.isEnabled() for control in of_rate(window))
    assert shows_schedule(window.control_panel) == [True]
    assert [control.toolTip() for control in of_rate(window)] == [RATE_HINT, HINT, RATE_HINT, FROM_HERE_HINT]
    assert window.rate_bar.field.text() == window.control_panel.optimizer.rate.text() == "0.9"
    assert not any(text.startswith("None: ") for text in texts(window.control_panel))


def test_undo_brings_everything_back(qtbot, window):
    before = window.session.state.experiment
    chosen(qtbot, window, "newton")
    press(qtbot, window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    wait_computed(qtbot, window)
    assert window.session.state.experiment == before
    assert all(control.isEnabled() for control in of_rate(window))


@pytest.mark.parametrize("name", NAMES)
def test_keys_say_in_one_line_why_not(qtbot, window, name):
    chosen(qtbot, window, name)
    experiment = window.session.state.experiment
    shift, none = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.NoModifier
    keys = [(key, held) for key in (Qt.Key.Key_Up, Qt.Key.Key_Down) for held in (none, shift)]
    for key, held in (*keys, (Qt.Key.Key_F, none), (Qt.Key.Key_W, none)):
        window.messages.bar.dismiss()
        press(qtbot, window, key, held)
        assert f"{name} sets its own step length" in window.messages.bar.text
        assert "\n" not in window.messages.bar.text
    assert window.session.state.experiment == experiment
    assert not window.commands["from_here"].isChecked()


def run_menu(window):
    return next(action.menu() for action in window.menuBar().actions() if action.text() == "&Run")


def test_the_open_menu_shows_what_is_possible(qtbot, window):
    menu = run_menu(window)
    for name, possible in (("newton", False), ("gd", True)):
        chosen(qtbot, window, name)
        menu.aboutToShow.emit()
        assert {window.commands[command].isEnabled() for command in OF_RATES} == {possible}
        menu.aboutToHide.emit()
        assert all(window.commands[command].isEnabled() for command in OF_RATES)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_slider_has_no_handle_and_its_words_are_not_pale(qtbot, window, theme):
    window.session.set_look(theme=type(window.session.state.look.theme)(theme))
    window.session.apply(edits.set_optimizer, "newton", {})
    qtbot.waitUntil(window.updatesEnabled)
    slider = window.rate_bar.slider
    image = QImage(slider.size(), QImage.Format.Format_RGB32)
    slider.render(image)
    grey = [[image.pixelColor(x, y).lightness() for x in range(image.width())] for y in range(image.height())]
    ground, bottom = grey[0][0], int(0.7 * image.height())
    assert {value for row in grey[bottom:] for value in row} == {ground}
    top = [value for row in grey[: int(0.35 * image.height())] for value in row]
    assert max(abs(value - ground) for value in top) > 150
