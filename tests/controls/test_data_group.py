"""The data and the batches in the control panel: what is shown of them, and what can be asked of them."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QPushButton

from gdviz.controls.rows_slider import RowsSlider
from gdviz.core.data.creation import from_points, generate
from gdviz.core.data.settings import DataSettings
from gdviz.core.data.standardise import standardise
from gdviz.core.problems.batch_orders import BatchOrder
from gdviz.core.problems.registry import make_problem
from gdviz.session.loading.data_generator import GenerationProgress, Standardising
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


def test_one_row_is_told_in_the_singular(panel):
    one = make_problem("linear-regression", from_points([2], [3], None, "/some/folder/one.csv"))
    panel.show_controls(make_controls({"problem": one}))
    assert "1 row from one.csv" in [label.text() for label in panel.findChildren(QLabel)]


def test_points_of_a_file_can_be_replaced_by_generated_ones(panel, qtbot):
    points, rows = from_points([0, 1, 2], [1, 2, 3], None, "/some/folder/measured.csv"), field(panel, "rows")
    panel.show_controls(make_controls({"problem": make_problem("linear-regression", points)}))
    assert "3 rows from measured.csv" in [label.text() for label in panel.findChildren(QLabel)]
    assert rows.isHidden()
    columns, generate, _ = panel.findChildren(QPushButton)
    assert columns.isHidden()  # the points are from no table
    qtbot.mouseClick(generate, Qt.MouseButton.LeftButton)
    assert panel.heard == [("data_changed", DataSettings())]
    panel.show_controls(make_controls())
    assert generate.isHidden()
    assert not rows.isHidden()


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


def test_the_order_of_batches_is_chosen_where_there_are_batches(panel, qtbot):
    assert not panel.batches.order.isVisible()
    panel.show_controls(make_controls({"batch_size": 10}))
    choose(qtbot, panel.batches.order, "shuffled")
    panel.show_controls(make_controls({"batch_size": 10, "batch_order": BatchOrder.SHUFFLED}))
    assert panel.batches.order.currentText() == "shuffled each epoch"
    assert field(panel, "batch seed").isEnabled()
    panel.show_controls(make_controls({"batch_size": 10, "batch_order": BatchOrder.SEQUENTIAL}))
    assert not field(panel, "batch seed").isEnabled()  # nothing is drawn
    assert panel.heard == [("batch_order_changed", "shuffled")]


def test_half_the_mean_is_chosen(panel, qtbot):
    choose(qtbot, panel.batches.reduction, "half")
    assert panel.heard == [("reduction_changed", "half-mean")]


@pytest.mark.parametrize("text", ["101", "0", "-1", "2.5", "every"])
def test_a_batch_that_cannot_be_is_refused(panel, qtbot, text):
    commit(qtbot, field(panel, "batch"), text)
    assert [name for name, *_ in panel.heard] == ["rejected"]


def test_a_batch_is_called_as_its_field_in_what_is_said_of_it(panel, qtbot):
    commit(qtbot, field(panel, "batch"), "101")
    assert panel.heard == [("rejected", "batch: 101 is more than there are rows; use 1 to 100")]
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


def own_points(x=(1206.0, 2794.0, 2000.0)):
    return from_points(x, [1.0, 2.0, 4.0], None, "/some/folder/houses.csv")


def show_points(panel, data):
    panel.show_controls(make_controls({"problem": make_problem("linear-regression", data)}))


def shown_boxes(panel):
    return {box.text(): box.isChecked() for box in panel.findChildren(CheckBox) if box.isVisibleTo(panel)}


def button(panel, text):
    return next(found for found in panel.findChildren(QPushButton) if found.text() == text)


@pytest.mark.parametrize(("place", "asked"), [(0, (True, False)), (1, (False, True))])
def test_own_data_can_be_standardised_and_taken_as_they_are_again(panel, qtbot, place, asked):
    data = own_points()
    show_points(panel, data)
    boxes = panel.findChildren(CheckBox)
    qtbot.mouseClick(boxes[place], Qt.MouseButton.LeftButton)
    assert panel.heard == [("data_changed", Standardising(*asked, rows=3))]
    show_points(panel, standardise(data, *asked))
    assert shown_boxes(panel) == dict(zip(("standardise x", "standardise y"), asked, strict=True))
    qtbot.mouseClick(boxes[place], Qt.MouseButton.LeftButton)
    assert panel.heard[1:] == [("data_changed", Standardising(False, False, rows=3))]


def test_points_of_a_file_that_were_once_generated_are_standardised_not_generated_again(panel, qtbot):
    data = from_points([1.0, 2.0], [3.0, 4.0], DataSettings(rows=2), "../data/units.csv")
    show_points(panel, data)
    qtbot.mouseClick(panel.findChild(CheckBox), Qt.MouseButton.LeftButton)
    assert panel.heard == [("data_changed", Standardising(True, False, rows=2))]


def test_what_is_on_its_way_is_shown_and_can_be_added_to(panel, qtbot):
    controls = make_controls({"problem": make_problem("linear-regression", own_points())})
    panel.show_controls(replace(controls, generation=GenerationProgress(Standardising(True, False, 3), 40)))
    assert shown_boxes(panel) == {"standardise x": True, "standardise y": False}
    assert "scaling 3 rows: 40 %" in [label.text() for label in panel.findChildren(QLabel)]
    qtbot.mouseClick(panel.findChildren(CheckBox)[1], Qt.MouseButton.LeftButton)
    assert panel.heard == [("data_changed", Standardising(True, True, 3))]


def test_a_large_condition_number_is_told_with_a_button_below_it(panel, qtbot):
    data = own_points()
    panel.resize(panel.width(), 900)
    show_points(panel, standardise(data, x=False, y=True))
    told = next(label for label in panel.findChildren(QLabel) if label.text().startswith("condition number 4.6·10⁷:"))
    improve = button(panel, "Standardise x")
    assert told.isVisibleTo(panel)
    qtbot.waitUntil(lambda: told.height() >= told.heightForWidth(told.width()))
    assert told.geometry().bottom() < improve.geometry().top()
    qtbot.mouseClick(improve, Qt.MouseButton.LeftButton)
    assert panel.heard == [("data_changed", Standardising(True, True, rows=3))]
    for harmless in (standardise(data, x=True, y=True), own_points((1.0, 2.0, 3.0))):
        show_points(panel, harmless)
        assert not told.isVisibleTo(panel)
        assert not improve.isVisibleTo(panel)
    generated = generate(DataSettings(x_range=(0.0, 1000.0)))
    show_points(panel, generated)
    assert told.isVisibleTo(panel)
    qtbot.mouseClick(improve, Qt.MouseButton.LeftButton)
    assert panel.heard[1:] == [("data_changed", replace(generated.settings, standardised=True))]
