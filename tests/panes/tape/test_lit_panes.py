"""What a row of the tape lights up, as it is seen: in the plot of the data, on the contour and on the surface."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF

from gdviz.panes.contour.plot import ContourPlot
from gdviz.panes.data.plot import DataPlot
from gdviz.panes.landscape.landscape import Light
from gdviz.panes.surface.geometry.camera import to_world
from gdviz.panes.surface.geometry.render_state import render_state
from gdviz.panes.surface.items.highlight import highlighted_axis, highlighted_line
from gdviz.panes.surface.items.markers import HIGHLIGHT_RADIUS
from gdviz.panes.surface.labels.layout import Layout
from gdviz.panes.surface.view import LandscapeView
from gdviz.presentation.highlight import DataHighlight, Meaning, Sample
from gdviz.presentation.look import Look, Theme
from gdviz.presentation.palette import PALETTES
from tests.frames import (
    around,
    bowl,
    data_picture,
    labels,
    landscape,
    landscape_of,
    make_frame,
    pixels,
    resembles,
    run_path,
    show_frame,
    with_pictures,
)

SAMPLES = tuple(Sample(row, x, 0.1 * x + 0.5, 1.47 * x + 1.8) for row, x in ((1, 0.805), (51, 0.086), (100, 0.074)))
EMPTY = np.empty((0, 3), np.float32)
PLACE = (-0.5, 0.5, float(bowl().heights[32, 96]))
ROOMS = [(480, 260, 0.8), (500, 190, 0.85), (1100, 800, 1.7)]


def light(meaning, place=PLACE, label="w = 1.467"):
    line = EMPTY
    if meaning is Meaning.FIRST and place is not None:
        line = np.array([(x, place[1], place[2]) for x in np.linspace(-1.0, 1.0, 65)], np.float32)
    return Light(meaning, place, line, label)


def lit(meaning, place=PLACE, **look):
    """A frame in which a row with that meaning is pointed at."""
    path = replace(run_path((0.6, -0.6), (-0.5, 0.5)), current=PLACE)
    ground = replace(landscape(path, ground=bowl()), light=None if meaning is None else light(meaning, place))
    return make_frame(ground=ground, look=Look(**look), data=data_picture(light=DataHighlight(meaning, SAMPLES)))


@pytest.fixture
def shown(qtbot):
    """Shows a frame in a new pane of a kind."""

    def show(kind, frame, size=(640, 420), unit=1.0):
        widget = kind()
        qtbot.addWidget(widget)
        widget.set_unit(unit)
        widget.resize(*size)
        show_frame(widget, frame)
        return widget

    return show


def inked(picture, colour):
    return int(resembles(picture, colour).sum())


@pytest.mark.parametrize("theme", list(Theme))
def test_each_sample_row_has_a_ring_and_its_number(shown, theme):
    plot = shown(DataPlot, lit(None, theme=theme))
    grid, picture = plot.line_plot.grid, pixels(plot)
    for sample in SAMPLES:
        assert f"row {sample.row}" in labels(plot)
        edge = grid.place(sample.x, sample.y) + QPointF(0.0, -6.0)
        assert resembles(around(picture, edge, 1), PALETTES[theme].text).any()


@pytest.mark.parametrize(("width", "height", "unit"), ROOMS)
@pytest.mark.parametrize("meaning", [None, Meaning.PREDICTIONS])
def test_the_numbers_of_the_rows_stand_clear_in_the_plot(shown, width, height, unit, meaning):
    plot = shown(DataPlot, lit(meaning), (width, height), unit)
    words = [words for words in plot.words if words.text]
    assert sum(one.text.startswith("row ") for one in words) == 3
    for one, other in combinations(words, 2):
        assert not one.rect.intersects(other.rect), (one.text, other.text)
    assert all(QRectF(plot.rect()).contains(one.rect) for one in words)


def test_the_numbers_stand_still_while_the_line_moves(shown):
    frame = lit(None)
    plot = shown(DataPlot, frame)
    before = {text: words.rect for text, words in labels(plot).items() if text.startswith("row ")}
    moved = tuple(replace(sample, predicted=0.0) for sample in SAMPLES)
    line = replace(
        frame.pictures["data"], current_lines=((0, (-0.1, -0.5, 1.1, 0.6)),), light=DataHighlight(None, moved)
    )
    show_frame(plot, with_pictures(frame, data=line))
    assert {text: words.rect for text, words in labels(plot).items() if text.startswith("row ")} == before


@pytest.mark.parametrize("theme", list(Theme))
def test_predictions_are_marked_on_a_bolder_line(shown, theme):
    palette = PALETTES[theme]
    plain, bold = (shown(DataPlot, lit(meaning, theme=theme)) for meaning in (None, Meaning.PREDICTIONS))
    place = bold.line_plot.grid.place(SAMPLES[0].x, SAMPLES[0].predicted)
    assert resembles(around(pixels(bold), place), palette.accent).any()
    assert not resembles(around(pixels(plain), place), palette.accent).any()
    assert inked(pixels(bold), palette.runs[0]) > 1.2 * inked(pixels(plain), palette.runs[0])


@pytest.mark.parametrize("theme", list(Theme))
def test_residuals_are_thick_and_all_else_recedes(shown, theme):
    palette = PALETTES[theme]
    plain, thick = (pixels(shown(DataPlot, lit(meaning, theme=theme))) for meaning in (None, Meaning.RESIDUALS))
    assert inked(thick, palette.accent) > inked(plain, palette.accent) + 1000
    assert inked(thick, palette.truth) < inked(plain, palette.truth)


def test_data_are_larger_and_the_lines_recede(shown):
    palette = PALETTES[Theme.LIGHT]
    plain, large = (pixels(shown(DataPlot, lit(meaning))) for meaning in (None, Meaning.DATA))
    assert inked(large, palette.points) > 1.5 * inked(plain, palette.points)
    assert inked(large, palette.runs[0]) < 0.5 * inked(plain, palette.runs[0])


@pytest.mark.parametrize("theme", list(Theme))
def test_on_the_contour_an_axis_its_line_and_the_place_are_lit(shown, theme):
    accent = PALETTES[theme].accent
    plot = shown(ContourPlot, lit(Meaning.FIRST, theme=theme))
    picture, grid = pixels(plot), plot.grid
    for x in (-0.8, -0.2, 0.9):
        assert resembles(around(picture, grid.place(x, PLACE[1])), accent).any()
        assert resembles(around(picture, grid.place(x, -1.0)), accent).any()
        assert not resembles(around(picture, grid.place(x, 0.8)), accent).any()
    assert resembles(around(picture, grid.place(*PLACE[:2]) + QPointF(0.0, -14.0)), accent).any()
    assert labels(plot)["w"].colour == accent
    assert labels(plot)["b"].colour != accent
    assert "w = 1.467" in labels(plot)


@pytest.mark.parametrize(("width", "height", "unit"), ROOMS)
def test_names_on_the_lit_contour_stand_clear_of_each_other(shown, width, height, unit):
    plot = shown(ContourPlot, lit(Meaning.FIRST), (width, height), unit)
    words = [words for words in plot.words if words.text]
    for one, other in combinations(words, 2):
        assert not one.rect.intersects(other.rect), (one.text, other.text)
    assert all(QRectF(plot.rect()).contains(one.rect) for one in words)


def test_without_a_place_the_contour_lights_the_axis_alone(shown):
    plot = shown(ContourPlot, lit(Meaning.FIRST, place=None))
    assert "w = 1.467" not in labels(plot)
    assert labels(plot)["w"].colour == PALETTES[Theme.LIGHT].accent


@pytest.mark.parametrize("theme", list(Theme))
@pytest.mark.parametrize("meaning", [Meaning.FIRST, Meaning.LOSS, Meaning.POINT])
def test_on_the_surface_axis_line_and_place_are_lit(shown, theme, meaning):
    accent = PALETTES[theme].accent
    frame = lit(meaning, theme=theme)
    view = shown(LandscapeView, frame)
    view.resize(640, 420)
    image = view.render_image(640, 420, 0)
    state = render_state(*landscape_of(frame), 640, 420, 1.0)
    raw = np.frombuffer(image.constBits(), np.uint8).reshape(420, 640, 4)[..., 2::-1].astype(int)
    x, y = state.lens.project(to_world(PLACE))
    # Above the ring's middle, where nothing else is drawn over it.
    assert resembles(around(raw, QPointF(x, y - HIGHLIGHT_RADIUS)), accent).any()
    for segments in (highlighted_axis(state, frame.landscape.light), highlighted_line(frame.landscape.light)):
        if len(segments):
            middle = state.lens.project(to_world(segments)).reshape(-1, 2, 2).mean(axis=1)[len(segments) // 2]
            assert resembles(around(raw, QPointF(*middle), 3), accent, 90).any()


def test_the_loss_axis_is_lit_up_to_the_height_of_the_place():
    frame = lit(Meaning.LOSS)
    (axis,) = highlighted_axis(render_state(*landscape_of(frame), 640, 420, 1.0), frame.landscape.light)
    assert axis[:, 2] == pytest.approx((0.0, PLACE[2]))
    (upright,) = highlighted_line(frame.landscape.light)
    assert upright[1] == pytest.approx(PLACE)
    assert upright[0, 2] < 0.0
    assert not len(highlighted_axis(render_state(*landscape_of(frame), 640, 420, 1.0), light(Meaning.POINT)))


@pytest.mark.parametrize("meaning", [Meaning.FIRST, Meaning.LOSS, Meaning.POINT])
def test_labels_of_the_surface_stay_clear_of_what_is_lit(meaning):
    frame = lit(meaning)
    for size, unit in (((640, 420), 1.0), ((495, 265), 0.85)):
        placed = Layout(render_state(*landscape_of(frame), *size, unit)).placed
        rects = [QRectF(left, top, image.width(), image.height()) for image, left, top in placed]
        assert not any(one.intersects(other) for one, other in combinations(rects, 2))
        assert all(QRectF(0, 0, *size).contains(rect) for rect in rects)
