"""Frames of problems that do not ship: without a minimum what needs one is not there, and a person is told why."""

from dataclasses import replace

import numpy as np
import pytest

from gdviz.animation.animation import Animation
from gdviz.animation.captions import alternative_text, captions
from gdviz.animation.pace import Teach, moments
from gdviz.core.analysis.phase_map import default_grid, log_spaced_steps, phase_map
from gdviz.core.analysis.range_test import as_range_test
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.recording import record
from gdviz.core.descent.schedules import Constant, RangeTest
from gdviz.panes.bars.header import HeaderBar
from gdviz.panes.data.lines import LinePlot
from gdviz.panes.formula.pane import FormulaPane
from gdviz.panes.loss.plot import LossPlot
from gdviz.panes.rate_map.picture import tooltip_text
from gdviz.panes.rate_map.plot import MapPlot
from gdviz.presentation.look import Look, LossScale, TapeLook
from gdviz.scene.scene import Scene
from tests.panes.support import assert_words_stand_clear
from tests.recordings import numbers
from tests.seams import Saddle, SmoothAbsolute, SteepSquares


def recording(problem, rate=0.1, **others):
    return record(Experiment(problem, schedule=Constant(rate), **{"start": problem.start, **others}))


def frame(run, step, phase_map=None, **look):
    return Scene("T", (run,), Look(**look), phase_map).frame(step)


@pytest.fixture
def pane(qtbot):
    def make(kind, picture, size=(560, 300)):
        shown = kind()
        qtbot.addWidget(shown)
        shown.set_unit(1.0)
        shown.resize(*size)
        shown.show_picture(picture, Look())
        shown.grab()
        return shown

    return make


def words(pane):
    return " | ".join(one.text for one in pane.words)


SADDLE = recording(Saddle(), steps=600)


@pytest.mark.parametrize("step", [0, 1, 30, 281, 282, 600])
@pytest.mark.parametrize(
    "look", [{}, {"loss_scale": LossScale.LINEAR}, {"switched_on": frozenset({"formula"}), "ghost": True}]
)
def test_every_number_of_a_saddle_is_finite(step, look):
    shown = frame(SADDLE, step, **look)
    for place, values in numbers(
        (
            shown.landscape,
            shown.pictures["loss"].value_range,
            shown.pictures["loss"].hatched,
            shown.pictures["loss"].step_range,
        )
    ):
        assert np.isfinite(values).all(), place
    assert len(shown.landscape.minima) == 0
    assert not any("distance" in note or "minimum" in note for note in shown.landscape.notes)
    assert shown.pictures["loss"].minimum is None


def test_the_axis_of_a_loss_below_zero_is_linear_and_says_so(pane):
    shown = frame(SADDLE, 600).pictures["loss"]
    assert (shown.scale, shown.note) == (LossScale.LINEAR, "linear: a loss of 0 or less has no logarithm")
    assert frame(SADDLE, 600, loss_scale=LossScale.LINEAR).pictures["loss"].note == ""
    assert shown.value_range[0] < 0
    assert shown.marks[0].label == "loss = −inf from step 282"
    assert shown.marks[0].explanation == "the loss is below −3.4e38, the lowest number of float32"
    assert shown.hatched == ((282.0, 600.0),)
    plot = pane(LossPlot, shown)
    assert "minimum" not in words(plot)
    assert "(linear)" in words(plot)
    assert_words_stand_clear(plot)


def test_a_loss_that_stays_above_zero_has_its_logarithm():
    shown = frame(recording(Saddle(), start=(1.0, 0.0), steps=20), 20).pictures["loss"]
    assert (shown.scale, shown.note, shown.minimum) == (LossScale.LOG, "", None)


def test_a_loss_that_is_never_finite_has_an_axis_too():
    gone = recording(Saddle(), start=(0.0, 1e30), steps=20)
    assert frame(gone, 20).pictures["loss"].value_range[0] < frame(gone, 20).pictures["loss"].value_range[1]


def test_the_formula_says_that_there_is_no_minimum(pane):
    shown = frame(SADDLE, 30, switched_on=frozenset({"formula"})).pictures["formula"]
    assert (shown.minima, shown.nearest, shown.distance, shown.cost) == ((), None, None, "")
    assert shown.answer.steps == "not known"
    told_words = words(pane(FormulaPane, shown))
    assert "no minimum is known that a run could come near to" in told_words
    assert "saddle, and no minimum" in told_words
    assert "distance" not in told_words
    assert "1 % of the start's loss" not in told_words


def test_the_map_without_line_and_wall_says_what_its_colours_are(pane):
    experiment = SADDLE.experiment
    grid = replace(default_grid(experiment, 24), steps=log_spaced_steps(2000))
    shown = frame(SADDLE, 100, phase_map(experiment, grid), pane="map").pictures["map"]
    background = shown.background
    assert background.limit is None
    assert not background.from_start
    assert len(background.line) == 0
    assert set(np.unique(background.regions)) <= {0, 6, 7}
    assert np.isposinf(background.values).any()
    assert tooltip_text(shown, 0.1, 600).splitlines()[0].endswith(": no minimum is known")
    found = words(pane(MapPlot, shown, (700, 500)))
    assert "loss; no minimum is known" in found
    assert "1 % left" not in found
    assert "more steps" not in found


def test_the_header_and_the_captions_tell_how_it_runs_away(pane):
    scene = Scene("T", (SADDLE,), Look())
    assert scene.frame(600).header.verdict.sentence == "loss minus infinity since step 282"
    clip = Animation(scene, moments(scene, Teach(), 0, 600, 30), 30)
    assert captions(clip)[-1].text.endswith("diverging: loss minus infinity since step 282")
    assert "converged" not in alternative_text(clip)
    early = frame(recording(Saddle(), steps=12), 12).header
    header = pane(HeaderBar, early, (900, 50))
    assert "no minimum is known" in header.accessibleDescription()


def test_a_sweep_suggests_no_more_than_it_knows():
    saddle = Saddle()
    experiment = as_range_test(Experiment(saddle, start=saddle.start), RangeTest(start=0.01, end=2.0, stops=False))
    shown = frame(record(experiment), experiment.steps).pictures["rates"]
    assert shown.sweep.minimum is None
    assert shown.truth.startswith("No minimum of this loss is known:")
    assert not {"limit", "best"} & {one.name for one in shown.suggestions}


# Over data


@pytest.mark.parametrize("kind", [SmoothAbsolute, SteepSquares])
@pytest.mark.parametrize("size", [None, 10])
def test_the_data_pane_shows_what_is_known(kind, size, pane):
    shown = frame(recording(kind(), steps=60, batch_size=size), 60)
    assert shown.pictures["data"].data is not None
    assert (shown.pictures["data"].best_line is not None) is (kind is SteepSquares)
    named = words(pane(LinePlot, shown.pictures["data"]))
    assert ("best fit" in named) is (kind is SteepSquares)
    assert "true line" in named
    if size is not None:
        assert shown.landscape.notes[-2:] == ("no limit is known", "6 epochs of 100 rows")


@pytest.mark.parametrize("size", [None, 10])
def test_the_tape_shows_its_rows_in_the_data(size):
    run = recording(SteepSquares(), steps=20, batch_size=size)
    shown = frame(run, 7, tape=TapeLook(checked=True))
    assert shown.pictures["tape"].check.agrees
    assert shown.pictures["tape"].rows_of_data == 100
    assert shown.pictures["tape"].reverse[-1].values[0] in run.gradients[7].tolist()
    assert {sample.row for sample in shown.pictures["data"].light.samples} == set(shown.pictures["tape"].samples)
    assert shown.pictures["tape"].is_batch is (size is not None)


def test_the_formula_of_a_loss_without_a_minimum_costs_nothing():
    shown = frame(recording(SteepSquares(), steps=60), 60, switched_on=frozenset({"formula"})).pictures["formula"]
    assert shown.cost == ""
    assert shown.distance == pytest.approx(np.hypot(*(np.array(shown.current.point) - shown.minima[0].point)))
    assert shown.answer.reason == "as recorded in this run"
