"""Pictures that are read: the same whatever was drawn before, transparent if wanted, and refused if too large."""

import itertools
import random
import weakref

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QImage, QPainter, QPen
from PySide6.QtOpenGL import QOpenGLFramebufferObject

from gdviz.core.errors import InputError
from gdviz.panes.surface.geometry import axes
from gdviz.panes.surface.opengl import framebuffers, setup
from gdviz.panes.surface.view import LandscapeView
from gdviz.presentation.look import Theme
from gdviz.presentation.palette import PALETTES
from tests.panes.surface import frames
from tests.panes.surface.conftest import delete, image, patch, pixels, state_of
from tests.panes.surface.conftest import framebuffers as living

SIZE = (420, 300)
UNIT = 0.6
WIDE = frames.surface(frames.FIRST.scaled(8.0))


@pytest.fixture
def fresh(view):
    """Draws a frame in a view that has drawn nothing before."""

    def draw(frame, *size_and_samples):
        made = LandscapeView()
        image = picture(made, frame, *size_and_samples)
        delete(made)
        return image

    return draw


def picture(view, frame, size=SIZE, samples=4):
    return image(view, frame, size, UNIT, samples)


def frame(steps=3, **more):
    surf = frames.surface()
    return frames.frame(surf, [frames.path(surf, frames.descend(0.7, steps))], notes=(f"step {steps}",), **more)


def leaving(**more):
    surf = frames.surface()
    arrow = frames.leaving(surf, frames.descend(1.1, 9, start=(0.3, -0.2)), "leaves the view at step 7")
    return frames.frame(surf, [arrow], **more)


def wide(**more):
    path = frames.path(WIDE, frames.descend(0.8, 20))
    return frames.frame(WIDE, [path], first_box=frames.outline(WIDE), **more)


def channels(image):
    """Red, green, blue and alpha as they are stored, shape (height, width, 4), int."""
    image = image.convertToFormat(QImage.Format.Format_RGBA8888_Premultiplied)
    return np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4).astype(int)


@pytest.mark.parametrize("samples", [0, 4])
def test_pictures_are_the_same_on_repeats_in_any_order_and_size(view, fresh, samples):
    both = itertools.product((frame, leaving, wide), (False, True))
    shown = [(made(transparent=transparent), SIZE) for made, transparent in both] + [(leaving(), (300, 280))]
    wanted = [fresh(each, size, samples) for each, size in shown]
    places = list(range(len(shown))) * 2
    random.Random(5).shuffle(places)
    for place in [0, 0, 0, 2, 2, 0, *places]:
        assert picture(view, *shown[place], samples) == wanted[place]


@pytest.mark.parametrize("samples", [0, 4])
def test_opaque_pictures_have_no_alpha(view, samples):
    assert picture(view, frame(), samples=samples).format() == QImage.Format.Format_RGB32


def beside_axes(frame):
    """Which pixels are close to an axis or to one of its ticks, shape (height, width)."""
    lens, drawn = state_of(frame, SIZE, UNIT).lens, QImage(*SIZE, QImage.Format.Format_RGB32)
    drawn.fill(QColor("black"))
    painter = QPainter(drawn)
    painter.setPen(QPen(QColor("white"), 8.0))
    for placed in axes.place(lens, frame.landscape.surface):
        for begin, end in (placed.line, *np.stack([placed.places, placed.ends], axis=1)):
            painter.drawLine(QPointF(*lens.project(begin)), QPointF(*lens.project(end)))
    painter.end()
    return pixels(drawn)[..., 0] > 0


@pytest.mark.parametrize("samples", [0, 4])
@pytest.mark.parametrize("theme", Theme)
def test_a_transparent_picture_over_the_pane_is_the_opaque_one(view, theme, samples):
    for made in (frame, leaving, wide):
        image = picture(view, made(theme=theme, transparent=True), samples=samples)
        over = QImage(image.size(), QImage.Format.Format_RGB32)
        over.fill(QColor(PALETTES[theme].pane))
        painter = QPainter(over)
        painter.drawImage(0, 0, image)
        painter.end()
        opaque = picture(view, made(theme=theme), samples=samples)
        differences = np.abs(pixels(over) - pixels(opaque)).max(axis=-1)
        differences[beside_axes(made())] = 0  # their edges are in the transparent one alone
        assert differences.max() <= 3  # rounded twice, where translucent things overlap
        assert (~beside_axes(made())).mean() > 0.9


@pytest.mark.parametrize("samples", [0, 4])
def test_a_transparent_picture_is_premultiplied_and_clear(view, samples):
    image = picture(view, frame(transparent=True), samples=samples)
    assert image.format() == QImage.Format.Format_ARGB32_Premultiplied
    drawn = channels(image)
    assert (drawn[..., :3] <= drawn[..., 3:]).all()
    assert (drawn[:4] == 0).all()
    assert (drawn[..., 3] == 0).mean() > 0.3
    middle = state_of(frame(), SIZE, UNIT).lens.project((0.0, 0.0, 0.1))
    assert (patch(drawn, middle, 3)[..., 3] == 255).all()
    partly = (drawn[..., 3] > 0) & (drawn[..., 3] < 255)
    assert 0.001 < partly.mean() < 0.2  # halos, and the edges of lines


def test_axes_can_be_seen_on_a_ground_in_the_colour_of_the_text(view):
    drawn = channels(picture(view, frame(transparent=True)))
    ends = state_of(frame(), SIZE, UNIT).lens.project([(-1.0, -1.0, -0.45), (1.0, -1.0, -0.45)])
    x, y = np.round(ends.mean(axis=0)).astype(int)
    column = drawn[y - 4 : y + 5, x]
    assert column[..., :3].min() < 60
    assert (column[..., :3].min(axis=1) > 200).any()


@pytest.mark.parametrize("size", [(1, 100), (100, 1)])
def test_a_size_beyond_opengl_is_an_input_error(view, size):
    wanted = picture(view, frame())
    side = setup.limits().side
    too_large = tuple(side + 1 if pixels == 1 else pixels for pixels in size)
    with pytest.raises(InputError, match=rf"^size: .* is larger than OpenGL can draw here \({side}\)"):
        picture(view, frame(), too_large)
    assert picture(view, frame()) == wanted


def test_more_samples_than_there_are_is_an_input_error(view):
    with pytest.raises(InputError, match=r"^samples: 1000 are more than OpenGL supports here"):
        picture(view, frame(), samples=1000)


@pytest.mark.parametrize(("least", "what"), [(0, ""), (1, " with 4 samples")])
def test_no_memory_for_a_picture_is_an_input_error(view, monkeypatch, least, what):
    """Qt makes a framebuffer without depths where there is no room for them, and calls it valid."""
    wanted = picture(view, frame())

    class Short(QOpenGLFramebufferObject):
        def attachment(self):
            if self.format().samples() < least:
                return super().attachment()
            return QOpenGLFramebufferObject.Attachment.NoAttachment

    with monkeypatch.context() as changed:
        changed.setattr(framebuffers, "QOpenGLFramebufferObject", Short)
        with pytest.raises(InputError, match=f"^size: OpenGL has no memory here for .* 300x200 pixels{what};"):
            picture(view, frame(), (300, 200))
    assert picture(view, frame()) == wanted


def test_framebuffers_are_kept_for_pictures_of_one_size(view):
    picture(view, frame(1))
    first = [weakref.ref(buffer) for buffer in living()]
    assert len(first) == 2
    picture(view, frame(2))
    assert all(buffer() is not None for buffer in first)
    picture(view, frame(2), (300, 280))
    assert all(buffer() is None for buffer in first)
    view.free_opengl()
    assert not living()


def test_a_picture_too_large_to_be_kept_is_drawn_anew(view, fresh, monkeypatch):
    wanted = fresh(frame(3))
    monkeypatch.setattr(framebuffers, "MAX_CACHED_PIXELS", SIZE[0] * SIZE[1] - 1)
    for _ in range(4):
        assert picture(view, frame(3)) == wanted
    assert len(living()) == 2
