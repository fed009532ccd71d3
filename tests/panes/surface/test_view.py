import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from gdviz.core.box import Box
from gdviz.panes.surface.geometry.camera import to_world
from gdviz.panes.surface.opengl.framebuffers import PictureBuffer
from gdviz.presentation.look import Camera, Theme
from gdviz.presentation.palette import PALETTES
from tests.frames import resembles, show_frame
from tests.panes.surface import frames
from tests.panes.surface.conftest import SIZE, UNIT, patch, picture, pixels, state_of

ROOT = Path(__file__).parents[3]
RUN = PALETTES[Theme.LIGHT].runs[0]


def with_path(rate=0.7, steps=8, **more):
    surf = frames.surface()
    return frames.frame(surf, [frames.path(surf, frames.descend(rate, steps))], **more)


def test_the_surface_is_coloured_by_its_height(view):
    frame = frames.frame(minima=np.empty((0, 3)))
    drawn = picture(view, frame)
    lens = state_of(frame).lens
    low, high = lens.project(to_world([(0.0, 0.0, 0.0), (0.97, 0.97, 0.93)]))
    blue, yellow = np.median(patch(drawn, low, 2).reshape(-1, 3), axis=0), patch(drawn, high, 3).max(axis=(0, 1))
    assert blue[2] > blue[0] + 30
    assert yellow[0] > yellow[2] + 80
    share = (~resembles(drawn, PALETTES[Theme.LIGHT].pane, 12)).mean()
    assert share > 0.25


def test_contour_lines_are_drawn(view):
    plain = picture(view, frames.frame(minima=np.empty((0, 3)))).sum(axis=-1)
    column = plain[200:330, 440]
    dips = (column[1:-1] < column[:-2] - 25) & (column[1:-1] <= column[2:])
    assert dips.sum() >= 3


def test_the_path_is_where_the_numbers_say(view):
    frame = with_path()
    drawn = picture(view, frame)
    path = frame.landscape.paths[0]
    lens = state_of(frame).lens
    middles = lens.project(to_world(path.segments[:3].mean(axis=1)))
    for middle in middles:
        assert resembles(patch(drawn, middle), RUN).any()
    assert resembles(patch(drawn, lens.project(to_world(path.current))), RUN).sum() > 50


def test_dashes_have_gaps_and_solid_lines_have_none(view):
    surf = frames.surface()
    points = [(-1.0, -0.2), (1.4, 0.9)]
    counts = []
    for style in (0, 1):
        path = replace(frames.path(surf, points), style=style, current=None, start=None, dots=np.empty((0, 3), "f4"))
        drawn = picture(view, frames.frame(surf, [path], minima=np.empty((0, 3))))
        counts.append(resembles(drawn, PALETTES[Theme.LIGHT].runs[style]).sum())
    assert counts[0] > counts[1] > 0.4 * counts[0]


def test_what_the_surface_hides_is_faint(view):
    surf = frames.surface(Box((0.0, 0.0), (1.0, 1.0)), lambda p: np.exp(-8 * (np.asarray(p) ** 2).sum(axis=-1)))
    at = [(-0.5, 0.9, 0.05), (0.5, 0.9, 0.05)]
    camera = Camera(-90.0, 12.0, 4.6)
    segment = np.array([at], dtype=np.float32)
    path = frames.RunPath(0, segment, np.empty((0, 3), np.float32), None, None, None)
    empty = picture(view, frames.frame(surf, [], camera=camera, minima=np.empty((0, 3))))
    drawn = picture(view, frames.frame(surf, [path], camera=camera, minima=np.empty((0, 3))))
    lens = state_of(frames.frame(surf, camera=camera)).lens
    hidden = lens.project(to_world((0.0, 0.9, 0.05)))
    assert not resembles(patch(drawn, hidden, 2), RUN, 25).any()
    assert np.abs(patch(drawn, hidden, 2) - patch(empty, hidden, 2)).max() > 10


def test_pictures_depend_on_nothing_before(view):
    surf, wide = frames.surface(), frames.surface(frames.FIRST.scaled(8.0))
    leaving = frames.leaving(surf, frames.descend(1.1, 9, start=(0.3, -0.2)), "leaves the view at step 7")
    shown = [
        with_path(steps=3),
        with_path(steps=12, theme=Theme.DARK, camera=Camera(40.0, 50.0, 3.5)),
        frames.frame(wide, [frames.path(wide, frames.descend(0.8, 20))], first_box=frames.outline(wide), notes=("x8",)),
        frames.frame(surf, [leaving, frames.path(surf, frames.descend(0.2, 9), style=2)]),
        frames.frame(frames.surface(count=33)),
    ]
    forwards = [picture(view, frame) for frame in shown]
    backwards = [picture(view, frame) for frame in reversed(shown)][::-1]
    for first, second in zip(forwards, backwards, strict=True):
        assert (first == second).all()


def test_the_picture_on_the_screen_is_the_one_off_screen(view, qtbot):
    frame = with_path(notes=("view ×1",))
    before = picture(view, frame)
    with qtbot.waitExposed(view):
        view.show()
    on_screen = pixels(view.grab().toImage())
    assert (before == on_screen).all()
    assert (pixels(view.render_image(*SIZE, 0)) == on_screen).all()
    qtbot.waitUntil(lambda: (pixels(_grab(view)) == on_screen).all(), timeout=3000)


SCALED = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
from PySide6.QtWidgets import QApplication
application = QApplication([])
from gdviz.panes.surface.opengl.setup import opengl_problem
assert opengl_problem() is None
from gdviz.panes.surface.view import LandscapeView
from tests.frames import show_frame
from tests.panes.surface.conftest import pixels
from tests.panes.surface.test_view import with_path
view = LandscapeView()
view.resize(400, 300)
view.set_unit(0.6)
show_frame(view, with_path(notes=("view ×1",)))
view.show()
shown, ratio = view.grab().toImage(), view.devicePixelRatioF()
view.set_unit(0.6 * ratio)
print(ratio, shown.size().toTuple(), (pixels(shown) == pixels(view.render_image(*shown.size().toTuple(), 0))).all())
"""


@pytest.mark.parametrize(("factor", "size"), [("1.5", (600, 450)), ("2", (800, 600))])
def test_on_a_scaled_screen_it_has_the_pixels_of_the_screen(qapp, factor, size):
    environment = os.environ | {"QT_SCALE_FACTOR": factor}
    done = subprocess.run([sys.executable, "-c", SCALED], env=environment, capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == f"{float(factor)} {size} True", done.stderr


@pytest.fixture
def read(monkeypatch):
    """Counts the pictures that are drawn."""
    counted, read = [], PictureBuffer.read
    monkeypatch.setattr(PictureBuffer, "read", lambda *arguments: counted.append(1) or read(*arguments))
    return counted


def test_what_has_not_changed_is_not_drawn_again(view, qtbot, read):
    show_frame(view, with_path(steps=2))
    first = pixels(view.grab().toImage())
    assert (pixels(view.grab().toImage()) == first).all()
    assert len(read) == 1
    for change in (
        lambda: show_frame(view, with_path(steps=3)),
        lambda: show_frame(view, with_path(steps=3, theme=Theme.DARK)),
        lambda: view.set_unit(2.0),
        lambda: view.resize(500, 400),
    ):
        before, count = view.grab().toImage(), len(read)
        change()
        assert view.grab().toImage() != before
        assert len(read) == count + 1


def _grab(view):
    return view.screen().grabWindow(view.winId()).toImage()


def test_a_later_frame_replaces_the_one_on_the_screen(view, qtbot):
    view.set_unit(UNIT)
    show_frame(view, with_path(steps=2))
    with qtbot.waitExposed(view):
        view.show()
    frame = with_path(steps=9, theme=Theme.DARK)
    show_frame(view, frame)
    wanted = pixels(view.render_image(*SIZE, 0))
    qtbot.waitUntil(lambda: (pixels(_grab(view)) == wanted).all(), timeout=3000)


def test_antialiased_pictures_are_about_the_same(view):
    frame = with_path()
    rough, smooth = picture(view, frame), picture(view, frame, samples=4)
    assert (rough != smooth).any()
    assert np.abs(rough - smooth).mean() < 2.0


def test_antialiasing_moves_no_marker(view):
    """A software renderer puts points half a pixel to the side in a framebuffer with several samples."""
    frame = with_path()
    rough, smooth = picture(view, frame), picture(view, frame, samples=4)
    lens = state_of(frame).lens
    (path,) = frame.landscape.paths
    for place in (path.current, path.start, frame.landscape.minima[0]):
        at = lens.project(to_world(place))
        assert np.abs(patch(smooth, at, 8) - patch(rough, at, 8)).max() < 20  # as at the edges of triangles


def test_themes_differ_in_background_and_run(view):
    dark = picture(view, with_path(theme=Theme.DARK))
    assert resembles(dark, PALETTES[Theme.DARK].pane, 2)[:20, :20].all()
    assert resembles(dark, PALETTES[Theme.DARK].runs[0], 12).sum() > 100


def test_the_exit_arrow_and_its_label_are_drawn(view):
    surf = frames.surface()
    leaving = frames.leaving(surf, frames.descend(1.1, 9, start=(0.3, -0.2)), "leaves the view at step 7")
    palette = PALETTES[Theme.LIGHT]
    with_arrow = picture(view, frames.frame(surf, [leaving]))
    without = picture(view, frames.frame(surf, [replace(leaving, arrow=None)]))
    assert resembles(with_arrow, palette.warning, 12).sum() > resembles(without, palette.warning, 12).sum() + 80
    assert resembles(with_arrow, palette.runs[0], 12).sum() > resembles(without, palette.runs[0], 12).sum() + 150


@pytest.mark.parametrize("factor", [8.0, 500.0])
def test_the_first_box_can_be_seen_at_any_zoom(view, factor):
    surf = frames.surface(frames.FIRST.scaled(factor))
    nothing = np.empty((0, 3))
    plain = picture(view, frames.frame(surf, minima=nothing))
    outlined = picture(view, frames.frame(surf, minima=nothing, first_box=frames.outline(surf)))
    changed = (plain != outlined).any(axis=-1)
    lens = state_of(frames.frame(surf)).lens
    x, y = np.round(lens.project(to_world((0.0, 0.0, 0.0)))).astype(int)
    assert changed[y - 12 : y + 13, x - 12 : x + 13].sum() > 20
    assert changed.sum() > 200  # and the label


def test_a_view_without_a_frame_is_an_empty_pane(view):
    drawn = pixels(view.render_image(200, 150, 0))
    assert resembles(drawn, PALETTES[Theme.LIGHT].pane, 2).all()
