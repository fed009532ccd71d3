"""Changes of the learning rate by hand are marked in the loss plot, each with its rate."""

from dataclasses import replace

import pytest

from gdviz.core.descent.manual_changes import with_rate_from
from gdviz.core.descent.recording import record
from gdviz.core.descent.schedules import Constant
from gdviz.core.scenarios.library import load_scenario
from gdviz.panes.loss.changes import change_marks
from gdviz.panes.loss.picture import build_loss_picture
from gdviz.panes.loss.plot import LossPlot
from gdviz.presentation.look import Look
from gdviz.presentation.palette import PALETTES
from gdviz.scene.scene import Scene
from tests.frames import show_frame


def changed(*changes, rate=0.5):
    """The lecture's run with these changes: step and rate."""
    experiment = replace(load_scenario("point-nine").experiment, schedule=Constant(rate))
    for step, learning_rate in changes:
        experiment = replace(experiment, schedule=with_rate_from(experiment.schedule, step, learning_rate))
    return record(experiment)


def test_a_change_is_marked_with_its_rate_from_its_step_on():
    recording = changed((20, 0.1), (120, 0.00025))
    labels = {step: [mark.label for mark in change_marks((recording,), step, 200)] for step in (0, 19, 20, 119, 200)}
    assert labels == {0: [], 19: [], 20: ["rate 0.1"], 119: ["rate 0.1"], 200: ["rate 0.1", "rate 0.00025"]}
    assert [mark.step for mark in change_marks((recording,), 200, 200)] == [20, 120]


def test_a_slider_that_is_dragged_makes_one_mark():
    recording = changed(*((step, 0.5 - step / 100) for step in range(10, 30)), (100, 0.7))
    first, second = change_marks((recording,), 200, 200)
    assert (first.step, first.label) == (29, "rate 0.21")
    assert first.explanation == "the learning rate is 0.21 from step 29 on, after 19 other changes just before"
    assert second.explanation == "the learning rate is 0.7 from step 100 on"


def test_of_several_runs_the_name_stands_before_it():
    runs = changed((20, 0.1)), changed(rate=0.3), changed((20, 0.1), rate=0.3)
    marks = change_marks(runs, 200, 200)
    assert [mark.label.partition(": ")[2] for mark in marks] == ["rate 0.1", "rate 0.1"]
    assert len({mark.label for mark in marks}) == 2


@pytest.mark.parametrize("step", [20, 60, 200])
def test_the_label_stands_beside_its_line_in_the_colour_of_no_warning(qtbot, step):
    plot = LossPlot()
    qtbot.addWidget(plot)
    plot.resize(520, 380)
    recording = changed((20, 0.1))
    assert len(build_loss_picture((recording,), step, Look()).marks) == 1
    show_frame(plot, Scene("T", (recording,)).frame(step))
    (label,) = (words for words in plot.words if words.text == "rate 0.1")
    assert label.colour == PALETTES[Look().theme].accent
    x = plot.grid.x(20)
    assert min(abs(label.rect.left() - x), abs(label.rect.right() - x)) < 12
    assert [mark.label for mark in plot.mark_at(label.rect.center())] == ["rate 0.1"]
