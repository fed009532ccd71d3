"""Lens, height field, mesh and segments: numbers without OpenGL."""

import numpy as np
import pytest

from gdviz.core.box import Box
from gdviz.panes.surface.geometry import heightfield as field
from gdviz.panes.surface.geometry.camera import FLOOR, HEIGHT, to_world
from gdviz.panes.surface.geometry.mesh import distinct_segments, join_tiny, polyline, strides
from gdviz.panes.surface.items.paths import MIN_WIDTH_FACTOR, width_factor
from gdviz.presentation.look import Camera
from tests.panes.surface import frames
from tests.panes.surface.conftest import state_of

CORNERS = np.array([(x, y, z) for x in (-1, 1) for y in (-1, 1) for z in (FLOOR, HEIGHT)], dtype=float)


def state(camera=None, width=740, height=500, unit=0.85, surf=None):
    return state_of(frames.frame(surf, camera=camera), (width, height), unit)


@pytest.mark.parametrize("aspect", [1.2, 1.5, 1.8])
@pytest.mark.parametrize("azimuth", [-180, -120, -60, -45, 0, 30, 77])
def test_the_usual_distance_shows_all_the_box_and_fills_the_pane(aspect, azimuth):
    width, height = round(500 * aspect), 500
    seen = state(Camera(azimuth=azimuth), width, height).lens.project(CORNERS)
    (left, top), (right, bottom) = seen.min(axis=0), seen.max(axis=0)
    assert left > 20
    assert top > 5
    assert right < width - 20
    assert bottom < height - 20
    assert bottom - top > 0.68 * height or right - left > 0.68 * width


def test_projection_is_what_the_matrix_does():
    taken = state(Camera(12.0, 50.0, 3.0))
    clip = np.column_stack([CORNERS, np.ones(8)]) @ taken.lens.matrix.T
    ndc = clip[:, :3] / clip[:, 3:]
    assert np.abs(ndc[:, 2]).max() < 1.0
    expected = (ndc[:, :2] * (1, -1) + 1) / 2 * taken.size
    np.testing.assert_allclose(taken.lens.project(CORNERS), expected, atol=1e-9)
    a, b = taken.lens.depth_terms()
    np.testing.assert_allclose(a + b / taken.lens.depths(CORNERS), ndc[:, 2], atol=1e-12)


def test_heights_between_the_nodes_are_exact_for_a_quadratic():
    surf = frames.surface(count=33)
    flat = np.random.default_rng(0).uniform(-1, 1, (200, 2))
    true = frames.quadratic_loss(surf.box.denormalised(flat)) / surf.span
    np.testing.assert_allclose(field.height(surf, flat), true, atol=1e-6)


@pytest.mark.parametrize("camera", [Camera(), Camera(100.0, 70.0, 3.0), Camera(10.0, 12.0, 8.0)])
def test_picking_finds_the_point_under_the_mouse(camera):
    surf = frames.surface(Box((0.0, 1.0), (2.0, 2.0)), frames.rosenbrock_loss)
    taken = state(camera, surf=surf)
    flat = np.random.default_rng(1).uniform(-0.95, 0.95, (60, 2))
    world = to_world(np.column_stack([flat, field.height(surf, flat)]))
    visible = ~np.array([field.is_hidden(surf, taken.lens, tuple(place)) for place in world.tolist()])
    assert visible.sum() > 20
    for place, pixel in zip(world[visible], taken.lens.project(world[visible]), strict=True):
        found = field.pick(surf, taken.lens, *pixel)
        there = to_world((*found, field.height(surf, found)))
        np.testing.assert_allclose(taken.lens.project(there), pixel, atol=1e-3)
        # just behind a fold a point still counts as visible, but the fold before it is what is picked
        assert taken.lens.depths(there) < taken.lens.depths(place) + 1e-3
        assert (
            np.abs(there - place).max() < 1e-3
            or taken.lens.depths(place) - taken.lens.depths(there) < 2 * field.HIDING_DISTANCE
        )


def test_picking_is_as_exact_as_the_surface():
    taken = state()
    surf = taken.landscape.surface
    flat = np.array([(0.0, -0.6), (0.2, 0.3), (-0.5, 0.1)])
    pixels = taken.lens.project(to_world(np.column_stack([flat, field.height(surf, flat)])))
    found = np.array([field.pick(surf, taken.lens, *pixel) for pixel in pixels])
    np.testing.assert_allclose(found, flat, atol=1e-6)


def test_beside_the_surface_nothing_is_picked():
    assert field.pick(frames.surface(), state().lens, 3.0, 3.0) is None


def test_meshes_are_coarse_only_where_that_is_not_seen():
    assert strides(frames.surface())[0] >= 2
    waves = frames.surface(loss=lambda p: 2 + np.sin(20 * np.asarray(p)).sum(axis=-1))
    assert strides(waves) == (1, 1)
    assert strides(frames.surface(count=64)) in [(1, 1)]


def test_tiny_steps_are_joined_the_same_way_while_a_line_grows():
    surf = frames.surface()
    steps = polyline(frames.on(surf, frames.descend(0.01, 800)))
    lens = state().lens
    all_joined, first = join_tiny(steps, lens)
    some_joined, _ = join_tiny(steps[:300], lens)
    assert len(all_joined) < 200
    assert (all_joined[1:, 0] == all_joined[:-1, 1]).all()
    assert (all_joined[-1, 1] == steps[-1, 1]).all()
    assert (all_joined[: len(some_joined) - 1] == some_joined[:-1]).all()
    assert (all_joined[:, 0] == steps[first, 0]).all()


def test_gaps_in_a_path_stay_gaps():
    steps = np.array([[[0, 0, 0], [1e-4, 0, 0]], [[0.5, 0, 0], [0.5001, 0, 0]]], dtype=np.float32)
    joined, _ = join_tiny(steps, state().lens)
    assert (joined == steps).all()


def test_of_segments_in_one_place_the_first_is_left():
    rng = np.random.default_rng(2)
    to_and_fro = np.array([[-0.5, 0.1, 0.2], [0.6, -0.3, 0.4]])[np.arange(901) % 2]
    steps = polyline(to_and_fro + rng.uniform(-0.02, 0.02, (901, 1)) * (1.0, 1.0, 0.0))
    lens = state().lens
    kept = distinct_segments(steps, lens)
    assert 20 < len(kept) < 500
    some = distinct_segments(steps[:300], lens)
    assert (kept[: len(some)] == some).all()
    pixels = lens.project(to_world(steps))
    near = [
        np.abs(np.stack([pixels[kept], pixels[kept][:, ::-1]]) - segment).max(axis=(2, 3)).min() for segment in pixels
    ]
    assert max(near) <= 0.5


def test_segments_far_apart_are_all_distinct():
    ends = np.random.default_rng(3).uniform(-1.0, 1.0, (500, 2, 3)).astype(np.float32)
    assert (distinct_segments(ends, state(width=3840, height=2160, unit=3.0).lens) == np.arange(500)).all()


@pytest.mark.parametrize("camera", [Camera(), Camera(100.0, 70.0, 3.0)])
def test_one_pixel_is_that_of_many(camera):
    lens = state(camera).lens
    np.testing.assert_allclose([lens.pixel(corner.tolist()) for corner in CORNERS], lens.project(CORNERS), atol=1e-9)


def test_equal_cameras_and_sizes_share_a_lens():
    assert state(Camera(3.0)).lens is state(Camera(3.0)).lens
    assert state(Camera(3.0)).lens is not state(Camera(3.0), width=741).lens


def test_a_path_that_fills_an_area_is_thinner():
    surf = frames.surface()
    for steps in (1, 4, 8):  # as it was, while one can tell the steps apart
        assert width_factor(frames.path(surf, frames.descend(0.7, steps)).segments) == 1.0
    knife = [width_factor(frames.path(surf, frames.descend(0.79, steps)).segments) for steps in (60, 100, 200)]
    assert 1.0 > knife[0] > knife[1] >= knife[2] >= MIN_WIDTH_FACTOR
    assert width_factor(np.empty((0, 2, 3), np.float32)) == 1.0
