"""The small contours, one of each run."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from PySide6.QtCore import QRectF, Qt

from gdviz.animation.events import box_jumps
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.recording import record
from gdviz.core.descent.schedules import Constant
from gdviz.core.problems.regression import LinearRegression
from gdviz.core.scenarios.library import load_scenario
from gdviz.export.still import StillStage
from gdviz.panes.contour.multiples import MultiplesPane
from gdviz.panes.landscape.multiples import grid_shape, has_multiples, multiples, short_notes
from gdviz.presentation.legend import Legend, LegendEntry
from gdviz.presentation.look import Look, TapeLook, Theme, View
from gdviz.presentation.palette import PALETTES
from gdviz.scene.scene import Scene
from gdviz.stage.stage import Stage
from tests.frames import (
    around,
    as_svg,
    landscape,
    leaving,
    make_frame,
    pixels,
    resembles,
    run_path,
    show_frame,
)

SIZES = [(480, 260, 0.8), (740, 594, 1.16), (1100, 800, 1.7)]
NOTES = ("diverging", "loss 67.46")
PLACES = ((-0.7, 0.3), (0.6, 0.5), (0.5, -0.6), (-0.5, -0.4))


@pytest.fixture
def pane(qtbot):
    widget = MultiplesPane()
    qtbot.addWidget(widget)
    widget.resize(740, 594)
    widget.set_unit(1.16)
    return widget


def race(count=4, theme=Theme.LIGHT, **path):
    """A frame with runs that stand in places of their own, the last one live."""
    paths = [replace(run_path(PLACES[style], style=style), notes=NOTES, **path) for style in reversed(range(count))]
    legend = Legend("learning rate", tuple(LegendEntry(style, f"0.{style + 1}") for style in range(count)))
    frame = make_frame(ground=landscape(*paths, minima=()), look=Look(theme=theme, multiples=True, pane="contour"))
    return replace(frame, legend=legend)


def recordings(*rates):
    problem = LinearRegression()
    return tuple(record(Experiment(problem, schedule=Constant(rate), start=problem.start)) for rate in rates)


@pytest.mark.parametrize(("width", "height", "unit"), SIZES)
@pytest.mark.parametrize("count", [2, 3, 4])
@pytest.mark.parametrize("theme", Theme)
def test_each_run_is_on_its_own_contour_and_on_no_other(pane, theme, count, width, height, unit):
    pane.resize(width, height)
    pane.set_unit(unit)
    show_frame(pane, race(count, theme))
    picture = pixels(pane)
    grids = pane.grids
    assert len(grids) == count
    for own, grid in enumerate(grids):
        for style in range(count):
            spot = resembles(around(picture, grid.place(*PLACES[style]), 1), PALETTES[theme].runs[style], 20)
            assert spot.all() == (style == own)


@pytest.mark.parametrize(("width", "height", "unit"), SIZES)
@pytest.mark.parametrize("count", [2, 3, 4])
def test_nothing_overlaps_and_nothing_is_cut(pane, count, width, height, unit):
    pane.resize(width, height)
    pane.set_unit(unit)
    arrow = leaving((0.2, 0.2), (1.0, 0.5), (1.1, 0.55), "leaves the view at step 123")
    arrow = replace(arrow, shorter=("leaves at step 123",))
    show_frame(pane, race(count, arrow=arrow))
    words = [one for one in pane.words if one.text]
    assert [one.text for one in words if "learning rate" in one.text] == [
        f"learning rate 0.{style + 1}" for style in range(count)
    ]
    # In the smallest the verdict is left out, which the header has, too.
    told = "diverging, loss 67.46, leaves at step 123" if width > 500 else "loss 67.46, leaves at step 123"
    assert sum(one.text == told for one in words) == count
    for one in words:
        assert QRectF(pane.rect()).contains(one.rect), one.text
    for one, other in combinations(words, 2):
        assert not one.rect.intersects(other.rect), (one.text, other.text)
    for one, other in combinations([grid.area for grid in pane.grids], 2):
        assert not one.intersects(other)
        assert one.size() == other.size()
        assert one.height() > 0.1 * height


def test_the_start_can_be_dragged_in_each_of_them(pane, qtbot):
    show_frame(pane, race())
    for grid, place in zip(pane.grids, PLACES, strict=True):
        qtbot.mouseMove(pane, grid.place(*place).toPoint())
        qtbot.mousePress(pane, Qt.MouseButton.LeftButton, pos=grid.place(*place).toPoint())
        with qtbot.waitSignal(pane.start_dragged) as dragged:
            qtbot.mouseMove(pane, grid.place(0.0, 0.0).toPoint())
        with qtbot.waitSignal(pane.start_released):
            qtbot.mouseRelease(pane, Qt.MouseButton.LeftButton, pos=grid.place(0.0, 0.0).toPoint())
        # The middle of the box is w = 0, b = 1, to a pixel.
        np.testing.assert_allclose(dragged.args, (0.0, 1.0), atol=0.05)


def test_in_a_file_of_vectors_texts_and_paths_are_vectors(pane):
    show_frame(pane, race())
    text = as_svg(pane)
    assert text.count("<image") == 4
    assert text.count("<path") > 60


def test_where_it_was_pointed_at_changes_no_picture(pane, qtbot):
    show_frame(pane, race())
    before = pixels(pane)
    qtbot.mouseMove(pane, pane.grids[3].area.center().toPoint())
    show_frame(pane, race())
    np.testing.assert_array_equal(pixels(pane), before)


def test_a_run_alone_has_no_small_multiples():
    scene = Scene("t", recordings(0.9), Look(multiples=True))
    assert not has_multiples(scene.look, scene.frame(3).legend)


def test_each_run_has_the_box_of_its_own_path():
    """In that of the run that diverges the paths of the others were points."""
    runs = recordings(0.9, 0.1, 0.7)
    scene = Scene("t", runs, Look(multiples=True), styles=(2, 0, 1))
    frame = scene.frame(200)
    slow, good, wild = (one.landscape for one in multiples(frame.landscape, frame.legend))
    first = runs[0].experiment.problem.box
    assert slow.surface is good.surface
    assert slow.surface.box == good.surface.box == first
    assert slow.first_box is None
    assert wild.surface.box.half[0] > 1e20 * first.half[0]
    assert wild.surface.box == Scene("t", runs[:1], Look()).frame(200).landscape.surface.box
    assert wild.notes[:2] == ("diverging", "view ×5·10²³")
    assert [one.notes[1].split()[0] for one in (slow, good)] == ["loss", "loss"]
    assert frame.header.zoom_label == "own views"
    assert scene.frame(0).header.zoom_label == "view ×1"


def test_each_box_eases_for_itself():
    scene = Scene("t", recordings(0.9, 0.1), Look(multiples=True))
    step = next(step for step in range(20) if scene.box_changes_after(step))
    assert step in box_jumps(scene, 0, 20)
    frame = scene.frame(step + 0.5)
    wild, slow = (one.landscape for one in multiples(frame.landscape, frame.legend))
    assert wild.is_between
    assert not slow.is_between


def test_the_small_surfaces_are_sampled_once(monkeypatch):
    scene = Scene("t", recordings(0.9, 1.0, 0.85, 0.8), Look(multiples=True))
    for _ in range(2):
        frames = [scene.frame(step) for step in (30, 31)]
    again = [scene.frame(step) for step in (30, 31)]
    for frame, other in zip(frames, again, strict=True):
        surfaces = [each.surface for each in frame.landscape.each]
        assert len({id(surface) for surface in surfaces}) == 4
        assert all(each.surface is surface for each, surface in zip(other.landscape.each, surfaces, strict=True))


def test_each_frame_has_its_own_run_and_on_request_the_same_box():
    runs = recordings(0.9, 0.1, 0.7)
    frame = Scene("t", runs, Look(multiples=True, same_view=True), styles=(2, 0, 1)).frame(8)
    found = multiples(frame.landscape, frame.legend)
    assert [one.legend.live for one in found] == [0, 1, 2]
    assert [one.landscape.paths[0].style for one in found] == [0, 1, 2]
    assert all(one.landscape.surface is frame.landscape.surface for one in found)
    assert [one.legend.entries[0].text for one in found] == ["0.1", "0.7", "0.9"]
    assert [one.landscape.notes for one in found[:2]] == [short_notes(runs[index], 8, frame.look) for index in (1, 2)]
    # It has left the view less than a second ago.
    assert found[2].landscape.notes == ("rising", "loss 205.5", "leaves at step 6")
    # The runs keep their notes for themselves where nobody asks for them.
    plain = Scene("t", runs, Look()).frame(8)
    assert all(path.notes == () for path in plain.landscape.paths)


def test_the_stage_shows_them_instead_of_the_one_contour(qtbot):
    stage = Stage(False)
    qtbot.addWidget(stage)
    stage.resize(1280, 720)
    scene = Scene("t", recordings(0.9, 0.1), Look(multiples=True))
    stage.show_frame(scene.frame(2))
    assert stage.panes["contour"].isHidden()
    assert not stage.panes["multiples"].isHidden()
    stage.show_frame(replace(scene, look=Look()).frame(2))
    assert not stage.panes["contour"].isHidden()
    assert stage.panes["multiples"].isHidden()


def test_a_picture_is_as_the_stage_shows_it(qtbot):
    frame = Scene("t", recordings(0.9, 0.1, 0.7), Look(multiples=True, pane="contour")).frame(6)
    still = StillStage(False)
    exported = still.picture(frame, 960, 540, 0)
    still.close()
    stage = Stage(False)
    qtbot.addWidget(stage)
    stage.resize(960, 540)
    stage.show_frame(frame)
    assert stage.picture() == exported


def test_the_verdict_on_the_way_stands_above_the_loss():
    run = recordings(0.7)[0]
    look = Look(multiples=True)
    assert short_notes(run, 0, look) == ("start", "loss 2.412")
    assert short_notes(run, 4, look) == ("to and fro", "loss 0.435")
    assert short_notes(run, 200, look) == short_notes(run, 300, look) == ("converged", "loss 9.982e−05")


def test_the_exit_is_a_note_below_the_heading_and_no_label():
    frame = Scene("t", recordings(0.9, 0.1), Look(multiples=True)).frame(4)
    left, right = multiples(frame.landscape, frame.legend)
    assert left.landscape.notes == ("rising", "loss 22.15", "leaves at step 4")
    assert left.landscape.paths[0].arrow.label == ""
    assert right.landscape.notes == ("falling", "loss 0.2448")
    held = Scene("t", recordings(0.9, 0.1), Look(multiples=True, view=View.HOLD)).frame(200)
    assert multiples(held.landscape, held.legend)[0].landscape.notes == ("diverging", "loss inf", "left at step 4")


def test_in_small_pictures_titles_are_dropped_before_rates_and_no_word_is_cut(pane):
    """Of Adam's race it said "gradient descent, learning rate …"."""
    scenario = load_scenario("adam")
    runs = tuple(record(replace(run, steps=3)) for run in (scenario.experiment, *scenario.others))
    frame = Scene("t", runs, Look(multiples=True, inside=True, pane="contour")).frame(2)
    show_frame(pane, frame)
    texts = [words.text for words in pane.words]
    assert {"Adam, learning rate 0.1", "gradient descent, 0.02"} <= set(texts)
    pane.resize(520, 400)
    show_frame(pane, frame)
    texts = [words.text for words in pane.words]
    assert "loss 0.7247, arrows ×0.02, step ×1" in texts  # the verdict is in the header, too
    assert not any("…" in text for text in texts)


def test_beside_the_tape_there_is_the_live_run_alone():
    frame = Scene("t", recordings(0.9, 0.1, 0.7), Look(multiples=True, tape=TapeLook()), styles=(2, 0, 1)).frame(4)
    (one,) = multiples(frame.landscape, frame.legend)
    assert (one.legend.live, one.legend.entries[0].text) == (2, "0.9")


def test_two_stand_where_their_pictures_are_larger():
    assert [grid_shape(2, *size) for size in ((740, 594), (740, 300), (400, 900))] == [(2, 1), (2, 1), (1, 2)]
    assert [grid_shape(count, 400, 900) for count in (1, 3, 4)] == [(1, 1), (2, 2), (2, 2)]
