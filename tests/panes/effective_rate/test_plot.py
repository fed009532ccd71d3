"""The plot of the effective rates as it is drawn."""

import numpy as np
import pytest

from gdviz.core.descent.optimizers import make_optimizer
from gdviz.core.descent.recording import record
from gdviz.panes.effective_rate.picture import build_effective_rate_picture
from gdviz.panes.effective_rate.plot import EffectiveRatePlot, _markers
from gdviz.plotting.style import Style
from gdviz.presentation.look import DataPane, Look, StepScale, Theme
from gdviz.presentation.palette import PALETTES
from tests.core.descent.test_every_rule import of
from tests.frames import SIZES, pixels, resembles
from tests.recordings import lecture, recorded


@pytest.fixture
def plot(qtbot):
    widget = EffectiveRatePlot()
    qtbot.addWidget(widget)
    widget.resize(560, 300)
    return widget


def draw(plot, recordings, step, **fields):
    look = Look(data_pane=DataPane.RATE, **fields)
    picture = build_effective_rate_picture(recordings, step, look)
    plot.show_picture(picture, look)
    return picture, pixels(plot)


@pytest.mark.parametrize("theme", Theme)
def test_both_parameters_and_the_rate_are_told_apart(plot, theme):
    palette = PALETTES[theme]
    _, drawn = draw(plot, (record(of(make_optimizer("adam", {}))),), 30, theme=theme)
    area = plot.grid.area
    inside = drawn[int(area.top()) : int(area.bottom()), int(area.left()) : int(area.right())]
    for colour in (palette.accent, palette.inside[3]):
        assert resembles(inside, colour, 30).sum() > 50
    texts = {words.text for words in plot.words}
    assert {"EFFECTIVE RATE", "w", "b", "learning rate", "step", "(log)"} <= texts


def test_a_rule_without_a_rate_has_no_line_of_it(plot):
    draw(plot, (record(of(make_optimizer("newton", {}))),), 3)
    assert "learning rate" not in {words.text for words in plot.words}


@pytest.mark.parametrize(("width", "height", "unit"), SIZES)
@pytest.mark.parametrize("scale", StepScale)
@pytest.mark.parametrize("name", ["ten", "momentum", "tenth"])
def test_it_fits_into_every_pane(plot, width, height, unit, scale, name):
    plot.resize(width, height)
    plot.set_unit(unit)
    draw(plot, (recorded(name), recorded("one")), 150, step_scale=scale)
    room = plot.rect()
    assert plot.grid.area.height() > 0.3 * height
    for words in plot.words:
        assert room.contains(words.rect.toAlignedRect()), words.text


def test_the_current_rate_has_a_dot_where_it_is(plot):
    picture, drawn = draw(plot, (record(lecture(0.1, optimizer=make_optimizer("momentum", {}))),), 8)
    for curve, colour in zip(
        picture.curves, (PALETTES[Theme.LIGHT].accent, PALETTES[Theme.LIGHT].inside[3]), strict=True
    ):
        x, y = np.round(plot.grid.place(*curve.current).toTuple()).astype(int)
        assert resembles(drawn[y - 6 : y + 7, x - 6 : x + 7], colour, 40).any()


def test_the_dots_are_of_one_size_unless_one_covers_the_other(plot):
    radii = {}
    for name in ("adam", "gd"):
        picture, _ = draw(plot, (record(lecture(0.1, optimizer=make_optimizer(name, {}))),), 8)
        dots = [shape.path.boundingRect() for shape in _markers(picture, plot.grid, Style(PALETTES[Theme.LIGHT], 1.0))]
        assert [dot.center() for dot in dots] == [plot.grid.place(*curve.current) for curve in picture.curves]
        radii[name] = [dot.width() / 2.0 for dot in dots]
    assert radii["adam"][0] == radii["adam"][1]
    assert radii["gd"][0] > radii["gd"][1], "both lie on the learning rate"
