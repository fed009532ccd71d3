"""A kept picture is the picture that would be painted: whatever was shown before, and whatever it depends on."""

import gc
import random
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QBuffer, QPointF, QRectF, QSize
from PySide6.QtGui import QColor, QImage, QPainter, QPdfWriter

from gdviz.core.analysis.verdict import Kind, Verdict
from gdviz.core.data.creation import generate
from gdviz.core.data.settings import DataSettings
from gdviz.panes.bars.header import HeaderBar
from gdviz.panes.contour.plot import ContourPlot
from gdviz.panes.data.plot import DataPlot
from gdviz.panes.loss.plot import LossPlot
from gdviz.plotting.image_cache import ImageCache
from gdviz.presentation.look import Look, LossScale, Theme
from tests.frames import (
    MARKS,
    curve,
    data_picture,
    histogram_picture,
    landscape,
    loss_picture,
    make_frame,
    run_path,
    show_frame,
    surface,
)

RECT = QRectF(0, 0, 30, 20)


class Artist:
    """Paints a slanted line in a colour and counts how often."""

    def __init__(self, colour="red"):
        self.colour, self.times = colour, 0

    def __call__(self, painter):
        self.times += 1
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(RECT, QColor("white"))
        painter.setPen(QColor(self.colour))
        painter.drawLine(QPointF(1, 2), QPointF(28, 17))


def painted(paint, ratio=1.0, offset=0.0):
    image = QImage(round(60 * ratio), round(60 * ratio), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(QColor("blue"))
    painter = QPainter(image)
    painter.translate(offset, offset)
    paint(painter)
    painter.end()
    return image


@pytest.mark.parametrize("opaque", [True, False])
@pytest.mark.parametrize(("ratio", "offset"), [(1.0, 0.0), (1.0, 7.0), (2.0, 7.0), (1.5, 8.0), (1.5, 7.0), (1.0, 0.3)])
def test_it_paints_the_same_bits(ratio, offset, opaque):
    kept, artist = ImageCache(), Artist()
    direct = painted(artist, ratio, offset)
    for _ in range(2):
        assert painted(lambda painter: kept.paint(painter, RECT, "key", artist, opaque), ratio, offset) == direct


def test_equal_keys_are_painted_once_and_others_anew():
    kept, artist = ImageCache(), Artist()
    for key, times in (("a", 1), ("a", 1), ("b", 2), ("a", 3)):
        painted(lambda painter, key=key: kept.paint(painter, RECT, key, artist))
        assert artist.times == times


def test_another_place_resolution_or_ground_is_painted_anew():
    kept, artist = ImageCache(), Artist()
    painted(lambda painter: kept.paint(painter, RECT, "key", artist))
    painted(lambda painter: kept.paint(painter, RECT, "key", artist), ratio=2.0)
    painted(lambda painter: kept.paint(painter, RECT, "key", artist, opaque=True), ratio=2.0)
    painted(lambda painter: kept.paint(painter, RECT.translated(1, 0), "key", artist, opaque=True), ratio=2.0)
    assert artist.times == 4


def test_vectors_stay_vectors():
    kept, artist = ImageCache(), Artist()
    device = QBuffer()
    device.open(QBuffer.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(device)
    painter = QPainter(writer)
    for _ in range(2):
        kept.paint(painter, RECT, "key", artist)
    painter.end()
    assert artist.times == 2
    assert b"/Subtype /Image" not in bytes(device.data())


def test_points_between_whole_pixels_are_painted_directly():
    kept, artist = ImageCache(), Artist()
    for _ in range(2):
        painted(lambda painter: kept.paint(painter, RECT, "key", artist), ratio=1.25, offset=1.0)
    assert artist.times == 2


def other_data():
    """Other points on the same axes."""
    return data_picture(data=generate(replace(DataSettings(), seed=6)))


def many_points():
    return data_picture(data=generate(replace(DataSettings(), rows=600)))


LOSS = loss_picture(curve([2.0, 1.0, 0.5]))
DARK, SEE_THROUGH = Look(theme=Theme.DARK), Look(transparent=True)
VARIANTS = {
    LossPlot: [
        make_frame(LOSS),
        make_frame(LOSS, look=DARK),
        make_frame(LOSS, look=SEE_THROUGH),
        *(
            make_frame(replace(LOSS, **change))
            for change in (
                {"curves": (curve([2.0, 1.0]),)},
                {"curves": (curve([2.0, 1.0, 0.5], style=1),)},
                {"scale": LossScale.LINEAR},
                {"step_range": (0.0, 100.0)},
                {"value_range": (-4.0, 5.0)},
                {"scale": LossScale.LINEAR, "exponent": 5},
                {"minimum": -2.0},
                {"minimum": -1.0},
                {"marks": MARKS[:1]},
                {"marks": MARKS},
                {"hatched": ((100.0, 200.0),)},
                {"hatched": ((101.0, 200.0),)},
                {"note": "loss = 0: not on a logarithmic axis"},
            )
        ),
    ],
    DataPlot: [
        make_frame(data=data_picture()),
        make_frame(data=data_picture(), look=DARK),
        make_frame(data=data_picture(), look=SEE_THROUGH),
        make_frame(data=histogram_picture()),
        make_frame(data=histogram_picture(), look=DARK),
        make_frame(data=histogram_picture(("x", "y"))),
        make_frame(data=other_data()),
        make_frame(data=many_points()),
        *(
            make_frame(data=data_picture(**change))
            for change in (
                {"x_range": (-0.2, 1.2)},
                {"y_range": (-1.0, 5.0)},
                {"true_line": None},
                {"best_line": None},
                {"current_lines": ()},
                {"current_lines": ((1, (-0.1, 1.653, 1.1, 3.417)),)},
                {"residuals": np.empty((0, 2, 2))},
                {"residuals": data_picture().residuals * [1.0, 1.1]},
                {"note": "the line is off the plot"},
            )
        ),
    ],
    ContourPlot: [
        make_frame(),
        make_frame(look=DARK),
        make_frame(look=SEE_THROUGH),
        make_frame(ground=landscape(run_path((0.5, 0.5), (0.2, 0.1)))),
        make_frame(ground=landscape(run_path((0.5, 0.5)), ground=surface(np.eye(129, dtype=np.float32)))),
        make_frame(ground=landscape(run_path((0.5, 0.5)), notes=("loss 1",))),
    ],
    HeaderBar: [
        make_frame(),
        make_frame(look=DARK),
        make_frame(look=SEE_THROUGH),
        *(
            replace(make_frame(), header=replace(make_frame().header, **change))
            for change in (
                {"title": "u"},
                {"verdict": Verdict(Kind.DIVERGING, "s")},
                {"verdict": Verdict(Kind.SLOW, "another sentence")},
                {"precision": "float64"},
                {"zoom_label": "view ×10"},
                {"counter": "step 2 / 200"},
                {"counter": "step 2,000 / 200,000"},
            )
        ),
    ],
}
SIZES = [(QSize(0, 0), 1.0, 1.0), (QSize(1, 0), 1.0, 1.0), (QSize(0, 0), 1.3, 1.0), (QSize(0, 0), 1.0, 2.0)]
"""What is added to the size of a widget, its unit, and the pixels of a unit of its size."""


def picture(widget, frame, size, unit, ratio):
    size = size + (QSize(1100, 50) if isinstance(widget, HeaderBar) else QSize(520, 260))
    widget.resize(size)
    widget.set_unit(unit)
    show_frame(widget, frame)
    image = QImage(size * ratio, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    image.fill(QColor(0, 0, 0, 0))
    painter = QPainter(image)
    widget.paint(painter)
    painter.end()
    return image


@pytest.mark.parametrize("kind", VARIANTS)
def test_a_picture_depends_on_all_of_its_frame_and_nothing_else(qtbot, kind):
    cases = [(frame, *SIZES[0]) for frame in VARIANTS[kind]] + [(VARIANTS[kind][0], *size) for size in SIZES[1:]]
    alone = []
    for case in cases:
        fresh = kind()
        qtbot.addWidget(fresh)
        alone.append(picture(fresh, *case))
    for index, image in enumerate(alone):
        assert image not in alone[:index], index
    one = kind()
    qtbot.addWidget(one)
    order = [*range(len(cases))] * 2
    random.Random(1).shuffle(order)
    for index in order:
        assert picture(one, *cases[index]) == alone[index], index


@pytest.mark.parametrize("rect", [QRectF(5, 5, 20, 0), QRectF(5, 5, 20, -3), QRectF(5, 5, 0, 20)])
def test_nothing_is_painted_where_large_text_leaves_a_plot_no_room(rect):
    artist = Artist()
    picture = painted(lambda painter: ImageCache().paint(painter, rect, "key", artist))
    assert artist.times == 0
    assert picture == painted(lambda painter: None)


def images_as_large_as(widget):
    """How many there are, of any widget."""
    gc.collect()
    images = [thing for thing in gc.get_objects() if isinstance(thing, QImage)]
    return sum(image.size() == widget.size() for image in images)


@pytest.mark.parametrize("kind", [LossPlot, DataPlot, ContourPlot])
def test_a_pane_keeps_no_image_of_its_size_while_it_is_hidden(qtbot, kind):
    pane = kind()
    qtbot.addWidget(pane)
    pane.resize(613, 347)
    loss = loss_picture(curve(np.geomspace(2.0, 0.5, 150)))
    show_frame(pane, make_frame(loss, data_picture()))
    with qtbot.waitExposed(pane):
        pane.show()
    pane.grab()
    assert images_as_large_as(pane) > 0
    pane.hide()
    assert images_as_large_as(pane) == 0
