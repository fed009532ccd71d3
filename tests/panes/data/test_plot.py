"""The data plot as a person sees it."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtGui import QColor

from gdviz.core.data.creation import from_points, generate
from gdviz.core.data.settings import DataSettings
from gdviz.core.data.standardise import standardise
from gdviz.panes.data.density import summary
from gdviz.panes.data.plot import DataPlot
from gdviz.plotting.style import NUMBER_PIXELS
from gdviz.plotting.text import number_font, width_of
from gdviz.presentation.look import Look, Theme
from gdviz.presentation.palette import PALETTES
from tests.frames import (
    SIZES,
    around,
    data_picture,
    depends_on_the_frame_alone,
    histogram_picture,
    labels,
    make_frame,
    pixels,
    resembles,
    show_frame,
    tick_labels,
)
from tests.panes.support import assert_words_stand_clear, svg_of

LIGHT = PALETTES[Theme.LIGHT]
OFF = "the line is off the plot: y = −1.2e24 at x = 0.5"


@pytest.fixture
def plot(new_pane):
    return new_pane(DataPlot, 560, 300)


@pytest.mark.parametrize("theme", list(Theme))
def test_the_line_of_now_is_drawn_in_the_colour_of_the_run(plot, theme):
    show_frame(plot, make_frame(data=data_picture(), look=Look(theme=theme)))
    grid = plot.shown.grid
    for x in (0.0, 0.5, 1.0):
        assert resembles(around(pixels(plot), grid.place(x, 1.47 * x + 1.8), 1), PALETTES[theme].runs[0]).any()


def test_points_and_true_line_are_there(plot):
    show_frame(plot, make_frame(data=data_picture(true_line=(-0.1, 3.8, 1.1, 3.8), residuals=np.empty((0, 2, 2)))))
    picture, grid = pixels(plot), plot.shown.grid
    row = picture[round(grid.y(3.8)), int(grid.area.left()) + 30 : int(grid.area.right())]
    assert 0.3 < resembles(row, LIGHT.truth, 60).mean() < 0.95
    data = data_picture().data
    dark = [around(picture, grid.place(float(x), float(y)), 1).min() for x, y in zip(data.x, data.y, strict=True)]
    assert np.mean(np.array(dark) < 150) > 0.95


def test_residuals_reach_from_the_points_to_the_line(plot):
    show_frame(plot, make_frame(data=data_picture()))
    grid, picture = plot.shown.grid, pixels(plot)
    x, y = float(data_picture().data.x[0]), 1.2
    spot = around(picture, grid.place(x, y), 1)
    assert ((spot[..., 0] - spot[..., 2]) > 40).any()
    show_frame(plot, make_frame(data=data_picture(residuals=np.empty((0, 2, 2)))))
    spot = around(pixels(plot), grid.place(x, y), 1)
    assert not ((spot[..., 0] - spot[..., 2]) > 40).any()


SCALES = (("x = (size − 2000) / 794", "standardised x"), ("y = (price − 340,300) / 106,800", "standardised y"))
OWN = ("in own units: price = 134.5 · size + 71,270", "price = 134.5 · size + 71,270")


def test_standardised_axes_say_how_and_the_title_tells_the_line_in_own_units(plot):
    frame = make_frame(data=data_picture(scales=SCALES, own_line=OWN))
    show_frame(plot, frame)
    shown, grid = labels(plot), plot.shown.grid
    x, y, line = (shown[text] for text in (SCALES[0][0], SCALES[1][0], OWN[0]))
    assert x.rect.top() > grid.area.bottom()
    assert grid.area.contains(y.rect)
    assert line.rect.top() == shown["DATA AND LINE"].rect.top()
    assert_words_stand_clear(plot.shown)
    plot.resize(380, 200)
    show_frame(plot, frame)
    assert OWN[0] not in labels(plot)
    assert {OWN[1], SCALES[0][0]} <= set(labels(plot))
    plot.resize(250, 200)
    show_frame(plot, frame)
    assert not set(OWN) & set(labels(plot))
    assert_words_stand_clear(plot.shown)


def test_how_y_was_standardised_stays_where_it_is_while_the_line_moves(plot):
    places = set()
    for height in (0.0, 2.0, 4.0, 6.0):
        lines = ((0, (-0.1, height, 1.1, height)),)
        show_frame(plot, make_frame(data=data_picture(current_lines=lines, scales=SCALES)))
        places.add(labels(plot)[SCALES[1][0]].rect.top())
    assert len(places) == 1


def test_the_histograms_say_what_is_standardised(plot):
    plain = histogram_picture()
    named = zip(("standardised x", "standardised y", "noise"), plain.histograms, strict=False)
    histograms = tuple(replace(histogram, title=title) for title, histogram in named)
    data = standardise(plain.data, x=True, y=True)
    picture = replace(plain, data=data, scales=SCALES, histograms=histograms)
    frame = make_frame(data=picture, look=Look(data_pane=picture.mode))
    plot.resize(1400, 300)
    show_frame(plot, frame)
    assert {"standardised x", "standardised y"} <= set(labels(plot)), "as many words for both"


def test_a_line_off_the_plot_is_noted_and_not_drawn(plot):
    picture = data_picture(current_lines=(), residuals=np.empty((0, 2, 2)), note=OFF, is_missing=True)
    show_frame(plot, make_frame(data=picture))
    words = labels(plot)[OFF]
    assert words.colour == LIGHT.warning
    assert plot.shown.grid.area.contains(words.rect)
    area = plot.shown.grid.area
    inside = pixels(plot)[int(area.top()) : int(area.bottom()), int(area.left()) + 2 : int(area.right())]
    assert not resembles(inside, LIGHT.runs[0], 20).any()


@pytest.mark.parametrize(("width", "height", "unit"), SIZES)
def test_all_texts_stand_in_the_pane_and_clear_of_each_other(plot, width, height, unit):
    plot.set_unit(unit)
    plot.resize(width, height)
    show_frame(plot, make_frame(data=data_picture(note=OFF)))
    shown = labels(plot)
    assert {"DATA AND LINE", "data", "true line", "best fit", "now", "x", "y", OFF} <= set(shown)
    assert_words_stand_clear(plot)


@pytest.mark.parametrize(("width", "height", "unit"), SIZES)
def test_the_legend_does_not_cover_the_plot(plot, width, height, unit):
    plot.set_unit(unit)
    plot.resize(width, height)
    four = tuple((style, (-0.1, style, 1.1, style)) for style in range(4))
    show_frame(plot, make_frame(data=data_picture(current_lines=four)))
    for name in ("data", "true line", "best fit", "now"):
        assert labels(plot)[name].rect.bottom() <= plot.shown.grid.area.top()


def test_data_from_a_file_have_no_true_line_in_the_legend(plot):
    picture = data_picture(true_line=None)
    show_frame(plot, make_frame(data=replace(picture, data=replace(picture.data, settings=None))))
    assert "true line" not in labels(plot)
    assert "best fit" in labels(plot)


def test_the_bars_are_as_high_as_the_counts(plot):
    picture = histogram_picture()
    show_frame(plot, make_frame(data=picture))
    image = pixels(plot)
    for histogram, grid in zip(picture.histograms, plot.shown.grids, strict=True):
        middles = (histogram.edges[:-1] + histogram.edges[1:]) / 2
        for middle, count in zip(middles, histogram.counts, strict=True):
            if count >= 2:
                assert resembles(around(image, grid.place(middle, count - 0.7), 0), LIGHT.accent, 60).all()
            assert not resembles(around(image, grid.place(middle, count + 0.9), 0), LIGHT.accent, 60).any()


@pytest.mark.parametrize(("width", "height", "unit"), SIZES)
def test_the_histograms_can_be_read(plot, width, height, unit):
    plot.set_unit(unit)
    plot.resize(width, height)
    show_frame(plot, make_frame(data=histogram_picture()))
    shown = labels(plot)
    assert {"DISTRIBUTION OF THE DATA", "x", "y", "noise", "count"} <= set(shown)
    assert tick_labels(plot.shown.grids[0].y_ticks)[0] == "0"
    ends = []
    for grid in plot.shown.grids:
        assert len(grid.x_ticks.major) >= 2
        for value, label in grid.x_ticks.major:
            half = width_of(number_font(NUMBER_PIXELS * unit), label) / 2
            ends.append((grid.x(value) - half, grid.x(value) + half))
    assert all(left[1] < right[0] for left, right in pairwise(ends))
    assert ends[0][0] >= 0
    assert ends[-1][1] <= width


def test_two_histograms_share_the_room(plot):
    show_frame(plot, make_frame(data=histogram_picture()))
    show_frame(plot, make_frame(data=histogram_picture(("x", "y"))))
    assert "noise" not in labels(plot)
    assert len(plot.shown.grids) == 2
    assert plot.shown.grids[1].area.right() > 500


def test_the_picture_depends_on_the_frame_alone(plot, new_pane):
    frames = [
        make_frame(data=data_picture()),
        make_frame(data=histogram_picture()),
        make_frame(data=data_picture(current_lines=(), note=OFF), look=Look(theme=Theme.DARK)),
        make_frame(data=histogram_picture(("x", "y")), look=Look(theme=Theme.DARK)),
    ]
    assert depends_on_the_frame_alone(plot, frames, new_pane(DataPlot))


# Many rows


def many_rows(**changes):
    """The lecture's data in 6,000 rows, spread widely, with their density."""
    data = generate(DataSettings(rows=6_000, noise=0.3))
    return data_picture(data=data, density=summary(data).density, y_range=(-1.0, 2.0), **changes)


@pytest.mark.parametrize("theme", list(Theme))
def test_many_rows_are_shown_by_their_density(plot, theme):
    quiet = {"residuals": np.empty((0, 2, 2)), "current_lines": (), "true_line": None, "best_line": None}
    picture = many_rows(**quiet)
    show_frame(plot, make_frame(data=picture, look=Look(theme=theme)))
    assert "density of 6,000 rows" in labels(plot)
    assert "data" not in labels(plot)
    shown, grid, ground = pixels(plot), plot.shown.grid, np.array(QColor(PALETTES[theme].background).getRgb()[:3])

    def covered(x, y):
        return np.abs(around(shown, grid.place(x, y), 6).astype(int) - ground).mean()

    thick, thin, empty = covered(0.33, 0.53), covered(0.33, 1.1), covered(0.33, 1.9)
    assert thick > 1.5 * thin > 0
    assert empty < thin
    assert empty < 3


def test_the_density_is_where_the_rows_are(plot):
    # One cell with all the rows but two, which are far away.
    x, y = np.full(6_000, 0.2), np.full(6_000, 0.25)
    x[0], y[0] = 1.0, 1.0
    x[1], y[1] = 0.0, 0.0
    data = from_points(x, y, None, "test")
    lines = {"residuals": np.empty((0, 2, 2)), "current_lines": (), "true_line": None, "best_line": None}
    picture = data_picture(data=data, density=summary(data).density, y_range=(-0.1, 1.1), **lines)
    show_frame(plot, make_frame(data=picture))
    shown, grid = pixels(plot), plot.shown.grid
    top, left = int(grid.area.top()) + 30, int(grid.area.left()) + 3
    area = shown[top : int(grid.area.bottom()) - 3, left:].astype(int)
    row, column = np.argwhere(area.sum(axis=2) < 450).mean(axis=0)
    assert (column + left, row + top) == pytest.approx((grid.x(0.2), grid.y(0.25)), abs=5)


@pytest.mark.parametrize(("width", "height", "unit"), SIZES)
def test_the_texts_of_a_density_have_room(plot, width, height, unit):
    plot.set_unit(unit)
    plot.resize(width, height)
    picture = many_rows(note="residuals of every 20,000th row")
    show_frame(plot, make_frame(data=picture))
    shown = labels(plot)
    assert {"density of 6,000 rows", "true line", "best fit", "now", "residuals of every 20,000th row"} <= set(shown)
    assert_words_stand_clear(plot)


def test_a_density_is_drawn_in_a_file_of_vectors_too(plot):
    show_frame(plot, make_frame(data=many_rows()))
    assert "<image" in svg_of(plot)


def test_the_rows_of_a_batch_are_strong_and_the_others_faint(plot):
    data = data_picture(current_lines=(), residuals=np.empty((0, 2, 2)), true_line=None, best_line=None)
    rows = np.arange(0, data.data.rows, 10)
    show_frame(plot, make_frame(data=data))
    before, grid = pixels(plot), plot.shown.grid
    show_frame(plot, make_frame(data=replace(data, batch=rows)))
    after = pixels(plot)

    def darkness(image, row):
        return float(around(image, grid.place(float(data.data.x[row]), float(data.data.y[row])), 2).mean())

    alone = [
        row
        for row in range(data.data.rows)
        if row not in rows and np.abs(data.data.x[rows] - data.data.x[row]).min() > 0.02
    ]
    assert np.mean([darkness(after, row) - darkness(before, row) for row in rows]) < -5
    assert np.mean([darkness(after, row) - darkness(before, row) for row in alone]) > 5


def test_the_known_lines_stand_in_the_title_where_there_is_room(plot):
    picture = replace(
        data_picture(),
        known_lines=("minimum w = 0.0982, b = 0.502; true w = 0.1, b = 0.5", "minimum w = 0.0982, b = 0.502"),
    )
    show_frame(plot, make_frame(data=picture))
    assert any(words.text in picture.known_lines for words in plot.words)
    ys = {words.text: words.rect for words in plot.words}
    show_frame(plot, make_frame(data=replace(picture, known_lines=())))
    assert all(words.rect == ys[words.text] for words in plot.words), "no other label moves"
