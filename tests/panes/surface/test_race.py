"""Several runs on one surface with their legend, and each on a surface of its own."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt

from gdviz.panes.surface.geometry.camera import to_world
from gdviz.panes.surface.geometry.render_state import TEXT_SIZE
from gdviz.panes.surface.labels import layout
from gdviz.panes.surface.labels.axis_labels import axis_label_candidates
from gdviz.panes.surface.labels.layout import NOTES_SCALE as NOTES_SIZE
from gdviz.panes.surface.labels.layout import Layout
from gdviz.panes.surface.labels.run_legend import LegendStyle, place_legend
from gdviz.panes.surface.labels.text import blank
from gdviz.panes.surface.tiles import lay_out
from gdviz.plotting.strip import strip_height
from gdviz.presentation.legend import Legend, LegendEntry
from gdviz.presentation.look import Camera, Theme
from gdviz.presentation.palette import PALETTES
from tests.frames import landscape_of, resembles, show_frame
from tests.panes.surface import conftest, frames
from tests.panes.surface.conftest import overlap, patch, pixels

SIZE, UNIT = (740, 594), 1.16
RATES = (0.01, 0.1, 0.7, 0.9)
PLACES = [(-1.2, 1.2), (1.2, 1.4), (-1.0, -0.6), (1.4, -0.6)]
NOTES_SCALE = ("slow, loss now 1.77",)


def legend(count=4):
    return Legend("learning rate", tuple(LegendEntry(style, f"{RATES[style]:g}") for style in range(count)))


def race(count=4, multiples=True, places=PLACES, **look):
    """A frame with runs that stand still in places of their own, the last of them live."""
    surf = frames.surface()
    paths = [frames.path(surf, [places[style]], style) for style in reversed(range(count))]
    paths = [replace(path, start=None, notes=NOTES_SCALE, dots=path.dots[:0]) for path in paths]
    made = frames.frame(surf, paths, minima=np.empty((0, 3)), notes=("loss 1", "distance to the minimum 2"), **look)
    return replace(made, legend=legend(count), look=replace(made.look, multiples=multiples))


def picture(view, frame, size=SIZE, unit=UNIT, samples=0):
    return conftest.picture(view, frame, size, unit, samples)


def tiles_of(frame, size=SIZE, unit=UNIT):
    return lay_out(*landscape_of(frame), *size, unit).tiles


def rects(tile):
    return conftest.rects(Layout(tile.state))


def seen(drawn, tile, frame, style):
    """How much of the run's colour is where its marker would be on a tile."""
    path = next(path for path in frame.landscape.paths if path.style == style)
    place = tile.state.lens.project(to_world(path.current)) + np.array([tile.left, tile.top])
    return resembles(patch(drawn, place, 2), PALETTES[frame.look.theme].runs[style], 30).mean()


@pytest.mark.parametrize("theme", Theme)
def test_the_legend_has_the_colours_of_the_runs_alone(view, theme, monkeypatch):
    frame = race(multiples=False, theme=theme)
    placed, with_it = rects(tiles_of(frame)[0]), picture(view, frame)
    clear = blank(1, 1)
    monkeypatch.setattr(layout, "place_legend", lambda *_: (clear, QRectF()))
    without = picture(view, frame)
    y, x = np.nonzero((with_it != without).any(axis=-1))
    left, right, top, bottom = x.min(), x.max() + 1, y.min(), y.max() + 1
    for colour in PALETTES[theme].runs:
        assert resembles(with_it[top:bottom, left:right], colour).sum() > 30
    assert resembles(without[top:bottom, left:right], PALETTES[theme].pane, 2).all()
    assert len(set(placed) - set(rects(tiles_of(frame)[0]))) == 1
    assert not any(overlap(one, other) for one, other in combinations(placed, 2))


LONG = Legend(
    "", tuple(LegendEntry(style, f"Nesterov momentum 0.{style}, learning rate 0.{style}") for style in range(4))
)


@pytest.mark.parametrize("made", [legend(), LONG])
@pytest.mark.parametrize(("size", "unit"), [(SIZE, UNIT), ((520, 280), UNIT), ((300, 220), 1.0), ((1100, 800), 1.7)])
@pytest.mark.parametrize("camera", [Camera(), Camera(distance=2.5), Camera(100.0, 10.0, 4.0)])
def test_there_is_always_a_legend_and_it_is_whole(qapp, made, size, unit, camera):
    frame = replace(race(multiples=False, camera=camera), legend=made)
    (tile,) = tiles_of(frame, size, unit)
    state = tile.state
    image, rect = place_legend(
        state.lens,
        state.landscape.surface,
        made,
        state.unit,
        style := LegendStyle(state.palette, NOTES_SIZE * TEXT_SIZE * state.unit),
        strip_height(state.landscape.note_rows, style.font),
    )
    left, top, right, bottom = rect.getCoords()
    assert (right - left, bottom - top) == (image.width(), image.height())
    assert 0 <= left < right <= size[0]
    assert 0 <= top < bottom <= size[1]
    placed = rects(tile)
    assert (left, top, right, bottom) in placed
    assert not any(overlap(one, other) for one, other in combinations(placed, 2))


def test_above_the_box_is_room_for_a_legend_of_several_rows(qapp):
    frame = replace(race(multiples=False), legend=LONG)
    placed, plain = (rects(tiles_of(shown)[0]) for shown in (frame, replace(frame, legend=Legend())))
    assert len(placed) == len(plain) + 1


def test_markers_in_one_place_are_all_seen_the_live_one_on_top(view):
    frame = race(multiples=False, places=[(0.4, 0.2)] * 4)
    drawn = picture(view, frame)
    (tile,) = tiles_of(frame)
    place = tile.state.lens.project(to_world(frame.landscape.paths[0].current))
    assert seen(drawn, tile, frame, 3) == 1.0
    for colour in PALETTES[Theme.LIGHT].runs:
        assert resembles(patch(drawn, place, 25), colour, 30).sum() >= 10


@pytest.mark.parametrize("count", [2, 3, 4])
@pytest.mark.parametrize("samples", [0, 4])
def test_each_run_is_on_its_own_surface_and_on_no_other(view, count, samples):
    frame = race(count)
    drawn = picture(view, frame, samples=samples)
    tiles = tiles_of(frame)
    assert len(tiles) == count
    for own, tile in enumerate(tiles):
        for style in range(count):
            assert (seen(drawn, tile, frame, style) > 0.9) == (style == own)


def test_all_have_the_same_surface_pixel_for_pixel(view):
    frame = race(4)
    nobody = [replace(path, current=None, notes=()) for path in frame.landscape.paths]
    frame = replace(frame, landscape=replace(frame.landscape, paths=tuple(nobody)))
    drawn = picture(view, frame)
    tiles = tiles_of(frame)
    width, height = tiles[0].state.lens.width, tiles[0].state.lens.height
    below = height // 4  # the headings differ
    parts = [drawn[t.top + below : t.top + height, t.left : t.left + width] for t in tiles]
    assert resembles(parts[0], PALETTES[Theme.LIGHT].pane, 2).mean() < 0.9
    for part in parts[1:]:
        np.testing.assert_array_equal(part, parts[0])


@pytest.mark.parametrize(("size", "unit"), [((480, 260), 0.8), (SIZE, UNIT), ((1100, 800), 1.7), ((735, 420), 2.1)])
@pytest.mark.parametrize("count", [2, 4])
def test_in_every_tile_texts_are_clear_of_each_other(qapp, size, unit, count):
    for tile in tiles_of(race(count), size, unit):
        placed, lens = rects(tile), tile.state.lens
        assert len(placed) >= 4
        assert not any(overlap(one, other) for one, other in combinations(placed, 2))
        assert all(min(rect) >= 0 and rect[2] <= lens.width and rect[3] <= lens.height for rect in placed)
        assert tile.left + lens.width <= size[0]
        assert tile.top + lens.height <= size[1]


def test_pictures_depend_on_nothing_before(view):
    shown = [
        (race(4), SIZE),
        (race(multiples=False), SIZE),
        (race(2), SIZE),
        (race(4, camera=Camera(20.0, 40.0, 4.0)), SIZE),
        (race(3), (500, 400)),
    ]
    wanted = [picture(view, *each) for each in shown]
    for index in (3, 0, 4, 2, 1, 0):
        np.testing.assert_array_equal(picture(view, *shown[index]), wanted[index])


def test_on_the_screen_it_is_as_in_the_picture(view, qtbot):
    view.resize(500, 400)
    view.set_unit(1.0)
    show_frame(view, race(4))
    view.show()
    qtbot.waitExposed(view)
    shown = pixels(view.grab().toImage())
    np.testing.assert_array_equal(shown, picture(view, race(4), (500, 400), 1.0))


def test_start_and_camera_are_those_of_the_tile_under_the_mouse(view, qtbot):
    frame = race(4)
    paths = tuple(replace(path, start=path.current) for path in frame.landscape.paths)
    frame = replace(frame, landscape=replace(frame.landscape, paths=paths))
    view.resize(740, 594)
    view.set_unit(UNIT)
    show_frame(view, frame)
    for index, tile in enumerate(tiles_of(frame)):
        place = tile.state.lens.project(to_world(tile.state.landscape.paths[0].start))
        at = QPointF(*place).toPoint() + QPoint(tile.left, tile.top)
        with qtbot.waitSignal(view.start_dragged) as dragged:
            qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=at)
            qtbot.mouseMove(view, at)
        qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=at)
        np.testing.assert_allclose(dragged.args, PLACES[index], atol=0.05)
        corner = QPoint(tile.left + 6, tile.top + tile.state.lens.height - 6)
        with qtbot.waitSignal(view.camera_changed):
            qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=corner)
            qtbot.mouseMove(view, corner + QPoint(20, -20))
        qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=corner + QPoint(20, -20))


def test_a_transparent_picture_has_no_ground_between_its_tiles(view):
    view.set_unit(UNIT)
    show_frame(view, race(4, transparent=True))
    image = view.render_image(*SIZE, 0)
    tiles = tiles_of(race(4))
    between = tiles[0].state.lens.width + 1
    assert image.pixelColor(between, SIZE[1] // 4).alpha() == 0
    assert image.pixelColor(tiles[0].state.lens.width // 2, tiles[0].state.lens.height // 2).alpha() == 255


def test_the_exit_label_of_a_held_view_hides_no_axis_number(qapp):
    surf = frames.surface()
    run = frames.leaving(surf, frames.descend(0.9, 6), "0.9 left at step 4")
    state = tiles_of(frames.frame(surf, [run]))[0].state
    candidates = axis_label_candidates(state.lens, surf, state.unit, state.palette)
    numbers = [candidate.image for candidate in candidates if not candidate.required]
    placed = [image for image, _, _ in Layout(state).placed]
    assert sum(any(image is one for one in placed) for image in numbers) == len(numbers)
