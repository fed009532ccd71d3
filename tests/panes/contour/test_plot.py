"""The contour as a person sees and uses it."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt

from gdviz.panes.contour.plot import ContourPlot
from gdviz.panes.contour.raster import contour_image, loss_labels, upsampled
from gdviz.plotting import pane
from gdviz.plotting.strip import SEPARATOR
from gdviz.plotting.style import style_of
from gdviz.presentation.look import Look, Theme
from gdviz.presentation.minima import ANY_POINT, LINE_OF_MINIMA
from gdviz.presentation.palette import CONTOUR_LEVELS, PALETTES
from gdviz.scene.scene import Scene
from tests.frames import (
    around,
    bowl,
    depends_on_the_frame_alone,
    hover,
    labels,
    landscape,
    leaving,
    make_frame,
    pixels,
    rendered,
    resembles,
    run_path,
    show_frame,
    surface,
    tick_labels,
)
from tests.recordings import recorded

LIGHT = PALETTES[Theme.LIGHT]
PANES = [(720, 470, 0.85), (560, 560, 0.85), (400, 300, 0.85), (1080, 720, 1.28)]
NOTES = ("loss 12.69", "distance to the minimum 3.167", "left at step 4; now b = −1.86e24")
SQUARE = [(-0.3, -0.3), (0.3, -0.3), (0.3, 0.3), (-0.3, 0.3)]


def show(widget, *paths, look=None, **things):
    show_frame(widget, make_frame(ground=landscape(*paths, **things), look=look or Look()))


def brightness(picture, grid, x, y):
    return around(picture, grid.place(x, y), 3).mean()


@pytest.mark.parametrize(("axis", "bright", "dark"), [(0, (0.8, 0.0), (-0.8, 0.0)), (1, (0.0, 0.8), (0.0, -0.8))])
def test_the_first_parameter_goes_right_and_the_second_up(plot, axis, bright, dark):
    ramp = np.linspace(0.0, 1.0, 129, dtype=np.float32) ** 4
    heights = np.repeat(ramp[:, None], 129, axis=1)
    show(plot, ground=surface(heights if axis == 0 else heights.T.copy()), minima=())
    picture = pixels(plot)
    assert brightness(picture, plot.grid, *bright) > brightness(picture, plot.grid, *dark) + 60


@pytest.mark.parametrize("line", [((-1.0, -0.4), (1.0, 0.6)), ((-0.2, -1.0), (0.3, 1.0)), ((-1.0, 0.0), (1.0, 0.0))])
@pytest.mark.parametrize(("width", "height", "unit"), PANES)
def test_a_line_of_minima_is_drawn_and_named_clear_of_all_else(plot, line, width, height, unit):
    plot.set_unit(unit)
    plot.resize(width, height)
    valley = np.array([(*place, 0.0) for place in line], np.float32)
    shown = landscape(run_path((-0.6, 0.8), (-0.1, 0.1)), minima=(), notes=NOTES[:1])
    show_frame(plot, make_frame(ground=replace(shown, minimum_line=valley)))
    picture, grid = pixels(plot), plot.grid
    (words,) = [words for words in plot.words if words.text in (ANY_POINT, LINE_OF_MINIMA)]
    assert words.text == (ANY_POINT if width > 400 else LINE_OF_MINIMA)
    assert grid.area.contains(words.rect)
    others = [other.rect for other in plot.words if other is not words and other.text]
    assert not any(words.rect.intersects(rect) for rect in others)
    ends = np.array(line)
    places = [grid.place(*(ends[0] + part * (ends[1] - ends[0]))) for part in np.linspace(0.02, 0.98, 41)]
    seen = [resembles(around(picture, place, 2), "#ffffff", 60).any() for place in places]
    assert np.mean(seen) > 0.6  # the rest is below path and labels
    assert not any(words.rect.contains(place) for place in places)
    show_frame(plot, make_frame(ground=shown))
    assert not {ANY_POINT, LINE_OF_MINIMA} & set(labels(plot))


def test_a_quadratic_is_upsampled_exactly():
    finer = upsampled(bowl().heights, 501)
    places = (np.arange(501) + 0.5) / 501 * 2 - 1
    assert np.abs(finer - (places[:, None] ** 2 + places[None, :] ** 2) / 2).max() < 1e-6


def test_contour_lines_run_at_their_heights():
    side = 600
    image = contour_image(bowl(), side, 1.5)

    def light(radius):
        at = side / 2 + radius * side / 2
        return min(image.pixelColor(round(at) + shift, side // 2).lightness() for shift in (-1, 0, 1))

    for level in range(6, CONTOUR_LEVELS - 4):
        on, beside = (np.sqrt(2.0) * (level + shift) / CONTOUR_LEVELS for shift in (0.0, 0.5))
        assert light(on) < light(beside) - 25


def test_a_plateau_has_no_lines():
    image = contour_image(surface(np.ones((129, 129), np.float32)), 100, 1.2)
    assert {image.pixelColor(x, 50).name() for x in range(100)} == {"#fee838"}


@pytest.mark.parametrize(("width", "height", "unit"), PANES)
def test_the_square_is_square_and_as_large_as_fits(plot, width, height, unit):
    plot.set_unit(unit)
    plot.resize(width, height)
    show(plot, run_path((0.5, 0.5)))
    area = plot.grid.area
    assert area.width() == area.height() >= 0.75 * min(width, height)
    assert QRectF(plot.rect()).contains(area)


@pytest.mark.parametrize(("width", "height", "unit"), PANES)
@pytest.mark.parametrize("outline", [SQUARE, [(0.01 * x, 0.01 * y) for x, y in SQUARE]])
def test_all_texts_stand_in_the_pane_and_clear_of_each_other(plot, width, height, unit, outline):
    plot.set_unit(unit)
    plot.resize(width, height)
    arrow = leaving((0.4, 0.6), (-0.3, -1.0), (-0.36, -1.14))
    show(plot, run_path((0.1, -0.1), (-0.3, -0.6), (0.4, 0.6), arrow=arrow), first_box=outline, notes=NOTES)
    shown = labels(plot)
    assert {"w", "b", "start", "first view", arrow.label} <= set(shown)
    assert any(text.startswith(NOTES[0]) for text in shown)
    for words in shown.values():
        assert QRectF(plot.rect()).contains(words.rect), words.text
    for one, other in combinations(shown.values(), 2):
        assert not one.rect.adjusted(1, 1, -1, -1).intersects(other.rect), (one.text, other.text)


def test_the_axes_are_those_of_the_surface(plot):
    show(plot, run_path((0.5, 0.5)))
    assert tick_labels(plot.grid.x_ticks) == tick_labels(plot.grid.y_ticks) == ["−2", "0", "2"]


def test_beside_a_wide_pane_stands_the_colour_bar(plot):
    plot.resize(900, 480)
    show(plot, run_path((0.5, 0.5)), notes=NOTES)
    shown = labels(plot)
    assert shown["loss"].rect.left() >= plot.grid.area.right()
    assert shown["20"].rect.top() < shown[loss_labels(bowl())[-1]].rect.top()


@pytest.mark.parametrize(("width", "height", "unit"), PANES)
def test_the_notes_stand_in_a_strip_above_everything_else(plot, width, height, unit):
    """They covered the path, and tick labels made way for them."""
    plot.set_unit(unit)
    plot.resize(width, height)
    ticks = []
    for notes in (NOTES, NOTES[:1]):
        show(plot, run_path((0.5, 0.5)), notes=notes)
        written = [one for one in plot.words if set(one.text.split(SEPARATOR)) & set(notes)]
        assert written
        lowest = max(one.rect.bottom() for one in written)
        assert [one.text for one in plot.words if one not in written and one.rect.top() < lowest - 1] == []
        assert lowest < plot.grid.area.top()
        ticks.append((tick_labels(plot.grid.x_ticks), tick_labels(plot.grid.y_ticks)))
    show(plot, run_path((0.5, 0.5)))
    assert ticks == [(tick_labels(plot.grid.x_ticks), tick_labels(plot.grid.y_ticks))] * 2


def test_the_label_of_an_exit_stands_at_the_arrows_head(plot):
    for tip in ((-0.36, -1.14), (0.36, 1.14), (1.14, 0.2), (-1.14, 0.2)):
        wall = tuple(max(-1.0, min(1.0, place)) for place in tip)
        show(plot, run_path((0.1, -0.1), arrow=leaving((0.1, 0.1), wall, tip)))
        (words,) = [words for words in plot.words if "step" in words.text]
        head, rect = plot.grid.place(*tip), words.rect
        away = (
            max(rect.left() - head.x(), head.x() - rect.right(), 0.0),
            max(rect.top() - head.y(), head.y() - rect.bottom(), 0.0),
        )
        assert max(away) < 45.0
        assert not any(map(rect.intersects, pane.tick_labels(plot.grid, style_of(LIGHT, 1.0), float(plot.height()))))


@pytest.mark.parametrize("theme", list(Theme))
def test_the_whole_path_has_the_colour_of_its_run(plot, theme):
    path = run_path(*[(-0.8 + 0.1 * step, 0.6 if step % 2 else -0.6) for step in range(17)])
    show(plot, path, look=Look(theme=theme))
    picture = pixels(plot)
    for begin, end in path.segments:
        middle = (begin + end) / 2
        spot = around(picture, plot.grid.place(float(middle[0]), float(middle[1])), 1)
        assert resembles(spot, PALETTES[theme].runs[0]).any()


def test_the_path_stays_in_the_square_and_the_arrow_goes_out(plot):
    arrow = leaving((0.0, 0.0), (0.5, -1.0), (0.57, -1.14))
    show(plot, run_path((-0.5, 0.0), (0.0, 0.0), current=False, arrow=arrow))
    picture, tip = pixels(plot), plot.grid.place(0.56, -1.12)
    assert resembles(around(picture, tip, 4), LIGHT.warning).any()


@pytest.mark.parametrize("tip", [(1.14, 0.9), (-1.14, -0.9), (0.2, 1.14), (0.2, -1.14)])
def test_the_arrow_and_its_label_stay_in_the_pane(plot, tip):
    plot.set_unit(1.5)
    wall = tuple(float(np.clip(value, -1, 1)) for value in tip)
    show(plot, run_path((0.0, 0.0), current=False, arrow=leaving((0.0, 0.0), wall, tip)))
    assert QRectF(plot.rect()).contains(labels(plot)["leaves the view at step 4"].rect)
    border = pixels(plot)
    border[4:-4, 4:-4] = 0
    assert not resembles(border, LIGHT.warning, 20).any()


def test_minima_are_white_stars(plot):
    show(plot, run_path((0.8, 0.8)), minima=((0.0, 0.0), (-0.5, 0.5)))
    for place in ((0.0, 0.0), (-0.5, 0.5)):
        assert resembles(around(pixels(plot), plot.grid.place(*place), 1), "white", 10).all()


def test_the_outline_of_the_first_box_can_always_be_seen(plot):
    tiny = [(0.3 + x * 1e-6, 0.3 + y * 1e-6) for x, y in SQUARE]
    show(plot, run_path((-0.8, 0.8)), first_box=tiny)
    spot = around(pixels(plot), plot.grid.place(0.3, 0.3), 9)
    assert resembles(spot, "white", 60).sum() > 30


def test_dragging_the_start_tells_the_parameters(plot, qtbot):
    show(plot, run_path((0.5, 0.5), (0.2, 0.1)))
    dragged, begin, end = [], plot.grid.place(0.5, 0.5).toPoint(), plot.grid.place(-0.5, 0.25).toPoint()
    plot.start_dragged.connect(lambda w, b: dragged.append((w, b)))
    qtbot.mouseMove(plot, begin + QPoint(6, 3))
    qtbot.mousePress(plot, Qt.MouseButton.LeftButton, pos=begin + QPoint(6, 3))
    assert plot.cursor().shape() is Qt.CursorShape.ClosedHandCursor
    qtbot.mouseMove(plot, end)
    with qtbot.waitSignal(plot.start_released):
        qtbot.mouseRelease(plot, Qt.MouseButton.LeftButton, pos=end)
    assert dragged[-1] == pytest.approx((-1.5, 1.75), abs=0.02)
    qtbot.mouseMove(plot, begin)
    assert dragged[-1] == pytest.approx((-1.5, 1.75), abs=0.02)


def test_a_start_cannot_be_dragged_out_of_sight(plot, qtbot):
    show(plot, run_path((0.5, 0.5)))
    dragged, begin = [], plot.grid.place(0.5, 0.5).toPoint()
    plot.start_dragged.connect(lambda w, b: dragged.append((w, b)))
    qtbot.mousePress(plot, Qt.MouseButton.LeftButton, pos=begin)
    qtbot.mouseMove(plot, QPoint(559, 0))
    qtbot.mouseRelease(plot, Qt.MouseButton.LeftButton, pos=QPoint(559, 0))
    assert dragged[-1] == pytest.approx((3.0, 4.0))


def test_elsewhere_nothing_can_be_taken(plot, qtbot):
    show(plot, run_path((0.5, 0.5)))
    told = []
    plot.start_dragged.connect(lambda *values: told.append(values))
    plot.start_released.connect(lambda: told.append("released"))
    away = plot.grid.place(-0.5, -0.5).toPoint()
    qtbot.mousePress(plot, Qt.MouseButton.LeftButton, pos=away)
    qtbot.mouseMove(plot, away + QPoint(40, 40))
    qtbot.mouseRelease(plot, Qt.MouseButton.LeftButton, pos=away + QPoint(40, 40))
    assert told == []


def test_a_hand_shows_what_can_be_taken(plot):
    show(plot, run_path((0.5, 0.5)))
    hover(plot, plot.grid.place(0.5, 0.5))
    assert plot.cursor().shape() is Qt.CursorShape.OpenHandCursor
    hover(plot, plot.grid.place(-0.5, 0.5))
    assert plot.cursor().shape() is Qt.CursorShape.ArrowCursor


def test_a_path_outside_of_the_box_is_no_problem(plot):
    path = run_path((0.0, 0.0))
    empty = type(path)(1, path.segments[:0], path.dots[:0], None, None, None)
    show(plot, empty, minima=())
    assert not resembles(pixels(plot), LIGHT.runs[1]).any()
    assert "start" not in labels(plot)


@pytest.mark.parametrize(("base", "span"), [(0.0001, 21.7), (-78.3, 100.0), (0.0, 5e38), (1000.0, 1e-3)])
def test_the_labels_of_the_colour_bar_differ(base, span):
    ground = bowl()
    other = type(ground)(ground.box, ground.heights, ground.slopes, base, span, ground.axes)
    shown = loss_labels(other)
    if span > 1e-3:
        assert len(set(shown)) == len(shown)
    assert shown[-1].startswith("≤")


def test_the_picture_depends_on_the_frame_alone(plot, qtbot):
    arrow = leaving((0.4, 0.6), (-0.3, -1.0), (-0.36, -1.14))
    frames = [
        make_frame(ground=landscape(run_path((0.1, -0.1), (0.4, 0.6), arrow=arrow), notes=NOTES)),
        make_frame(ground=landscape(run_path((0.3, 0.3)), run_path((0.3, 0.3), (-0.4, 0.2), style=2))),
        make_frame(ground=landscape(run_path((0.9, 0.3)), first_box=SQUARE), look=Look(theme=Theme.DARK)),
        make_frame(look=Look(transparent=True)),
    ]
    fresh = ContourPlot()
    qtbot.addWidget(fresh)
    assert depends_on_the_frame_alone(plot, frames, fresh)
    before = rendered(fresh)
    hover(fresh, QPointF(280.0, 280.0))
    assert rendered(fresh) == before


# Several runs


@pytest.mark.parametrize(("width", "height", "unit"), [(480, 260, 0.8), (560, 560, 1.0), (1100, 800, 1.7)])
def test_labels_of_runs_that_leave_together_do_not_overlap(plot, width, height, unit):
    plot.resize(width, height)
    plot.set_unit(unit)
    exits = [leaving((0.1, -0.4), (0.7, 1.0), (0.76, 1.14), f"0.{style} left at step 1") for style in range(4)]
    paths = [replace(run_path((0.1, -0.4), style=style), arrow=arrow) for style, arrow in enumerate(exits)]
    notes = tuple(f"0.{style}: now b = −1.86e24" for style in range(4))
    show(plot, *paths, notes=notes, minima=())
    words = [one for one in plot.words if one.text]
    assert {arrow.label for arrow in exits} < {one.text for one in words}
    for one, other in combinations(words, 2):
        assert not one.rect.intersects(other.rect), (one.text, other.text)


def test_the_plot_stands_still_whatever_the_notes_say(plot):
    plot.resize(740, 600)
    scene, tops, notes = Scene("", (recorded("point-nine"),), Look(pane="contour")), set(), set()
    for step in (0, 4, 150, 200):
        frame = scene.frame(step)
        show_frame(plot, frame)
        tops.add(plot.grid.area.top())
        notes.add(frame.landscape.notes)
    assert (len(tops), len(notes)) == (1, 4)


def test_where_there_is_no_room_the_exit_is_told_in_fewer_words(plot):
    """Beside the tape it said "…s the view at step 4"."""
    frame = Scene("", (recorded("point-nine"),), Look(pane="contour")).frame(4)
    for width, unit, told in ((740, 1.0, "leaves the view at step 4"), (230, 1.4, "leaves at step 4")):
        plot.resize(width, width)
        plot.set_unit(unit)
        show_frame(plot, frame)
        assert told in [words.text for words in plot.words]
