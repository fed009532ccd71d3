import itertools
from dataclasses import replace

import numpy as np
import pytest

from gdviz.panes.surface.geometry import arrows
from gdviz.panes.surface.geometry.shot import take
from gdviz.panes.surface.labels.layout import Layout
from gdviz.panes.surface.labels.placement import Board, overlap
from gdviz.presentation.look import Camera, Theme
from tests.frames import landscape_of
from tests.panes.surface import frames


def rects(layout):
    return [(left, top, left + image.width(), top + image.height()) for image, left, top in layout.placed]


def scene(**more):
    surf = frames.surface()
    leaving = frames.leaving(surf, frames.descend(1.1, 9, start=(0.3, -0.2)), "leaves the view at step 7")
    notes = ("left at step 7; now b = −1.86e24", "view ×1")
    return frames.frame(surf, [leaving], notes=notes, **more)


@pytest.mark.parametrize("size", [(740, 500, 0.85), (600, 500, 0.85), (1100, 780, 1.7), (900, 500, 1.0)])
@pytest.mark.parametrize("azimuth", range(-180, 180, 45))
def test_no_label_covers_another_or_is_cut(qapp, size, azimuth):
    width, height, unit = size
    placed = rects(Layout(take(*landscape_of(scene(camera=Camera(azimuth=azimuth))), width, height, unit)))
    assert len(placed) > 10
    assert not any(overlap(a, b) for a, b in itertools.combinations(placed, 2))
    assert all(r[0] >= 0 and r[1] >= 0 and r[2] <= width and r[3] <= height for r in placed)


def test_long_notes_are_wrapped_and_kept_in_the_pane(qapp):
    notes = tuple(f"a long note about what happened at step {k}, and then some more words" for k in range(6))
    layout = Layout(take(*landscape_of(frames.frame(notes=notes)), 740, 500, 0.85))
    (left, top, right, bottom), *_ = rects(layout)
    assert left >= 0
    assert top > 250
    assert right < 0.6 * 740
    assert bottom <= 500


@pytest.mark.parametrize("tip", [(3.0, 0.0, 0.5), (-2.5, 2.5, 1.0), (0.5, 0.5, 9.0), (1.2, 1.2, -0.2)])
def test_arrows_end_inside_of_the_pane(tip):
    surf = frames.surface()
    path = frames.path(surf, frames.descend(0.7, 2))
    arrow = frames.Arrow((0.1, 0.1, 0.1), (0.9, 0.5, 0.4), tip, "leaves")
    taken = take(*landscape_of(frames.frame(surf, [path])), 740, 500, 0.85)
    placed = arrows.place(taken, arrow)
    assert 0 < placed.tip[0] < 740
    assert 0 < placed.tip[1] < 500
    assert np.isfinite(placed.shaft).all()


def test_a_label_that_must_be_put_goes_to_the_nearest_free_place():
    board = Board(200, 100)
    board.take((0, 0, 100, 100))
    rect = board.put((20, 10), [(90, 50)], forced=True)
    assert rect is not None
    assert rect[0] >= 100
    assert board.put((20, 10), [(90, 50)]) is None


def test_themes_have_labels_of_their_own_colour(qapp):
    light, dark = (Layout(take(*landscape_of(scene(theme=theme)), 740, 500, 0.85)).placed for theme in Theme)
    assert light[0][1:] == dark[0][1:]
    assert light[0][0] != dark[0][0]


def test_of_two_minima_both_are_named_and_the_lower_one_is_the_minimum(qapp, monkeypatch):
    said = []
    monkeypatch.setattr(Layout, "_beside", lambda self, place, text, gap: said.append((text, tuple(place))))
    surf = frames.surface()
    two = np.array([[0.5, 0.0, 0.2], [-0.5, 0.0, 0.0]], np.float32)
    frame = frames.frame(surf, [])
    for minima, names in ((two, ["local minimum", "minimum"]), (np.concatenate([two, two]), ["local minimum"])):
        said.clear()
        Layout(take(*landscape_of(replace(frame, landscape=replace(frame.landscape, minima=minima))), 740, 500, 0.85))
        assert [text for text, _ in said] == names
