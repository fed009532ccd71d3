"""The data and the batches in the control panel: what is shown of them, and what can be asked of them."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QPushButton

from gdviz.controls.rows_slider import RowsSlider
from gdviz.core.problems.dataset import DataSettings, from_points, generate
from gdviz.core.problems.registry import make_problem
from gdviz.session.data_generator import GenerationProgress
from gdviz.widgets.buttons import CheckBox
from tests.controls_shown import SCHEDULE, choose, commit, field, make_controls, shown_numbers, shown_texts


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
        *SCHEDULE,
        "float32",
    ]


def slider_of(panel):
    return panel.findChild(RowsSlider)


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


def test_points_of_a_file_can_be_replaced_by_generated_ones(panel, qtbot):
    points = from_points([0, 1, 2], [1, 2, 3], None, "/some/folder/measured.csv")
    panel.show_controls(make_controls({"problem": make_problem("linear-regression", points)}))
    assert "data from measured.csv" in [label.text() for label in panel.findChildren(QLabel)]
    assert field(panel, "rows").text() == ""
    assert not field(panel, "rows").isEnabled()
    columns, generate = panel.findChildren(QPushButton)
    assert columns.isHidden()  # the points are from no table
    qtbot.mouseClick(generate, Qt.MouseButton.LeftButton)
    assert panel.heard == [("data_changed", DataSettings())]
    panel.show_controls(make_controls())
    assert generate.isHidden()
    assert field(panel, "rows").isEnabled()


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
    assert panel.heard == [("rejected", "batch: 101 is more than there are rows; take 1 to 100")]
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
