import gc
import itertools
import math
import weakref
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdviz.core.analysis.verdict import Kind, judge
from gdviz.core.data.creation import generate
from gdviz.core.data.settings import DataSettings
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.recording import record
from gdviz.core.descent.schedules import Constant
from gdviz.core.precision import Precision
from gdviz.core.problems.regression import LinearRegression
from gdviz.core.problems.surfaces import Rosenbrock
from gdviz.panes.landscape import zoom
from gdviz.presentation.legend import Legend
from gdviz.presentation.look import BoxChoice, DataPane, Look, LossScale, View
from gdviz.presentation.numbers import format_number
from gdviz.scene.scene import Scene
from tests.recordings import EXPERIMENTS, LECTURE, equal, extend, invented, lecture, numbers, partial, recorded

LOOKS = {
    "follow": Look(),
    "hold": Look(view=View.HOLD, loss_scale=LossScale.LINEAR, data_pane=DataPane.HISTOGRAMS),
    "to path": Look(box=BoxChoice.PATH),
}

EVERY_STEP = ("point-nine", "one", "ten", "valley")


def scene(name, **look):
    return Scene("Title", (recorded(name),), Look(**look))


# What is in a frame


@pytest.mark.unmeasured
@pytest.mark.parametrize("name", EXPERIMENTS)
@pytest.mark.parametrize("look", LOOKS)
def test_nothing_in_any_frame_is_beyond_what_can_be_drawn(name, look):
    shown = Scene("Title", (recorded(name),), LOOKS[look])
    for time in np.arange(0, 200.5, (1.0 if name in EVERY_STEP else 3.0) if look == "follow" else 7.5):
        frame = shown.frame(time)
        for place, values in numbers(frame.landscape):
            if not any(part in place for part in (".surface.box", ".surface.base", ".surface.span")):
                assert np.isfinite(values).all(), (time, place)
                assert np.abs(values).max(initial=0.0) < 1e3, (time, place)
        for place, values in numbers(frame, "frame"):
            if values.dtype.kind == "f" and not place.endswith(".values"):
                assert np.isfinite(values).all(), (time, place)
            assert not np.isinf(values).any(), (time, place)


def test_a_frame_tells_its_step():
    frame = scene("point-nine").frame(4)
    assert frame.step == 4
    assert frame.header.counter == "step 4 / 200"
    assert frame.header.title == "Title"
    assert frame.header.precision == "float32"
    assert frame.header.zoom_label == "view ×1"
    assert frame.header.verdict.kind is Kind.RISING
    assert frame.arithmetic.lines[0].startswith("w ← w")
    assert scene("one in double precision").frame(0).header.precision == "float64"
    long = Scene("", (invented(losses=np.ones(2001)),))
    assert long.frame(1234).header.counter == "step 1,234 / 2,000"


def test_the_odometer_follows_and_holds():
    assert [scene("point-nine").frame(step).header.zoom_label for step in (4, 5)] == ["view ×1", "view ×2"]
    assert scene("point-nine").frame(200).header.zoom_label == "view ×5·10²³"
    assert {scene("point-nine", view=View.HOLD).frame(step).header.zoom_label for step in (0, 5, 200)} == {"view ×1"}


def test_minima_and_the_first_box():
    frame = scene("point-nine").frame(0)
    assert frame.landscape.first_box is None
    np.testing.assert_allclose(frame.landscape.minima, [[0.0, 0.0, 0.0]], atol=1e-6)
    far = scene("point-nine").frame(9).landscape
    factor = far.surface.box.half[0] / LECTURE.box.half[0]
    outline = far.first_box.astype(np.float64)
    assert np.array_equal(outline[0], outline[-1])
    np.testing.assert_allclose(np.abs(outline[:, :2]).max(axis=1) * factor, 1.0, rtol=1e-6)
    corners = {
        tuple(np.round(row[:2] * factor).astype(int)) for row in outline if np.abs(row[0] * row[1]) * factor**2 > 0.999
    }
    assert corners == set(itertools.product((-1, 1), repeat=2))
    assert len(scene("four wells").frame(0).landscape.minima) == 4


# A function of the moment


@pytest.mark.unmeasured
@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from(sorted(EXPERIMENTS)),
    st.sampled_from(sorted(LOOKS)),
    st.lists(st.one_of(st.integers(0, 210), st.floats(0.0, 205.0)), min_size=2, max_size=8),
    st.randoms(use_true_random=False),
)
def test_frames_do_not_depend_on_the_frames_before(name, look, times, random):
    def fresh():
        return Scene("Title", (partial(recorded(name), 201),), LOOKS[look])

    first, second = fresh(), fresh()
    frames = {time: first.frame(time) for time in times}
    random.shuffle(times)
    for time in times:
        assert equal(second.frame(time), frames[time])
        assert equal(first.frame(time), frames[time])


@pytest.mark.parametrize("name", ["point-nine", "one", "tenth", "valley"])
def test_frames_do_not_change_while_the_recording_grows(name):
    whole = recorded(name)
    growing = partial(whole, 101)
    moments = (0, 3, 4.5, 10, 37, 50, 99.5, 100)
    before = {time: Scene("Title", (growing,)).frame(time) for time in moments}
    for count in (102, 130, 201):
        extend(growing, whole, count)
        for time, frame in before.items():
            if time == 100 and count == 102:
                continue
            after = Scene("Title", (growing,)).frame(time)
            # Only the verdict and the highest rung are those of the whole run.
            whole_run = {"verdict": frame.header.verdict, "top_zoom_level": frame.header.top_zoom_level}
            assert equal(replace(after, header=replace(after.header, **whole_run)), frame)
    assert equal(Scene("Title", (growing,)).frame(200), Scene("Title", (whole,)).frame(200))


@pytest.mark.parametrize("time", [200, 200.7, 201, 5000.0])
def test_beyond_the_end_is_the_last_frame(time):
    assert equal(scene("point-nine").frame(time), scene("point-nine").frame(200))


def test_before_the_start_is_the_first_frame():
    assert equal(scene("point-nine").frame(-3.5), scene("point-nine").frame(0))


def test_comparing_frames_finds_a_single_changed_number():
    one, two = scene("tenth").frame(5), scene("tenth").frame(5)
    assert equal(one, two)
    two.landscape.paths[0].segments[0, 0, 0] += np.float32(1e-6)
    assert not equal(one, two)
    assert not equal(one, scene("tenth").frame(6))


# Easing


def halves(shown, times):
    return [shown.frame(float(time)).landscape.surface.box.half[0] for time in times]


def test_the_box_grows_steadily_between_two_steps():
    shown = scene("point-nine")
    assert shown.box_changes_after(4)
    assert not shown.box_changes_after(3)
    widths = halves(shown, np.linspace(4, 5, 21))
    assert all(a < b for a, b in itertools.pairwise(widths))
    assert widths[0] == LECTURE.box.half[0]
    assert widths[-1] == LECTURE.box.half[0] * 2.0
    logs = np.log(widths)
    np.testing.assert_allclose(logs[10], (logs[0] + logs[-1]) / 2)
    # It starts and ends gently.
    assert max(logs[1] - logs[0], logs[-1] - logs[-2]) < (logs[11] - logs[10]) / 3
    assert {shown.frame(time).step for time in (4, 4.3, 4.99)} == {4}


@pytest.mark.parametrize("name", ["point-nine", "ten", "valley"])
def test_whole_moments_are_at_rest_on_the_ladder(name):
    shown = scene(name)
    first = recorded(name).experiment.problem.box.half[0]
    for step in range(0, 201, 5):
        rung = zoom.zoom_level_at(recorded(name), step, recorded(name).experiment.problem.box)
        assert halves(shown, [step]) == [first * zoom.factor(rung)]


def test_where_the_box_does_not_grow_nothing_moves():
    shown = scene("tenth")
    assert equal(shown.frame(7.6), shown.frame(7))
    held = scene("point-nine", view=View.HOLD)
    assert not held.box_changes_after(4)
    assert equal(held.frame(4.6), held.frame(4))


# Several runs


def test_runs_of_different_lengths():
    short, long = record(lecture(0.1, steps=20)), recorded("point-nine")
    frame = Scene("Race", (short, long)).frame(100)
    assert frame.step == 100
    assert [path.style for path in frame.landscape.paths] == [0, 1]
    assert len(frame.landscape.paths[0].dots) == 21
    assert frame.header.zoom_label == zoom.zoom_label(zoom.zoom_level_at(long, 100, LECTURE.box))
    assert frame.arithmetic == Scene("", (short,)).frame(20).arithmetic
    assert frame.landscape.notes[0].endswith(Scene("", (short,)).frame(20).landscape.notes[0])
    assert frame.header.counter == "step 100 / 200"
    assert Scene("Race", (short, long)).last_step == 200


def test_every_picture_has_the_styles_of_the_scene():
    runs = (recorded("tenth"), recorded("point-nine"), recorded("one"))
    shown = Scene("Race", runs, styles=(3, 0, 2))
    frame = shown.frame(3)
    assert frame.legend.live == 3
    assert [path.style for path in frame.landscape.paths] == [3, 0, 2]
    assert [curve.style for curve in frame.pictures["loss"].curves] == [3, 0, 2]
    assert [style for style, _ in shown.frame(0).pictures["data"].current_lines] == [3, 0, 2]
    assert [entry.style for entry in frame.legend.entries] == [0, 2, 3]
    assert [run.style for run in replace(shown, look=Look(pane="map")).frame(3).pictures["map"].runs] == [3, 0, 2]
    starts = replace(shown, look=Look(pane="basins")).frame(3).pictures["basins"]
    assert [path.style for path in starts.paths] == [3, 0, 2]
    # Nothing but the styles is another than with the usual ones.
    assert equal(frame.landscape.paths[2], Scene("Race", runs).frame(3).landscape.paths[2])


def test_each_run_has_one_style():
    runs = (recorded("tenth"), recorded("point-nine"))
    assert Scene("", runs).styles == (0, 1)
    with pytest.raises(ValueError, match="2 runs have 1 styles"):
        Scene("", runs, styles=(0,))


def test_a_single_run_has_no_legend():
    assert scene("tenth").frame(3).legend == Legend()
    assert scene("tenth").frame(3).legend.live == 0


# Notes


def last_number(note):
    return float(note.split()[-1].replace("−", "-"))


def test_the_first_notes_are_where_the_run_stands():
    recording = recorded("tenth")
    for step in (0, 10, 200):
        loss, away = map(last_number, scene("tenth").frame(step).landscape.notes)
        assert loss == pytest.approx(float(recording.losses[step]), rel=1e-3)
        point = recording.points[step].astype(np.float64)
        assert away == pytest.approx(math.dist(point, LECTURE.minima[0]), rel=1e-3)


def test_the_nearest_of_several_minima_counts():
    recording = record(replace(EXPERIMENTS["four wells"], schedule=Constant(0.01), start=(-1.0, 1.0)))
    minima = recording.experiment.problem.minima
    point = recording.points[200].astype(np.float64)
    assert min(math.dist(point, minimum) for minimum in minima[1:]) < 1e-3 < math.dist(point, minima[0])
    _, away = Scene("", (recording,)).frame(200).landscape.notes
    assert last_number(away) < 1e-3


def notes_beyond(shown, step):
    """The notes but for the loss and the distance to the minimum."""
    return [note for note in shown.frame(step).landscape.notes if not note.startswith(("loss ", "distance "))]


def test_several_runs_have_lines_in_the_legends_order():
    runs = (recorded("ten"), recorded("tenth"), recorded("point-nine"))
    shown = Scene("", runs, styles=(2, 0, 1))
    held = replace(shown, look=Look(view=View.HOLD))
    losses = [format_number(float(run.losses[3])) for run in (runs[1], runs[2], runs[0])]
    assert losses[1] == "12.69"
    named = zip(("0.1", "0.9", "10"), losses, strict=True)
    assert shown.frame(3).landscape.notes == tuple(f"{name}: loss {loss}" for name, loss in named)
    assert shown.frame(60).landscape.notes[2] == "10: off every map from step 28"
    assert held.frame(200).landscape.notes == ("0.1: loss 2.243e−04", "0.9: now b = −1.86e24", "10: now w = NaN")
    assert shown.frame(3).header.verdict.sentence.startswith("10: loss rose from 1465 to 5.53e08")
    assert [path.arrow.label for path in held.frame(9).landscape.paths if path.arrow] == [
        "10 left at step 1",
        "0.9 left at step 4",
    ]
    alone = replace(held, look=Look(view=View.HOLD, multiples=True)).frame(9).landscape.paths
    assert [path.arrow.label for path in alone if path.arrow] == ["left at step 1", "left at step 4"]


def test_held_it_is_said_where_the_run_is_now():
    shown = scene("point-nine", view=View.HOLD)
    assert notes_beyond(shown, 3) == []
    assert notes_beyond(shown, 200) == ["left at step 4; now b = −1.86e24"]
    assert notes_beyond(scene("point-nine"), 200) == []


def test_the_end_of_the_numbers_is_said():
    recording = recorded("one")
    step = min(recording.milestones.infinite)
    name = "wb"[recording.milestones.infinite.index(step)]
    value = float(recording.points[step, "wb".index(name)])
    sign = "inf" if value > 0 else "−inf"
    assert notes_beyond(scene("one"), step - 1) == []
    for later in (step, step + 1, 200):
        (note,) = notes_beyond(scene("one"), later)
        assert note.startswith(f"{name} = {sign} from step {step}")
        (held,) = notes_beyond(scene("one", view=View.HOLD), later)
        assert held.startswith("left at step ")
    assert held.endswith("= NaN")


def test_held_a_step_from_inside_to_infinity_has_left():
    recording = invented([(0.0, 0.0), (math.inf, 0.0), (math.nan, 0.0)], [1.0, math.inf, math.nan])
    shown = Scene("", (recording,), Look(view=View.HOLD))
    assert [notes_beyond(shown, step) for step in range(3)] == [
        [],
        ["left at step 1; now w = inf"],
        ["left at step 1; now w = NaN"],
    ]


def test_a_run_that_never_was_inside_has_not_left():
    recording = invented(LECTURE.box.denormalised([(0.0, 7.0), (0.0, 6.0), (0.0, 0.5), (9.0, 0.0)]))
    shown = Scene("", (recording,), Look(view=View.HOLD))
    b = LECTURE.box.denormalised([(0.0, 7.0)])[0, 1]
    assert notes_beyond(shown, 0) == [f"outside of the view from the start; now b = {b:.1f}"]
    assert notes_beyond(shown, 2) == []
    assert notes_beyond(shown, 3)[0].startswith("left at step 3; now w = ")


def test_the_view_ends_where_the_loss_does():
    experiment = Experiment(
        Rosenbrock(), schedule=Constant(0.1), start=(-1.2, 1.0), steps=60, precision=Precision.FLOAT64
    )
    recording, box = record(experiment), experiment.problem.box
    beyond = [
        step
        for step in range(61)
        if zoom.zoom_level_at(recording, step, box) == zoom.top_zoom_level(experiment.problem, box)
    ]
    notes = Scene("", (recording,)).frame(beyond[0]).landscape.notes
    assert any(note.startswith("the view cannot grow further") for note in notes)
    assert not any(note.startswith("the view cannot") for note in Scene("", (recording,)).frame(2).landscape.notes)


def test_a_run_back_from_infinity_is_not_called_infinite():
    recording = record(lecture(0.9, steps=1000).with_learning_rate(0.5, 160))
    frame = Scene("", (recording,)).frame(1000)
    assert frame.header.verdict == judge(recording)
    assert frame.header.verdict.kind is Kind.CONVERGED
    assert "infinite" not in frame.header.verdict.sentence


def test_no_cache_keeps_the_data_of_a_gone_problem():
    recording = record(replace(lecture(0.5), problem=LinearRegression(generate(DataSettings(seed=77)))))
    data = weakref.ref(recording.experiment.problem.data)
    Scene("s", (recording,), Look(switched_on=frozenset({"formula"}))).frame(5)
    del recording
    gc.collect()
    assert data() is None


def test_the_header_of_several_runs_has_the_verdict_on_each():
    runs = tuple(record(lecture(rate)) for rate in (0.9, 0.01, 0.7))
    header = Scene("t", runs, styles=(2, 0, 1)).frame(3).header
    assert [(run.style, run.name, run.kind.value) for run in header.runs] == [
        (0, "0.01", "falling"),
        (1, "0.7", "to and fro"),
        (2, "0.9", "rising"),
    ]
    assert Scene("t", runs[:1]).frame(3).header.runs == ()


def test_in_a_race_the_note_on_the_arrows_says_whose_they_are():
    look = Look(inside=True)
    alone = Scene("", (recorded("tenth"),), look).frame(3).landscape.notes[0]
    raced = Scene("", (recorded("tenth"), recorded("point-nine")), look).frame(3).landscape.notes[0]
    assert alone.startswith("arrows: next step in true length; −gradient ×")
    assert raced == alone.replace("arrows", "arrows of 0.1", 1)
