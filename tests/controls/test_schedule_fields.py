"""The choice of a schedule in the control panel, and the fields of its settings."""

from typing import ClassVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QCheckBox

from gdviz.controls.panel import ControlPanel
from gdviz.core.descent.manual_changes import PiecewiseConstant
from gdviz.core.descent.schedules import SCHEDULES, RangeTest, make_schedule
from gdviz.core.frozen import frozen
from tests.controls_shown import choose, commit, field, make_controls, shown_numbers, shown_texts
from tests.seams import Plateau


@frozen
class Restarts(Plateau):
    """With a switch."""

    name: ClassVar[str] = "restarts"
    title: ClassVar[str] = "With restarts"

    warm_restarts: bool = True


@pytest.fixture
def panel(qtbot, further_schedules, monkeypatch):
    """A panel of a program with more schedules, shown, with what the group emits."""
    monkeypatch.setitem(SCHEDULES, "restarts", Restarts)
    panel = ControlPanel()
    qtbot.addWidget(panel)
    panel.show_controls(make_controls())
    panel.show()
    panel.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is panel)
    panel.heard = []
    panel.optimizer.schedule.changed.connect(lambda *values: panel.heard.append(values))
    panel.rejected.connect(lambda line: panel.heard.append(line))
    return panel


def test_the_schedules_are_offered_but_for_the_range_test(panel, qtbot):
    choice = panel.optimizer.schedule.choice
    titles = [choice.itemText(place) for place in range(choice.count())]
    assert titles == [kind.title for kind in SCHEDULES.values() if kind is not RangeTest]
    assert {"Halve on plateau", "Cycle", "With restarts"} <= {*titles}
    assert choice.currentText() == "Constant"
    assert "factor" not in shown_numbers(panel)
    choose(qtbot, choice, "Hal")
    assert panel.heard == [("plateau", {"factor": 0.5, "patience": 3, "warmup_steps": 0})]


def test_its_settings_have_fields_of_their_types(panel, qtbot):
    panel.show_controls(make_controls({"schedule": PiecewiseConstant(Plateau(0.9, 0.25, 7), ((3, 0.1),))}))
    assert {key: shown_numbers(panel)[key] for key in ("factor", "patience", "learning rate")} == {
        "factor": "0.25",
        "patience": "7",
        "learning rate": "0.9",
    }
    assert field(panel, "factor").toolTip() == "factor of the schedule; usually 0.5"
    commit(qtbot, field(panel, "patience"), "9")
    commit(qtbot, field(panel, "patience"), "1.5")
    commit(qtbot, field(panel, "factor"), "nan")
    assert panel.heard == [
        ("plateau", {"factor": 0.25, "patience": 9, "warmup_steps": 0}),
        "patience: '1.5' is not a whole number",
        "factor: 'nan' is not a finite number such as 0.1",
    ]


def test_a_switch_is_a_check_box(panel, qtbot):
    panel.show_controls(make_controls({"schedule": Restarts(0.9)}))
    (box,) = [box for box in panel.optimizer.schedule.findChildren(QCheckBox) if not box.isHidden()]
    assert (box.text(), box.isChecked()) == ("warm restarts", True)
    qtbot.mouseClick(box, Qt.MouseButton.LeftButton)
    assert panel.heard == [("restarts", {"factor": 0.5, "patience": 3, "warm_restarts": False, "warmup_steps": 0})]


def test_in_a_range_test_there_is_no_schedule(panel):
    assert "schedule" in shown_texts(panel)
    panel.show_controls(make_controls({"schedule": RangeTest(), "steps": 40}))
    assert "schedule" not in shown_texts(panel)


def test_what_has_no_effect_has_no_field(panel, qtbot):
    one_cycle = make_schedule("one-cycle", 0.9, {})
    panel.show_controls(make_controls({"schedule": one_cycle}))
    shown = shown_numbers(panel)
    assert "warmup steps" in shown
    assert not {"warmup start factor", "base momentum", "max momentum"} & {*shown}
    commit(qtbot, field(panel, "warmup steps"), "10")
    name, values = panel.heard[-1]
    assert (name, values["warmup_steps"]) == ("one-cycle", 10)
    assert "max_momentum" not in values
    panel.show_controls(make_controls({"schedule": make_schedule(name, 0.9, values), "steps": 100}))
    assert shown_numbers(panel)["warmup start factor"] == "0.3333333"
    commit(qtbot, field(panel, "warmup steps"), "0")
    assert make_schedule(name, 0.9, panel.heard[-1][1]) == one_cycle


def test_a_sequence_is_typed_with_commas(panel, qtbot):
    panel.show_controls(make_controls({"schedule": make_schedule("multi-step", 0.9, {})}))
    assert shown_numbers(panel)["milestones"] == "100,150"
    commit(qtbot, field(panel, "milestones"), "10, 20,30")
    assert panel.heard[-1][1]["milestones"] == (10, 20, 30)
    commit(qtbot, field(panel, "milestones"), "10;20")
    assert panel.heard[-1] == "milestones: '10;20' is not a list such as 100,150"
    commit(qtbot, field(panel, "milestones"), "20,10")
    assert "step 10 comes after step 20; use increasing steps" in panel.heard[-1]
    panel.show_controls(make_controls({"schedule": make_schedule("free", 0.9, {"points": ((0, 0.1), (9, 0.25))})}))
    assert shown_numbers(panel)["points"] == "0:0.1,9:0.25"


def test_what_depends_on_the_run_is_left_to_be_fitted(panel, qtbot):
    choose(qtbot, panel.optimizer.schedule.choice, "One")
    name, values = panel.heard[-1]
    assert name == "one-cycle"
    assert not {"total_steps", "cycle_momentum", "max_momentum"} & {*values}
