"""The data plot as a person sees it."""

from dataclasses import replace
from itertools import combinations, pairwise

import numpy as np
import pytest
from PySide6.QtCore import QRectF

from gdviz.model.look import Look, Theme
from gdviz.model.palette import PALETTES
from gdviz.views.data_plot import DataPlot
from gdviz.views.raised import width_of
from tests.views.frames import (
    SIZES,
    around,
    data_picture,
    histogram_picture,
    labels,
    make_frame,
    pixels,
    rendered,
    resembles,
    tick_labels,
)

LIGHT = PALETTES[Theme.LIGHT]
OFF = "the line is off the plot: y = −1.2e24 at x = 0.5"


@pytest.fixture
def plot(qtbot):
    widget = DataPlot()
    qtbot.addWidget(widget)
    widget.resize(560, 300)
    return widget


@pytest.mark.parametrize("theme", list(Theme))
def test_the_line_of_now_is_drawn_in_the_colour_of_the_run(plot, theme):
    plot.show_frame(make_frame(data=data_picture(), look=Look(theme=theme)))
    grid = plot.shown.grid
    for x in (0.0, 0.5, 1.0):
        assert resembles(around(pixels(plot), grid.place(x, 1.47 * x + 1.8), 1), PALETTES[theme].runs[0]).any()


def test_points_and_true_line_are_there(plot):
    plot.show_frame(make_frame(data=data_picture(true_line=(-0.1, 3.8, 1.1, 3.8), residuals=np.empty((0, 2, 2)))))
    picture, grid = pixels(plot), plot.shown.grid
    row = picture[round(grid.y(3.8)), int(grid.area.left()) + 30 : int(grid.area.right())]
    assert 0.3 < resembles(row, LIGHT.truth, 60).mean() < 0.95
    data = data_picture().data
    dark = [around(picture, grid.place(float(x), float(y)), 1).min() for x, y in zip(data.x, data.y, strict=True)]
    assert np.mean(np.array(dark) < 150) > 0.95


def test_residuals_reach_from_the_points_to_the_line(plot):
    plot.show_frame(make_frame(data=data_picture()))
    grid, picture = plot.shown.grid, pixels(plot)
    x, y = float(data_picture().data.x[0]), 1.2
    spot = around(picture, grid.place(x, y), 1)
    assert ((spot[..., 0] - spot[..., 2]) > 40).any()
    plot.show_frame(make_frame(data=data_picture(residuals=np.empty((0, 2, 2)))))
    spot = around(pixels(plot), grid.place(x, y), 1)
    assert not ((spot[..., 0] - spot[..., 2]) > 40).any()


def test_a_line_that_has_left_the_plot_is_not_drawn_and_the_note_says_so(plot):
    picture = data_picture(current_lines=(), residuals=np.empty((0, 2, 2)), note=OFF)
    plot.show_frame(make_frame(data=picture))
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
    plot.show_frame(make_frame(data=data_picture(note=OFF)))
    shown = labels(plot)
    assert {"DATA AND LINE", "data", "true line", "best fit", "now", "x", "y", OFF} <= set(shown)
    for words in shown.values():
        assert QRectF(plot.rect()).contains(words.rect), words.text
    for one, other in combinations(shown.values(), 2):
        assert not one.rect.adjusted(1, 1, -1, -1).intersects(other.rect), (one.text, other.text)


@pytest.mark.parametrize(("width", "height", "unit"), SIZES)
def test_the_legend_does_not_cover_the_plot(plot, width, height, unit):
    plot.set_unit(unit)
    plot.resize(width, height)
    four = tuple((style, (-0.1, style, 1.1, style)) for style in range(4))
    plot.show_frame(make_frame(data=data_picture(current_lines=four)))
    for name in ("data", "true line", "best fit", "now"):
        assert labels(plot)[name].rect.bottom() <= plot.shown.grid.area.top()


def test_data_from_a_file_have_no_true_line_in_the_legend(plot):
    picture = data_picture(true_line=None)
    plot.show_frame(make_frame(data=replace(picture, data=replace(picture.data, settings=None))))
    assert "true line" not in labels(plot)
    assert "best fit" in labels(plot)


def test_a_frame_without_data_changes_nothing(plot):
    plot.show_frame(make_frame(data=data_picture()))
    before = rendered(plot)
    plot.show_frame(make_frame(data=None))
    assert rendered(plot) == before


def test_the_bars_are_as_high_as_the_counts(plot):
    picture = histogram_picture()
    plot.show_frame(make_frame(data=picture))
    image = pixels(plot)
    for histogram, grid in zip(picture.histograms, plot.shown._grids, strict=True):
        middles = (histogram.edges[:-1] + histogram.edges[1:]) / 2
        for middle, count in zip(middles, histogram.counts, strict=True):
            if count >= 2:
                assert resembles(around(image, grid.place(middle, count - 0.7), 0), LIGHT.accent, 60).all()
            assert not resembles(around(image, grid.place(middle, count + 0.9), 0), LIGHT.accent, 60).any()


@pytest.mark.parametrize(("width", "height", "unit"), SIZES)
def test_the_histograms_can_be_read(plot, width, height, unit):
    plot.set_unit(unit)
    plot.resize(width, height)
    plot.show_frame(make_frame(data=histogram_picture()))
    shown = labels(plot)
    assert {"DISTRIBUTION OF THE DATA", "x", "y", "noise", "count"} <= set(shown)
    assert tick_labels(plot.shown.plots[0].left)[0] == "0"
    ends = []
    for axes, grid in zip(plot.shown.plots, plot.shown._grids, strict=True):
        assert len(axes.bottom.ticks.major) >= 2
        for value, label in axes.bottom.ticks.major:
            half = width_of(axes.bottom.style["tickFont"], label) / 2
            ends.append((grid.x(value) - half, grid.x(value) + half))
    assert all(left[1] < right[0] for left, right in pairwise(ends))
    assert ends[0][0] >= 0
    assert ends[-1][1] <= width


def test_two_histograms_share_the_room(plot):
    plot.show_frame(make_frame(data=histogram_picture()))
    plot.show_frame(make_frame(data=histogram_picture(("x", "y"))))
    assert "noise" not in labels(plot)
    assert [axes.box.isVisible() for axes in plot.shown.plots] == [True, True, False]
    assert plot.shown._grids[1].area.right() > 500


def test_the_picture_depends_on_the_frame_alone(plot, qtbot):
    frames = [
        make_frame(data=data_picture()),
        make_frame(data=histogram_picture()),
        make_frame(data=data_picture(current_lines=(), note=OFF), look=Look(theme=Theme.DARK)),
        make_frame(data=histogram_picture(("x", "y")), look=Look(theme=Theme.DARK)),
    ]
    first = []
    for frame in frames:
        plot.show_frame(frame)
        first.append(rendered(plot))
    for index in (3, 0, 2, 1, 1, 3):
        plot.show_frame(frames[index])
        assert rendered(plot) == first[index]
    fresh = DataPlot()
    qtbot.addWidget(fresh)
    fresh.show_frame(frames[3])
    fresh.resize(400, 210)
    rendered(fresh)
    fresh.show_frame(frames[2])
    fresh.resize(560, 300)
    assert rendered(fresh) == first[2]
