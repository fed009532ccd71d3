"""The map of rate and steps as a person sees and uses it."""

import base64
from functools import cache
from xml.etree import ElementTree

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication, QToolTip

from gdviz.core.analysis.phase_map import MapGrid, PhaseMap, phase_map
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.manual_changes import PiecewiseConstant
from gdviz.core.descent.optimizers import Momentum
from gdviz.core.descent.recording import record
from gdviz.core.descent.schedules import Constant
from gdviz.core.problems.surfaces import Himmelblau, TwoWells
from gdviz.panes.rate_map.picture import build_map_picture, tooltip_text
from gdviz.panes.rate_map.plot import MapPlot
from gdviz.presentation.look import Look, Theme
from gdviz.presentation.palette import PALETTES, colour_table
from tests.frames import (
    around,
    depends_on_the_frame_alone,
    labels,
    make_frame,
    pixels,
    rendered,
    resembles,
    show_frame,
    with_pictures,
)
from tests.panes.support import assert_words_stand_clear, svg_of
from tests.recordings import lecture

LIGHT = PALETTES[Theme.LIGHT]
SIZES = [(480, 260, 0.8), (730, 500, 0.95), (1100, 800, 1.7)]
"""Width, height and unit of the panes in which people see the map."""
GRID = MapGrid(1e-4, 20.0, 160, tuple(np.unique(np.rint(np.geomspace(1, 1000, 120)).astype(int)).tolist()))
EXPERIMENTS = {
    "lecture": lecture(0.9),
    "momentum": lecture(0.5, optimizer=Momentum()),
    "himmelblau": Experiment(Himmelblau(), start=(0.0, 0.0), schedule=Constant(0.01)),
    "two wells": Experiment(TwoWells(), start=(1.8, 1.0), schedule=Constant(0.1)),
}


@cache
def mapped(name="lecture"):
    return phase_map(EXPERIMENTS[name], GRID)


def grown(done):
    whole = mapped()
    rows = int(np.searchsorted(GRID.steps, done, side="right"))
    return PhaseMap(whole.experiment, GRID, whole.losses[:rows], np.where(whole.needed > done, -1, whole.needed), done)


@cache
def run(rate=0.9, steps=200):
    return record(lecture(rate, steps=steps))


def frame(name="lecture", step=57, recordings=None, shown=None, **look):
    runs = recordings or (record(EXPERIMENTS[name]),)
    picture = build_map_picture(shown or mapped(name), runs, step)
    return with_pictures(make_frame(look=Look(pane="map", **look)), map=picture)


@pytest.fixture
def plot(new_pane):
    return new_pane(MapPlot, 730, 500)


def place(plot, rate, step):
    return plot.grid.place(np.log10(rate), np.log10(step))


# What is painted


@pytest.mark.parametrize("theme", list(Theme))
def test_a_cell_has_the_colour_of_its_loss(plot, theme):
    drawn = frame(theme=theme)
    show_frame(plot, drawn)
    picture, background = pixels(plot), drawn.pictures["map"].background
    table = colour_table(256).astype(int)
    for rate, step in ((2e-4, 2.0), (0.002, 30), (0.02, 700), (0.01, 900), (12.0, 1.0)):
        value = float(background.values[background.row(step), background.column(rate)])
        wanted = table[round((min(max(value, -6.0), 6.0) + 6.0) / 12.0 * 255)]
        spot = place(plot, rate, step)
        assert np.abs(picture[round(spot.y()), round(spot.x())] - wanted).max() <= 2, (rate, step)


def test_the_start_is_in_the_middle_of_the_open_colours(plot):
    show_frame(plot, frame())
    shown, picture = labels(plot), pixels(plot)
    assert {"start", "1 %", "≥10⁶", "≤10⁻⁶", "loss above the minimum, in parts of the start's"} <= set(shown)
    bar = shown["start"].rect.left() - 14
    for text, entry in (("≤10⁻⁶", 0), ("start", 127), ("≥10⁶", 255)):
        y = round(np.clip(shown[text].rect.center().y(), plot.grid.area.top() + 3, None))
        y = y - 3 if entry == 0 else y
        assert np.abs(picture[y, round(bar)] - colour_table(256).astype(int)[entry]).max() <= 8, text


@pytest.mark.parametrize("theme", list(Theme))
def test_infinite_and_nan_are_hatched_in_two_ways_and_named(plot, theme):
    drawn = frame(theme=theme)
    show_frame(plot, drawn)
    picture, palette = pixels(plot), PALETTES[theme]
    background = drawn.pictures["map"].background
    column = background.column(10.0)
    rows = np.array(GRID.steps)
    parts = []
    for test in (np.isinf, np.isnan):
        there = rows[test(background.values[:, column])]
        spot = place(plot, 10.0, float(np.sqrt(there[0] * there[-1])))
        region = around(picture, spot, 12)
        lines = resembles(region, palette.warning, 60)
        assert 0.04 < lines.mean() < 0.6
        assert resembles(region, palette.background, 30).any()
        parts.append(lines.mean())
    assert parts[1] > 1.4 * parts[0]
    assert {"in float32:", "infinite", "NaN"} <= set(labels(plot))


def test_what_is_not_computed_yet_is_empty_and_says_so(plot):
    show_frame(plot, frame(shown=grown(300)))
    picture = pixels(plot)
    spot = place(plot, 0.0303, 700)
    assert resembles(around(picture, spot, 4), LIGHT.background, 2).all()
    assert not resembles(around(picture, place(plot, 0.0303, 150), 4), LIGHT.background, 40).any()
    assert "computing: 300 of 1,000 steps" in labels(plot)
    show_frame(plot, frame())
    assert not any("computing" in text for text in labels(plot))


def test_before_anything_is_computed_there_are_axes_and_the_run(plot):
    show_frame(plot, with_pictures(make_frame(look=Look(pane="map")), map=build_map_picture(None, (run(),), 57)))
    assert "computing" in labels(plot)
    assert [label for _, label in plot.grid.y_ticks.major] == ["1", "10", "10²", "10³", "10⁴"]
    assert resembles(around(pixels(plot), place(plot, 0.9, 57), 4), LIGHT.runs[0]).mean() > 0.8
    assert resembles(around(pixels(plot), place(plot, 0.0303, 300), 4), LIGHT.background, 2).all()


def test_the_line_and_the_wall_are_drawn_where_they_are(plot):
    drawn = frame(recordings=(run(0.01),))
    show_frame(plot, drawn)
    picture, needed = pixels(plot), mapped().needed
    for column in (60, 80, 100):
        spot = place(plot, GRID.learning_rates[column], needed[column])
        assert resembles(around(picture, spot, 2), "#ffffff", 30).any()
    limit = plot.grid.x(drawn.pictures["map"].background.limit.position)
    for step in (2, 40, 300):
        assert resembles(around(picture, QPointF(limit, place(plot, 1.0, step).y()), 1), LIGHT.warning, 12).all()


# The words


@pytest.mark.parametrize(("width", "height", "unit"), SIZES)
@pytest.mark.parametrize("name", EXPERIMENTS)
def test_all_words_stand_clear_of_each_other_and_of_the_run(plot, name, width, height, unit):
    plot.set_unit(unit)
    plot.resize(width, height)
    drawn = frame(name)
    show_frame(plot, drawn)
    shown = [words for words in plot.words if words.text]
    assert min(words.font.pixelSize() for words in shown) >= round(16 * unit)
    assert_words_stand_clear(plot)
    (full_trail,) = drawn.pictures["map"].runs
    for x, y in full_trail.trail:
        for words in shown:
            spot = plot.grid.place(x, y)
            assert not words.rect.contains(spot), words.text
    texts = {words.text for words in shown}
    assert {"LEARNING RATE AND STEPS", "learning rate", "steps", "more steps help", "1 % left"} <= texts
    # With two wells the part within 1 % is a narrow strip.
    assert ("within 1 %" in texts) == (name != "two wells")


def test_on_the_lecture_s_map_nothing_helps_beyond_the_limit(plot):
    drawn = frame()
    show_frame(plot, drawn)
    shown = {text.replace("\n", " "): words for text, words in labels(plot).items()}
    worse = shown["every step makes it worse"].rect
    limit = plot.grid.x(drawn.pictures["map"].background.limit.position)
    assert worse.left() > limit
    assert shown["within 1 %"].rect.right() < limit
    assert shown["more steps help"].rect.right() < limit
    assert "limit 2/L = 0.7755" in shown


@pytest.mark.parametrize(("width", "height", "unit"), SIZES)
@pytest.mark.parametrize("name", EXPERIMENTS)
def test_a_region_is_named_only_where_all_of_the_name_is_in_it(plot, name, width, height, unit):
    plot.set_unit(unit)
    plot.resize(width, height)
    drawn = frame(name)
    show_frame(plot, drawn)
    background = drawn.pictures["map"].background
    named = {"more steps help": 1, "within 1 %": 2, "every step makes it worse": 3, "in a higher minimum": 5, "NaN": 7}
    found = 0
    for words in plot.words:
        region = named.get(words.text.replace("\n", " "))
        if region is None or not plot.grid.area.contains(words.rect):
            continue
        found += 1
        for corner in (words.rect.topLeft(), words.rect.topRight(), words.rect.bottomLeft(), words.rect.bottomRight()):
            x, y = plot.grid.values(corner)
            assert background.regions[background.row(10.0**y), background.column(10.0**x)] == region, words.text
    assert found >= 2


def test_words_stand_still_while_the_map_grows_and_a_run_plays(plot):
    show_frame(plot, frame(shown=grown(300), step=10))
    before = {text: words.rect for text, words in labels(plot).items() if "computing" not in text}
    show_frame(plot, frame(shown=grown(500), step=90))
    after = {text: words.rect for text, words in labels(plot).items() if "computing" not in text}
    assert before == after
    assert "within 1 %" in after


def test_a_narrow_pane_gives_up_the_key_and_cuts_nothing(plot):
    plot.resize(280, 200)
    show_frame(plot, frame())
    assert "start" not in labels(plot)
    for words in plot.words:
        assert QRectF(plot.rect()).contains(words.rect), words.text


# The runs


def test_the_marker_of_a_playing_run_leaves_a_trail(plot):
    show_frame(plot, frame(step=10))
    first = pixels(plot)
    show_frame(plot, frame(step=100))
    second = pixels(plot)
    low, high = place(plot, 0.9, 10), place(plot, 0.9, 100)
    assert resembles(around(first, low, 3), LIGHT.runs[0]).all()
    assert not resembles(around(first, high, 3), LIGHT.runs[0], 10).any()
    assert resembles(around(second, high, 3), LIGHT.runs[0]).all()
    assert resembles(around(second, low, 3), LIGHT.runs[0]).any()


def test_at_step_zero_the_marker_stands_on_the_lower_edge(plot):
    show_frame(plot, frame(step=0, recordings=(run(0.01),)))
    spot = QPointF(place(plot, 0.01, 1).x(), plot.grid.area.bottom())
    assert resembles(around(pixels(plot), spot, 3), LIGHT.runs[0]).all()


def test_a_changed_rate_makes_a_corner(plot):
    recording = record(lecture(0.9, schedule=PiecewiseConstant(Constant(0.9), ((20, 0.01),))))
    show_frame(plot, frame(recordings=(recording,), step=150))
    picture = pixels(plot)
    for rate, step in ((0.9, 6), (0.2, 20), (0.03, 20), (0.01, 60)):
        assert resembles(around(picture, place(plot, rate, step), 2), LIGHT.runs[0]).any(), (rate, step)


def test_runs_are_told_apart_by_colour(plot):
    recordings = tuple(run(rate) for rate in (0.9, 0.1, 0.01, 0.001))
    show_frame(plot, frame(recordings=recordings, step=57))
    picture = pixels(plot)
    for style, rate in enumerate((0.9, 0.1, 0.01, 0.001)):
        assert resembles(around(picture, place(plot, rate, 57), 3), LIGHT.runs[style]).mean() > 0.8


def test_a_run_outside_is_an_arrow_at_the_edge_and_a_note(plot):
    show_frame(plot, frame(recordings=(run(50.0), run(0.1)), step=57))
    assert "rate 50 is right of the map" in labels(plot)
    picture = pixels(plot)
    spot = QPointF(plot.grid.area.right() - 8, place(plot, 1.0, 57).y())
    assert resembles(around(picture, spot, 1), LIGHT.runs[0]).all()
    show_frame(plot, frame(recordings=(run(50.0), run(0.0), run(1e-6)), step=57, shown=grown(300)))
    assert "rate 50 is right of the map, and others" in labels(plot)
    show_frame(plot, frame(recordings=(run(0.1, 1200),), step=1100))
    assert "step 1,100 is above the map" in labels(plot)


# The mouse


def test_the_pointer_is_told_at_once_what_it_points_at(plot, qtbot, no_tip_left):
    drawn = frame()
    show_frame(plot, drawn)
    with qtbot.waitExposed(plot):
        plot.show()
    for rate, step in ((0.1, 37), (5.0, 4)):
        spot = place(plot, rate, step).toPoint()
        qtbot.mouseMove(plot, spot)
        qtbot.waitUntil(lambda: QToolTip.isVisible())
        x, y = plot.grid.values(QPointF(spot))
        wanted = tooltip_text(drawn.pictures["map"], 10.0**x, 10.0**y)
        qtbot.waitUntil(lambda wanted=wanted: QToolTip.text() == wanted)
        assert plot.cursor().shape() is Qt.CursorShape.PointingHandCursor
    assert "never: above the limit, every step makes it worse" in QToolTip.text()
    qtbot.mouseMove(plot, QPoint(3, 3))
    qtbot.waitUntil(lambda: not QToolTip.isVisible())
    assert plot.cursor().shape() is Qt.CursorShape.ArrowCursor


def test_the_tip_goes_when_the_pointer_leaves(plot, qtbot, no_tip_left):
    show_frame(plot, frame())
    with qtbot.waitExposed(plot):
        plot.show()
    qtbot.mouseMove(plot, place(plot, 0.1, 37).toPoint())
    qtbot.waitUntil(lambda: QToolTip.isVisible())
    QApplication.sendEvent(plot, QEvent(QEvent.Type.Leave))
    qtbot.waitUntil(lambda: not QToolTip.isVisible())


def test_a_click_names_the_cell_that_was_told_of(plot, qtbot):
    show_frame(plot, frame())
    spot = place(plot, 0.1, 37).toPoint()
    with qtbot.waitSignal(plot.cell_clicked) as clicked:
        qtbot.mouseClick(plot, Qt.MouseButton.LeftButton, pos=spot)
    rate, step = clicked.args
    assert rate in GRID.learning_rates
    assert rate == pytest.approx(0.1, rel=0.05)
    assert step in GRID.steps
    assert step == pytest.approx(37, rel=0.05)
    with qtbot.assertNotEmitted(plot.cell_clicked):
        qtbot.mouseClick(plot, Qt.MouseButton.LeftButton, pos=QPoint(3, 3))
        qtbot.mouseClick(plot, Qt.MouseButton.RightButton, pos=spot)


def test_before_the_first_frame_the_mouse_does_nothing(plot, qtbot):
    with qtbot.assertNotEmitted(plot.cell_clicked):
        qtbot.mouseClick(plot, Qt.MouseButton.LeftButton, pos=QPoint(300, 200))
    assert plot.cell_at(QPointF(300, 200)) is None


# Every way to paint


def test_the_picture_depends_on_the_frame_alone(plot, new_pane):
    frames = [
        frame(),
        frame(shown=grown(300), step=10),
        frame("himmelblau", theme=Theme.DARK),
        frame("two wells", step=3),
        frame(recordings=(run(50.0), run(0.1))),
        frame(theme=Theme.DARK, transparent=True),
    ]
    assert depends_on_the_frame_alone(plot, frames, new_pane(MapPlot))


def test_only_the_run_is_drawn_anew_while_it_plays(plot):
    show_frame(plot, frame(step=10))
    grid, words = plot.grid, plot.words
    show_frame(plot, frame(step=11))
    assert plot.grid is grid
    assert all(one is other for one, other in zip(words, plot.words, strict=True))


def test_in_vectors_the_map_is_an_image_as_fine_as_asked_for(plot):
    show_frame(plot, frame())
    for detail in (1.0, 3.0):
        plot.set_detail(detail)
        found = [
            QImage.fromData(base64.b64decode(element.get("{http://www.w3.org/1999/xlink}href").partition("base64,")[2]))
            for element in ElementTree.fromstring(svg_of(plot)).iter("{http://www.w3.org/2000/svg}image")
        ]
        largest = max(found, key=QImage.width)
        assert largest.width() == round(plot.grid.area.width() * detail)
        assert largest.height() == round(plot.grid.area.height() * detail)


def test_a_transparent_map_has_no_ground(plot):
    show_frame(plot, frame(shown=grown(300), transparent=True))
    image = QImage(plot.size(), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    plot.paint(painter)
    painter.end()
    spot = place(plot, 0.0303, 700).toPoint()
    assert image.pixelColor(spot).alpha() == 0
    assert image.pixelColor(2, plot.height() - 3).alpha() == 0
    assert image.pixelColor(place(plot, 0.0303, 150).toPoint()).alpha() == 255


def test_a_pane_without_room_draws_nothing(plot):
    plot.resize(30, 20)
    show_frame(plot, frame())
    rendered(plot)
    assert plot.grid is None
    assert plot.words == ()
