"""Frames made by hand for the tests of the surface: a quadratic, a valley, paths and arrows."""

import functools
import itertools

import numpy as np

from gdviz.core.analysis.verdict import Kind, Verdict
from gdviz.core.box import Box
from gdviz.panes.bars.picture import Header
from gdviz.panes.landscape.landscape import Arrow, Axis, Landscape, RunPath, Surface, Tick
from gdviz.panes.loss.picture import LossPicture
from gdviz.presentation.look import Camera, Look, LossScale, Theme
from gdviz.scene.scene import Frame

COUNT = 129
HESSIAN = np.array([[0.66, 1.0], [1.0, 2.0]])
"""About that of the lecture's regression, in the parameters (w, b)."""
FIRST = Box((0.1, 0.5), (2.5, 2.5))


def quadratic_loss(points):
    d = np.asarray(points) - (0.1, 0.5)
    return 0.5 * np.einsum("...i,ij,...j->...", d, HESSIAN, d)


def rosenbrock_loss(points):
    x, y = np.moveaxis(np.asarray(points), -1, 0)
    return (1.0 - x) ** 2 + 10.0 * (y - x**2) ** 2


def ticks(low, high, places):
    return tuple(
        Tick(float(2.0 * (value - low) / (high - low) - 1.0), f"{value:g}".replace("-", "−"))
        for value in places
        if low <= value <= high
    )


@functools.cache
def surface(box=FIRST, loss=quadratic_loss, names=("w", "b"), count=COUNT):
    first, second = box.grid(count)
    losses = loss(np.stack(np.meshgrid(first, second, indexing="ij"), axis=-1))
    base, span = 0.0, float(losses.max())
    heights = ((losses - base) / span).astype(np.float32)
    spacing = 2.0 / (count - 1)
    slopes = np.stack(np.gradient(heights.astype(np.float64), spacing, edge_order=2), axis=-1).astype(np.float32)
    step = 10.0 ** np.floor(np.log10(box.half[0]))
    values = step * np.arange(-20, 21)
    nice = 10.0 ** np.floor(np.log10(span)) * (1.0 if span / 10.0 ** np.floor(np.log10(span)) < 5 else 2.0)
    heights_ticks = tuple(Tick(float(k * nice / span), f"{k * nice:g}") for k in range(int(span / nice) + 1))
    axes = tuple(Axis(name, ticks(lo, hi, values)) for name, lo, hi in zip(names, box.low, box.high, strict=True))
    return Surface(box, heights, slopes, base, span, (*axes, Axis("loss", heights_ticks)))


def on(surf, points, loss=quadratic_loss):
    """Unit-box points, shape (n, 3), float64, of parameters on a surface."""
    flat = surf.box.normalised(points)
    return np.column_stack([flat, (loss(np.asarray(points)) - surf.base) / surf.span])


def descend(rate, steps, start=(0.0, -1.0), hessian=HESSIAN):
    points = [np.array(start)]
    for _ in range(steps):
        points.append(points[-1] - rate * hessian @ (points[-1] - (0.1, 0.5)))
    return np.array(points)


def path(surf, points, style=0, arrow=None, loss=quadratic_loss):
    at = on(surf, points, loss)
    segments = np.stack([at[:-1], at[1:]], axis=1).astype(np.float32)
    dots = at[(np.abs(at[:, :2]) <= 1).all(axis=1)].astype(np.float32)
    current = None if arrow else tuple(float(v) for v in at[-1])
    return RunPath(style, segments, dots, tuple(float(v) for v in at[0]), current, arrow)


def leaving(surf, points, label, loss=quadratic_loss):
    """The path of points up to the first that lies outside, with the arrow through the wall."""
    outside = int(np.flatnonzero((np.abs(surf.box.normalised(points)) > 1.0).any(axis=1))[0])
    points = points[: outside + 1]
    at = on(surf, points[-2:], loss)
    part = min((np.sign(at[1, i] - at[0, i]) - at[0, i]) / (at[1, i] - at[0, i]) for i in (0, 1) if abs(at[1, i]) > 1)
    wall = at[0] + part * (at[1] - at[0])
    flat = (at[1] - at[0]) / np.linalg.norm((at[1] - at[0])[:2])
    tip = wall + 0.12 * flat * (1.0, 1.0, 0.0)
    made = Arrow(*(tuple(float(v) for v in p) for p in (at[0], wall, tip)), label)
    return path(surf, points[:-1], arrow=made, loss=loss)


EMPTY_LOSS = LossPicture(LossScale.LOG, (), (0.0, 1.0), (0.0, 1.0), 0, None, (), None, "")


def frame(
    surf=None, paths=(), theme=Theme.LIGHT, camera=None, minima=None, first_box=None, notes=(), transparent=False
):
    surf = surf or surface()
    if minima is None:
        minima = on(surf, [(0.1, 0.5)]).astype(np.float32)
    landscape = Landscape(surf, tuple(paths), np.asarray(minima, dtype=np.float32).reshape(-1, 3), first_box, notes)
    header = Header("Test", Verdict(Kind.SLOW, "not yet"), "float64", "view x1", "step 0 / 1")
    look = Look(theme=theme, camera=camera or Camera(), transparent=transparent)
    return Frame(0, look, header, landscape, {"surface": landscape, "loss": EMPTY_LOSS}, ("", ""))


def outline(surf, first=FIRST, loss=quadratic_loss, count=33):
    """The closed outline of the first box on a surface, shape (m, 3)."""
    (left, low), (right, high) = first.low, first.high
    along = np.linspace(0.0, 1.0, count)[:-1, None]
    corners = np.array([[left, low], [right, low], [right, high], [left, high], [left, low]])
    sides = [a + along * (b - a) for a, b in itertools.pairwise(corners)]
    points = np.concatenate([*sides, corners[:1]])
    return on(surf, points, loss).astype(np.float32)
