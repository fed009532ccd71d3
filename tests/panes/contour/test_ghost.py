"""The next steps of a run on the contour."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QRectF

from gdviz.panes.landscape.ghost import cut_off
from gdviz.plotting.style import casing
from gdviz.presentation.look import Look, Theme
from gdviz.presentation.palette import PALETTES
from tests.frames import around, as_svg, labels, landscape, make_frame, pixels, resembles, run_path, show_frame

AHEAD = ((-0.6, -0.6), (0.7, 0.2), (-0.5, 0.4), (0.6, 0.8))
SIZES = [(480, 260, 0.8), (560, 560, 0.85), (1100, 800, 1.7)]


def with_ghost(*places, style=0, **changes):
    """A run that stands at the first of these places and would go on over the others."""
    points = np.array([(x, y, 0.0) for x, y in places], np.float32)
    path = run_path(places[0], style=style)
    return replace(path, start=None, ghost=np.stack([points[:-1], points[1:]], axis=1), **changes)


def draw(widget, *paths, look=None, **things):
    show_frame(widget, make_frame(ground=landscape(*paths, minima=(), **things), look=look or Look()))
    return pixels(widget)


def profile(picture, grid, begin, end, colour):
    """Whether the pixels along a line have about that colour."""
    parts = np.linspace(0.1, 0.9, 400)[:, None]
    places = np.array(begin) + parts * (np.array(end) - begin)
    x, y = grid.xs(places[:, 0]).round().astype(int), grid.ys(places[:, 1]).round().astype(int)
    return resembles(picture[y, x], colour, 70)


@pytest.mark.parametrize("theme", Theme)
def test_it_is_dotted_and_thinner_than_the_path(plot, theme):
    colour, look = PALETTES[theme].runs[0], Look(theme=theme)
    dotted = draw(plot, with_ghost(*AHEAD), look=look)
    solid = draw(plot, run_path(*AHEAD), look=look)
    for begin, end in pairwise(AHEAD):
        seen = profile(dotted, plot.grid, begin, end, colour)
        assert np.count_nonzero(np.diff(seen.astype(int)) == 1) >= 10
        assert profile(solid, plot.grid, begin, end, colour).mean() > 0.85
    assert 0 < resembles(dotted, colour).sum() < 0.5 * resembles(solid, colour).sum()


@pytest.mark.parametrize(("width", "height", "unit"), SIZES)
@pytest.mark.parametrize("theme", Theme)
def test_each_step_has_a_hollow_ring(plot, theme, width, height, unit):
    plot.resize(width, height)
    plot.set_unit(unit)
    colour = PALETTES[theme].runs[0]
    drawn = draw(plot, with_ghost(*AHEAD), look=Look(theme=theme))
    for place in AHEAD[1:]:
        at = plot.grid.place(*place)
        assert resembles(around(drawn, at, 0), casing(colour), 60).all()
        assert resembles(around(drawn, at, round(5 * unit)), colour, 90).sum() >= 6


def test_it_is_under_the_path(plot):
    there, back = (-0.6, -0.6), (0.7, 0.2)
    path = replace(run_path(there, back), ghost=with_ghost(back, there).ghost)
    drawn = draw(plot, path)
    assert profile(drawn, plot.grid, there, back, PALETTES[Theme.LIGHT].runs[0]).mean() > 0.85


def test_at_a_wall_it_ends_in_an_arrowhead_that_is_not_cut(plot):
    colour = PALETTES[Theme.LIGHT].runs[0]
    for wall in ((1.0, 0.3), (-1.0, 0.3), (0.3, 1.0), (0.3, -1.0)):
        path = with_ghost((0.0, 0.0), wall)
        assert cut_off(path.ghost).all()
        drawn, without = draw(plot, path), draw(plot, replace(path, ghost=path.ghost[:0]))
        y, x = np.nonzero((drawn != without).any(axis=-1))
        area = plot.grid.area.adjusted(-1, -1, 1, 1)
        outside = (x < area.left()) | (x > area.right()) | (y < area.top()) | (y > area.bottom())
        assert resembles(drawn[y[outside], x[outside]], colour, 90).sum() >= 5
        assert x.min() > 0
        assert y.min() > 0
        assert x.max() < plot.width() - 1
        assert y.max() < plot.height() - 1


def test_without_a_ghost_nothing_is_drawn(plot):
    path = with_ghost(*AHEAD)
    plain = draw(plot, replace(path, ghost=path.ghost[:0]))
    assert (draw(plot, path) != plain).any()
    np.testing.assert_array_equal(draw(plot, replace(path, ghost=path.ghost[:0])), plain)


@pytest.mark.parametrize(("width", "height", "unit"), SIZES)
def test_labels_make_room_for_it(plot, width, height, unit):
    plot.resize(width, height)
    plot.set_unit(unit)
    # The word "start" stands on the right unless something is there.
    path = replace(run_path((0.0, 0.0)), ghost=with_ghost((0.0, 0.0), (0.9, 0.0)).ghost)
    draw(plot, path)
    words = labels(plot)["start"].rect
    line = QRectF(plot.grid.place(0.0, 0.0), plot.grid.place(0.9, 0.0)).adjusted(0, -1, 0, 1)
    assert not words.intersects(line)


def test_coming_back_through_the_wall_draws_no_line_along_it(plot):
    ghost = np.concatenate([with_ghost((0.0, 0.5), (1.0, 0.5)).ghost, with_ghost((1.0, -0.5), (0.0, -0.5)).ghost])
    path = replace(with_ghost((0.0, 0.5), (1.0, 0.5)), ghost=ghost)
    drawn, without = draw(plot, path), draw(plot, replace(path, ghost=ghost[:0]))
    between = slice(round(plot.grid.y(0.4)), round(plot.grid.y(-0.4)))
    np.testing.assert_array_equal(drawn[between], without[between])
    assert (drawn != without).any()


def test_in_a_file_of_vectors_it_is_lines(plot):
    sizes = []
    for ghost in (with_ghost(*AHEAD), replace(with_ghost(*AHEAD), ghost=np.empty((0, 2, 3), np.float32))):
        show_frame(plot, make_frame(ground=landscape(ghost, minima=())))
        text = as_svg(plot)
        sizes.append((text.count("stroke-dasharray"), text.count("<image"), text.count("<path")))
    (dashed, images, paths), (none, same_images, fewer) = sizes
    assert dashed == none + 1
    assert images == same_images
    assert paths > fewer


def test_a_run_that_does_not_move_has_no_mark(plot):
    still = with_ghost((0.2, 0.2), (0.2, 0.2), (0.2, 0.2), current=None)
    np.testing.assert_array_equal(draw(plot, still), draw(plot, replace(still, ghost=still.ghost[:0])))
