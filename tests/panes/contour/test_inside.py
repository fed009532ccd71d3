"""The arrows of the next step on the contour."""

from dataclasses import replace

import numpy as np
import pytest

from gdviz.core.descent.optimizers import make_optimizer
from gdviz.core.descent.recording import record
from gdviz.presentation.look import Look, Theme
from gdviz.presentation.palette import PALETTES
from gdviz.scene.scene import Scene
from tests.core.descent.test_every_rule import of
from tests.frames import labels, pixels, resembles, show_frame
from tests.panes.landscape.test_inside import NAMES

SIZES = [(480, 260, 0.8), (560, 560, 0.85), (1100, 800, 1.7)]


def frame_of(name, step=4, part=0.0, theme=Theme.LIGHT, **look):
    recording = record(of(make_optimizer(name, {}), rate=0.4))
    return Scene("", (recording,), Look(pane="contour", inside=True, theme=theme, **look)).frame(step + part)


def drawn(plot, frame):
    show_frame(plot, frame)
    return pixels(plot)


@pytest.mark.parametrize(("width", "height", "unit"), SIZES)
@pytest.mark.parametrize("step", range(7))
@pytest.mark.parametrize("name", NAMES)
def test_every_arrow_has_its_name_and_no_label_covers_the_point_or_another(plot, name, step, width, height, unit):
    plot.resize(width, height)
    plot.set_unit(unit)
    frame = frame_of(name, step)
    drawn(plot, frame)
    found = labels(plot)
    inside, current = frame.landscape.inside, frame.landscape.paths[0].current
    texts = {one.name for one in inside.directions}
    assert texts <= found.keys()
    assert texts or current is None, "not even the gradient"
    rects = [words.rect for text, words in found.items() if text in texts]
    for words in rects:
        assert plot.grid.area.contains(words)
        assert not words.contains(plot.grid.place(*current[:2]))
    if width > 500:  # in a very small square there may be no room for all
        assert not any(a.intersects(b) for index, a in enumerate(rects) for b in rects[:index])


@pytest.mark.parametrize("theme", Theme)
def test_arrows_have_the_colours_of_the_theme(plot, theme):
    picture = drawn(plot, frame_of("adam", theme=theme))
    for colour in (*PALETTES[theme].inside[:3], PALETTES[theme].runs[0]):
        assert resembles(picture, colour, 12).sum() > 20


def test_arrows_in_line_are_all_seen(plot):
    frame = frame_of("momentum", step=0)  # the buffer is the gradient
    first, second, _ = frame.landscape.inside.directions
    assert np.array_equal(first.line, second.line)
    colours = (*PALETTES[Theme.LIGHT].inside[:2], PALETTES[Theme.LIGHT].runs[0])
    picture = drawn(plot, frame)
    ends = [np.array(plot.grid.place(*place[:2]).toTuple()) for place in first.line[[0, -1]].tolist()]
    way = (ends[1] - ends[0]) / np.hypot(*(ends[1] - ends[0]))
    places = ends[0] + np.linspace(0.3, 0.7, 200)[:, None] * (ends[1] - ends[0])
    around = np.round(places[:, None] + np.arange(-4, 5)[:, None] * np.array([-way[1], way[0]])).astype(int)
    seen = picture[around[..., 1], around[..., 0]]
    for colour in colours:
        assert resembles(seen, colour, 60).any(axis=1).mean() > 0.3


def test_what_has_not_begun_to_grow_is_not_drawn(plot):
    frame = frame_of("momentum", part=0.2)
    picture = drawn(plot, frame)
    assert [one.grown > 0 for one in frame.landscape.inside.directions] == [True, False, False]
    assert not resembles(picture, PALETTES[Theme.LIGHT].inside[1], 12).sum()
    assert "−v" not in labels(plot)


def test_without_arrows_the_picture_is_as_it_was(plot):
    frame = frame_of("momentum")
    plain = replace(frame.landscape, inside=None)
    before = drawn(plot, replace(frame, landscape=plain, pictures={**frame.pictures, "contour": plain}))
    assert not resembles(before, PALETTES[Theme.LIGHT].inside[0], 12).sum()
