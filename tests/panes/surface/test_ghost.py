"""The next steps of a run on the surface."""

from dataclasses import replace

import numpy as np
import pytest

from gdviz.core.box import Box
from gdviz.panes.landscape.ghost import cut_off
from gdviz.panes.surface.geometry.camera import to_world
from gdviz.presentation.look import Camera, Theme
from gdviz.presentation.palette import PALETTES
from tests.frames import resembles
from tests.panes.surface import conftest, frames
from tests.panes.surface.conftest import patch, state_of

UNIT = 1.7
AHEAD = [(0.0, -1.0), (1.4, 1.0), (-0.9, 0.4), (0.9, 1.4)]
NOTHING = np.empty((0, 2, 3), np.float32)


def picture(view, frame, unit=UNIT):
    return conftest.picture(view, frame, unit=unit)


def ghostly(points=AHEAD, surf=None, before=1, style=0, camera=None, theme=Theme.LIGHT):
    """A frame with the path over the first points and the ghost over the rest, and the same without the ghost.

    Without a start or a minimum, whose labels would make room for it.
    """
    surf = surf or frames.surface()
    at = frames.on(surf, points).astype(np.float32)
    ghost = np.stack([at[:-1], at[1:]], axis=1)[before - 1 :]
    path = replace(frames.path(surf, points[:before], style), start=None, dots=NOTHING[:, 0], ghost=ghost)
    made = (frames.frame(surf, [one], theme, camera, NOTHING[:, 0]) for one in (path, replace(path, ghost=NOTHING)))
    return tuple(made)


def ends(frame, ghost):
    return state_of(frame, unit=UNIT).lens.project(to_world(ghost))


def profile(drawn, ends, colour):
    """Whether the pixels along a line have about that colour."""
    part = np.linspace(0.15, 0.85, 300)[:, None]
    x, y = np.round(ends[0] + part * (ends[1] - ends[0])).astype(int).T
    return resembles(drawn[y, x], colour, 60)


@pytest.mark.parametrize("theme", Theme)
def test_it_is_dotted_and_thinner_than_the_path(view, theme):
    colour = PALETTES[theme].runs[0]
    ghost, _ = ghostly(theme=theme)
    path = ghostly(before=len(AHEAD), theme=theme)[1]
    segments = ends(ghost, ghost.landscape.paths[0].ghost)
    dotted, solid = (picture(view, frame) for frame in (ghost, path))
    for segment in segments:
        seen = profile(dotted, segment, colour)
        assert np.count_nonzero(np.diff(seen.astype(int)) == 1) >= 6
        assert profile(solid, segment, colour).mean() > 0.8
    assert 0 < resembles(dotted, colour).sum() < 0.5 * resembles(solid, colour).sum()


def test_each_step_has_a_hollow_ring(view):
    palette = PALETTES[Theme.LIGHT]
    ghost, plain = ghostly()
    drawn, without = picture(view, ghost), picture(view, plain)
    for place in ends(ghost, ghost.landscape.paths[0].ghost)[:, 1]:
        assert resembles(patch(drawn, place, 1), palette.background).all()
        assert resembles(patch(drawn, place), palette.runs[0], 80).sum() >= 8
        assert not resembles(patch(without, place, 1), palette.background).any()


def test_steps_too_short_to_be_counted_have_none_but_the_last(view):
    # Along a straight line, a hundredth of the box each.
    points = [(0.1 + 0.04 * step, 0.5) for step in range(21)]
    ghost, _ = ghostly(points)
    drawn = picture(view, ghost)
    places = ends(ghost, ghost.landscape.paths[0].ghost)[:, 1]
    is_ring = [resembles(patch(drawn, place, 1), PALETTES[Theme.LIGHT].background).all() for place in places]
    assert is_ring[19]
    assert not any(is_ring[:17])  # the ring reaches over the last places before it


def test_it_changes_nothing_elsewhere(view):
    ghost, plain = ghostly(AHEAD[:2])
    y, x = np.nonzero((picture(view, ghost) != picture(view, plain)).any(axis=-1))
    begin, end = ends(ghost, ghost.landscape.paths[0].ghost)[0]
    way = (end - begin) / np.linalg.norm(end - begin)
    offsets = np.stack([x, y], axis=1) - begin
    assert len(offsets) > 100
    assert np.abs(offsets @ (-way[1], way[0])).max() <= 7.0 * UNIT
    assert (offsets @ way).max() <= np.linalg.norm(end - begin) + 7.0 * UNIT


def test_the_path_covers_it(view):
    # Two steps there and back in the same place, of which the path has taken the first.
    ghost, plain = ghostly([(-1.0, 0.0), (1.4, 1.0), (-1.0, 0.0)], before=2)
    segment = ends(ghost, ghost.landscape.paths[0].ghost)[0]
    colour = PALETTES[Theme.LIGHT].runs[0]
    assert profile(picture(view, ghost), segment, colour).all()
    assert profile(picture(view, plain), segment, colour).all()


def test_at_a_wall_it_ends_in_an_arrowhead_instead_of_a_ring(view):
    surf = frames.surface()
    sizes = []
    for part, cut in ((1.0, True), (0.9, False)):
        ghost, _ = ghostly([surf.box.centre, (surf.box.centre[0] + part * surf.box.half[0], 0.5)], surf)
        segments = ghost.landscape.paths[0].ghost
        assert cut_off(segments).tolist() == [cut]
        around = patch(picture(view, ghost), ends(ghost, segments)[0, 1], 16)
        sizes.append(resembles(around, PALETTES[Theme.LIGHT].background, 10).sum())
    arrowhead, ring = sizes
    assert arrowhead > 2 * ring > 0


def test_behind_the_surface_it_is_faint(view):
    def loss(points):
        return np.exp(-8 * (np.asarray(points) ** 2).sum(axis=-1))

    surf = frames.surface(Box((0.0, 0.0), (1.0, 1.0)), loss)
    at = np.array([[(-0.5, 0.9, 0.05), (0.5, 0.9, 0.05)]], np.float32)
    bare = replace(frames.path(surf, [(0.0, -0.9)], loss=loss), ghost=at)
    seen = []
    for camera in (Camera(-90.0, 12.0, 4.6), Camera(90.0, 12.0, 4.6)):
        with_it, without = (
            picture(view, frames.frame(surf, [path], camera=camera, minima=np.empty((0, 3))))
            for path in (bare, replace(bare, ghost=NOTHING))
        )
        frame = frames.frame(surf, [bare], camera=camera)
        x, y = ends(frame, at)[0].mean(axis=0).round().astype(int)
        change = np.abs(with_it - without)[y - 3 : y + 4, x - 20 : x + 21]
        seen.append(change.max(axis=-1).mean())
    hidden, free = seen
    assert 0 < hidden < 0.5 * free


def test_pictures_depend_on_nothing_before(view):
    first, nothing = ghostly()
    second, _ = ghostly([(0.5, 0.5), (-1.0, 1.0), (0.2, 0.1)], style=1)
    turned, _ = ghostly(camera=Camera(20.0, 40.0, 4.0))
    shown = [(first, UNIT), (second, UNIT), (nothing, UNIT), (turned, UNIT), (first, 1.4)]
    wanted = [picture(view, *each) for each in shown]
    for index in (3, 0, 4, 2, 1, 0, 2):
        np.testing.assert_array_equal(picture(view, *shown[index]), wanted[index])


def test_runs_have_ghosts_of_their_own_colours(view):
    surf = frames.surface()
    at = frames.on(surf, AHEAD).astype(np.float32)
    paths = []
    for style, moved in ((0, 0.0), (1, -0.6)):
        ghost = np.stack([at[:-1], at[1:]], axis=1) + np.array([0.0, moved / 2.5, 0.0], np.float32)
        paths.append(replace(frames.path(surf, AHEAD[:1], style), current=None, start=None, ghost=ghost))
    drawn = picture(view, frames.frame(surf, paths, minima=np.empty((0, 3))))
    for style in (0, 1):
        assert resembles(drawn, PALETTES[Theme.LIGHT].runs[style], 60).sum() > 100
