"""The control panel: what it shows of the recipe, and what a person can ask of it."""

from dataclasses import replace
from typing import ClassVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QComboBox, QLabel

from gdviz.core.data.creation import from_points
from gdviz.core.descent.optimizers import OPTIMIZERS, GradientDescent, Momentum
from gdviz.core.descent.schedules import RangeTest
from gdviz.core.frozen import frozen
from gdviz.core.precision import Precision
from gdviz.core.problems.registry import make_problem
from gdviz.widgets.number_field import NumberField
from tests.controls_shown import SCHEDULE, choose, commit, field, make_controls, retype, shown_numbers, turn_wheel


def test_it_shows_the_experiment(panel):
    assert shown_numbers(panel) == {
        "rows": "100",
        "seed": "5",
        "true slope": "0.1",
        "true intercept": "0.5",
        "x from": "0",
        "x to": "1",
        "noise": "0.01",
        "batch": "",
        "batch seed": "0",
        "weight decay": "0",
        "learning rate": "0.9",
        "steps": "200",
        "start w": "0",
        "start b": "-1",
        "warmup steps": "0",
    }
    assert [combo.currentText() for combo in panel.findChildren(QComboBox) if combo.isVisibleTo(panel)] == [
        "Linear regression",
        "mean of squares",
        "Gradient descent",
        *SCHEDULE,
        "float32",
    ]


def test_a_range_test_brings_its_settings(panel):
    schedule = RangeTest(0.01, 5.0, 50)
    panel.show_controls(make_controls({"schedule": schedule, "steps": 40}))
    shown = shown_numbers(panel)
    assert (shown["first rate"], shown["number of rates"]) == ("0.01", "50")
    panel.show_controls(make_controls())
    assert not panel.range_test.isVisibleTo(panel)


def test_showing_controls_emits_nothing(panel):
    base = make_controls()
    panel.show_controls(make_controls({"optimizer": Momentum(0.5), "steps": 7, "precision": Precision.FLOAT64}))
    panel.show_controls(make_controls({"problem": make_problem("rosenbrock")}))
    panel.show_controls(base)
    assert panel.heard == []


def test_a_typed_rate_number_of_steps_and_start(panel, qtbot):
    commit(qtbot, field(panel, "learning rate"), "0.1")
    commit(qtbot, field(panel, "steps"), "1e6")
    commit(qtbot, field(panel, "start w"), "2")
    commit(qtbot, field(panel, "start b"), "3")
    assert panel.heard == [
        ("learning_rate_changed", 0.1),
        ("steps_changed", 1_000_000),
        ("start_changed", 2.0, -1.0),
        ("start_changed", 0.0, 3.0),
    ]


NONSENSE = ["abc", "nan", "inf", "", "1e400", "٣"]
REFUSED = [
    *(
        (name, text)
        for name in ("rows", "seed", "noise", "x from", "learning rate", "steps", "start b")
        for text in NONSENSE
    ),
    ("steps", "1000000000000"),
    ("steps", "0"),
    ("rows", "10000001"),
    ("seed", "-1"),
    ("seed", "9223372036854775808"),
    ("noise", "-0.1"),
    ("x from", "1"),
    ("x to", "-5"),
    ("start b", "1e39"),
]


@pytest.mark.parametrize(("description", "text"), REFUSED)
def test_nonsense_is_said_and_changes_nothing(panel, qtbot, description, text):
    where = field(panel, description)
    before = where.text()
    commit(qtbot, where, text)
    assert [name for name, *_ in panel.heard] == ["rejected"]
    assert "\n" not in panel.heard[0][1]
    panel.show_controls(make_controls())
    assert where.text() == text
    qtbot.keyClick(where, Qt.Key.Key_Escape)
    assert where.text() == before


def test_problem_optimizer_and_precision_are_chosen_by_name(panel, qtbot):
    choose(qtbot, panel.problem, "Ros")
    choose(qtbot, panel.optimizer.kind.choice, "Mom")
    choose(qtbot, panel.run.precision, "float6")
    assert ("problem_chosen", "rosenbrock") in panel.heard
    assert ("optimizer_changed", "momentum", {"momentum": 0.9, "weight_decay": 0.0}) in panel.heard
    assert ("precision_chosen", "float64") in panel.heard


def test_chosen_with_the_mouse_it_gives_the_keyboard_back(panel, qtbot):
    combo = panel.optimizer.kind.choice
    qtbot.mouseClick(combo, Qt.MouseButton.LeftButton)
    view = combo.view()
    qtbot.waitUntil(view.isVisible)
    place = view.visualRect(view.model().index(1, 0)).center()
    qtbot.wait(QApplication.doubleClickInterval())  # Qt takes a release sooner than that for the opening click's own
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert panel.heard == [("optimizer_changed", "momentum", {"momentum": 0.9, "weight_decay": 0.0})]
    qtbot.waitUntil(lambda: not combo.hasFocus())


def test_settings_of_the_optimizer(panel, qtbot):
    panel.show_controls(make_controls({"optimizer": Momentum(0.5)}))
    momentum = field(panel, "momentum")
    assert momentum.text() == "0.5"
    commit(qtbot, momentum, "0.75")
    commit(qtbot, momentum, "1")
    assert panel.heard[0] == ("optimizer_changed", "momentum", {"momentum": 0.75, "weight_decay": 0.0})
    assert panel.heard[1][0] == "rejected"
    panel.show_controls(make_controls())
    assert not [
        found for found in panel.findChildren(NumberField) if found.accessibleName() == "momentum" and found.isVisible()
    ]


def test_a_further_optimizer_needs_no_change_here(panel, qtbot, monkeypatch):
    @frozen
    class Further(GradientDescent):
        name: ClassVar[str] = "further"
        title: ClassVar[str] = "Further"
        beta_one: float = 0.9
        epsilon: float = 1e-8

    monkeypatch.setitem(OPTIMIZERS, "further", Further)
    panel.show_controls(make_controls({"optimizer": Further()}))
    assert field(panel, "epsilon").text() == "1e-8"
    commit(qtbot, field(panel, "beta one"), "0.5")
    assert panel.heard == [("optimizer_changed", "further", {"weight_decay": 0.0, "beta_one": 0.5, "epsilon": 1e-8})]


def test_a_problem_without_data_has_no_data_fields(panel):
    panel.show_controls(make_controls({"problem": make_problem("himmelblau"), "start": (1.0, 2.0)}))
    assert panel.data.isHidden()
    assert field(panel, "start x").text() == "1"
    assert field(panel, "start y").text() == "2"
    panel.show_controls(make_controls())
    assert not panel.data.isHidden()


def test_text_being_typed_survives_the_playback(panel, qtbot):
    rows = field(panel, "rows")
    retype(qtbot, rows, "25")
    for step in range(5):
        panel.show_controls(make_controls(step=step, playing=True))
    assert rows.text() == "25"
    assert panel.heard == []


def test_a_panel_that_did_not_change_is_not_shown_again(panel, monkeypatch):
    shown = []
    monkeypatch.setattr(panel.run, "show_experiment", shown.append)
    for step in range(5):
        panel.show_controls(make_controls(step=step, playing=True))
    assert shown == []
    panel.show_controls(other := make_controls({"steps": 7}, step=4, playing=True))
    assert shown == [other.experiment]


def test_a_wheel_that_passes_by_changes_nothing(panel):
    for combo in panel.findChildren(QComboBox):
        turn_wheel(combo, -1)
    assert panel.heard == []


def test_every_field_says_what_it_is(panel):
    panel.show_controls(make_controls({"optimizer": Momentum()}))
    buddies = {label.buddy() for label in panel.findChildren(QLabel)}
    for found in (*panel.findChildren(NumberField), *panel.findChildren(QComboBox)):
        assert found.accessibleName()
        assert found.toolTip()
        assert found in buddies or isinstance(found, QComboBox)


@pytest.mark.parametrize("unit", [0.8, 1.0, 1.5])
def test_it_is_as_wide_as_its_unit_says_whatever_it_shows(panel, unit):
    panel.set_unit(unit)
    long = from_points([0, 1], [1, 2], None, "/a/" + "very-long-name-" * 20 + ".csv")
    for recipe in (
        {},
        {"problem": make_problem("linear-regression", long)},
        {"optimizer": Momentum(), "start": (1e-30, -1.234567e38)},
    ):
        panel.show_controls(make_controls(recipe))
        QApplication.sendPostedEvents()
        assert panel.width() == round(270 * unit)
        assert panel.minimumSizeHint().width() <= round(270 * unit)
        assert panel.minimumSizeHint().height() <= (620 + 60 * len(SCHEDULE)) * unit


def test_equal_values_leave_the_fields_alone(panel):
    rows = field(panel, "rows")
    rows.setFocus()
    rows.setCursorPosition(2)
    controls = make_controls()
    panel.show_controls(replace(controls, step=3))
    assert rows.cursorPosition() == 2
