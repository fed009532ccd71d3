"""How calm the labels are: how often each moves from what it names over the first steps, and what it covers.

Without arguments all scenarios; else those named. It asks the panes only for what they paint.
"""

import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
from measuring import make_application
from PySide6.QtCore import QRectF

from gdviz.core.descent.recording import record
from gdviz.core.scenarios.library import load_scenario
from gdviz.panes.surface.geometry import axes
from gdviz.panes.surface.geometry.camera import to_world
from gdviz.panes.surface.geometry.render_state import MARKER_SIZE
from gdviz.panes.surface.items.markers import START_RADIUS
from gdviz.panes.surface.items.paths import ARROW_HEAD, place_arrow
from gdviz.panes.surface.labels import axis_labels, layout
from gdviz.plotting.style import STAR_RADIUS
from gdviz.presentation.look import CONTOUR, SURFACE, Look
from gdviz.scene.scene import Scene
from gdviz.stage.stage import Stage

SCENARIOS = (
    "point-nine", "one", "ten", "just-right", "best", "race", "two-wells", "good-zigzag", "mini-batch", "rescue",
)  # fmt: skip
SIZE, STEPS = (1280, 720), 60
FAR = 8.0
"""A label that is more pixels further from what it names than in the frame before has moved."""
WALLED = 0.97
"""The part of a marker's radius within which nothing may be covered: its rim is smooth."""
UNNAMED = "notes, legend"

Place = tuple[float, float]


class Label(NamedTuple):
    """A text with its rectangle, and the part of the picture that it names; None if it names none."""

    text: str
    rect: QRectF
    named: QRectF | None

    @property
    def offset(self) -> Place:
        """From the nearest point of what it names to its middle."""
        middle, named = self.rect.center(), self.named
        near = (
            min(max(middle.x(), named.left()), named.right()),
            min(max(middle.y(), named.top()), named.bottom()),
        )
        return middle.x() - near[0], middle.y() - near[1]


def spot(place: Any) -> QRectF:
    """A place as a part of the picture without extent."""
    x, y = place
    return QRectF(x, y, 0.0, 0.0)


def bounds(places: Any) -> QRectF:
    """The rectangle around places."""
    (left, top), (right, bottom) = np.min(places, axis=0).tolist(), np.max(places, axis=0).tolist()
    return QRectF(left, top, right - left, bottom - top)


class Mark(NamedTuple):
    """Something that no label may cover."""

    place: Place
    radius: float


class Count(NamedTuple):
    """What happened to the labels of one pane in one scenario."""

    moves: dict[str, int]
    marks: dict[str, int]
    labels: dict[str, int]
    gone: int
    """How often one is left out from one frame to the next though its place is seen."""


class Shown(NamedTuple):
    """A pane at a moment; missing: the names, each with its number, that stand nowhere though their place is seen."""

    labels: list[Label]
    marks: list[Mark]
    missing: set[tuple[str, int]]


class Images:
    """The texts of the surface's labels, which are painted as images."""

    def __init__(self) -> None:
        self.texts: dict[int, str] = {}
        self._kept: list[Any] = []
        for module in (layout, axis_labels):
            module.label = self._telling(module.label)

    def _telling(self, make: Any) -> Any:
        def label(text: str, style: Any) -> Any:
            image = make(text, style)
            if id(image) not in self.texts:
                self.texts[id(image)] = text
                self._kept.append(image)
            return image

        return label


def on_surface(stage: Stage, images: Images) -> Shown:
    """What the surface shows."""
    view = stage.surface
    (tile,) = view._lay_out(view.width(), view.height(), view._unit, 0).tiles
    state, ground = tile.state, tile.state.landscape

    def pixel(place: Any) -> Place:
        return tuple(state.lens.project(to_world(np.asarray(place, float))).tolist())

    named, marks = surface_places(state, ground, pixel)
    found, seen = list[Label](), defaultdict[str, int](int)
    for image, left, top in layout.Layout(state).placed:
        text = images.texts.get(id(image), UNNAMED)
        places = named[text] or (named[ARROW] if " at step " in text else [])
        found.append(
            Label(text, QRectF(left, top, image.width(), image.height()), next(iter(places[seen[text] :]), None))
        )
        seen[text] += 1
    return Shown(found, marks, missing(named, seen))


def missing(named: dict[str, list[QRectF]], seen: dict[str, int]) -> set[tuple[str, int]]:
    """The names that have a place and are not seen."""
    once = {text: places for text, places in named.items() if text in ("start", "first view", "minimum", *AXES)}
    return {(text, number) for text, places in once.items() for number in range(seen[text], min(1, len(places)))}


ARROW, AXES = "an arrow", ("w", "b", "x", "y", "loss")


def surface_places(state: Any, ground: Any, pixel: Any) -> tuple[dict[str, list[QRectF]], list[Mark]]:
    """Where the surface's labels belong, by their texts, and what they may not cover."""
    unit, named, marks = state.unit, defaultdict[str, list[QRectF]](list), list[Mark]()
    for placed in axes.place(state.lens, ground.surface):
        line = placed.line[1] if placed.axis.name == "loss" else placed.line.mean(axis=0)
        named[placed.axis.name].append(spot(state.lens.project(line).tolist()))
    if ground.first_box is not None:
        named["first view"].append(bounds(state.lens.project(to_world(ground.first_box))))
    minima = [pixel(place) for place in ground.minima]
    named["minimum"] += map(spot, minima)
    named["local minimum"] += map(spot, minima)
    marks += [Mark(place, 0.6 * STAR_RADIUS * unit) for place in minima]  # the inner part of a star
    for path in ground.paths:
        if path.start is not None:
            named["start"].append(spot(pixel(path.start)))
            marks.append(Mark(pixel(path.start), START_RADIUS * unit))
        if path.current is not None:
            marks.append(Mark(pixel(path.current), MARKER_SIZE / 2.0 * unit))
        if path.arrow is not None:
            placed_arrow = place_arrow(state, path.arrow)
            named[ARROW].append(spot(placed_arrow.tip))
            back = 0.5 * ARROW_HEAD * unit * np.array([np.cos(placed_arrow.angle), np.sin(placed_arrow.angle)])
            marks.append(Mark(tuple((np.array(placed_arrow.tip) - back).tolist()), 0.5 * ARROW_HEAD * unit))
    return named, marks


def on_contour(stage: Stage) -> Shown:
    """What the contour shows."""
    pane = stage.panes[CONTOUR]
    named, marks = contour_places(pane.picture, pane.grid, pane._unit)
    found, seen = list[Label](), defaultdict[str, int](int)
    for words in pane.words:
        is_arrow = " at step " in words.text and "\n" not in words.text and words.plate is not None
        places = named[words.text] or (named[ARROW] if is_arrow else [])
        place = next(iter(places[seen[words.text] :]), None)
        seen[words.text] += 1
        if words.text and (place is not None or words.plate is not None or "\n" in words.text):
            found.append(Label(words.text if place is not None else UNNAMED, words.rect, place))
    return Shown(found, marks, missing(named, seen))


def contour_places(ground: Any, grid: Any, unit: float) -> tuple[dict[str, list[QRectF]], list[Mark]]:
    """Where the contour's labels belong, by their texts, and what they may not cover."""
    named, marks = defaultdict[str, list[QRectF]](list), list[Mark]()

    def pixel(place: Any) -> Place:
        return grid.place(float(place[0]), float(place[1])).toTuple()

    for axis in ground.surface.axes[:2]:
        named[axis.name].append(spot(grid.area.bottomLeft().toTuple()))
    if ground.first_box is not None:
        named["first view"].append(bounds([pixel(place) for place in ground.first_box]))
    marks += [Mark(pixel(place), 0.6 * STAR_RADIUS * unit) for place in ground.minima]
    for path in ground.paths:
        if path.start is not None:
            named["start"].append(spot(pixel(path.start)))
            marks.append(Mark(pixel(path.start), 7.0 * unit))
        if path.current is not None:
            marks.append(Mark(pixel(path.current), 7.5 * unit))
        if path.arrow is not None:
            named[ARROW].append(spot(pixel(path.arrow.wall)))
            marks.append(Mark(pixel(path.arrow.wall), 3.0 * unit))
    return named, marks


def on_loss(stage: Stage) -> Shown:
    """What the loss plot shows."""
    pane = stage.panes["loss"]
    picture, grid, unit = pane.picture, pane.grid, pane._unit
    found, marks = list[Label](), list[Mark]()
    for curve in picture.curves:
        if curve.current is not None:
            place = grid.place(*curve.current)
            if grid.area.adjusted(-2, -2, 2, 2).contains(place):
                marks.append(Mark(place.toTuple(), 5.5 * unit))
    for words in pane.words:
        if words.text == "minimum":
            found.append(Label(words.text, words.rect, spot((grid.area.left(), grid.y(picture.minimum)))))
        elif words.text == "noise floor":
            found.append(Label(words.text, words.rect, spot((grid.area.right(), grid.area.top()))))
        else:
            step = next((mark.step for mark in picture.marks if words.plate and words.text in mark.label), None)
            if step is not None:
                found.append(Label(words.text, words.rect, spot((grid.x(step), grid.area.top()))))
    return Shown(found, marks, set())


def covers(rect: QRectF, mark: Mark) -> bool:
    """Whether a rectangle reaches into a mark."""
    (x, y), radius = mark
    dx = max(rect.left() - x, 0.0, x - rect.right())
    dy = max(rect.top() - y, 0.0, y - rect.bottom())
    return float(np.hypot(dx, dy)) < WALLED * radius


def counted(shown: Iterable[Shown]) -> Count:
    """What happens to the labels in these frames."""
    moves, marks_covered, covered = (defaultdict[str, int](int) for _ in range(3))
    before, absent, gone = dict[tuple[str, int], Place](), set[tuple[str, int]](), 0
    for labels, marks, lacking in shown:
        gone += len(lacking - absent)
        absent, number = lacking, defaultdict[str, int](int)
        for one in labels:
            text, rect, named = one
            marks_covered[text] += sum(text != UNNAMED and covers(rect, mark) for mark in marks)
            if named is None:
                continue
            key, now = (text, number[text]), one.offset
            number[text] += 1
            moves[text] += key in before and float(np.hypot(*np.subtract(now, before[key]))) > FAR
            before[key] = now
        for one, other in combinations(labels, 2):
            if one.rect.adjusted(1, 1, -1, -1).intersects(other.rect.adjusted(1, 1, -1, -1)):
                covered[f"{one.text} x {other.text}"] += 1
    return Count(*({text: n for text, n in each.items() if n} for each in (moves, marks_covered, covered)), gone)


def frames(stage: Stage, scene: Scene, between: bool) -> Iterator[None]:
    """Show each step, and if asked for also a moment of each change of the box."""
    for step in range(min(STEPS, scene.last_step) + 1):
        stage.show_frame(scene.frame(float(step)))
        yield
        if between and step < min(STEPS, scene.last_step) and scene.box_changes_after(step):
            stage.show_frame(scene.frame(step + 0.5))
            yield


def main() -> None:
    """Print a line for each scenario and pane, then the sums."""
    make_application()
    images = Images()
    between = "--between" in sys.argv
    names = [name for name in sys.argv[1:] if not name.startswith("--")] or SCENARIOS
    stage = Stage(with_surface=True)
    stage.resize(*SIZE)
    panes = {
        SURFACE: lambda: on_surface(stage, images),
        CONTOUR: lambda: on_contour(stage),
        "loss": lambda: on_loss(stage),
    }
    sums = defaultdict[str, list[int]](lambda: [0, 0, 0, 0])
    for name in names:
        scenario = load_scenario(name)
        recordings = tuple(record(run) for run in (scenario.experiment, *scenario.others))
        for pane, look in panes.items():
            shown = replace(Look(), pane=SURFACE if pane == "loss" else pane)
            scene = Scene(scenario.title, recordings, shown, styles=scenario.all_styles)
            count = counted([look() for _ in frames(stage, scene, between)])
            moved = sum(count.moves.values())
            figures = [moved, count.gone, sum(count.marks.values()), sum(count.labels.values())]
            sums[pane] = [a + b for a, b in zip(sums[pane], figures, strict=True)]
            told = {what: each for what, each in count._asdict().items() if each}
            print(f"{name:12} {pane:8} {figures}  {told}", flush=True)
    print("moves, vanishings, markers covered, labels covered")
    for pane, figures in sums.items():
        print(f"{pane:8} {figures}")
    stage.deleteLater()


main()
