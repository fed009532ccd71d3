"""Labels on surface and contour stay where they are: from step to step, from box to box, and after a jump."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QRectF

from gdviz.core.descent.recording import record
from gdviz.core.scenarios.library import load_scenario
from gdviz.panes.contour.plot import ContourPlot
from gdviz.panes.surface.geometry.camera import to_world
from gdviz.panes.surface.geometry.render_state import MARKER_SIZE, TEXT_SIZE, render_state
from gdviz.panes.surface.labels.layout import Layout
from gdviz.panes.surface.labels.text import WORDS, label, style
from gdviz.presentation.look import CONTOUR, Look
from gdviz.scene.scene import Scene

SIZE, UNIT = (736, 595), 1.16
"""The large pane of a stage of 1280x720."""
NAMES = ("start", "minimum", "first view")


def scene(name="point-nine", **look):
    scenario = load_scenario(name)
    runs = (scenario.experiment, *scenario.others)
    return Scene("Title", tuple(map(record, runs)), Look(**look), styles=scenario.all_styles)


def on_surface(frame):
    """The state, and the rectangle of each label, by its text."""
    state = render_state(frame.landscape, frame.look, frame.legend, *SIZE, UNIT)
    look = style(WORDS, TEXT_SIZE * UNIT, state.palette)
    strong = style(WORDS, 1.15 * TEXT_SIZE * UNIT, state.palette, strong=True)
    images = {name: label(name, look) for name in NAMES}
    images |= {axis.name: label(axis.name, strong) for axis in frame.landscape.surface.axes}
    placed = Layout(state).placed
    found = {}
    for name, image in images.items():
        for shown, left, top in placed:
            if shown is image:
                found[name] = QRectF(left, top, image.width(), image.height())
    return state, found


def offsets(frame):
    """How far start, minimum and axis names stand from what they name."""
    state, rects = on_surface(frame)
    (path, *_), ground = frame.landscape.paths, frame.landscape
    named = {"start": path.start, "minimum": ground.minima[0]} | dict.fromkeys(("w", "b", "loss"), (0.0, 0.0, 0.0))
    places = {name: state.lens.project(to_world(place)) for name, place in named.items()}
    return {name: np.array(rects[name].center().toTuple()) - place for name, place in places.items()}


def moves(found, name):
    """How often a label has gone to another place."""
    away = np.diff([one[name] for one in found], axis=0)
    return int(np.count_nonzero(np.hypot(*away.T) > 8.0))


def test_over_the_first_steps_the_labels_of_the_surface_stand_still(qapp):
    """They stood right, left, above, below right, right, above left, in two boxes and then a third."""
    shown = scene()
    found = [offsets(shown.frame(float(step))) for step in range(8)]
    assert [moves(found, name) for name in ("w", "b", "loss", "start")] == [0, 0, 0, 0]
    assert moves(found, "minimum") <= 2, "out of the way of the arrow that leaves, and back into more room"


@pytest.mark.parametrize("name", ["point-nine", "best", "race", "mini-batch"])
def test_no_label_of_the_surface_covers_a_marker_or_another(qapp, name):
    shown = scene(name)
    for step in range(24):
        frame = shown.frame(float(step))
        state, rects = on_surface(frame)
        places = [path.current for path in frame.landscape.paths if path.current is not None]
        for x, y in state.lens.project(to_world(np.array(places))).tolist() if places else ():
            reach = MARKER_SIZE / 2.0 * UNIT
            marker = QRectF(x - reach, y - reach, 2.0 * reach, 2.0 * reach)
            assert not any(rect.intersects(marker) for rect in rects.values()), step
        shown_rects = list(rects.values())
        assert not any(a.intersects(b) for k, a in enumerate(shown_rects) for b in shown_rects[:k]), step


@pytest.mark.parametrize("step", [7, 16, 40])
def test_after_a_jump_labels_stand_as_after_all_steps_before(qapp, step):
    played = scene()
    for before in range(step):
        on_surface(played.frame(float(before)))
    assert on_surface(played.frame(float(step)))[1] == on_surface(scene().frame(float(step)))[1]


def test_while_the_box_grows_labels_stand_as_in_the_one_that_follows(qapp):
    shown = scene()
    found = [offsets(shown.frame(time)) for time in (4.2, 4.5, 4.9, 5.0)]
    assert all(moves(found, name) == 0 for name in ("start", "w", "b", "loss"))
    assert moves(found[:3], "minimum") == 0  # what comes with step 5 may be in its way


@pytest.mark.parametrize("name", ["point-nine", "one", "best"])
def test_the_labels_of_the_contour_stand_still(qtbot, name):
    plot, shown, found = ContourPlot(), scene(name, pane=CONTOUR), []
    qtbot.addWidget(plot)
    plot.resize(*SIZE)
    plot.set_unit(UNIT)
    for step in range(40):
        frame = shown.frame(float(step))
        plot.show_picture(frame.landscape, frame.look, frame.legend)
        rect = next(words.rect for words in plot.words if words.text == "start")
        place = plot.grid.place(*frame.landscape.paths[0].start[:2])
        found.append({"start": np.array((rect.center() - place).toTuple())})
    assert moves(found, "start") <= 1


def test_each_run_of_a_race_has_the_same_earlier_boxes_for_all_its_frames():
    shown = scene("race")
    first, second = (replace(shown).frame(float(step)).landscape.before for step in (7, 8))
    assert first is second is not None
