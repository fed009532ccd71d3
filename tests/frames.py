"""Frames made by hand for the tests of the plots, and how one looks at what a widget has drawn."""

from dataclasses import replace
from itertools import combinations

import numpy as np
from PySide6.QtCore import QBuffer, QEvent, QIODevice, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QApplication

from gdviz.core.analysis.verdict import Kind, Verdict
from gdviz.core.box import Box
from gdviz.core.data.creation import generate
from gdviz.core.data.settings import DataSettings
from gdviz.panes.bars.picture import Header
from gdviz.panes.data.density import Histogram
from gdviz.panes.data.picture import DataPicture
from gdviz.panes.landscape.landscape import Arrow, Axis, Landscape, RunPath, Surface, Tick
from gdviz.panes.loss.marks import Mark
from gdviz.panes.loss.picture import LossCurve, LossPicture
from gdviz.presentation.look import LANDSCAPES, DataPane, Look, LossScale
from gdviz.scene.scene import Frame
from gdviz.stage.widgets import WIDGETS

SIZES = [(400, 210, 0.85), (560, 300, 1.0), (700, 340, 1.7)]
"""Width, height and unit of the panes in which people see the plots."""

MARKS = (
    Mark(92, "loss = inf from step 92", "the loss is beyond 3.4e38"),
    Mark(193, "b = inf from step 193", "b: −3e38 − 1 · 3e38 = −inf"),
    Mark(194, "w = inf, b = NaN from step 194", "b: inf − 1 · inf = NaN"),
    Mark(195, "w = NaN from step 195", "w: inf − 1 · inf = NaN"),
)


def bowl(n=129):
    """Heights (x^2 + y^2) / 2 and a surface of them over w in [-3, 3], b in [-2, 4]."""
    x = np.linspace(-1, 1, n)
    heights = ((x[:, None] ** 2 + x[None, :] ** 2) / 2).astype(np.float32)
    return surface(heights)


def surface(heights):
    ticks = tuple(Tick(place, label) for place, label in ((-0.5, "−2"), (0.0, "0"), (0.5, "2")))
    axes = (Axis("w", ticks), Axis("b", ticks), Axis("loss", (Tick(0.5, "10"),)))
    slopes = np.zeros((*heights.shape, 2), np.float32)
    return Surface(Box((0.0, 1.0), (3.0, 3.0)), heights, slopes, 0.0001, 20.0, axes)


def run_path(*places, style=0, current=True, arrow=None):
    """The path over these places of the unit box."""
    dots = np.array([(x, y, 0.0) for x, y in places], np.float32).reshape(-1, 3)
    segments = np.stack([dots[:-1], dots[1:]], axis=1)
    ends = [tuple(float(value) for value in dot) for dot in (dots[0], dots[-1])]
    return RunPath(style, segments, dots, ends[0], ends[1] if current else None, arrow)


def leaving(tail, wall, tip, label="leaves the view at step 4"):
    return Arrow((*tail, 0.0), (*wall, 0.0), (*tip, 0.0), label)


def landscape(*paths, minima=((0.0, 0.0),), first_box=None, notes=(), ground=None):
    places = np.array([(x, y, 0.0) for x, y in minima], np.float32).reshape(-1, 3)
    outline = None if first_box is None else np.array([(x, y, 0.0) for x, y in first_box], np.float32)
    return Landscape(ground or bowl(), paths, places, outline, notes, note_rows=min(2, len(notes)))


def curve(values, style=0, current=True):
    steps = np.arange(len(values), dtype=np.float64)
    values = np.asarray(values, dtype=np.float64)
    return LossCurve(style, steps, values, (float(steps[-1]), float(values[-1])) if current else None)


def loss_picture(*curves, **changes):
    """A logarithmic picture from step 0 to 200 and from 1e-4 to 1e4."""
    picture = LossPicture(LossScale.LOG, curves, (0.0, 200.0), (-4.0, 4.0), 0, None, (), (), "")
    return replace(picture, **changes)


def diverged():
    """The loss of the rate 1: infinite from step 92 on."""
    rising = curve(np.linspace(0.4, 38.0, 92), current=False)
    return loss_picture(rising, value_range=(-6.0, 41.0), minimum=-4.0, marks=MARKS, hatched=((92.0, 200.0),))


def data_picture(**changes):
    """The lecture's data with the line of step 1 of the rate 0.9."""
    data = generate(DataSettings())
    x, y = data.x.astype(np.float64), data.y.astype(np.float64)
    picture = DataPicture(
        DataPane.LINE,
        data,
        (-0.1, 1.1),
        (-1.0, 4.0),
        (-0.1, 0.49, 1.1, 0.61),
        (-0.1, 0.48, 1.1, 0.62),
        ((0, (-0.1, 1.653, 1.1, 3.417)),),
        np.stack([np.stack([x, y], axis=1), np.stack([x, 1.47 * x + 1.8], axis=1)], axis=1),
        (),
        "",
    )
    return replace(picture, **changes)


def histogram_picture(names=("x", "y", "noise")):
    data = generate(DataSettings())
    columns = {"x": data.x.astype(np.float64), "y": data.y.astype(np.float64), "noise": data.noise}
    pairs = {name: np.histogram(columns[name], bins=10) for name in names}
    found = tuple(Histogram(name, edges, counts) for name, (counts, edges) in pairs.items())
    return data_picture(mode=DataPane.HISTOGRAMS, histograms=found)


def make_frame(loss=None, data=None, ground=None, look=Look()):  # noqa: B008 - frozen
    header = Header("t", Verdict(Kind.SLOW, "s"), "float32", "view ×1", "step 1 / 200")
    shown = ground or landscape(run_path((0.5, 0.5)))
    pictures = {"loss": loss or loss_picture(curve([0.4, 0.1]))}
    pictures |= {look.pane: shown} if look.pane in LANDSCAPES else {}
    pictures |= {"data": data} if data is not None else {}
    return Frame(1, look, header, shown, pictures, ("", ""))


def with_pictures(frame, **pictures):
    """The frame with these pictures of panes, by their names, among the others."""
    return replace(frame, pictures={**frame.pictures, **pictures})


FIELDS = {"ArithmeticBar": "arithmetic", "HeaderBar": "header"}
"""The field of a frame that a bar shows."""
PICTURES = {place.partition(":")[2]: name for name, place in WIDGETS.items()}
"""The name of the picture that a pane shows, but for those of the landscape."""


def show_frame(pane, frame):
    """Show a pane what of the frame is its own."""
    kind = type(pane).__name__
    name = PICTURES.get(kind)
    shown = frame.pictures[name] if name in frame.pictures and name not in LANDSCAPES else None
    field = FIELDS.get(kind, "landscape")
    pane.show_picture(shown if shown is not None else getattr(frame, field), frame.look, frame.legend)


def landscape_of(frame):
    """What a pane of the landscape is shown of a frame."""
    return frame.landscape, frame.look, frame.legend


def rendered(widget):
    """What the widget paints, without ever being shown."""
    image = QImage(widget.size(), QImage.Format.Format_RGB32)
    image.fill(QColor("magenta"))
    widget.render(image)
    return image


def depends_on_the_frame_alone(pane, frames, fresh, unit=1.0):
    """Whether frames look different, and each as at first whatever was shown before, also in a pane that grew."""
    first = []
    for shown in frames:
        show_frame(pane, shown)
        first.append(rendered(pane))
    again = []
    last = len(frames) - 1
    for index in (last, 0, *range(last, -1, -1), 1, last):
        show_frame(pane, frames[index])
        again.append(rendered(pane) == first[index])
    fresh.set_unit(unit * 0.8)
    show_frame(fresh, frames[-1])
    fresh.resize(400, 210)
    rendered(fresh)
    show_frame(fresh, frames[0])
    fresh.set_unit(unit)
    fresh.resize(pane.size())
    differ = all(one != other for one, other in combinations(first, 2))
    return differ and all(again) and rendered(fresh) == first[0]


def pixels(widget):
    """The same as an array of shape (height, width, 3): red, green, blue."""
    image = rendered(widget).convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).astype(int)


def resembles(picture, colour, tolerance=40):
    """Where an array of pixels has about that colour."""
    wanted = np.array(QColor(colour).getRgb()[:3])
    return np.abs(picture - wanted).max(axis=-1) <= tolerance


def around(picture, place: QPointF, reach=2):
    """The pixels around a place."""
    x, y = round(place.x()), round(place.y())
    return picture[max(0, y - reach) : y + reach + 1, max(0, x - reach) : x + reach + 1]


def as_svg(pane):
    """What the pane paints into a file of vectors."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(pane.size())
    painter = QPainter(generator)
    pane.paint(painter)
    painter.end()
    return bytes(buffer.data()).decode()


def hover(widget, place: QPointF):
    """Move the pointer over the widget with no button pressed."""
    none = Qt.MouseButton.NoButton
    here = widget.mapToGlobal(place)
    QApplication.sendEvent(
        widget, QMouseEvent(QEvent.Type.MouseMove, place, here, none, none, Qt.KeyboardModifier.NoModifier)
    )


def labels(widget):
    return {words.text: words for words in widget.words if words.text}


def tick_labels(ticks):
    return [label for _, label in ticks.major]
