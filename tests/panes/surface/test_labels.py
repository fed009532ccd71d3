import itertools
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from gdviz.core.box import Box
from gdviz.panes.surface.geometry.camera import to_world
from gdviz.panes.surface.geometry.render_state import TEXT_SIZE
from gdviz.panes.surface.items.paths import place_arrow
from gdviz.panes.surface.labels.layout import Layout
from gdviz.panes.surface.labels.placement import free_place
from gdviz.panes.surface.labels.text import NUMBERS, WORDS, blank, font, label, style
from gdviz.plotting.label_space import LabelSpace
from gdviz.plotting.style import STAR_RADIUS, faded
from gdviz.presentation.look import Camera, Theme
from gdviz.presentation.minima import ANY_POINT
from gdviz.presentation.palette import PALETTES
from tests.panes.surface import frames
from tests.panes.surface.conftest import UNIT, overlap, rects, state_of


def scene(**more):
    surf = frames.surface()
    leaving = frames.leaving(surf, frames.descend(1.1, 9, start=(0.3, -0.2)), "leaves the view at step 7")
    notes = ("left at step 7; now b = −1.86e24", "view ×1")
    return frames.frame(surf, [leaving], notes=notes, **more)


@pytest.mark.parametrize("size", [(740, 500, 0.85), (600, 500, 0.85), (1100, 780, 1.7), (900, 500, 1.0)])
@pytest.mark.parametrize("azimuth", range(-180, 180, 45))
def test_no_label_covers_another_or_is_cut(qapp, size, azimuth):
    width, height, unit = size
    placed = rects(Layout(state_of(scene(camera=Camera(azimuth=azimuth)), (width, height), unit)))
    assert len(placed) > 10
    assert not any(overlap(a, b) for a, b in itertools.combinations(placed, 2))
    assert all(r[0] >= 0 and r[1] >= 0 and r[2] <= width and r[3] <= height for r in placed)


def test_long_notes_are_wrapped_and_kept_in_the_pane(qapp):
    notes = tuple(f"a long note about what happened at step {k}, and then some more words" for k in range(6))
    (left, top, right, bottom), *_ = rects(Layout(state_of(frames.frame(notes=notes))))
    assert left >= 0
    assert top > 250
    assert right < 0.6 * 740
    assert bottom <= 500


@pytest.mark.parametrize("tip", [(3.0, 0.0, 0.5), (-2.5, 2.5, 1.0), (0.5, 0.5, 9.0), (1.2, 1.2, -0.2)])
def test_arrows_end_inside_of_the_pane(tip):
    surf = frames.surface()
    path = frames.path(surf, frames.descend(0.7, 2))
    arrow = frames.Arrow((0.1, 0.1, 0.1), (0.9, 0.5, 0.4), tip, "leaves")
    placed = place_arrow(state_of(frames.frame(surf, [path])), arrow)
    assert 0 < placed.tip[0] < 740
    assert 0 < placed.tip[1] < 500
    assert np.isfinite(placed.shaft).all()


def test_a_label_that_must_stand_goes_to_the_nearest_free_place():
    board = LabelSpace(QRectF(0, 0, 200, 100), [QRectF(0, 0, 100, 100)], np.empty((0, 2)))
    wanted = np.array([[80.0, 45.0, 100.0, 55.0]])
    rect = free_place(board, "label", wanted, forced=True)
    assert rect is not None
    assert rect.left() >= 100
    assert free_place(board, "label", wanted, forced=False) is None


def test_themes_have_labels_of_their_own_colour(qapp):
    light, dark = (Layout(state_of(scene(theme=theme))).placed for theme in Theme)
    assert light[0][1:] == dark[0][1:]
    assert light[0][0] != dark[0][0]


@pytest.mark.parametrize("azimuth", range(-180, 180, 60))
def test_a_line_of_minima_is_named_beside_it(qapp, azimuth):
    valley = np.array([[-1.0, -0.2, 0.0], [1.0, 0.3, 0.0]], np.float32)
    frame = frames.frame(frames.surface(), [], camera=Camera(azimuth=azimuth))
    ground = replace(frame.landscape, minima=np.empty((0, 3), np.float32), minimum_line=valley)
    state = state_of(replace(frame, landscape=ground))
    name = label(ANY_POINT, style(WORDS, TEXT_SIZE * UNIT, state.palette))
    ((left, top),) = [(left, top) for shown, left, top in Layout(state).placed if shown is name]
    middle = np.array([left + name.width() / 2, top + name.height() / 2])
    along = valley[0] + np.linspace(0.0, 1.0, 101)[:, None] * (valley[1] - valley[0])
    away = np.abs(state.lens.project(to_world(along)) - middle) - (name.width() / 2, name.height() / 2)
    assert 0.0 < away.max(axis=1).min() < 60.0
    assert not any(shown is name for shown, _, _ in Layout(state_of(frame)).placed)


@pytest.mark.parametrize(
    ("size", "unit"), [((740, 590), 1.0), ((1100, 780), 1.5), ((500, 410), 0.8), ((580, 459), 0.85)]
)
def test_axes_of_different_scales_keep_their_numbers_beside_long_notes(qapp, size, unit):
    box = Box((0.04, -75.0), (0.085, 150.0))
    surf = frames.surface(box, lambda points: frames.quadratic_loss(frames.FIRST.denormalised(box.normalised(points))))
    notes = ("loss 105.9", "to the minimum: 0.0429 in w, 75.1 in b")
    state = state_of(frames.frame(surf, [], notes=notes), size, unit)
    numbers = style(NUMBERS, TEXT_SIZE * unit, state.palette)
    shown = [image for image, _, _ in Layout(state).placed]
    for axis in surf.axes[:2]:
        assert sum(any(label(tick.label, numbers) is image for image in shown) for tick in axis.ticks) >= 3
    assert not any(overlap(a, b) for a, b in itertools.combinations(rects(Layout(state)), 2))


@pytest.mark.parametrize("azimuth", range(-180, 180, 30))
@pytest.mark.parametrize("away", [0.2, 0.26, 0.32, 0.38])
def test_no_label_covers_the_cross_of_a_minimum(qapp, azimuth, away):
    surf = frames.surface()
    lowest = frames.on(surf, [(0.1, 0.5)]).astype(np.float32)
    start = frames.path(surf, np.array([(0.1 - 2.5 * away, 0.5)]))
    frame = frames.frame(surf, [start], camera=Camera(azimuth=azimuth))
    state = state_of(replace(frame, landscape=replace(frame.landscape, minima=lowest)))
    x, y = state.lens.project(to_world(lowest[0]))
    star = (x - STAR_RADIUS * UNIT, y - STAR_RADIUS * UNIT, x + STAR_RADIUS * UNIT, y + STAR_RADIUS * UNIT)
    placed = Layout(state)
    assert any(shown is label("start", style(WORDS, TEXT_SIZE * UNIT, state.palette)) for shown, _, _ in placed.placed)
    assert not any(overlap(star, rect) for rect in rects(placed))


def test_of_two_minima_that_differ_by_rounding_both_are_called_minimum(qapp):
    """As two of Himmelblau's are, which are all 0 but computed as up to 2e-29."""
    minima = np.array([[0.5, 0.0, 0.0], [-0.5, 0.0, 8e-31]], np.float32)
    frame = frames.frame(frames.surface(), [])
    state = state_of(replace(frame, landscape=replace(frame.landscape, minima=minima)))
    image = label("minimum", style(WORDS, TEXT_SIZE * UNIT, state.palette))
    assert sum(shown is image for shown, _, _ in Layout(state).placed) == 2


def test_of_two_minima_the_lower_one_is_called_the_minimum(qapp):
    surf = frames.surface()
    two = np.array([[0.5, 0.0, 0.2], [-0.5, 0.0, 0.0]], np.float32)
    frame = frames.frame(surf, [])
    for minima, names in ((two, ["local minimum", "minimum"]), (np.concatenate([two, two]), ["local minimum"])):
        state = state_of(replace(frame, landscape=replace(frame.landscape, minima=minima)))
        images = {
            text: label(text, style(WORDS, TEXT_SIZE * UNIT, state.palette)) for text in ("local minimum", "minimum")
        }
        placed = Layout(state).placed
        assert [name for name, image in images.items() if any(image is shown for shown, _, _ in placed)] == names
        for name, place in zip(names, minima, strict=False):
            x, y = state.lens.project(to_world(place))
            (left, top) = next((left, top) for shown, left, top in placed if shown is images[name])
            assert abs(left + images[name].width() / 2 - x) < 100
            assert abs(top + images[name].height() / 2 - y) < 50


@pytest.mark.parametrize("size", [11, 20, 33, 60])
@pytest.mark.parametrize("theme", Theme)
def test_the_halo_is_about_as_if_the_glyphs_were_stroked(qapp, theme, size):
    look = style(WORDS, size, PALETTES[theme])
    image = label("a loss of 20", look)
    outline = QPainterPath()
    edge = round(0.22 * size) + 1  # below no letter reaches
    outline.addText(QPointF(edge, image.height() - edge), font(look), "a loss of 20")
    stroked = blank(image.width(), image.height())
    painter = QPainter(stroked)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for width, opacity in ((0.40, 90), (0.22, 200)):
        pen = QPen(faded(look.halo, opacity / 255), width * size, j=Qt.PenJoinStyle.RoundJoin)
        painter.strokePath(outline, pen)
    painter.fillPath(outline, QColor(look.colour))
    painter.end()
    channels = [np.frombuffer(each.constBits(), np.uint8).astype(int) for each in (image, stroked)]
    difference = np.abs(channels[0] - channels[1])
    assert difference.mean() < 6.0
    assert (difference > 60).mean() < 0.01
