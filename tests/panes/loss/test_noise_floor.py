"""The noise floor in the loss plot as a person sees it."""

from itertools import combinations

import numpy as np
import pytest

from gdviz.panes.loss.plot import LossPlot
from gdviz.presentation.look import Look, Theme
from gdviz.presentation.palette import PALETTES
from tests.frames import SIZES, around, curve, labels, loss_picture, make_frame, pixels, resembles, show_frame

FLOORS = ((0, -2.0), (1, -2.8))


def settled():
    """Two runs that go up and down around their floors, close above the minimum."""
    noise = np.random.default_rng(0).uniform(-0.5, 0.5, (2, 200))
    curves = (curve(-2.0 + noise[0]), curve(-2.8 + 0.2 * noise[1], style=1))
    return loss_picture(*curves, minimum=-3.0, value_range=(-3.4, 1.0), noise_floors=FLOORS)


@pytest.fixture
def plot(new_pane):
    return new_pane(LossPlot, 560, 300)


@pytest.mark.parametrize("theme", list(Theme))
def test_each_floor_has_its_run_s_colour_and_one_name_for_all(plot, theme):
    picture = loss_picture(curve([0.5, 0.4]), noise_floors=FLOORS)
    show_frame(plot, make_frame(picture, look=Look(theme=theme)))
    seen = pixels(plot)
    for style, value in FLOORS:
        assert resembles(around(seen, plot.grid.place(120, value), 6), PALETTES[theme].runs[style]).any()
    assert [text for text in labels(plot) if text == "noise floor"] == ["noise floor"]


def test_without_a_floor_there_is_neither_line_nor_key(plot):
    show_frame(plot, make_frame(loss_picture(curve([0.5, 0.4]))))
    assert "noise floor" not in labels(plot)


@pytest.mark.parametrize(("width", "height", "unit"), SIZES)
def test_the_key_covers_neither_the_minimum_nor_a_curve(plot, width, height, unit):
    plot.resize(width, height)
    plot.set_unit(unit)
    picture = settled()
    show_frame(plot, make_frame(picture))
    shown = labels(plot)
    assert {"minimum", "noise floor"} <= set(shown)
    assert not any(one.rect.intersects(other.rect) for one, other in combinations(shown.values(), 2))
    rect, grid = shown["noise floor"].rect, plot.grid
    assert grid.area.contains(rect)
    for line in picture.curves:
        assert not any(rect.contains(grid.place(*place)) for place in zip(line.steps, line.values, strict=True))
