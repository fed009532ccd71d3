"""The plot of loss against learning rate as a person sees and uses it."""

import math

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QToolTip

from gdviz.core.descent.optimizers import Momentum
from gdviz.core.problems.surfaces import Rosenbrock
from gdviz.panes.range_test.plot import RatePlot
from gdviz.plotting.text import balanced_lines
from gdviz.presentation.look import Look, Theme
from gdviz.presentation.palette import PALETTES
from tests.frames import (
    around,
    depends_on_the_frame_alone,
    labels,
    pixels,
    rendered,
    resembles,
    show_frame,
    tick_labels,
)
from tests.panes.range_test.frames import rate_frame, swept
from tests.panes.support import ask_for_tip, assert_words_stand_clear

SIZES = [(480, 260, 0.8), (520, 265, 0.9), (860, 440, 1.4), (1100, 800, 1.7)]
SWEEPS = [
    {},
    {"fresh_steps": 5},
    {"smoothed": True, "fresh_steps": 1},
    {"optimizer": Momentum()},
    {"problem": Rosenbrock(), "stops": False},
    {"start": 100.0, "end": 1e6, "stops": False},
]
NAMES = {"minimum", "tenth", "steep", "valley", "slide", "limit", "best"}
LIGHT = PALETTES[Theme.LIGHT]


@pytest.fixture
def plot(new_pane):
    return new_pane(RatePlot, 520, 265, 0.85)


def rates_of(recording):
    return {
        suggestion.name: suggestion.learning_rate for suggestion in rate_frame(recording).pictures["rates"].suggestions
    }


def on_line(plot, rate, value=-3.8):
    """A place on the vertical line of a rate, by default near the lower end."""
    return plot.grid.place(math.log10(rate), value)


@pytest.mark.parametrize("theme", list(Theme))
def test_the_curve_is_drawn_up_to_the_step(plot, theme):
    recording = swept()
    show_frame(plot, rate_frame(recording, 100, Look(theme=theme)))
    picture, grid, colour = pixels(plot), plot.grid, PALETTES[theme].runs[0]

    def drawn(step):
        place = grid.place(*(math.log10(column[step]) for column in (recording.learning_rates, recording.losses)))
        return resembles(around(picture, place), colour).any()

    assert drawn(20)
    assert drawn(80)
    assert not drawn(130)
    assert not drawn(150)
    marker = grid.place(*rate_frame(recording, 100).pictures["rates"].current)
    assert resembles(around(picture, marker, 3), colour).mean() > 0.8


def test_the_axes_do_not_move_while_it_is_drawn(plot):
    recording = swept()
    show_frame(plot, rate_frame(recording, 0))
    before = plot.grid
    show_frame(plot, rate_frame(recording))
    assert (plot.grid.area, plot.grid.x_range, plot.grid.y_range) == (before.area, before.x_range, before.y_range)
    assert plot.grid.x_range == pytest.approx((-4.0, 1.0))
    assert tick_labels(plot.grid.x_ticks) == ["10⁻⁴", "10⁻³", "10⁻²", "10⁻¹", "1", "10"]


def test_limit_and_best_rate_are_there_from_the_beginning(plot):
    recording = swept()
    show_frame(plot, rate_frame(recording, 0))
    before = labels(plot)
    assert {"limit", "best"} == NAMES & set(before)
    show_frame(plot, rate_frame(recording, recording.last_step - 1))
    assert {"limit", "best"} == NAMES & set(labels(plot))
    show_frame(plot, rate_frame(recording))
    after = labels(plot)
    assert set(after) >= NAMES
    assert all(after[name].rect == before[name].rect for name in ("limit", "best"))


def test_a_pick_is_a_line_of_its_own_dashes(plot):
    recording = swept()
    show_frame(plot, rate_frame(recording))
    picture, area = pixels(plot), plot.grid.area
    rows = slice(int(area.center().y()) + 10, int(area.bottom()) - 25)

    def inked(name, colour):
        column = round(plot.grid.x(math.log10(rates_of(recording)[name])))
        return resembles(picture[rows, column - 1 : column + 2], colour, 90).any(axis=1).mean()

    assert inked("minimum", LIGHT.accent) > 0.7  # a label stands across some of it
    assert 0.3 < inked("tenth", LIGHT.accent) < 0.68
    assert 0.2 < inked("steep", LIGHT.quiet) < 0.7
    assert inked("limit", LIGHT.warning) > 0.7


def test_the_limit_is_a_wall_that_is_hatched_behind(plot):
    recording = swept()
    show_frame(plot, rate_frame(recording, 0))
    picture, grid = pixels(plot), plot.grid
    x = round(grid.x(math.log10(rates_of(recording)["limit"])))
    rows = slice(int(grid.area.top()) + 40, int(grid.area.bottom()) - 10)
    hatch = (picture[rows, :, 0] - picture[rows, :, 2]) > 30
    assert 0.08 < hatch[:, x + 3 : x + 7].mean() < 0.9
    assert hatch[:, x + 12 : x + 60].mean() == 0
    assert hatch[:, : x - 20].mean() == 0


def test_losses_that_are_no_numbers_are_hatched_and_named(plot):
    recording = swept(start=100.0, end=1e6, stops=False)
    show_frame(plot, rate_frame(recording))
    picture, grid = pixels(plot), plot.grid
    rows = slice(int(grid.area.center().y()), int(grid.area.bottom()) - 5)
    hatch = (picture[rows, :, 0] - picture[rows, :, 2]) > 30
    assert hatch[:, round(grid.x(3.0)) : round(grid.x(5.9))].mean() > 0.08
    assert {"loss = inf from rate 145", "loss = NaN from rate 219"} <= set(labels(plot))


@pytest.mark.parametrize(("width", "height", "unit"), SIZES)
@pytest.mark.parametrize("sweep", SWEEPS)
def test_all_texts_stand_in_the_pane_and_clear_of_each_other(plot, width, height, unit, sweep):
    plot.set_unit(unit)
    plot.resize(width, height)
    show_frame(plot, rate_frame(swept(**sweep)))
    low, high = plot.grid.x_range
    shown, found = plot.words, rate_frame(swept(**sweep)).pictures["rates"].suggestions
    wanted = {suggestion.name for suggestion in found if low <= suggestion.place <= high}
    assert wanted | {"rate", "LOSS AGAINST LEARNING RATE"} <= {words.text for words in shown}
    assert_words_stand_clear(plot)
    for words in shown:
        assert words.font.pixelSize() >= round(16 * unit)
        assert words.text not in NAMES or plot.grid.area.contains(words.rect)
    first = plot.grid.x(plot.grid.x_ticks.major[0][0])
    assert labels(plot)["rate"].rect.right() < first


def test_labels_keep_clear_of_the_curve(plot):
    shown = rate_frame(swept())
    show_frame(plot, shown)
    sweep, grid = shown.pictures["rates"].sweep, plot.grid
    for words in plot.words:
        if not plot.grid.area.contains(words.rect):
            continue
        rect = words.rect
        assert not any(rect.contains(grid.place(*place)) for place in zip(sweep.rates, sweep.values, strict=True))


@pytest.mark.parametrize(
    ("sweep", "width", "words"),
    [
        ({}, 480, "one moving point"),
        ({}, 700, "one step at each, the point moves"),
        ({"fresh_steps": 5}, 400, "5 fresh steps at each"),
        ({"fresh_steps": 5}, 700, "5 steps from the start at each"),
        ({"smoothed": True}, 480, "one step at each, the point moves; smoothed as fast.ai does"),
        ({"smoothed": True}, 900, "one step at each, the point moves; smoothed as fast.ai does"),
    ],
)
def test_the_title_says_how_it_was_swept_whatever_the_width(plot, sweep, width, words):
    plot.resize(width, 260)
    show_frame(plot, rate_frame(swept(**sweep)))
    assert words in labels(plot)
    assert labels(plot)[words].rect.bottom() <= plot.grid.area.top()


def test_the_losses_themselves_stay_behind_a_smoothed_curve(plot):
    recording = swept(smoothed=True, stops=False)
    show_frame(plot, rate_frame(recording))
    picture = pixels(plot)
    place = plot.grid.place(*(math.log10(column[150]) for column in (recording.learning_rates, recording.losses)))
    red, _, blue = np.moveaxis(around(picture, place, 2), -1, 0)
    assert (red - blue > 40).any()
    show_frame(plot, rate_frame(swept(stops=False)))
    assert not any("smoothed" in text for text in labels(plot))


def test_where_it_stopped_is_said(plot):
    show_frame(plot, rate_frame(swept()))
    texts = [words.text for words in plot.words]
    assert "stopped at 2.24: more than 4 times the best loss" in " ".join(texts)
    show_frame(plot, rate_frame(swept(), 100))
    assert "stopped" not in " ".join(words.text for words in plot.words)


# Clicks


@pytest.mark.parametrize("name", ["minimum", "tenth", "steep", "valley"])
def test_a_click_on_a_line_takes_exactly_its_rate(plot, qtbot, name):
    recording = swept()
    show_frame(plot, rate_frame(recording))
    place = on_line(plot, rates_of(recording)[name]) + QPointF(3.0, 0.0)
    with qtbot.waitSignal(plot.rate_clicked) as clicked:
        qtbot.mouseClick(plot, Qt.MouseButton.LeftButton, pos=place.toPoint())
    assert clicked.args == [rates_of(recording)[name]]


@pytest.mark.parametrize("name", sorted(NAMES))
def test_a_click_on_a_label_takes_exactly_its_rate(plot, qtbot, name):
    recording = swept()
    show_frame(plot, rate_frame(recording))
    with qtbot.waitSignal(plot.rate_clicked) as clicked:
        qtbot.mouseClick(plot, Qt.MouseButton.LeftButton, pos=labels(plot)[name].rect.center().toPoint())
    assert clicked.args == [rates_of(recording)[name]]


@pytest.mark.parametrize("step", [0, 30, 60])
def test_a_click_elsewhere_takes_the_nearest_rate_of_the_curve(plot, qtbot, step):
    recording = swept()
    show_frame(plot, rate_frame(recording))
    place = on_line(plot, float(recording.learning_rates[step]), -2.0).toPoint() + QPoint(1, 0)
    with qtbot.waitSignal(plot.rate_clicked) as clicked:
        qtbot.mouseClick(plot, Qt.MouseButton.LeftButton, pos=place)
    pointed = 10 ** plot.grid.values(QPointF(place))[0]
    assert clicked.args == [min(recording.learning_rates, key=lambda rate: abs(math.log(rate / pointed)))]


def test_a_click_right_of_the_curve_takes_its_last_rate(plot, qtbot):
    recording = swept()
    show_frame(plot, rate_frame(recording, 40))
    with qtbot.waitSignal(plot.rate_clicked) as clicked:
        qtbot.mouseClick(plot, Qt.MouseButton.LeftButton, pos=on_line(plot, 0.1).toPoint())
    assert clicked.args == [float(recording.learning_rates[40])]


def test_other_clicks_take_nothing_and_nothing_can_be_dragged(plot, qtbot):
    show_frame(plot, rate_frame(swept()))
    before, clicks = rendered(plot), []
    plot.rate_clicked.connect(clicks.append)
    centre = plot.grid.area.center().toPoint()
    qtbot.mouseClick(plot, Qt.MouseButton.LeftButton, pos=QPoint(3, 3))
    qtbot.mouseClick(plot, Qt.MouseButton.RightButton, pos=centre)
    qtbot.mousePress(plot, Qt.MouseButton.RightButton, pos=centre)
    qtbot.mouseMove(plot, centre + QPoint(50, 40))
    qtbot.mouseRelease(plot, Qt.MouseButton.RightButton, pos=centre + QPoint(50, 40))
    assert clicks == []
    assert rendered(plot) == before


def test_before_the_first_rate_only_the_known_can_be_clicked(plot, qtbot):
    recording = swept(fresh_steps=5)
    show_frame(plot, rate_frame(recording, 2))
    clicks = []
    plot.rate_clicked.connect(clicks.append)
    qtbot.mouseClick(plot, Qt.MouseButton.LeftButton, pos=on_line(plot, 0.01).toPoint())
    assert clicks == []
    qtbot.mouseClick(plot, Qt.MouseButton.LeftButton, pos=labels(plot)["limit"].rect.center().toPoint())
    assert clicks == [rates_of(recording)["limit"]]


def test_the_pointer_is_a_hand_where_a_click_does_something(plot, qtbot):
    show_frame(plot, rate_frame(swept()))
    plot.show()
    qtbot.waitExposed(plot)
    qtbot.mouseMove(plot, plot.grid.area.center().toPoint())
    qtbot.waitUntil(lambda: plot.cursor().shape() is Qt.CursorShape.PointingHandCursor)
    qtbot.mouseMove(plot, QPoint(3, 3))
    qtbot.waitUntil(lambda: plot.cursor().shape() is Qt.CursorShape.ArrowCursor)


@pytest.mark.usefixtures("no_tip_left")
def test_hovering_over_a_pick_tells_its_sentence(plot):
    recording = swept()
    show_frame(plot, rate_frame(recording))
    ask_for_tip(plot, labels(plot)["tenth"].rect.center())
    assert "tenth: 0.168" in QToolTip.text()
    assert "the minimum divided by ten" in QToolTip.text()
    ask_for_tip(plot, on_line(plot, rates_of(recording)["minimum"]))
    assert "the lowest loss" in QToolTip.text()


def test_hovering_elsewhere_tells_nothing(plot):
    show_frame(plot, rate_frame(swept()))
    ask_for_tip(plot, on_line(plot, 1e-3))
    assert not QToolTip.isVisible()


# Frames


def test_the_picture_depends_on_the_frame_alone(plot, new_pane):
    runs = ((swept(), None), (swept(fresh_steps=5), 300), (swept(), 30))
    frames = [rate_frame(recording, step) for recording, step in runs]
    assert depends_on_the_frame_alone(plot, frames, new_pane(RatePlot), unit=0.85)


def test_the_moving_marker_makes_nothing_behind_it_anew(plot):
    recording = swept()
    show_frame(plot, rate_frame(recording, 50))
    words = plot.words
    show_frame(plot, rate_frame(recording, 51))
    assert all(one is other for one, other in zip(words, plot.words, strict=True))


def test_long_labels_are_broken_evenly():
    text = "stopped: more than 4 times the best loss"
    assert balanced_lines(text, 1) == (text,)
    assert balanced_lines(text, 2) == ("stopped: more than 4", "times the best loss")
    assert balanced_lines("two words", 4) == ("two", "words")
    for count in range(1, 9):
        assert " ".join(balanced_lines(text, count)) == text
