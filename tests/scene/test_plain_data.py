"""Plain data, such as one row or the same x in every row, as every pane shows them at every step."""

import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdviz.core.box import Box
from gdviz.core.data.creation import from_points
from gdviz.core.descent.recording import record
from gdviz.core.problems.regression import LinearRegression
from gdviz.core.scenarios.library import scenario_of_data
from gdviz.panes.landscape.landscape import minimum_line, sample_surface
from gdviz.presentation.look import DataPane, Look, LossScale
from gdviz.scene.scene import Scene
from tests.recordings import numbers

FLAT = {
    "one row": ([2], [3]),
    "one x": ([2, 2, 2], [1, 2, 6]),
    "one x that sums round": ([0.1] * 3, [0.1, 0.2, 0.6]),
    "equal rows": ([2] * 5, [3] * 5),
    "x of 0": ([0, 0, 0], [1, 2, 6]),
    "tiny x": ([1e-300, 2e-300, 3e-300], [1, 2, 3]),
    "tiny x and y": ([1e-300, 2e-300, 3e-300], [1e-300, 3e-300, 2e-300]),
    "huge x": ([1e34] * 3, [1, 2, 6]),
}
OTHERS = {
    "two rows": ([1, 2], [3, 5]),
    "one y": ([0, 1, 2, 3], [5, 5, 5, 5]),
    "start at the minimum": ([0, 1, 2, 3], [-1, -1, -1, -1]),
    "wide x": ([1e34, 2e34, 3e34], [1, 2, 3]),
    "wide y": ([1, 2, 3], [1e25, 3e25, 2e25]),
    "end of single precision": ([1e38, 2e38, 3e38], [3e38, 1e38, 2e38]),
}
ALL = {**FLAT, **OTHERS}
LINE = "∂L/∂w = ∂L/∂b = 0  ⇒  b = mean(y) − w·mean(x), for any w"


def recording_of(x, y):
    data = from_points(np.array(x, np.float64), np.array(y, np.float64), None, "rows")
    return record(scenario_of_data(data).experiment)


def frame(name, step, **look):
    return Scene("Title", (recording_of(*ALL[name]),), Look(**look)).frame(step)


@pytest.mark.parametrize("name", ALL)
def test_every_number_that_is_drawn_is_one(name):
    recording = recording_of(*ALL[name])
    kinds = (("surface", DataPane.LINE, LossScale.LOG, ()), ("contour", DataPane.LINE, LossScale.LINEAR, ("formula",)))
    for pane, data_pane, scale, more in (*kinds, ("surface", DataPane.HISTOGRAMS, LossScale.LOG, ("tape",))):
        look = Look(pane=pane, data_pane=data_pane, loss_scale=scale, switched_on=frozenset(more))
        shown = Scene("Title", (recording,), look)
        for step in (0, 1, 2, 5, 200):
            found = shown.frame(step)
            for place, values in numbers(found.landscape):
                assert np.isfinite(values).all(), (step, place)
            for place, values in numbers(found, "frame"):
                if values.dtype.kind == "f" and not place.endswith(".values"):
                    assert np.isfinite(values).all(), (step, place)
                assert not np.isinf(values).any(), (step, place)
            assert not any(word in text for text in found.arithmetic.texts for word in ("NaN", "inf"))


@pytest.mark.parametrize("name", FLAT)
def test_a_valley_has_a_line_of_minima_in_every_pane(name):
    found = frame(name, 200, switched_on=frozenset({"formula"}))
    ground, formula = found.landscape, found.pictures["formula"]
    assert len(ground.minima) == 0
    assert ground.minimum_line.shape == (2, 3)
    assert np.abs(ground.minimum_line[:, :2]).max(axis=1) == pytest.approx(1.0, abs=1e-6)  # from edge to edge
    assert ground.minimum_line[:, 2] == pytest.approx(0.0, abs=1e-6)  # on the floor of the valley
    # Where the parameters are of different scales, a distance across the line has no unit.
    first, second = ground.surface.box.half
    assert any(note.startswith("distance to the line of minima ") for note in ground.notes) == (first == second)
    assert formula.derivation == LINE
    useless, rates = formula.line_of_minima
    assert useless.endswith(
        "0/0: any point of this line is a minimum; below is the shortest one, nearest to the origin"
    )
    assert rates.startswith("along the line μ = 0, and 2/(μ + L) is the stability limit; at 1/L = ")
    assert [minimum.name for minimum in formula.minima] == ["shortest"]
    assert frame(name, 200).pictures["data"].best_name == "one best fit"


@pytest.mark.parametrize("name", OTHERS)
def test_elsewhere_the_minimum_is_a_point(name):
    found = frame(name, 200, switched_on=frozenset({"formula"}))
    assert len(found.landscape.minimum_line) == 0
    assert len(found.landscape.minima) == 1
    assert found.landscape.notes[1].startswith(("distance to the minimum ", "to the minimum: "))
    assert found.pictures["formula"].line_of_minima == ()
    assert frame(name, 200).pictures["data"].best_name == "best fit"


@settings(deadline=None, max_examples=60)
@given(
    st.floats(-50, 50),
    st.floats(-50, 50),
    st.tuples(st.floats(-100, 100), st.floats(-100, 100)),
    st.tuples(st.floats(0.01, 100), st.floats(0.01, 100)),
)
def test_the_drawn_line_is_the_line_of_minima_clipped_to_the_box(x, y, centre, half):
    problem, box = LinearRegression(from_points(np.array([x]), np.array([y]), None, "rows")), Box(centre, half)
    found = minimum_line(problem, sample_surface(problem, box)).astype(np.float64)
    corners = [x * (centre[0] + i * half[0]) + centre[1] + j * half[1] - y for i, j in product((-1, 1), repeat=2)]
    size = abs(x) * (abs(centre[0]) + half[0]) + abs(centre[1]) + half[1] + abs(y)
    if not len(found):
        # All corners are on one side of it, but for rounding.
        assert min(corners) >= -1e-6 * size or max(corners) <= 1e-6 * size
        return
    assert np.abs(found[:, :2]).max() <= 1.0
    for w, b in box.denormalised(found[:, :2]).tolist():
        assert abs(x * w + b - y) <= 1e-6 * size


def test_the_loss_plot_begins_at_step_0():
    alone, flat = frame("equal rows", 200).pictures["loss"], frame("start at the minimum", 200).pictures["loss"]
    assert (alone.curves[0].steps[0], alone.step_range[0]) == (0.0, 0.0)
    assert alone.curves[0].values[0] == pytest.approx(math.log10(16.0))
    assert np.isnan(alone.curves[0].values[1:]).all()
    assert alone.note == "loss = 0: not on a logarithmic axis (L: linear)"
    # A loss that is 0 throughout has no logarithm at all.
    assert (flat.scale, flat.note) == (LossScale.LINEAR, "linear: a loss of 0 or less has no logarithm")
    assert (flat.curves[0].values == 0.0).all()
    assert flat.curves[0].current == (200.0, 0.0)
    assert flat.value_range[0] < 0.0 < flat.value_range[1]


def test_no_rounding_error_of_0_is_shown_as_a_number():
    for name in ("two rows", "one y", "wide x", "equal rows"):
        formula = frame(name, 0, switched_on=frozenset({"formula"})).pictures["formula"]
        assert formula.minima[0].loss == 0.0, name
    wide = frame("wide x", 0, switched_on=frozenset({"formula"})).pictures["formula"]
    assert wide.minima[0].point == pytest.approx((1e-34, 0.0), rel=1e-12, abs=0.0)


def test_a_loss_that_is_infinite_at_the_start_is_told_with_what_to_do():
    experiment = scenario_of_data(
        from_points(np.array([1.0, 2, 3]), np.array([1e19, 3e19, 2e19]), None, "rows")
    ).experiment
    single = experiment.__class__(experiment.problem, schedule=experiment.schedule, start=experiment.start)
    shown = Scene("Title", (record(single),))
    for step in (0, 1, 50):
        assert (
            "the loss at the start is beyond float32: use float64 or standardised data"
            in shown.frame(step).landscape.notes
        )
    assert not any("beyond" in note for note in Scene("Title", (record(experiment),)).frame(0).landscape.notes)
