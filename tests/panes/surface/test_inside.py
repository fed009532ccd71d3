"""The arrows of the next step on the surface."""

import numpy as np
import pytest

from gdviz.core.descent.optimizers import make_optimizer
from gdviz.core.descent.recording import record
from gdviz.panes.surface.geometry.camera import to_world
from gdviz.panes.surface.items.inside import HEAD, place_direction
from gdviz.panes.surface.labels import layout
from gdviz.panes.surface.labels.layout import Layout
from gdviz.panes.surface.labels.text import label
from gdviz.presentation.look import Look, Theme
from gdviz.presentation.palette import PALETTES
from gdviz.scene.scene import Scene
from tests.core.descent.test_every_rule import of
from tests.frames import resembles
from tests.panes.landscape.test_inside import NAMES
from tests.panes.surface.conftest import SIZE, overlap, picture, rects, state_of


def frame_of(name, step=4, part=0.0, theme=Theme.LIGHT):
    recording = record(of(make_optimizer(name, {}), rate=0.4))
    return Scene("", (recording,), Look(inside=True, theme=theme)).frame(step + part)


@pytest.mark.parametrize("theme", Theme)
@pytest.mark.parametrize("name", ["gd", "momentum", "adam", "newton"])
def test_every_arrow_is_seen_in_its_colour(view, name, theme):
    frame = frame_of(name, step=1 if name != "newton" else 0, theme=theme)
    drawn, palette = picture(view, frame), PALETTES[theme]
    for one in frame.landscape.inside.directions:
        colour = palette.runs[0] if one.tone < 0 else palette.inside[one.tone]
        assert resembles(drawn, colour, 20).sum() > 15, one.name


@pytest.mark.parametrize("name", NAMES)
def test_the_head_ends_where_the_arrow_does(name):
    frame = frame_of(name, step=2)
    state = state_of(frame)
    for one in frame.landscape.inside.directions:
        placed = place_direction(state, one)
        centre, tip = state.lens.project(to_world(np.stack([placed.shaft[-1], one.line[-1]])))
        reach = placed.radius * np.array([np.cos(placed.angle), np.sin(placed.angle)])
        np.testing.assert_allclose(centre + reach, tip, atol=1.0)
        assert placed.radius <= HEAD * state.unit


@pytest.mark.parametrize("name", NAMES)
def test_labels_cover_neither_the_point_nor_each_other(view, name):
    frame = frame_of(name)
    state = state_of(frame)
    found = rects(Layout(state))
    x, y = state.lens.project(to_world(frame.landscape.paths[0].current)).tolist()
    assert not any(left <= x <= right and top <= y <= bottom for left, top, right, bottom in found)
    assert not any(overlap(a, b) for index, a in enumerate(found) for b in found[:index])


@pytest.mark.parametrize("size", [SIZE, (400, 260)])
@pytest.mark.parametrize("name", NAMES)
def test_every_arrow_has_its_name(monkeypatch, name, size):
    made = []
    monkeypatch.setattr(layout, "label", lambda text, face: made.append((text, label(text, face))) or made[-1][1])
    for step in range(7):
        made.clear()
        frame = frame_of(name, step)
        placed = [image for image, _, _ in Layout(state_of(frame, size)).placed]
        told = {text for text, image in made if any(image is one for one in placed)}
        assert {one.name for one in frame.landscape.inside.directions} <= told, step


def test_what_has_not_begun_to_grow_is_not_drawn(view):
    frame = frame_of("momentum", part=0.2)
    colours = PALETTES[Theme.LIGHT].inside
    drawn = picture(view, frame)
    assert resembles(drawn, colours[0], 20).sum() > 10
    assert not resembles(drawn, colours[1], 20).sum()
