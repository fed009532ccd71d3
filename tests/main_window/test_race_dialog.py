"""What to race, chosen in the dialog with the keyboard and the mouse."""

import threading
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QLabel

from gdviz.core.analysis.good_rate import good_rate
from gdviz.core.descent.manual_changes import PiecewiseConstant
from gdviz.core.descent.optimizers import OPTIMIZERS, GradientDescent, Momentum
from gdviz.core.descent.schedules import Constant
from gdviz.core.scenarios.races import RACE_RATES
from gdviz.core.scenarios.scenario import read_scenario, write_scenario
from gdviz.main_window.race_dialog import RaceDialog
from gdviz.presentation.look import Theme
from gdviz.session import edits
from tests.main_window.actions import CONTROL, SHIFT, activate, click, press, shown, told
from tests.main_window.conftest import wait_computed
from tests.seams import Plateau
from tests.widgets.hostile_text import labels_that_guess

WHAT = ("learning-rate", "optimizer", "schedule", "start")


def opened(qtbot, window, what="learning-rate"):
    """Open the dialog with its key and choose with the arrow keys what to race; the dialog, in front."""
    activate(qtbot, window)
    press(qtbot, window, Qt.Key.Key_R, SHIFT)
    dialog = shown(window, RaceDialog)
    dialog.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is dialog)
    assert dialog.choice.hasFocus()
    for _ in range(WHAT.index(what)):
        qtbot.keyClick(dialog.choice, Qt.Key.Key_Down)
    assert dialog.choice.currentData() == what
    return dialog


def wait_found(qtbot, dialog):
    qtbot.waitUntil(lambda: dialog.ok.isEnabled(), timeout=20_000)


def tick(dialog, *names):
    """Tick these and no others."""
    for name, box in dialog.page.boxes.items():
        box.setChecked(name in names)


def typed(qtbot, field, text):
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, text)


def runs_of(window):
    state = window.session.state
    placed = {state.style: state.experiment} | {style: run for run, style in state.pinned}
    return [placed[style] for style in sorted(placed)]


def taken(qtbot, window, dialog):
    """Press Enter where the focus is; the runs of the race once they are computed."""
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert shown(window, RaceDialog) is None
    wait_computed(qtbot, window)
    runs = runs_of(window)
    qtbot.waitUntil(lambda: len(window.stage.frame.legend.entries) == len(runs), timeout=20_000)
    return runs


def test_enter_takes_the_four_rates_at_once(qtbot, window):
    runs = taken(qtbot, window, opened(qtbot, window))
    assert [run.schedule for run in runs] == [Constant(rate) for rate in RACE_RATES]
    assert window.session.player.playback.playing or window.session.player.playback.step > 0
    assert [entry.text for entry in window.stage.frame.legend.entries] == ["0.01", "0.1", "0.7", "0.9"]


def test_escape_and_cancel_leave_what_was_there(qtbot, window):
    before = window.session.state
    qtbot.keyClick(opened(qtbot, window, "start"), Qt.Key.Key_Escape)
    buttons = opened(qtbot, window, "optimizer").buttons
    click(qtbot, buttons.button(QDialogButtonBox.StandardButton.Cancel))
    assert shown(window, RaceDialog) is None
    assert window.session.state is before


def test_other_rates_are_typed(qtbot, window):
    dialog = opened(qtbot, window)
    typed(qtbot, dialog.page.field, "0.3, 0.6")
    runs = taken(qtbot, window, dialog)
    assert [run.schedule for run in runs] == [Constant(0.3), Constant(0.6)]
    assert window.session.timeline.undo_name == "race of two learning rates"


@pytest.mark.parametrize(
    ("what", "text", "line"),
    [
        ("learning-rate", "0.3", "one learning rate alone cannot race; use two to four"),
        ("learning-rate", "0.3, 0.3", "the learning rate 0.3 is there twice; leave one out"),
        ("learning-rate", "0,3, 0,6", "a comma separates the values; use decimal points"),
        ("start", "0,1; 1", "'1' is no start; use two numbers for each, as in 0,-1;1,2"),
    ],
)
def test_what_cannot_race_is_told_and_ok_cannot_be_pressed(qtbot, window, what, text, line):
    dialog, before = opened(qtbot, window, what), window.session.state
    assert (dialog.problem.text(), dialog.ok.isEnabled()) == ("", True)
    typed(qtbot, dialog.page.field, text)
    assert line in dialog.problem.text()
    assert not dialog.ok.isEnabled()
    qtbot.keyClick(dialog.page.field, Qt.Key.Key_Return)
    assert shown(window, RaceDialog) is dialog
    assert window.session.state is before
    typed(qtbot, dialog.page.field, "0.1,0.2;1,2" if what == "start" else "0.1,0.2")
    assert (dialog.problem.text(), dialog.ok.isEnabled()) == ("", True)
    dialog.reject()


def test_rules_race_at_the_rates_that_are_found_and_one_undo_takes_it_back(qtbot, window):
    before = window.session.state.experiment
    dialog = opened(qtbot, window, "optimizer")
    tick(dialog, "gd", "momentum")
    wait_found(qtbot, dialog)
    rates = {name: good_rate(replace(before, optimizer=OPTIMIZERS[name]())) for name in ("gd", "momentum")}
    said = {name: note.text() for name, note in dialog.page.notes.items()}
    assert said["gd"] == f"{rates['gd']:.3g}, found by a range test of 50 steps from the start"
    assert said["nesterov"] == ""
    dialog.page.boxes["nesterov"].setFocus()
    qtbot.keyClick(dialog.page.boxes["nesterov"], Qt.Key.Key_Space)
    assert not dialog.ok.isEnabled()
    assert dialog.problem.text() == "Nesterov momentum: looking for its learning rate…"
    wait_found(qtbot, dialog)
    typed(qtbot, dialog.page.fields["nesterov"], "0,25")
    assert dialog.page.notes["nesterov"].text() == "its own learning rate"
    runs = taken(qtbot, window, dialog)
    assert [run.optimizer.name for run in runs] == ["gd", "momentum", "nesterov"]
    assert [run.schedule for run in runs] == [Constant(rate) for rate in (*rates.values(), 0.25)]
    notice = f"race: gradient descent at {rates['gd']:.3g} and momentum at {rates['momentum']:.3g}"
    assert window.statusBar().currentMessage() == f"{notice}, each found by a range test of 50 steps from the start"
    activate(qtbot, window)
    press(qtbot, window, Qt.Key.Key_Z, CONTROL)
    (again,) = runs_of(window)
    assert (again.optimizer, again.schedule) == (before.optimizer, before.schedule)


def test_what_is_wrong_with_a_rule_is_told(qtbot, window):
    dialog = opened(qtbot, window, "optimizer")
    tick(dialog, "gd", "momentum")
    wait_found(qtbot, dialog)
    typed(qtbot, dialog.page.fields["gd"], "fast")
    assert dialog.problem.text() == "Gradient descent: 'fast' is not a number; use one such as 0.1, or none"
    assert not dialog.ok.isEnabled()
    dialog.page.boxes["gd"].click()
    assert dialog.problem.text() == "one optimizer alone cannot race; use two to four"
    dialog.page.boxes["momentum"].click()
    assert dialog.problem.text() == "no optimizer is chosen; use two to four"
    dialog.reject()


@pytest.mark.usefixtures("further_rules")
def test_more_than_four_rules_are_too_many(qtbot, window):
    dialog = opened(qtbot, window, "optimizer")
    tick(dialog, "gd", "momentum", "nesterov", "sign", "counted-means")
    qtbot.waitUntil(lambda: not dialog.page.unknown, timeout=20_000)
    assert dialog.problem.text() == "5 optimizers are too many; use two to four"
    dialog.page.boxes["gd"].click()
    runs = taken(qtbot, window, dialog)
    assert len(runs) == len({run.optimizer for run in runs}) == 4


def test_a_rule_that_takes_no_rate_has_no_field(qtbot, window):
    dialog = opened(qtbot, window, "optimizer")
    tick(dialog, "gd", "newton")
    assert "newton" not in dialog.page.fields
    assert dialog.page.notes["newton"].text() == "sets its own step length"
    wait_found(qtbot, dialog)
    gd, newton = taken(qtbot, window, dialog)
    assert (newton.optimizer, newton.schedule) == (OPTIMIZERS["newton"](), Constant(1.0))
    texts = [entry.text for entry in window.stage.frame.legend.entries]
    assert texts == ["gradient descent", "Newton's method"]
    assert isinstance(gd.optimizer, GradientDescent)


def test_a_range_test_that_suggests_nothing_is_told(qtbot, window, further_rules):
    dialog = opened(qtbot, window, "optimizer")
    dialog.page.boxes["broken"].click()
    qtbot.waitUntil(lambda: not dialog.page.unknown, timeout=20_000)
    rule = OPTIMIZERS["broken"]
    found = dialog.page.notes["broken"].text()
    assert ("a tenth of" in found) or found == f"{rule.name}: its range test suggests no learning rate; give it one"
    dialog.reject()


def test_an_unexpected_failure_while_looking_is_shown(qtbot, window, monkeypatch):
    def fail(experiment, name):
        raise RuntimeError("no such luck")

    monkeypatch.setattr("gdviz.session.rate_finder.found_rate", fail)
    failures = []
    window.session.failed.connect(failures.append)
    window.session.failed.disconnect(window.show_error)
    dialog = opened(qtbot, window, "optimizer")
    qtbot.waitUntil(lambda: bool(failures))
    assert "no such luck" in failures[0]
    assert not dialog.ok.isEnabled()
    dialog.reject()


def test_the_window_does_not_wait_for_the_rates(qtbot, window, monkeypatch):
    """The range tests run beside the window, which does not wait for them either when the dialog closes."""
    free, asked = threading.Event(), []

    def slow(experiment, name):
        asked.append(threading.current_thread().name)
        free.wait(20)
        return 0.5

    monkeypatch.setattr("gdviz.session.rate_finder.found_rate", slow)
    dialog = opened(qtbot, window, "optimizer")
    qtbot.waitUntil(lambda: bool(asked))
    assert asked == ["gdviz rates"]
    assert dialog.page.notes["gd"].text() == "looking for its learning rate…"
    qtbot.keyClick(dialog.choice, Qt.Key.Key_Up)
    assert dialog.ok.isEnabled()  # what can begin does not wait
    dialog.reject()
    assert not dialog.isVisible()
    assert shown(window, RaceDialog) is None
    free.set()
    # What was found for a dialog that is gone is nothing to the next one.
    monkeypatch.undo()
    again = opened(qtbot, window, "optimizer")
    wait_found(qtbot, again)
    assert "0.5, a tenth" not in " ".join(note.text() for note in again.page.notes.values())
    again.reject()


@pytest.mark.usefixtures("further_schedules")
def test_schedules_race_with_their_settings_beside_them(qtbot, window):
    dialog = opened(qtbot, window, "schedule")
    assert dialog.page.notes["plateau"].text() == "factor 0.5, patience 3"
    assert dialog.page.notes["cycle"].text() == "cycle sets the momentum; choose an optimizer that has one"
    assert "over the learning rate 0.9" in " ".join(label.text() for label in dialog.page.findChildren(QLabel))
    tick(dialog, "constant", "plateau")
    runs = taken(qtbot, window, dialog)
    assert [run.schedule for run in runs] == [Constant(0.9), Plateau(0.9)]
    legend = window.stage.frame.legend
    assert (legend.title, [entry.text for entry in legend.entries]) == ("schedule", ["constant", Plateau.title.lower()])
    assert window.stage.frame.header.title == "Point nine (changed)"


def test_starts_race_from_around_the_present_one(qtbot, window):
    dialog, box = opened(qtbot, window, "start"), window.session.state.experiment.problem.box
    runs = taken(qtbot, window, dialog)
    assert len({run.start for run in runs}) == 4
    assert all(box.contains(run.start) for run in runs)
    assert window.stage.frame.legend.title == "start"


@pytest.mark.parametrize("what", WHAT)
@pytest.mark.parametrize("name", ["two-wells", "mini-batch", "units"])
@pytest.mark.usefixtures("further_schedules")
def test_anything_races_on_surfaces_and_own_data_and_is_saved(qtbot, open_window, what, name, tmp_path):
    window = open_window(name)
    window.session.apply(edits.set_optimizer, "momentum", {"momentum": 0.5})
    wait_computed(qtbot, window)
    dialog = opened(qtbot, window, what)
    if what == "schedule":
        tick(dialog, "constant", "plateau", "cycle")
    wait_found(qtbot, dialog)
    runs = taken(qtbot, window, dialog)
    assert 2 <= len(runs) <= 4
    saved = window.session.state.as_scenario()
    write_scenario(saved, tmp_path / "race.toml")
    again = read_scenario(tmp_path / "race.toml")
    assert (again.experiment, again.others, again.styles) == (saved.experiment, saved.others, saved.styles)


def test_a_range_test_cannot_race(qtbot, window):
    press(qtbot, window, Qt.Key.Key_W)
    press(qtbot, window, Qt.Key.Key_R, SHIFT)
    assert shown(window, RaceDialog) is None
    assert told(window) == "a range test cannot race; go back to the run first (W)"


def test_a_dialog_about_another_experiment_closes(qtbot, window):
    dialog = opened(qtbot, window)
    window.session.set_learning_rate(0.3)
    assert not dialog.isVisible()
    assert shown(window, RaceDialog) is None


def test_the_menu_has_both_and_the_keys_are_listed(qtbot, window):
    texts = [action.text() for action in window.commands.values()]
    assert texts.index("Race of four rates") == texts.index("Race…") + 1
    window.commands["race"].trigger()
    wait_computed(qtbot, window)
    assert [run.schedule for run in runs_of(window)] == [Constant(rate) for rate in RACE_RATES]


@pytest.mark.parametrize(("size", "theme"), [((800, 600), Theme.LIGHT), ((1280, 720), Theme.DARK)])
@pytest.mark.usefixtures("further_rules", "further_schedules")
def test_nothing_is_cut_off(qtbot, open_window, size, theme):
    window = open_window(size=size, theme=theme)
    dialog = opened(qtbot, window, "optimizer")
    wait_found(qtbot, dialog)
    for what in WHAT:
        dialog.choice.select(what)
        for label in dialog.page.findChildren(QLabel):
            needed = label.fontMetrics().horizontalAdvance(label.text())
            assert label.wordWrap() or needed <= label.width(), label.text()
    for name, box in dialog.rules.boxes.items():
        assert box.width() >= box.sizeHint().width(), name
    assert labels_that_guess(dialog) == []
    dialog.reject()


def test_the_manual_changes_of_a_schedule_go_with_a_race_of_schedules(qtbot, window, further_schedules):
    window.session.apply(edits.set_learning_rate, 0.05, 20)
    assert isinstance(window.session.state.experiment.schedule, PiecewiseConstant)
    window.session.apply(edits.set_optimizer, "momentum", {"momentum": 0.5})
    wait_computed(qtbot, window)
    dialog = opened(qtbot, window, "schedule")
    tick(dialog, "constant", "plateau")
    runs = taken(qtbot, window, dialog)
    assert [run.schedule for run in runs] == [Constant(0.9), Plateau(0.9)]
    assert {run.optimizer for run in runs} == {Momentum(0.5)}


def test_where_the_optimizer_takes_no_rate_optimizers_are_offered_first(qtbot, window):
    window.session.apply(edits.set_optimizer, "newton", {})
    wait_computed(qtbot, window)
    activate(qtbot, window)
    press(qtbot, window, Qt.Key.Key_R, SHIFT)
    dialog = shown(window, RaceDialog)
    assert dialog.choice.currentData() == "optimizer"
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
