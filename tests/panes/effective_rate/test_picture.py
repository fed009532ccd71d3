"""The effective rates of runs, against the numbers of the runs themselves."""

from itertools import pairwise

import numpy as np
import pytest

from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.optimizers import Momentum, make_optimizer
from gdviz.core.descent.recording import record
from gdviz.core.descent.schedules import Constant
from gdviz.core.problems.surfaces import Rosenbrock
from gdviz.panes.effective_rate import rates
from gdviz.panes.effective_rate.picture import build_effective_rate_picture
from gdviz.panes.effective_rate.rates import BLOCK, EffectiveRates, effective_rates
from gdviz.panes.entry import Place
from gdviz.panes.registry import panes_by_place
from gdviz.presentation.look import DataPane, Look, StepScale, View
from tests.core.descent.test_every_rule import each_rule, of
from tests.recordings import LECTURE, invented, lecture, recorded

LOOK = Look(data_pane=DataPane.RATE)


def picture(recording, step, *others, **look):
    return build_effective_rate_picture((recording, *others), step, Look(data_pane=DataPane.RATE, **look))


def test_plain_descent_has_the_learning_rate_itself():
    found = picture(recorded("tenth"), 40)
    for curve in found.curves:
        np.testing.assert_allclose(curve.values, -1.0, atol=1e-6)
        assert curve.steps.tolist() == list(range(41))
        assert curve.current == pytest.approx((40.0, -1.0))
    assert found.learning_rate.values == pytest.approx(-1.0)
    assert [curve.name for curve in found.curves] == ["w", "b"]
    assert (found.note, found.run) == ("", "")


@each_rule
def test_it_is_the_length_of_the_step_over_that_of_the_gradient(rule):
    recording = record(of(rule))
    found = picture(recording, 30)
    with np.errstate(all="ignore"):
        moved = np.abs(np.float64(recording.step_factors[:, None] * recording.directions))
        wanted = np.log10(moved / np.abs(np.float64(recording.gradients)))
    for curve, values in zip(found.curves, wanted.T, strict=True):
        np.testing.assert_allclose(curve.values, np.where(np.isfinite(values), values, np.nan), rtol=1e-12)
    assert (found.learning_rate is None) == (not rule.takes_learning_rate)
    low, high = found.value_range
    assert all(low <= value <= high for curve in found.curves for value in curve.values if np.isfinite(value))


def test_momentum_ends_at_ten_times_the_rate_where_the_gradient_hardly_changes():
    slow = record(lecture(1e-7, optimizer=Momentum(), steps=300))
    np.testing.assert_allclose(effective_rates(slow, 301)[:, -1], 1e-6, rtol=1e-3)


def test_nothing_after_the_shown_step_is_drawn():
    found = picture(recorded("momentum"), 7)
    assert all(curve.steps.max() == 7 for curve in (*found.curves, found.learning_rate))
    assert all(curve.steps[-1] == 200 for curve in picture(recorded("momentum"), 10_000).curves)


def test_the_axes_are_calm():
    recording = recorded("momentum")
    found = [picture(recording, step) for step in range(200)]
    assert len({shown.step_range for shown in found}) <= 6
    assert len({shown.value_range for shown in found}) <= 6
    for one, other in pairwise(found):
        if one.step_range == other.step_range:
            assert one.value_range == other.value_range
    held = [picture(recording, step, view=View.HOLD) for step in (0, 5, 200)]
    assert {(shown.step_range, shown.value_range) for shown in held} == {((0.0, 200.0), held[0].value_range)}


def test_gaps_are_said_with_their_reason():
    still = picture(invented(points=[LECTURE.minima[0]] * 3), 2)
    assert still.note == "gaps where the gradient is 0 (w, b, first at step 0)"
    assert np.isnan(still.curves[0].values).all()
    assert still.curves[0].current is None
    broken = recorded("ten")
    assert picture(broken, 5).note == ""
    # The step is infinite one step before the gradient is.
    first = int(np.flatnonzero(np.isinf(broken.points).any(axis=1))[0]) - 1
    assert np.isnan(picture(broken, 200).curves[1].values[first:]).all()
    assert f"gradient or step is not finite (w, b, first at step {first})" in picture(broken, 200).note
    turned = picture(record(of(make_optimizer("rprop", {}), rate=0.5)), 30)
    assert "the step is 0" in turned.note


def test_a_pause_of_the_gradient_is_a_gap_in_the_curve():
    recording = record(of(make_optimizer("rprop", {}), rate=0.5))
    for place, curve in enumerate(picture(recording, 30).curves):
        np.testing.assert_array_equal(np.isnan(curve.values), recording.directions[:, place] == 0.0)


def test_of_several_runs_it_is_the_live_one():
    found = picture(recorded("tenth"), 20, recorded("one"))
    assert found.run == "0.1"
    assert found.curves[0].values == pytest.approx(-1.0)


def test_a_long_run_is_thinned_and_keeps_its_peaks():
    long = record(lecture(0.3, optimizer=Momentum(), steps=20_000))
    for scale in StepScale:
        found = picture(long, 20_000, step_scale=scale)
        assert all(len(curve.steps) < 6_000 for curve in found.curves)
        with np.errstate(all="ignore"):
            rates = np.log10(effective_rates(long, 20_001)[0])
        assert np.nanmax(found.curves[0].values) == pytest.approx(np.max(rates[np.isfinite(rates)]))


@pytest.mark.parametrize("rate", [0.01, 3.0])
def test_rates_that_grow_with_the_run_are_those_found_at_once(rate):
    steps = 2 * BLOCK + 100
    long = record(of(make_optimizer("rprop", {}), rate=rate, steps=steps))
    growing, at_once = EffectiveRates(long), EffectiveRates(long)
    ends = (1, 2, 500, BLOCK - 1, BLOCK, BLOCK + 1, steps, steps + 1)
    for rows in ends:
        growing.up_to(long, rows)
    np.testing.assert_array_equal(growing.up_to(long, steps + 1), at_once.up_to(long, steps + 1))
    assert growing.gaps == at_once.gaps
    for rows in ends:
        shown = np.concatenate([effective_rates(long, rows).ravel(), long.learning_rates[:rows].astype(float)])
        shown = shown[np.isfinite(shown) & (shown > 0.0)]
        assert growing.extremes(rows) == at_once.extremes(rows) == (shown.min(), shown.max())


def test_another_thread_may_ask_for_more_rates_meanwhile(monkeypatch):
    recording = record(lecture(0.1, steps=300))
    known = EffectiveRates(recording)

    def interrupted(*given):
        monkeypatch.undo()
        known.up_to(recording, 301)
        return effective_rates(*given)

    monkeypatch.setattr(rates, "effective_rates", interrupted)
    np.testing.assert_array_equal(known.up_to(recording, 10)[:2], effective_rates(recording, 10))
    np.testing.assert_array_equal(known.up_to(recording, 301)[:2], effective_rates(recording, 301))


@pytest.mark.parametrize("kind", DataPane)
def test_which_pane_the_look_asks_for(kind):
    look = Look(data_pane=kind)
    wanted = "effective-rate" if kind is DataPane.RATE else "data"
    assert panes_by_place(look, lecture(0.1))[Place.ABOVE].name == wanted
    surface = Experiment(Rosenbrock(), schedule=Constant(1e-3))
    found = panes_by_place(look, surface).get(Place.ABOVE)
    assert (found.name if found else "") == ("effective-rate" if kind is DataPane.RATE else "")


def test_it_is_described_in_words():
    assert picture(recorded("tenth"), 3).description == "effective rates of w and b against the step"
