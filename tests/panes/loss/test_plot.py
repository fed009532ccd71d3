"""The loss plot as a person sees and uses it."""

import math
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtWidgets import QToolTip

from gdviz.panes.loss.plot import LossPlot
from gdviz.plotting.ticks import linear_ticks, log_ticks, whole_ticks
from gdviz.presentation.look import Look, LossScale, StepScale, Theme
from gdviz.presentation.palette import PALETTES
from tests.frames import (
    MARKS,
    SIZES,
    around,
    curve,
    depends_on_the_frame_alone,
    diverged,
    labels,
    loss_picture,
    make_frame,
    pixels,
    rendered,
    resembles,
    show_frame,
    tick_labels,
)
from tests.panes.support import ask_for_tip, assert_words_stand_clear
from tests.shown_numbers import number_of

LIGHT, DARK = PALETTES[Theme.LIGHT], PALETTES[Theme.DARK]


@pytest.fixture
def plot(new_pane):
    return new_pane(LossPlot, 560, 300)


@pytest.mark.parametrize("theme", list(Theme))
def test_the_curve_runs_through_its_values_in_its_colour(plot, theme):
    show_frame(plot, make_frame(loss_picture(curve(np.full(101, 2.0))), look=Look(theme=theme)))
    picture, grid = pixels(plot), plot.grid
    colour = PALETTES[theme].runs[0]
    assert resembles(around(picture, grid.place(50, 2.0)), colour).any()
    assert not resembles(around(picture, grid.place(150, 2.0)), colour).any()
    assert not resembles(around(picture, grid.place(50, 0.5)), colour).any()
    assert resembles(picture[2, 2], PALETTES[theme].pane, 2)


def test_the_current_point_is_marked_even_at_the_left_border(plot):
    show_frame(plot, make_frame(loss_picture(curve([2.0]))))
    spot = around(pixels(plot), plot.grid.place(0, 2.0), 3)
    assert resembles(spot, LIGHT.runs[0]).mean() > 0.8


def test_a_point_between_two_gaps_is_a_dot(plot):
    show_frame(plot, make_frame(loss_picture(curve([2.0, *[math.nan] * 50, 1.0, math.nan, math.nan], current=False))))
    picture, grid = pixels(plot), plot.grid
    for step, value in ((0, 2.0), (51, 1.0)):
        assert resembles(around(picture, grid.place(step, value), 2), LIGHT.runs[0]).mean() > 0.4
    assert not resembles(around(picture, grid.place(25, 2.0)), LIGHT.runs[0]).any()


def test_a_label_breaks_before_the_step_at_which_it_was_first(plot):
    mark = replace(MARKS[0], step=160, label="loss = inf first at step 160")
    show_frame(plot, make_frame(loss_picture(marks=(mark,), step_range=(0.0, 170.0))))
    assert {"loss = inf", "first at step 160"} <= set(labels(plot)) or "loss = inf first at step 160" in labels(plot)


@pytest.mark.parametrize(("width", "height", "unit"), SIZES)
def test_a_logarithmic_axis_of_steps_has_a_place_for_step_0_and_honest_ticks(plot, width, height, unit):
    plot.set_unit(unit)
    plot.resize(width, height)
    show_frame(plot, make_frame(replace(diverged(), step_scale=StepScale.LOG)))
    assert "(log, log steps)" in labels(plot) or width < 400
    assert_words_stand_clear(plot)
    grid = plot.grid
    assert grid.x_ticks.major[0] == (0.0, "0")
    for value, label in grid.x_ticks.major:
        assert label == f"{value:,.0f}"
    decades = [grid.x(step) for step in (1, 10, 100)]
    assert np.diff(decades) == pytest.approx([grid.x(10) - grid.x(1)] * 2)
    assert grid.area.left() == grid.x(0) < grid.x(1)
    assert grid.x(1) - grid.x(0) == pytest.approx((grid.x(10) - grid.x(1)) / 2)
    assert grid.x(200) == pytest.approx(grid.area.right())


def test_on_a_logarithmic_axis_a_click_goes_to_the_step_under_it(plot, qtbot):
    show_frame(plot, make_frame(replace(diverged(), step_scale=StepScale.LOG)))
    grid = plot.grid
    for step in (0, 1, 2, 10, 60, 200):
        place = QPointF(grid.x(step), grid.area.center().y())
        at = QPoint(min(round(place.x()), int(grid.area.right())), round(place.y()))
        with qtbot.waitSignal(plot.step_clicked) as clicked:
            qtbot.mouseClick(plot, Qt.MouseButton.LeftButton, pos=at)
        assert abs(grid.x(clicked.args[0]) - place.x()) <= max(1.0, grid.x(step + 1) - grid.x(step))


def test_on_a_logarithmic_axis_marks_hatching_and_curve_are_at_their_steps(plot):
    picture = loss_picture(curve(np.full(101, 2.0)), hatched=((150.0, 200.0),), marks=MARKS[:1])
    show_frame(plot, make_frame(replace(picture, step_scale=StepScale.LOG)))
    image, grid = pixels(plot), plot.grid
    assert resembles(around(image, grid.place(5, 2.0)), LIGHT.runs[0]).any()
    assert not resembles(around(image, grid.place(140, 2.0), 2), LIGHT.runs[0]).any()
    assert plot.mark_at(QPointF(grid.x(MARKS[0].step), grid.area.bottom() - 4)) == MARKS[:1]
    assert not plot.mark_at(QPointF(grid.x(MARKS[0].step / 2), grid.area.bottom() - 4))


def test_a_gap_in_the_values_is_a_gap_in_the_curve(plot):
    values = np.full(201, 1.0)
    values[80:120] = np.nan
    show_frame(plot, make_frame(loss_picture(curve(values, current=False))))
    picture = pixels(plot)
    assert resembles(around(picture, plot.grid.place(40, 1.0)), LIGHT.runs[0]).any()
    assert not resembles(around(picture, plot.grid.place(100, 1.0)), LIGHT.runs[0]).any()


def test_four_runs_have_four_colours(plot):
    curves = [curve(np.full(101, float(style)), style=style) for style in range(4)]
    show_frame(plot, make_frame(loss_picture(*curves)))
    picture = pixels(plot)
    for style in range(4):
        row = round(plot.grid.y(style))
        assert resembles(picture[row - 1 : row + 2], LIGHT.runs[style]).sum() > 40
    show_frame(plot, make_frame(loss_picture(curves[0])))
    row = round(plot.grid.y(3))
    assert not resembles(pixels(plot)[row - 1 : row + 2], LIGHT.runs[3], 10).any()


@pytest.mark.parametrize(("width", "height", "unit"), SIZES)
def test_all_texts_stand_in_the_pane_and_clear_of_each_other(plot, width, height, unit):
    plot.set_unit(unit)
    plot.resize(width, height)
    show_frame(plot, make_frame(diverged()))
    shown = labels(plot)
    assert {mark.label for mark in MARKS} <= set(shown)
    assert {"LOSS AGAINST STEP", "(log)", "step", "minimum"} <= set(shown)
    assert_words_stand_clear(plot)
    for mark in MARKS:
        assert plot.grid.area.contains(shown[mark.label].rect)


@pytest.mark.parametrize(("width", "height", "unit"), SIZES)
def test_the_title_is_as_large_as_the_unit_says(plot, width, height, unit):
    plot.set_unit(unit)
    plot.resize(width, height)
    show_frame(plot, make_frame())
    assert labels(plot)["LOSS AGAINST STEP"].font.pixelSize() == round(18 * unit)
    assert labels(plot)["step"].font.pixelSize() == round(16 * unit)


def test_a_label_that_fits_on_neither_side_is_broken(plot):
    plot.set_unit(0.85)
    plot.resize(400, 210)
    mark = MARKS[2].__class__(100, "weight = inf, bias = NaN from step 100", "why")
    show_frame(plot, make_frame(loss_picture(marks=(mark,))))
    assert {"weight = inf, bias = NaN", "from step 100"} <= set(labels(plot))


def test_a_label_wider_than_the_plot_is_broken_at_its_commas(plot):
    plot.set_unit(2.09)
    plot.resize(515, 440)
    mark = MARKS[2].__class__(100, "loss = NaN, x = −inf, y = inf from step 4", "why")
    show_frame(plot, make_frame(loss_picture(marks=(mark,))))
    shown = labels(plot)
    assert {"loss = NaN,", "x = −inf,", "y = inf", "from step 4"} <= set(shown)
    assert all(plot.grid.area.contains(words.rect) for words in shown.values() if "=" in words.text)


def test_more_marks_than_there_is_room_for_are_summed_up(plot):
    plot.resize(400, 180)
    marks = tuple(MARKS[0].__class__(step, f"p{step} = inf from step {step}", "") for step in range(10, 40))
    show_frame(plot, make_frame(loss_picture(marks=marks)))
    assert any(text.startswith("and ") and text.endswith(" more") for text in labels(plot))
    assert all(plot.grid.area.contains(w.rect) for w in labels(plot).values() if " = inf" in w.text)


def test_a_mark_is_a_vertical_line(plot):
    show_frame(plot, make_frame(diverged()))
    column = around(pixels(plot), QPointF(plot.grid.x(92), plot.grid.area.bottom() - 4), 2)
    assert resembles(column, LIGHT.warning).any()


def test_where_the_loss_is_no_number_the_plot_is_hatched(plot):
    show_frame(plot, make_frame(loss_picture(hatched=((50.0, 60.0), (150.0, 200.0)))))
    picture, grid = pixels(plot), plot.grid
    rows = slice(int(grid.area.top()) + 5, int(grid.area.bottom()) - 5)
    hatch = (picture[rows, :, 0] - picture[rows, :, 2]) > 30
    assert hatch[:, round(grid.x(151)) : round(grid.x(199))].mean() > 0.08
    assert hatch[:, round(grid.x(51)) : round(grid.x(59))].mean() > 0.08
    assert hatch[:, round(grid.x(61)) : round(grid.x(149))].mean() == 0
    assert hatch[:, : round(grid.x(49))].mean() == 0


def test_the_minimum_is_a_dashed_line(plot):
    show_frame(plot, make_frame(loss_picture(curve([1.0]), minimum=-2.0)))
    row = resembles(pixels(plot)[round(plot.grid.y(-2.0))], LIGHT.accent, 90)
    part = row[round(plot.grid.x(5)) : round(plot.grid.x(195))]
    assert 0.3 < part.mean() < 0.8


@pytest.mark.usefixtures("no_tip_left")
def test_hovering_near_a_mark_tells_the_operation(plot):
    show_frame(plot, make_frame(diverged()))
    ask_for_tip(plot, plot.grid.place(92, 0.0) + QPointF(6.0, 0.0))
    assert "beyond 3.4e38" in QToolTip.text()


@pytest.mark.usefixtures("no_tip_left")
def test_hovering_over_a_label_tells_of_its_mark_alone(plot):
    show_frame(plot, make_frame(diverged()))
    ask_for_tip(plot, labels(plot)[MARKS[2].label].rect.center())
    assert "inf − 1 · inf = NaN" in QToolTip.text()
    assert "step 195" not in QToolTip.text()


def test_hovering_elsewhere_tells_nothing(plot):
    show_frame(plot, make_frame(diverged()))
    ask_for_tip(plot, plot.grid.place(40, -3.0))
    assert not QToolTip.isVisible()


@pytest.mark.parametrize("step", [0, 37, 150, 200])
def test_a_click_goes_to_the_step(plot, qtbot, step):
    show_frame(plot, make_frame(diverged()))
    place = plot.grid.place(step, 10.0).toPoint()
    with qtbot.waitSignal(plot.step_clicked) as clicked:
        qtbot.mouseClick(plot, Qt.MouseButton.LeftButton, pos=place)
    assert abs(clicked.args[0] - step) <= 1
    assert 0 <= clicked.args[0] <= 200


def test_other_clicks_and_drags_do_nothing(plot, qtbot):
    show_frame(plot, make_frame(diverged()))
    before, clicks = rendered(plot), []
    plot.step_clicked.connect(clicks.append)
    centre = plot.grid.area.center().toPoint()
    qtbot.mouseClick(plot, Qt.MouseButton.LeftButton, pos=QPoint(3, 3))
    qtbot.mouseClick(plot, Qt.MouseButton.RightButton, pos=centre)
    qtbot.mousePress(plot, Qt.MouseButton.RightButton, pos=centre)
    qtbot.mouseMove(plot, centre + QPoint(50, 40))
    qtbot.mouseRelease(plot, Qt.MouseButton.RightButton, pos=centre + QPoint(50, 40))
    assert clicks == []
    assert rendered(plot) == before


def test_a_linear_axis_names_its_power_of_ten(plot):
    picture = loss_picture(
        curve([0.0, 1.0, 2.7]), scale=LossScale.LINEAR, value_range=(-0.1, 3.0), exponent=38, step_range=(0.0, 10.0)
    )
    show_frame(plot, make_frame(picture))
    assert {"(linear)", "×10³⁸"} <= set(labels(plot))
    assert tick_labels(plot.grid.y_ticks) == ["0", "1", "2", "3"]
    assert QRectF(plot.rect()).contains(labels(plot)["×10³⁸"].rect)


def test_a_note_stands_under_the_title(plot):
    show_frame(plot, make_frame(loss_picture(note="loss = 0: not on a logarithmic axis (L: linear)")))
    words = labels(plot)["loss = 0: not on a logarithmic axis (L: linear)"]
    assert words.rect.bottom() <= plot.grid.area.top()


@pytest.mark.parametrize(("width", "height", "unit"), SIZES)
def test_a_million_steps_can_be_read(plot, width, height, unit):
    plot.set_unit(unit)
    plot.resize(width, height)
    show_frame(plot, make_frame(loss_picture(curve([0.0]), step_range=(0.0, 1e6))))
    shown = tick_labels(plot.grid.x_ticks)
    assert shown[0] == "0"
    assert shown[-1] == "1,000,000"
    pane = LIGHT.pane
    assert resembles(pixels(plot)[:, -2:], pane, 3).all()


def test_values_far_outside_do_not_move_the_axes(plot):
    wild = curve([0.0, 1e300, -1e300, 0.5], current=False)
    picture = loss_picture(wild, scale=LossScale.LINEAR, value_range=(0.0, 1.0), step_range=(0.0, 3.0))
    show_frame(plot, make_frame(picture))
    rendered(plot)
    assert (plot.grid.x_range, plot.grid.y_range) == ((0.0, 3.0), (0.0, 1.0))


def test_the_picture_depends_on_the_frame_alone(plot, new_pane):
    frames = [
        make_frame(diverged()),
        make_frame(loss_picture(curve(np.linspace(2, -3, 50)), minimum=-3.5)),
        make_frame(diverged(), look=Look(theme=Theme.DARK)),
        make_frame(loss_picture(curve([0.0, 2.0]), scale=LossScale.LINEAR, value_range=(0.0, 3.0), exponent=5)),
    ]
    assert depends_on_the_frame_alone(plot, frames, new_pane(LossPlot))


def test_a_pane_without_room_draws_nothing(plot):
    plot.resize(30, 20)
    show_frame(plot, make_frame(diverged()))
    rendered(plot)
    assert plot.grid is None
    assert plot.words == ()


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (-6.0, 41.0, ["1", "10¹⁰", "10²⁰", "10³⁰", "10⁴⁰"]),
        (-4.2, 0.6, ["10⁻⁴", "10⁻³", "10⁻²", "10⁻¹", "1"]),
        (-0.2, 2.1, ["1", "10", "10²"]),
        (-0.5, 0.8, ["0.5", "1", "2", "5"]),
        (0.35, 0.5, ["2.4", "2.6", "2.8", "3.0"]),
        (37.9, 38.4, ["10³⁸", "1.5·10³⁸", "2·10³⁸", "2.5·10³⁸"]),
        (3.1, 4.2, ["2,000", "5,000", "10,000"]),
    ],
)
def test_the_logarithmic_axis_is_honest(low, high, expected):
    ticks = log_ticks(low, high)
    assert [label for _, label in ticks.major] == expected
    for value, label in ticks.major:
        assert low - 1e-9 <= value <= high + 1e-9
        assert math.isclose(10**value, number_of(label), rel_tol=1e-6)


@pytest.mark.parametrize("low", [-300.0, -7.3, -0.01, 0.0, 38.4, 306.0])
@pytest.mark.parametrize("span", [1e-3, 0.05, 0.4, 1.2, 1.6, 3.0, 9.0, 40.0, 300.0])
def test_any_logarithmic_axis_has_a_few_different_labels(low, span):
    labels = [label for _, label in log_ticks(low, low + span).major]
    assert 1 <= len(labels) <= 6
    assert len(set(labels)) == len(labels)


@pytest.mark.parametrize(("low", "high"), [(-1.0, 4.0), (0.0, 1e-9), (1e6, 1e6 + 1), (-5e38, 5e38), (3e-5, 4e-5)])
def test_a_linear_axis_has_different_labels_whatever_its_range(low, high):
    labels = [label for _, label in linear_ticks(low, high).major]
    assert 2 <= len(labels) <= 6
    assert len(set(labels)) == len(labels)


@pytest.mark.parametrize("end", [1, 2, 3, 10, 50, 200, 7000, 1_000_000])
def test_steps_are_whole_numbers(end):
    for value, label in whole_ticks(0.0, end).major:
        assert value == int(value)
        assert label == f"{int(value):,}"


@pytest.mark.parametrize(("width", "height", "unit"), SIZES)
def test_the_word_minimum_stands_below_several_curves(plot, width, height, unit):
    plot.resize(width, height)
    plot.set_unit(unit)
    flat = [
        curve([4.0 - 3.99 * part, *([0.01 + 0.02 * part] * 30)], style) for style, part in enumerate((1.0, 0.9, 0.5))
    ]
    show_frame(plot, make_frame(loss_picture(*flat, minimum=0.0, value_range=(-0.24, 4.24), step_range=(0.0, 30.0))))
    (words,) = [words for words in plot.words if words.text == "minimum"]
    assert words.rect.top() >= plot.grid.y(0.0)
    assert words.rect.bottom() <= plot.grid.area.bottom() + 1.0
