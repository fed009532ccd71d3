"""The map of starting points as a person sees and uses it."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QToolTip

from gdviz.core.analysis.basins import NOT_FINITE, NOWHERE, UNKNOWN, BasinMap
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.recording import record
from gdviz.core.descent.schedules import Constant
from gdviz.core.problems.surfaces import Himmelblau, TwoWells
from gdviz.panes.basins.image import basin_image, upsampled
from gdviz.panes.basins.picture import build_basin_picture, nearest_start, tooltip_text
from gdviz.panes.basins.plot import BasinPlot
from gdviz.presentation.look import Look, Theme
from gdviz.presentation.palette import PALETTES
from tests.frames import (
    around,
    depends_on_the_frame_alone,
    labels,
    make_frame,
    pixels,
    rendered,
    resembles,
    show_frame,
    tick_labels,
    with_pictures,
)
from tests.panes.support import assert_words_stand_clear, point_at, svg_of

WELLS = Experiment(Himmelblau(), schedule=Constant(0.01), start=(4.0, 4.0), steps=40)
RUN = record(WELLS)
FLEES = record(Experiment(TwoWells(), schedule=Constant(5.0), start=(1.8, 1.0), steps=20))
PANES = [(480, 260, 0.8), (590, 634, 1.24), (730, 500, 1.0), (420, 560, 1.0), (1100, 800, 1.7), (727, 483, 2.09)]
LIGHT = PALETTES[Theme.LIGHT]


def basins_of(kind_of, steps_of=lambda x, y: 5 + 0 * x, side=32, experiment=WELLS):
    """A map of which two functions of unit-box coordinates tell minimum and steps."""
    x, y = np.meshgrid(np.linspace(-1, 1, side), np.linspace(-1, 1, side), indexing="ij")
    kinds = (kind_of(x, y) + 0 * x).astype(np.int8)
    return BasinMap(experiment, experiment.problem.box, side, kinds, np.where(kinds >= 0, steps_of(x, y), -1))


QUARTERS = basins_of(lambda x, y: np.where(x > 0, np.where(y > 0, 0, 3), np.where(y > 0, 1, 2)))
"""A minimum for each corner: 0 in the upper right one, then against the clock."""
CORNERS = [(0.8, 0.8), (-0.8, 0.8), (-0.8, -0.8), (0.8, -0.8)]
STRIPES = basins_of(lambda x, y: np.select([y > 0.5, y > 0, y > -0.5], [NOWHERE, NOT_FINITE, UNKNOWN], 0))
"""From the top: in no minimum, not finite, unknown, the first minimum."""

ALL_KINDS = basins_of(lambda x, y: np.select([y > 0.9, y > 0.8], [NOWHERE, NOT_FINITE], QUARTERS.minimum))


def frame_of(basins, step=0, look=None, runs=(RUN,)):
    return with_pictures(make_frame(look=look or Look()), basins=build_basin_picture(basins, runs, step))


@pytest.fixture
def plot(new_pane, no_tip_left):
    return new_pane(BasinPlot, 730, 500)


def spot(plot, x, y, reach=14):
    return around(pixels(plot), plot.grid.place(x, y), reach)


@pytest.mark.parametrize("theme", list(Theme))
@pytest.mark.parametrize("minimum", range(4))
def test_where_runs_end_in_a_minimum_there_is_its_colour(plot, theme, minimum):
    show_frame(plot, frame_of(QUARTERS, look=Look(theme=theme)))
    shown = QColor(*np.median(spot(plot, *CORNERS[minimum]), axis=(0, 1)).astype(int))
    colour = QColor(PALETTES[theme].runs[minimum])
    if colour.hsvSaturation() < 30:
        assert shown.hsvSaturation() < 30
    else:
        assert abs(shown.hsvHue() - colour.hsvHue()) <= 12


def test_minima_are_told_apart_without_colour_by_their_texture(plot):
    grey = []
    show_frame(plot, frame_of(QUARTERS))
    for corner in CORNERS:
        area = spot(plot, *corner).mean(axis=2)
        grey.append(np.abs(area - np.median(area)) > 12)
    covered = [area.mean() for area in grey]
    assert covered[0] == 0
    assert all(0.03 < part < 0.4 for part in covered[1:])
    # dots, level bars, crosses: how much longer they are than high
    runs = [(area[:, 1:] & area[:, :-1]).sum() / max(1, (area[1:] & area[:-1]).sum()) for area in grey[1:]]
    assert runs[1] > 2 * max(runs[0], runs[2])
    assert len({round(part, 2) for part in covered}) == 4


@pytest.mark.parametrize("theme", list(Theme))
def test_fewer_steps_are_lighter(plot, theme):
    show_frame(plot, frame_of(basins_of(lambda x, y: 0, lambda x, y: np.round(20 + 19 * x)), look=Look(theme=theme)))
    picture = pixels(plot)
    # off the minima, their names and the run
    light = [around(picture, plot.grid.place(x, -0.85), 4).mean() for x in np.linspace(-0.9, 0.9, 7)]
    assert (np.diff(light) < -3).all()


def test_unknown_is_empty_and_what_ends_nowhere_is_hatched(plot):
    show_frame(plot, frame_of(STRIPES))
    assert resembles(spot(plot, -0.3, -0.25, 5), LIGHT.background, 3).all()
    nowhere, not_finite = spot(plot, -0.7, 0.75), spot(plot, -0.7, 0.25)
    for area in (nowhere, not_finite):
        assert area.mean(axis=2).std() > 25
    # of lines that fall to the right, the next pixel down and right is the same; of rising ones, down and left
    falls = [np.abs(area[1:, 1:] - area[:-1, :-1]).mean() for area in (nowhere, not_finite)]
    rises = [np.abs(area[1:, :-1] - area[:-1, 1:]).mean() for area in (nowhere, not_finite)]
    assert 3 * falls[0] < rises[0]
    assert 3 * rises[1] < falls[1]


def test_see_through_what_is_unknown_has_no_ground(plot):
    show_frame(plot, frame_of(STRIPES, look=Look(transparent=True)))
    image = QImage(plot.size(), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    plot.paint(painter)
    painter.end()
    assert image.pixelColor(plot.grid.place(-0.3, -0.3).toPoint()).alpha() == 0
    assert image.pixelColor(plot.grid.place(-0.3, -0.75).toPoint()).alpha() == 255


@pytest.mark.parametrize("side", [64, 301])
def test_a_starting_point_is_drawn_in_its_own_kind_and_shade(side):
    numbers = np.random.default_rng(3)
    kinds = numbers.integers(-3, 4, (9, 9)).astype(np.int8)
    shades = numbers.random((9, 9)).astype(np.float32)
    found, smooth = upsampled(kinds, shades, side)
    middles = np.clip(np.round(np.arange(9) / 8 * side - 0.5).astype(int), 0, side - 1)
    assert (found[np.ix_(middles, middles)] == kinds).all()
    assert np.abs(smooth[np.ix_(middles, middles)] - shades).max() < 12 / side


def test_a_border_between_two_kinds_is_a_line_and_no_stair():
    places = np.linspace(-1, 1, 20)
    kinds = (places[:, None] > 0.4 * places[None, :]).astype(np.int8)
    found, _ = upsampled(kinds, np.zeros((20, 20), np.float32), 400)
    fine = (np.arange(400) + 0.5) / 200 - 1
    border = fine[np.argmax(found, axis=0)]
    assert np.abs(border - 0.4 * fine).max() < 2 / 19
    # a stair of single points would jump by ten pixels or more
    assert np.abs(np.diff(np.argmax(found, axis=0))).max() <= 10


@pytest.mark.parametrize(("width", "height", "unit"), PANES)
@pytest.mark.parametrize("basins", [QUARTERS, STRIPES, ALL_KINDS, None])
def test_all_texts_stand_in_the_pane_and_clear_of_each_other(plot, width, height, unit, basins):
    plot.set_unit(unit)
    plot.resize(width, height)
    show_frame(plot, frame_of(basins, step=30))
    assert {"WHERE DOES IT END?", "ends in", "start", "x", "y"} <= {words.text for words in plot.words}
    assert_words_stand_clear(plot)
    area = plot.grid.area
    assert area.width() == area.height() >= 0.4 * min(width, height)
    assert QRectF(plot.rect()).contains(area)


@pytest.mark.parametrize(("width", "height", "unit"), [(730, 500, 1.0), (420, 560, 1.0)])
def test_the_legend_names_all_that_is_on_the_map(plot, width, height, unit):
    plot.set_unit(unit)
    plot.resize(width, height)
    show_frame(plot, frame_of(STRIPES))
    shown = {words.text for words in plot.words}
    assert {"(3, 2)", "(−3.78, −3.28)", "in none after 40 steps", "diverges", "light: 5 steps"} <= shown
    assert "at learning rate 0.01, 40 steps" in shown
    show_frame(plot, frame_of(QUARTERS))
    assert not {"in none after 40 steps", "diverges"} & {words.text for words in plot.words}


@pytest.mark.parametrize("unit", np.linspace(0.8, 1.7, 19))
def test_where_there_is_room_no_line_of_the_legend_is_broken(plot, unit):
    plot.set_unit(unit)
    plot.resize(round(900 * unit), round(500 * unit))
    for kind in (NOT_FINITE, NOWHERE):
        basins = basins_of(lambda x, y, kind=kind: kind, experiment=FLEES.experiment)
        show_frame(plot, frame_of(basins, runs=(FLEES,)))
        beside = {words.text for words in plot.words if words.rect.left() > plot.grid.area.right()}
        assert {"ends in", "(−1.04, 0)", "(0.96, 0)"} < beside
        assert ("diverges" if kind == NOT_FINITE else "in none after 20 steps") in beside


@pytest.mark.parametrize(("width", "height", "unit"), [*PANES, (708, 690, 0.88)])
def test_the_arrow_of_a_run_that_leaves_spares_the_start_name(plot, width, height, unit):
    frame = frame_of(None, 20, runs=(FLEES,))
    plot.set_unit(unit)
    plot.resize(width, height)
    show_frame(plot, frame)
    arrow = frame.pictures["basins"].paths[0].arrow
    ends = [plot.grid.place(*end[:2]) for end in (arrow.tail, arrow.wall)]
    name = labels(plot)["start"].rect
    assert not any(name.contains(ends[0] + (ends[1] - ends[0]) * part) for part in np.linspace(0, 1, 400))


def test_stars_with_names_mark_the_minima(plot):
    show_frame(plot, frame_of(QUARTERS))
    for x, y in Himmelblau.minima:
        assert resembles(around(pixels(plot), plot.grid.place(x / 6, y / 6), 1), "white", 10).all()
    (beside,) = [words.rect for words in plot.words if words.text == "(3, 2)" and plot.grid.area.contains(words.rect)]
    assert (beside.center() - plot.grid.place(0.5, 1 / 3)).manhattanLength() < 80


def test_the_path_runs_through_no_name(plot):
    for step in range(0, 41, 4):
        show_frame(plot, frame_of(QUARTERS, step))
        points = [plot.grid.place(*point) for point in RUN.points[: step + 1].astype(float) / 6]
        for words in plot.words:
            assert not any(words.text and words.rect.contains(point) for point in points), (step, words.text)


def test_the_axes_are_those_of_the_contour(plot):
    show_frame(plot, frame_of(QUARTERS))
    assert tick_labels(plot.grid.y_ticks) == ["−6", "−4", "−2", "0", "2", "4", "6"]
    assert tick_labels(plot.grid.x_ticks) == ["−6", "−2", "2", "6"]


@pytest.mark.parametrize("theme", list(Theme))
def test_the_moving_marker_has_the_colour_of_no_minimum(plot, theme):
    for step in (0, 3, 40):
        show_frame(plot, frame_of(QUARTERS, step, Look(theme=theme)))
        marker = around(pixels(plot), plot.grid.place(*RUN.points[step].astype(float) / 6), 2)
        assert resembles(marker, PALETTES[theme].text, 10).all()


def test_while_it_is_computed_that_is_said(plot):
    show_frame(plot, frame_of(None))
    assert plot.grid.area.contains(labels(plot)["computing"].rect)
    show_frame(plot, frame_of(STRIPES))
    assert "computing: 75 %" in labels(plot)
    show_frame(plot, frame_of(QUARTERS))
    assert not [text for text in labels(plot) if "computing" in text]


def test_while_only_the_run_moves_the_map_is_drawn_once(plot):
    basin_image.cache_clear()
    for step in range(30):
        show_frame(plot, frame_of(QUARTERS, step))
        rendered(plot)
    assert basin_image.cache_info().misses == 1


def test_pointing_at_a_place_tells_where_a_run_from_it_ends(plot, qtbot):
    plot.show()
    show_frame(plot, frame_of(QUARTERS))
    point_at(plot, plot.grid.place(-0.55, 0.7))
    assert QToolTip.text() == tooltip_text(QUARTERS, -3.3, 4.2)
    assert QToolTip.text().endswith("ends in (−2.81, 3.13) after 5 steps")
    point_at(plot, plot.grid.place(0.55, 0.7))
    assert QToolTip.text().endswith("ends in (3, 2) after 5 steps")
    point_at(plot, QPointF(2.0, 2.0))
    qtbot.waitUntil(lambda: not QToolTip.isVisible())


def test_of_what_is_not_there_nothing_is_told(plot):
    show_frame(plot, frame_of(None))
    assert plot.tooltip_at(plot.grid.place(0.0, 0.0)) == ""
    show_frame(plot, frame_of(STRIPES))
    assert plot.tooltip_at(plot.grid.place(0.0, 0.3)).endswith("diverges")
    assert plot.tooltip_at(plot.grid.place(1.1, 0.3)) == ""


def wishes(plot):
    tooltip_text = []
    plot.start_dragged.connect(lambda first, second: tooltip_text.append((first, second)))
    plot.start_released.connect(lambda: tooltip_text.append("released"))
    return tooltip_text


def test_a_click_moves_the_start_to_a_starting_point_of_the_map(plot, qtbot):
    show_frame(plot, frame_of(QUARTERS))
    made = wishes(plot)
    qtbot.mouseClick(plot, Qt.MouseButton.LeftButton, pos=plot.grid.place(-0.5, 0.25).toPoint())
    start, released = made
    assert released == "released"
    assert start == pytest.approx((-3.0, 1.5), abs=0.2)
    assert start == nearest_start(QUARTERS, *start)


def test_during_computation_a_click_moves_the_start_to_it(plot, qtbot):
    for basins in (None, STRIPES):
        show_frame(plot, frame_of(basins))
        made = wishes(plot)
        qtbot.mouseClick(plot, Qt.MouseButton.LeftButton, pos=plot.grid.place(-0.5, 0.25).toPoint())
        assert made[0] == pytest.approx((-3.0, 1.5), abs=0.03)
        plot.start_dragged.disconnect()
        plot.start_released.disconnect()


def test_the_ring_of_the_start_can_be_dragged_to_the_edge(plot, qtbot):
    show_frame(plot, frame_of(QUARTERS))
    made, ring = wishes(plot), plot.grid.place(4 / 6, 4 / 6).toPoint()
    qtbot.mousePress(plot, Qt.MouseButton.LeftButton, pos=ring)
    assert made == []
    assert plot.cursor().shape() is Qt.CursorShape.ClosedHandCursor
    qtbot.mouseMove(plot, plot.grid.place(0.0, -0.5).toPoint())
    assert made[-1] == pytest.approx((0.0, -3.0), abs=0.2)
    assert plot.tooltip_at(plot.grid.place(0.0, -0.5)) == ""
    qtbot.mouseMove(plot, plot.grid.area.topLeft().toPoint() * 0.5)
    assert made[-1] == pytest.approx((-6.0, 6.0))
    qtbot.mouseRelease(plot, Qt.MouseButton.LeftButton, pos=ring)
    assert made[-1] == "released"


def test_beside_the_map_and_with_other_buttons_nothing_is_moved(plot, qtbot):
    show_frame(plot, frame_of(QUARTERS))
    made = wishes(plot)
    qtbot.mouseClick(plot, Qt.MouseButton.LeftButton, pos=plot.grid.place(1.2, 0.0).toPoint())
    qtbot.mouseClick(plot, Qt.MouseButton.RightButton, pos=plot.grid.place(-0.5, 0.25).toPoint())
    assert made == []


def test_the_pointer_shows_what_a_click_would_do(plot):
    show_frame(plot, frame_of(QUARTERS))
    for place, shape in [
        ((4 / 6, 4 / 6), Qt.CursorShape.OpenHandCursor),
        ((-0.5, 0.0), Qt.CursorShape.PointingHandCursor),
        ((1.2, 0.0), Qt.CursorShape.ArrowCursor),
    ]:
        point_at(plot, plot.grid.place(*place))
        assert plot.cursor().shape() is shape


def test_a_run_that_leaves_has_an_arrow_through_the_edge(plot):
    flees = record(Experiment(TwoWells(), schedule=Constant(0.25), start=(1.8, 1.0), steps=20))
    show_frame(plot, frame_of(None, 20, runs=(flees,)))
    assert QRectF(plot.rect()).contains(labels(plot)["left at step 1"].rect)
    assert resembles(spot(plot, -1.03, 0.26, 8), LIGHT.warning).any()


def test_in_a_file_of_vectors_all_but_the_colours_is_vectors(plot):
    show_frame(plot, frame_of(STRIPES, 20))
    drawn = svg_of(plot)
    samples = 6  # of four minima, in none, diverges
    assert drawn.count("<image") == 1 + samples
    assert drawn.count("<path") > 50


def test_more_detail_makes_the_map_finer(plot):
    show_frame(plot, frame_of(QUARTERS))
    basin_image.cache_clear()
    plot.set_detail(2.0)
    plot.draw()
    assert basin_image.cache_info().misses == 1
    plot.set_detail(2.0)
    assert basin_image.cache_info().misses == 1


def test_the_picture_depends_on_the_frame_alone(plot, new_pane):
    frames = [
        frame_of(QUARTERS, 12),
        frame_of(STRIPES, 40, Look(theme=Theme.DARK)),
        frame_of(None, 3),
    ]
    assert depends_on_the_frame_alone(plot, frames, new_pane(BasinPlot))
