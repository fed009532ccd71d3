"""Where rates are suggested: in a part of the curve in which the loss really falls, or not at all and why."""

import functools
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdviz.core.analysis.default_rates import default_range
from gdviz.core.analysis.range_test import as_range_test, curve
from gdviz.core.analysis.suggestions import CURVE_SUGGESTIONS, NoSuggestion, suggestions, why_none
from gdviz.core.analysis.trial_runs import verdict_at
from gdviz.core.analysis.verdict import Kind
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.optimizers import OPTIMIZERS, Momentum, Nesterov, make_optimizer
from gdviz.core.descent.recording import record
from gdviz.core.descent.schedules import Constant, RangeTest, make_schedule
from gdviz.core.precision import Precision
from gdviz.core.problems.problem import minimum_loss
from gdviz.core.problems.surfaces import Himmelblau, Rosenbrock, TwoWells
from gdviz.core.scenarios.library import load_scenario
from tests.data_sets import DATA_SETS, opened, regression
from tests.recordings import LECTURE

CENT = 0.01


def swept(experiment, **settings):
    """The curve of a range test with the default rates unless told otherwise, and the experiment."""
    ends = dict(zip(("start", "end"), default_range(experiment.problem, experiment.precision), strict=True))
    recording = record(as_range_test(experiment, RangeTest(**ends | settings)))
    return curve(recording, recording.last_step), recording.experiment


@functools.cache
def swept_set(name, precision, fresh_steps=0):
    return swept(opened(name, precision=precision), fresh_steps=fresh_steps)


def picked(found, experiment):
    known = suggestions(found, experiment)
    return {name: known[name] for name in CURVE_SUGGESTIONS if name in known}


def place_of(found, rate):
    return int(np.flatnonzero(found.learning_rates == rate)[0])


def assert_falls(found, experiment, name, rate):
    """The loss has begun to fall at that rate, falls by it, and has not reached its lowest point yet."""
    at = place_of(found, rate)
    floor = minimum_loss(experiment.problem)
    floor = min(found.shown[np.isfinite(found.shown)]) if floor is None else floor
    before, here, after = (float(found.shown[at + by]) for by in (-1, 0, 1))
    assert found.start_loss - here >= CENT * (found.start_loss - floor) * (1 - 1e-9), name
    growth = math.log(found.learning_rates[at + 1] / found.learning_rates[at - 1])
    assert (before - after) / growth >= CENT * (here - floor) * 0.99, name
    assert rate < suggestions(found, experiment)["minimum"], name


# The forty data sets


@pytest.mark.parametrize("precision", Precision)
@pytest.mark.parametrize("name", DATA_SETS)
def test_every_data_set_has_a_tenth_that_does_not_diverge(name, precision):
    found, experiment = swept_set(name, precision)
    known = picked(found, experiment)
    assert {"minimum", "tenth", "steep", "valley"} <= set(known)
    assert verdict_at(experiment, known["tenth"]) is not Kind.DIVERGING
    for rule in ("steep", "valley"):
        assert_falls(found, experiment, rule, known[rule])
        assert verdict_at(experiment, known[rule]) is not Kind.DIVERGING


STANDS_STILL = ("20 rows of x at 100000 ± 30000", "20 rows of x at 2000 ± 0.7")
"""In single precision these runs stand still, far beyond the limit too."""


@pytest.mark.parametrize("precision", Precision)
@pytest.mark.parametrize("name", [name for name in DATA_SETS if name != "far apart"])
def test_every_curve_has_a_fall_and_a_rise(name, precision):
    found, _ = swept_set(name, precision)
    lowest = int(np.argmin(found.shown))
    assert found.shown[lowest] < 0.98 * found.start_loss
    rises = found.shown[-1] > 4.0 * found.shown[lowest]
    assert rises or (name in STANDS_STILL and precision is Precision.FLOAT32)


@pytest.mark.parametrize("precision", Precision)
@pytest.mark.parametrize("name", DATA_SETS)
def test_from_fresh_starts_too(name, precision):
    found, experiment = swept_set(name, precision, fresh_steps=5)
    known = picked(found, experiment)
    assert verdict_at(experiment, known["tenth"]) is not Kind.DIVERGING
    for rule in ("steep", "valley"):
        assert_falls(found, experiment, rule, known[rule])


def test_the_lectures_picks_are_fastais():
    scenario = load_scenario("range-test")
    recording = record(scenario.experiment)
    found = curve(recording, recording.last_step)
    ours = suggestions(found, recording.experiment)
    by_fastai = replace(scenario.experiment, schedule=replace(scenario.experiment.schedule, fastai_rules=True))
    assert ours == suggestions(found, by_fastai)
    assert [f"{ours[name]:.3g}" for name in CURVE_SUGGESTIONS] == ["1.68", "0.168", "0.0112", "0.0224", "0.708"]


# Any regression


columns = st.tuples(
    st.integers(3, 12), st.floats(-3, 3), st.integers(-5, 5), st.floats(-2, 2), st.integers(0, 2**32 - 1)
)


def drawn(rows, offset, exponent, slope, seed):
    generator = np.random.default_rng(seed)
    x = (offset + generator.standard_normal(rows)) * 10.0**exponent
    return regression(x, slope * x + generator.standard_normal(rows) * generator.choice([0.0, 0.01, 1.0]))


@pytest.mark.unmeasured
@settings(deadline=None, max_examples=120)
@given(
    columns,
    st.sampled_from([None, Momentum(), Nesterov()]),
    st.sampled_from(Precision),
    st.sampled_from([0, 1, 5]),
    st.booleans(),
    st.booleans(),
    st.sampled_from([(1.0, 1.0), (1e-3, 1.0), (1.0, 1e3), (1e4, 1e8), (1e-4, 1e-3)]),
)
def test_suggestions_are_where_the_loss_falls(data, optimizer, precision, fresh_steps, smoothed, fastai, moved):
    problem = drawn(*data)
    others = {"optimizer": optimizer} if optimizer else {}
    run = Experiment(problem, start=problem.start, precision=precision, **others)
    start, end = default_range(problem, precision)
    ends = {"start": max(start * moved[0], 1e-37), "end": min(end * moved[1], 1e37)}
    found, experiment = swept(run, **ends, number=100, fresh_steps=fresh_steps, smoothed=smoothed, fastai_rules=fastai)
    known, why = picked(found, experiment), why_none(found, experiment)
    assert ("minimum" in known) == (why is None)
    assert ("tenth" in known) == (why is None)
    if fastai:
        assert why in (None, NoSuggestion.NOT_FINITE, NoSuggestion.TOO_SHORT, NoSuggestion.RISES)
        return
    for name in ("steep", "valley", "slide"):
        if name in known:
            assert_falls(found, experiment, name, known[name])
    if why in (NoSuggestion.RISES, NoSuggestion.IS_FLAT):
        gain = found.start_loss - minimum_loss(problem)
        assert not (found.shown < found.start_loss - max(CENT * gain, 1e-5 * found.start_loss)).any()
    if why is NoSuggestion.STILL_FALLS:
        assert np.argmin(found.shown) >= len(found.shown) - 6
    if why is None:
        lowest = place_of(found, known["minimum"])
        usable = found.shown[10 : len(found.shown) - 5]
        assert found.shown[lowest] == np.nanmin(usable[: int(np.argmax(np.isnan(usable))) or None])


@settings(deadline=None, max_examples=40)
@given(columns, st.sampled_from(Precision), st.sampled_from([0, 5]))
def test_at_the_default_rates_a_regression_has_a_tenth(data, precision, fresh_steps):
    problem = drawn(*data)
    run = Experiment(problem, start=problem.start, precision=precision)
    found, experiment = swept(run, fresh_steps=fresh_steps)
    if why_none(found, experiment) is None:
        assert verdict_at(experiment, picked(found, experiment)["tenth"]) is not Kind.DIVERGING
    else:
        # Nothing to gain along the steepest direction, or at all.
        assert why_none(found, experiment) in (NoSuggestion.IS_FLAT, NoSuggestion.AT_MINIMUM, NoSuggestion.RISES)


# Why there are none


@pytest.mark.parametrize(
    ("settings", "start", "why"),
    [
        ({"start": 10.0, "end": 1e6}, LECTURE.start, NoSuggestion.RISES),
        ({"start": 1e-12, "end": 1e-8}, LECTURE.start, NoSuggestion.IS_FLAT),
        ({"start": 10.0, "end": 1e6, "fresh_steps": 5}, LECTURE.start, NoSuggestion.RISES),
        ({"end": 0.5}, LECTURE.start, NoSuggestion.STILL_FALLS),
        ({"end": 0.5, "fresh_steps": 5}, LECTURE.start, NoSuggestion.STILL_FALLS),
        ({"number": 6, "end": 1e3}, LECTURE.start, NoSuggestion.TOO_SHORT),
        ({}, LECTURE.minima[0], NoSuggestion.AT_MINIMUM),
        ({}, (1e30, 0.0), NoSuggestion.NOT_FINITE),
        ({"fresh_steps": 5}, (1e20, 0.0), NoSuggestion.NOT_FINITE),
        ({"start": 1e10, "end": 1e20, "fresh_steps": 5}, LECTURE.start, NoSuggestion.RISES),
        ({"start": 1e10, "end": 1e20, "fresh_steps": 5, "fastai_rules": True}, LECTURE.start, NoSuggestion.RISES),
    ],
)
def test_a_curve_that_suggests_nothing_says_why(settings, start, why):
    found, experiment = swept(Experiment(LECTURE, start=start), **settings)
    assert why_none(found, experiment) is why
    assert not picked(found, experiment)
    expected = {"limit"} if why is NoSuggestion.NOT_FINITE else {"limit", "best"}
    assert set(suggestions(found, experiment)) == expected


@pytest.mark.parametrize("fastai_rules", [False, True])
def test_rates_that_a_rule_does_not_read_are_not_suggested(fastai_rules):
    """Only the first rate changes the path of Rprop, unless each has a fresh start."""
    rprop = Experiment(LECTURE, make_optimizer("rprop", {}), start=LECTURE.start)
    found, experiment = swept(rprop, fastai_rules=fastai_rules)
    assert why_none(found, experiment) is NoSuggestion.NOT_READ
    assert suggestions(found, experiment) == {}
    found, experiment = swept(rprop, fresh_steps=20, fastai_rules=fastai_rules)
    assert why_none(found, experiment) is not NoSuggestion.NOT_READ
    assert "minimum" in suggestions(found, experiment)


@pytest.mark.parametrize("kind", [kind for kind in OPTIMIZERS.values() if kind.takes_learning_rate])
def test_which_rules_read_every_rate(kind):
    runs = [
        record(Experiment(LECTURE, kind(), schedule, LECTURE.start, 5))
        for schedule in (Constant(0.01), make_schedule("step", 0.01, {"step_size": 2}))
    ]
    assert np.array_equal(runs[0].points, runs[1].points) is not kind.reads_every_rate


def test_a_curve_that_is_flat_before_it_rises_has_not_risen_at_once():
    """Almost all that there is to gain is along the flat direction, in which one sweep gets nowhere."""
    problem = regression((-1e7, 1e7), (5.0, 5.0 + 1e-3))
    found, experiment = swept(Experiment(problem, start=problem.start, precision=Precision.FLOAT64))
    assert found.shown[-1] > 4.0 * found.start_loss
    assert why_none(found, experiment) is NoSuggestion.IS_FLAT


def test_a_loss_that_becomes_finite_later_is_not_finite_at_the_start():
    far = Experiment(LECTURE, start=(0.0, 1e19))  # a hundred such squares are too many for single precision
    found, experiment = swept(far, stops=False)
    assert math.isinf(found.start_loss)
    assert np.isfinite(found.shown).any()
    assert why_none(found, experiment) is NoSuggestion.NOT_FINITE
    assert not picked(found, experiment)


def test_a_line_without_noise_has_its_suggestions():
    problem = regression(range(100), [0.1 * x + 0.3 for x in range(100)])
    for precision in Precision:
        found, experiment = swept(Experiment(problem, start=problem.start, precision=precision))
        assert set(picked(found, experiment)) == set(CURVE_SUGGESTIONS)
        assert verdict_at(experiment, picked(found, experiment)["tenth"]) is not Kind.DIVERGING


@pytest.mark.parametrize("surface", [Rosenbrock(), Himmelblau(), TwoWells()], ids=lambda surface: surface.name)
@pytest.mark.parametrize("fresh_steps", [0, 5])
def test_on_surfaces_too(surface, fresh_steps):
    found, experiment = swept(Experiment(surface, start=surface.start), fresh_steps=fresh_steps)
    known = picked(found, experiment)
    assert known.keys() >= {"minimum", "tenth", "steep", "valley"}
    assert verdict_at(experiment, known["tenth"]) is not Kind.DIVERGING


@pytest.mark.parametrize("size", [1, 10])
def test_in_mini_batches_too(size):
    run = Experiment(LECTURE, start=LECTURE.start, batch_size=size)
    found, experiment = swept(run)
    for name in ("steep", "valley"):
        assert_falls(found, experiment, name, picked(found, experiment)[name])
