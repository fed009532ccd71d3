"""The control panel: what it shows of the recipe, and what a person can ask of it."""

from dataclasses import dataclass, replace
from typing import ClassVar

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QPushButton

from gdviz.controls.panel import ControlPanel
from gdviz.controls.rows_slider import RowsSlider
from gdviz.core.descent.optimizers import OPTIMIZERS, GradientDescent, Momentum
from gdviz.core.descent.schedules import RangeTest
from gdviz.core.precision import Precision
from gdviz.core.problems.dataset import DataSettings, from_points, generate
from gdviz.core.problems.registry import make_problem
from gdviz.session.data_generator import GenerationProgress
from gdviz.widgets.buttons import CheckBox
from gdviz.widgets.number_field import NumberField
from tests.controls_shown import make_controls, retype, turn_wheel

SIGNALS = {
    "": ("problem_chosen", "rejected"),
    "data": ("data_changed",),
    "batches": ("reduction_changed", "batch_size_changed", "batch_seed_changed"),
    "optimizer": ("optimizer_changed", "learning_rate_changed"),
    "run": ("steps_changed", "start_changed", "precision_chosen"),
}
"""What the panel and its groups emit."""


@pytest.fixture
def panel(qtbot):
    panel = ControlPanel()
    qtbot.addWidget(panel)
    panel.show_controls(make_controls())
    panel.show()
    panel.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is panel)
    panel.heard = []
    for owner, names in SIGNALS.items():
        for name in names:
            emitter = getattr(panel, owner) if owner else panel
            getattr(emitter, name).connect(lambda *values, name=name: panel.heard.append((name, *values)))
    return panel


def field(panel, description):
    fields = [field for field in panel.findChildren(NumberField) if field.accessibleName() == description]
    return next(field for field in fields if not field.isHidden())


def commit(qtbot, field, text):
    retype(qtbot, field, text)
    qtbot.keyClick(field, Qt.Key.Key_Return)


def choose(qtbot, combo, text):
    """As with the keyboard: the first letters until it is there."""
    combo.setFocus()
    qtbot.keyClicks(combo, text)


def shown_numbers(panel):
    """The fields that can be seen, by their names."""
    fields = [field for field in panel.findChildren(NumberField) if field.isVisibleTo(panel)]
    return {field.accessibleName(): field.text() for field in fields}


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
        "learning rate": "0.9",
        "steps": "200",
        "start w": "0",
        "start b": "-1",
    }
    assert [combo.currentText() for combo in panel.findChildren(QComboBox) if combo.isVisibleTo(panel)] == [
        "Linear regression",
        "mean of squares",
        "Gradient descent",
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


@pytest.mark.parametrize(
    ("description", "text", "settings"),
    [
        ("rows", "1_000", DataSettings(rows=1000)),
        ("seed", "42", DataSettings(seed=42)),
        ("true slope", "-2", DataSettings(slope=-2.0)),
        ("true intercept", "1e2", DataSettings(intercept=100.0)),
        ("noise", "0", DataSettings(noise=0.0)),
        ("x from", "-1", DataSettings(x_range=(-1.0, 1.0))),
        ("x to", "3", DataSettings(x_range=(0.0, 3.0))),
    ],
)
def test_data_are_asked_for_with_one_setting_changed(panel, qtbot, description, text, settings):
    commit(qtbot, field(panel, description), text)
    assert panel.heard == [("data_changed", settings)]


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
    choose(qtbot, panel.optimizer.choice, "Mom")
    choose(qtbot, panel.run.precision, "float6")
    assert ("problem_chosen", "rosenbrock") in panel.heard
    assert ("optimizer_changed", "momentum", {"momentum": 0.9}) in panel.heard
    assert ("precision_chosen", "float64") in panel.heard


def test_chosen_with_the_mouse_it_gives_the_keyboard_back(panel, qtbot):
    combo = panel.optimizer.choice
    qtbot.mouseClick(combo, Qt.MouseButton.LeftButton)
    view = combo.view()
    qtbot.waitUntil(view.isVisible)
    place = view.visualRect(view.model().index(1, 0)).center()
    qtbot.wait(QApplication.doubleClickInterval())  # Qt takes a release sooner than that for the opening click's own
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert panel.heard == [("optimizer_changed", "momentum", {"momentum": 0.9})]
    qtbot.waitUntil(lambda: not combo.hasFocus())


def test_settings_of_the_optimizer(panel, qtbot):
    panel.show_controls(make_controls({"optimizer": Momentum(0.5)}))
    momentum = field(panel, "momentum")
    assert momentum.text() == "0.5"
    commit(qtbot, momentum, "0.75")
    commit(qtbot, momentum, "1")
    assert panel.heard[0] == ("optimizer_changed", "momentum", {"momentum": 0.75})
    assert panel.heard[1][0] == "rejected"
    panel.show_controls(make_controls())
    assert not [
        found for found in panel.findChildren(NumberField) if found.accessibleName() == "momentum" and found.isVisible()
    ]


def test_a_further_optimizer_needs_no_change_here(panel, qtbot, monkeypatch):
    @dataclass(frozen=True)
    class Further(GradientDescent):
        name: ClassVar[str] = "further"
        title: ClassVar[str] = "Further"
        beta_one: float = 0.9
        epsilon: float = 1e-8

    monkeypatch.setitem(OPTIMIZERS, "further", Further)
    panel.show_controls(make_controls({"optimizer": Further()}))
    assert field(panel, "epsilon").text() == "1e-8"
    commit(qtbot, field(panel, "beta one"), "0.5")
    assert panel.heard == [("optimizer_changed", "further", {"beta_one": 0.5, "epsilon": 1e-8})]


def test_a_problem_without_data_has_no_data_fields(panel):
    panel.show_controls(make_controls({"problem": make_problem("himmelblau"), "start": (1.0, 2.0)}))
    assert panel.data.isHidden()
    assert field(panel, "start x").text() == "1"
    assert field(panel, "start y").text() == "2"
    panel.show_controls(make_controls())
    assert not panel.data.isHidden()


def test_points_of_a_file_can_be_replaced_by_generated_ones(panel, qtbot):
    points = from_points([0, 1, 2], [1, 2, 3], None, "/some/folder/measured.csv")
    panel.show_controls(make_controls({"problem": make_problem("linear-regression", points)}))
    assert "data from measured.csv" in [label.text() for label in panel.findChildren(QLabel)]
    assert field(panel, "rows").text() == ""
    assert not field(panel, "rows").isEnabled()
    qtbot.mouseClick(panel.findChild(QPushButton), Qt.MouseButton.LeftButton)
    assert panel.heard == [("data_changed", DataSettings())]
    panel.show_controls(make_controls())
    assert panel.findChild(QPushButton).isHidden()
    assert field(panel, "rows").isEnabled()


def test_text_being_typed_survives_the_playback(panel, qtbot):
    rows = field(panel, "rows")
    retype(qtbot, rows, "25")
    for step in range(5):
        panel.show_controls(make_controls(step=step, playing=True))
    assert rows.text() == "25"
    assert panel.heard == []


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
        assert panel.minimumSizeHint().height() <= 560 * unit


def test_equal_values_leave_the_fields_alone(panel):
    rows = field(panel, "rows")
    rows.setFocus()
    rows.setCursorPosition(2)
    controls = make_controls()
    panel.show_controls(replace(controls, step=3))
    assert rows.cursorPosition() == 2


# Rows


def slider_of(panel):
    return panel.findChild(RowsSlider)


def test_the_rows_can_be_dragged(panel, qtbot):
    slider = slider_of(panel)
    qtbot.mousePress(slider, Qt.MouseButton.LeftButton, pos=slider.rect().center())
    qtbot.mouseMove(slider, slider.rect().topRight())
    qtbot.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=slider.rect().topRight())
    assert [name for name, *_ in panel.heard] == ["data_changed"] * 2
    assert [settings.rows for _, settings in panel.heard][1] == 10_000_000
    assert panel.heard[-1] == ("data_changed", DataSettings(rows=10_000_000))


def test_data_on_their_way_are_shown_as_they_will_be(panel):
    panel.show_controls(
        make_controls(generation=GenerationProgress(DataSettings(rows=5_000_000), 40), step_time="2 µs per step")
    )
    assert shown_numbers(panel)["rows"] == "5000000"
    assert "generating 5,000,000 rows: 40 %" in shown_texts(panel)
    below = panel.run.y()
    panel.show_controls(make_controls(step_time="2 µs per step"))
    assert shown_numbers(panel)["rows"] == "100"
    assert "2 µs per step" in shown_texts(panel)
    panel.show_controls(make_controls())
    QApplication.processEvents()
    assert panel.run.y() == below, "nothing jumps"


def shown_texts(panel):
    return [label.text() for label in panel.findChildren(QLabel) if label.isVisibleTo(panel)]


def test_a_further_wish_builds_on_the_one_that_is_on_its_way(panel, qtbot):
    panel.show_controls(make_controls(generation=GenerationProgress(DataSettings(rows=5_000_000), 40)))
    commit(qtbot, field(panel, "noise"), "0.5")
    assert panel.heard == [("data_changed", DataSettings(rows=5_000_000, noise=0.5))]


def test_points_of_a_file_have_no_slider_to_drag(panel):
    problem = replace(make_problem("linear-regression"), data=from_points([1, 2], [3, 4], None, "points.csv"))
    panel.show_controls(make_controls({"problem": problem}))
    assert not slider_of(panel).isVisibleTo(panel)
    panel.show_controls(make_controls())
    assert slider_of(panel).isVisibleTo(panel)


def test_mean_or_sum_and_batches_are_chosen(panel, qtbot):
    choose(qtbot, panel.batches.reduction, "sum")
    commit(qtbot, field(panel, "batch"), "10")
    panel.show_controls(make_controls({"batch_size": 10, "seed": 3}))
    assert shown_numbers(panel)["batch seed"] == "3"
    commit(qtbot, field(panel, "batch seed"), "4")
    commit(qtbot, field(panel, "batch"), "all")
    panel.show_controls(make_controls({"batch_size": 10}))
    commit(qtbot, field(panel, "batch"), "")
    assert panel.heard == [
        ("reduction_changed", "sum"),
        ("batch_size_changed", 10),
        ("batch_seed_changed", 4),
        ("batch_size_changed", None),
        ("batch_size_changed", None),
    ]


@pytest.mark.parametrize("text", ["101", "0", "-1", "2.5", "every"])
def test_a_batch_that_cannot_be_is_refused(panel, qtbot, text):
    commit(qtbot, field(panel, "batch"), text)
    assert [name for name, *_ in panel.heard] == ["rejected"]


def test_a_batch_is_called_as_its_field_in_what_is_said_of_it(panel, qtbot):
    commit(qtbot, field(panel, "batch"), "101")
    assert panel.heard == [("rejected", "batch: 101 is more than the data have; take 1 to 100")]
    commit(qtbot, field(panel, "batch"), "10")
    assert panel.heard[1:] == [("rejected", ""), ("batch_size_changed", 10)]


@pytest.mark.parametrize("unit", [0.8, 1.0, 1.5])
@pytest.mark.parametrize("size", [100_000, 10_000_000])
def test_a_large_batch_can_be_read_and_the_number_of_rows_too(panel, unit, size):
    panel.set_unit(unit)
    panel.show_controls(make_controls(generation=GenerationProgress(DataSettings(rows=size), 1)))
    panel.batches.batch_size.show_value(size)
    QApplication.processEvents()
    for found in (panel.batches.batch_size, field(panel, "rows")):
        assert found.text() == str(size)
        # The cursor of the first place stands left of all, so that what is not to be seen is beyond the right end.
        found.end(False)
        assert found.cursorRect().right() <= found.width()
        found.home(False)
        shown = found.cursorPositionAt(QPoint(found.width() - 4, found.height() // 2))
        assert shown == len(found.text())


def test_a_full_batch_has_no_seed_to_change(panel):
    assert field(panel, "batch").text() == ""
    assert field(panel, "batch").placeholderText() == "all"
    assert not field(panel, "batch seed").isEnabled()


def test_x_can_be_standardised_and_taken_as_it_is_again(panel, qtbot):
    box = panel.findChild(CheckBox)
    qtbot.mouseClick(box, Qt.MouseButton.LeftButton)
    assert panel.heard == [("data_changed", DataSettings(standardised=True))]
    data = generate(DataSettings(standardised=True))
    panel.show_controls(make_controls({"problem": replace(make_problem("linear-regression"), data=data)}))
    assert box.isChecked()
    qtbot.mouseClick(box, Qt.MouseButton.LeftButton)
    assert panel.heard[1:] == [("data_changed", DataSettings())]
    panel.show_controls(make_controls())
    assert not box.isChecked()
