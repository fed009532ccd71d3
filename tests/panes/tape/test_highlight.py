"""What a row of the tape lights up on the landscape and in the data, against the recording."""

from dataclasses import replace

import numpy as np
import pytest

from gdviz.core.data.creation import generate
from gdviz.core.data.settings import DataSettings
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.recording import record
from gdviz.core.descent.schedules import Constant
from gdviz.core.problems.regression import LinearRegression
from gdviz.core.problems.surfaces import TwoWells
from gdviz.panes.landscape.landscape import height_at
from gdviz.panes.landscape.multiples import multiples
from gdviz.presentation.highlight import Meaning
from gdviz.presentation.look import Look, TapeLook, View
from gdviz.scene.scene import Scene
from tests.recordings import lecture, recorded


def lit_frame(recordings, step, meaning, **look):
    """The frame while one points at the first row with that meaning."""
    scene = Scene("", tuple(recordings), Look(tape=TapeLook(), **look))
    rows = scene.frame(step).pictures["tape"].rows
    place = next(index for index, row in enumerate(rows) if row.meaning is meaning)
    return replace(scene, look=replace(scene.look, tape=TapeLook(place))).frame(step)


@pytest.fixture(scope="module")
def wells():
    return record(Experiment(TwoWells(), schedule=Constant(0.1), start=TwoWells().start, steps=10))


@pytest.mark.parametrize(("meaning", "axis"), [(Meaning.FIRST, 0), (Meaning.SECOND, 1)])
def test_a_parameter_lights_its_axis_and_a_line_along_it(wells, meaning, axis):
    frame = lit_frame([wells], 3, meaning)
    light, surface = frame.landscape.light, frame.landscape.surface
    assert light.meaning is meaning
    assert light.axis == axis
    assert light.place == frame.landscape.paths[0].current
    np.testing.assert_allclose(light.line[:, 1 - axis], light.place[1 - axis], atol=1e-7)
    np.testing.assert_allclose(light.line[[0, -1], axis], (-1.0, 1.0))
    found = height_at(TwoWells(), surface, light.line[:, :2].astype(np.float64))
    np.testing.assert_allclose(light.line[:, 2], found, atol=1e-6)
    assert light.label.startswith(f"{TwoWells.parameters[axis]} = ")


def test_the_loss_is_the_height_of_the_point_and_has_its_number(wells):
    light = lit_frame([wells], 3, Meaning.LOSS).landscape.light
    assert light.axis == 2
    assert not len(light.line)
    assert float(light.label.removeprefix("loss ")) == pytest.approx(float(wells.losses[3]), rel=1e-3)


def test_a_point_outside_of_the_view_lights_its_axis_alone():
    frame = lit_frame([recorded("point-nine")], 200, Meaning.FIRST, view=View.HOLD)
    light = frame.landscape.light
    assert light.place is None
    assert not len(light.line)
    assert light.axis == 0


@pytest.mark.parametrize("meaning", [Meaning.DATA, Meaning.PREDICTIONS, Meaning.RESIDUALS])
def test_what_is_said_of_the_data_lights_in_their_plot_alone(meaning):
    frame = lit_frame([recorded("point-nine")], 2, meaning)
    assert frame.landscape.light is None
    assert frame.pictures["data"].light.meaning is meaning


def test_sample_rows_are_marked_only_while_the_tape_is_shown():
    recording = recorded("point-nine")
    frame = Scene("", (recording,), Look(tape=TapeLook())).frame(2)
    data, (slope, intercept) = recording.experiment.problem.data, recording.points[2].astype(np.float64)
    assert frame.pictures["data"].light.meaning is None
    assert [sample.row for sample in frame.pictures["data"].light.samples] == [1, 51, 100]
    for sample in frame.pictures["data"].light.samples:
        assert (sample.x, sample.y) == (float(data.x[sample.row - 1]), float(data.y[sample.row - 1]))
        assert sample.predicted == pytest.approx(slope * sample.x + intercept)
    assert Scene("", (recording,), Look()).frame(2).pictures["data"].light is None


def test_a_prediction_outside_of_the_plot_has_no_mark():
    frame = Scene("", (recorded("point-nine"),), Look(view=View.HOLD, tape=TapeLook())).frame(100)
    assert [sample.predicted for sample in frame.pictures["data"].light.samples] == [None] * 3


def test_the_marked_rows_of_a_batch_are_those_on_the_tape():
    recording = record(replace(lecture(0.1, steps=5), batch_size=10))
    frame = Scene("", (recording,), Look(tape=TapeLook())).frame(3)
    x, y = (next(row for row in frame.pictures["tape"].forward if row.formula == name) for name in ("x", "y"))
    assert {sample.row for sample in frame.pictures["data"].light.samples} == set(frame.pictures["tape"].samples)
    at = {sample.row: (sample.x, sample.y) for sample in frame.pictures["data"].light.samples}
    assert [at[row] for row in frame.pictures["tape"].samples] == list(zip(x.values, y.values, strict=True))


def test_on_the_landscape_a_batch_run_has_the_loss_of_all_rows():
    recording = record(replace(lecture(0.1, steps=5), batch_size=10))
    light = lit_frame([recording], 3, Meaning.LOSS).landscape.light
    assert float(light.label.removeprefix("loss of all rows ")) == pytest.approx(float(recording.losses[3]), rel=1e-3)


def test_of_several_pictures_that_of_the_live_run_is_lit():
    runs = (recorded("point-nine"), record(lecture(0.1)))
    frame = lit_frame(runs, 2, Meaning.LOSS, multiples=True)
    (one,) = multiples(frame.landscape, frame.legend)
    assert one.legend.live == frame.legend.live
    assert one.landscape.light is not None


def test_many_rows_in_closed_form_light_the_point_and_the_axes():
    problem = LinearRegression(generate(DataSettings(rows=20_000)))
    recording = record(Experiment(problem, schedule=Constant(0.5), start=problem.start, steps=4))
    for meaning in (Meaning.FIRST, Meaning.SECOND, Meaning.POINT, Meaning.LOSS):
        frame = lit_frame([recording], 2, meaning)
        assert frame.landscape.light.meaning is meaning
    assert frame.pictures["data"].light.samples == ()
    point = lit_frame([recording], 2, Meaning.POINT).landscape.light
    assert point.axis == -1
    assert [part.split(" = ")[0] for part in point.label.split(", ")] == ["w", "b"]
