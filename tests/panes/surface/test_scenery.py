"""What stands around the path is drawn once and put back from a copy, and nobody can see that."""

import random
from dataclasses import replace

import numpy as np
import pytest

from gdviz.panes.landscape.landscape import Axis, Tick
from gdviz.panes.surface.geometry.camera import to_world
from gdviz.panes.surface.items.surface import SurfaceItem
from gdviz.panes.surface.opengl import framebuffers, gl
from gdviz.panes.surface.view import LandscapeView
from gdviz.plotting.style import STAR_RADIUS
from gdviz.presentation.look import Camera, Theme
from gdviz.presentation.palette import PALETTES
from tests.frames import resembles
from tests.panes.surface import conftest, frames
from tests.panes.surface.conftest import delete, pixels

SIZE = (400, 300)


@pytest.fixture
def drawn(monkeypatch):
    """The states for which the surface has been drawn."""
    states = []
    draw = SurfaceItem.draw

    def counted(item, state):
        states.append(state)
        draw(item, state)

    monkeypatch.setattr(SurfaceItem, "draw", counted)
    return states


@pytest.fixture
def plain(view, monkeypatch):
    """Draws a frame in a view that copies nothing."""
    made = LandscapeView()

    def draw(frame, size=SIZE, samples=0, unit=0.7):
        with monkeypatch.context() as patch:
            patch.setattr(framebuffers.FramebufferCache, "restore", lambda *_: False)
            patch.setattr(framebuffers.FramebufferCache, "store", lambda *_: None)
            return picture(made, frame, size, samples, unit)

    yield draw
    delete(made)


def picture(view, frame, size=SIZE, samples=0, unit=0.7):
    return conftest.picture(view, frame, size, unit, samples)


def frame(steps=3, surf=None, **more):
    surf = surf or frames.surface()
    return frames.frame(surf, [frames.path(surf, frames.descend(0.7, steps))], notes=(f"step {steps}",), **more)


@pytest.mark.parametrize("theme", list(Theme))
def test_a_line_of_minima_has_the_colours_of_the_cross(view, theme):
    valley = np.array([[-1.0, -0.2, 0.02], [1.0, 0.3, 0.02]], np.float32)
    bare = frame(theme=theme)
    shown = replace(bare, landscape=replace(bare.landscape, minimum_line=valley))
    without, found = picture(view, bare), picture(view, shown)
    palette = PALETTES[theme]
    changed = (found != without).any(axis=-1)
    lines = found[changed]
    inner, outer = resembles(lines, palette.background), resembles(lines, palette.text)
    assert min(inner.sum(), outer.sum()) > 50
    # Back again without it: it is not left in the copy.
    assert (picture(view, bare) == without).all()


@pytest.mark.parametrize("samples", [0, 4])
def test_while_the_path_grows_the_surface_is_not_drawn_again(view, drawn, plain, samples):
    wanted = [plain(frame(steps), samples=samples) for steps in range(1, 7)]
    drawn.clear()
    for steps in range(1, 7):
        assert (picture(view, frame(steps), samples=samples) == wanted[steps - 1]).all()
    assert len(drawn) == (4 if samples else 2)  # with samples once more for the depths


WIDE = frames.surface(frames.FIRST.scaled(8.0))
OTHERS = {
    "surface": ({"surf": frames.surface(count=65)}, {}),
    "outline": ({"first_box": frames.outline(frames.surface(), frames.FIRST.scaled(0.5))}, {}),
    "camera": ({"camera": Camera(10.0)}, {}),
    "theme": ({"theme": Theme.DARK}, {}),
    "transparent": ({"transparent": True}, {}),
    "width": ({}, {"size": (401, 300)}),
    "height": ({}, {"size": (400, 301)}),
    "unit": ({}, {"unit": 0.8}),
    "samples": ({}, {"samples": 4}),
}


@pytest.mark.parametrize("what", OTHERS)
def test_what_the_surroundings_depend_on_has_them_drawn_again(view, drawn, plain, what):
    of_frame, of_picture = OTHERS[what]
    wanted = plain(frame(2, **of_frame), **of_picture)
    before = plain(frame(2))
    for _ in range(3):
        picture(view, frame(2))
    drawn.clear()
    assert (picture(view, frame(2, **of_frame), **of_picture) == wanted).all()
    assert len(drawn) == {"outline": 0, "samples": 2}.get(what, 1)
    assert (picture(view, frame(2)) == before).all()


@pytest.mark.parametrize("samples", [0, 4])
def test_in_a_larger_view_of_a_quadratic_the_box_is_redrawn(view, drawn, plain, samples):
    """Its surface has the same heights and slopes in every view, and other numbers at its axes."""
    views = [frames.surface(), renumbered(frames.surface(), "10"), renumbered(frames.surface(), "20")]
    shown = [frame(steps, surf) for surf in views for steps in (1, 2, 5)]
    wanted = [plain(each, samples=samples) for each in shown]
    assert (wanted[2] != wanted[5]).any()
    drawn.clear()
    assert all((picture(view, each, samples=samples) == want).all() for each, want in zip(shown, wanted, strict=True))
    assert len(drawn) == (4 if samples else 2)


def test_another_slope_is_another_surface(view, drawn, plain):
    other = replace(frames.surface(), slopes=frames.surface().slopes + np.float32(0.5))
    wanted = plain(frame(2, other))
    for _ in range(3):
        picture(view, frame(2))
    drawn.clear()
    assert (picture(view, frame(2, other)) == wanted).all()
    assert len(drawn) == 1


def renumbered(surf, text):
    axes = tuple(Axis(axis.name, (Tick(0.5, text),)) for axis in surf.axes)
    return replace(surf, heights=surf.heights.copy(), slopes=surf.slopes.copy(), axes=axes)


def test_an_equal_outline_is_the_same_outline(view, drawn):
    for _ in range(4):
        picture(view, frame(2, WIDE, first_box=frames.outline(WIDE)))
    assert len(drawn) == 2


def test_pictures_are_the_same_in_any_order(view, plain):
    looks = [{}, {"theme": Theme.DARK}, {"camera": Camera(10.0)}, {"surf": WIDE, "first_box": frames.outline(WIDE)}]
    shown = [frame(steps, **look) for look in looks for steps in (1, 2, 5)]
    wanted = [plain(each) for each in shown]
    places = list(range(len(shown))) * 3
    random.Random(4).shuffle(places)
    for place in sorted(places) + places:
        assert (picture(view, shown[place]) == wanted[place]).all()


def test_the_screen_and_pictures_have_the_copies_in_common(view, qtbot, drawn, plain):
    wanted = plain(frame(4), (740, 500))
    for steps in (2, 3, 4):
        picture(view, frame(steps), (740, 500))
    drawn.clear()
    with qtbot.waitExposed(view):
        view.show()
    assert (pixels(view.grab().toImage()) == wanted).all()
    assert not drawn


def test_without_copies_the_picture_is_the_same(view, drawn, plain, monkeypatch):
    """A driver may refuse to copy between framebuffers that it gave different formats."""
    wanted = [plain(frame(steps)) for steps in range(1, 5)]
    drawn.clear()
    monkeypatch.setattr(framebuffers.gl, "glGetError", lambda: gl.GL_INVALID_OPERATION)
    for steps in range(1, 5):
        assert (picture(view, frame(steps)) == wanted[steps - 1]).all()
    assert len(drawn) == 4


def test_drawing_leaves_no_error(view):
    for steps in range(4):
        picture(view, frame(steps + 1))
    with view.opengl():
        assert gl.glGetError() == gl.GL_NO_ERROR


def test_the_copy_is_freed(view, drawn):
    for _ in range(3):
        picture(view, frame(2))
    assert len(conftest.framebuffers()) == 3  # two copies, and the picture itself
    view.free_opengl()
    assert not conftest.framebuffers()
    drawn.clear()
    again = picture(view, frame(2))
    assert len(drawn) == 1
    assert np.ptp(again) > 100


@pytest.mark.parametrize("theme", Theme)
def test_a_minimum_is_a_white_star_with_a_dark_edge_in_both_themes(view, theme):
    frame = frames.frame(frames.surface(), theme=theme)
    x, y = conftest.state_of(frame, SIZE).lens.project(to_world(frame.landscape.minima[0])).round().astype(int)
    drawn, reach = conftest.picture(view, frame, SIZE), round(0.7 * STAR_RADIUS * conftest.UNIT)
    assert drawn[y, x].min() > 240
    assert drawn[y - reach, x].min() > 200  # a tip
    assert drawn[y + reach, x].max() < 150  # between two tips
