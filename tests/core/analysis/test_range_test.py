"""The range test against its definitions, written once more in plain Python: lists, `math`, one loop for each rule."""

import csv
import io
import math
import os
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gdviz.core.analysis.range_test import Curve, as_range_test, curve, write_csv, write_range_test
from gdviz.core.analysis.suggestions import CURVE_SUGGESTIONS, SUGGESTIONS, suggestions
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.optimizers import Evaluation, GradientDescent, Momentum, make_optimizer
from gdviz.core.descent.recording import record
from gdviz.core.descent.schedules import Constant, RangeTest
from gdviz.core.errors import InputError
from gdviz.core.precision import Precision
from gdviz.core.problems.registry import PROBLEMS, make_problem
from gdviz.core.problems.regression import LinearRegression
from gdviz.core.problems.surfaces import Himmelblau, TwoWells
from tests.seams import WITH_RATE


def experiment(problem="linear-regression", optimizer="gd", precision=Precision.FLOAT32, start=None):
    made = make_problem(problem)
    return Experiment(made, make_optimizer(optimizer, {}), start=start or made.start, precision=precision)


def swept(schedule, **recipe):
    return record(as_range_test(experiment(**recipe), schedule))


def reference_curve(recipe, test):
    """Rates and losses of the whole sweep in the run's precision, with an own loop."""
    number, evaluate = recipe.precision.dtype.type, recipe.problem.evaluator(recipe.precision)
    rates = [number(test.start * (test.end / test.start) ** (k / test.number)) for k in range(test.number)]
    point = np.array(recipe.start, number)
    state, losses = recipe.optimizer.init(point), []
    for rate in rates:
        if test.fresh_steps:
            point = np.array(recipe.start, number)
            state = recipe.optimizer.init(point)
        for _ in range(test.fresh_steps):
            direction, state = recipe.optimizer.update(Evaluation(point, evaluate(point)[1], learning_rate=rate), state)
            point = point - (rate * direction if recipe.optimizer.scales_with_rate else direction)
        loss, gradient = evaluate(point)
        losses.append(loss)
        if not test.fresh_steps:
            direction, state = recipe.optimizer.update(Evaluation(point, gradient, learning_rate=rate), state)
            point = point - (rate * direction if recipe.optimizer.scales_with_rate else direction)
    return rates, losses


def reference_smoothed(losses):
    average, shown = 0.0, []
    for k, loss in enumerate(losses):
        average = 0.98 * average + 0.02 * loss
        shown.append(average / (1 - 0.98 ** (k + 1)))
    return shown


def reference_length(shown):
    """How many rates are tried before it stops."""
    best = math.inf
    for k, loss in enumerate(shown):
        if loss < best:
            best = loss
        if loss > 4 * best:
            return k + 1
    return len(shown)


def reference_places(rates, losses):
    """The index that each rule picks from a curve without NaN."""
    found = {"minimum": losses.index(min(losses))}
    slopes = [
        (losses[k + 1] - losses[k]) / (math.log(rates[k + 1]) - math.log(rates[k])) for k in range(len(losses) - 1)
    ]
    finite = [slope for slope in slopes if math.isfinite(slope)]
    if finite:
        found["steep"] = slopes.index(min(finite))
    lengths = []
    for k, loss in enumerate(losses):
        lengths.append(1 + max((lengths[i] for i in range(k) if losses[i] > loss), default=0))
    end = lengths.index(max(lengths))
    begin = end - max(lengths) if max(lengths) > 1 else 0
    section = (end - begin) / 3
    found["valley"] = max(0, begin + int(section) + int(section / 2))
    if len(losses) > 15:
        found["slide"] = reference_slide(losses)
    return found


def reference_slide(losses):
    last = len(losses) - 1
    middle = [(losses[k + 1] - losses[k - 1]) / 2 for k in range(1, last)]
    slopes = [losses[1] - losses[0], *middle, losses[last] - losses[last - 1]]
    right, left = last, last - 15
    pick = left
    while left >= 0 and abs(slopes[right] - slopes[left]) > 0.005:
        pick = left
        left, right = left - 1, right - 1
    return pick


def reference_picks(rates, shown, number):
    rates, shown = rates[number // 10 : -5], shown[number // 10 : -5]
    usable = next((k for k, loss in enumerate(shown) if math.isnan(loss)), len(shown))
    if not any(math.isfinite(loss) for loss in shown[:usable]):
        return {}
    return {name: rates[place] for name, place in reference_places(rates[:usable], shown[:usable]).items()}


def assert_agrees(recipe, test):
    """The curve of a range test, and what fast.ai's own rules pick from it."""
    test = replace(test, fastai_rules=True)
    with np.errstate(all="ignore"):
        rates, losses = reference_curve(recipe, test)
    smoothed = reference_smoothed([float(loss) for loss in losses])
    shown = smoothed if test.smoothed else [float(loss) for loss in losses]
    length = reference_length(shown) if test.stops else test.number
    recording = record(as_range_test(recipe, test))
    found = curve(recording, recording.last_step)
    assert len(recording) == length * (test.fresh_steps + 1)
    np.testing.assert_array_equal(found.learning_rates, np.array(rates[:length], np.float64))
    np.testing.assert_array_equal(found.losses, np.array(losses[:length], np.float64))
    np.testing.assert_array_equal(found.smoothed, smoothed[:length])
    np.testing.assert_array_equal(found.shown, shown[:length])
    expected = reference_picks([float(rate) for rate in rates[:length]], shown[:length], test.number)
    if not (recipe.optimizer.reads_every_rate or test.fresh_steps):
        expected = {}
    if expected:
        number = recipe.precision.dtype.type
        expected["tenth"] = float(number(expected["minimum"]) / number(10))
    picked = suggestions(found, recording.experiment)
    assert {name: picked[name] for name in CURVE_SUGGESTIONS if name in picked} == expected
    return picked


@pytest.mark.parametrize("precision", Precision)
@pytest.mark.parametrize("optimizer", [kind.name for kind in WITH_RATE])
@pytest.mark.parametrize("problem", PROBLEMS)
@pytest.mark.parametrize(("fresh_steps", "smoothed"), [(0, False), (0, True), (3, False), (3, True)])
def test_it_agrees_with_its_definitions(problem, optimizer, precision, fresh_steps, smoothed):
    recipe = experiment(problem, optimizer, precision)
    picked = assert_agrees(recipe, RangeTest(fresh_steps=fresh_steps, smoothed=smoothed))
    # It may stop before there are as many points as the slide rule is long.
    is_read = recipe.optimizer.reads_every_rate or fresh_steps
    assert set(CURVE_SUGGESTIONS) - {"slide"} <= set(picked) if is_read else picked == {}


@pytest.mark.parametrize(
    "test",
    [
        RangeTest(100.0, 1000.0, 60, stops=False),
        RangeTest(1e-4, 10.0, 90, smoothed=True, stops=False),
        RangeTest(1e-4, 100.0, 600, fresh_steps=1),  # more rates than go side by side
        RangeTest(1e-7, 10.0, 100, smoothed=True),  # fast.ai's own
        RangeTest(0.1, 0.2, 2),
        RangeTest(1e-4, 1e30, 25),
    ],
    ids=str,
)
@pytest.mark.parametrize("precision", Precision)
def test_it_agrees_with_other_settings(test, precision):
    assert_agrees(experiment(precision=precision), test)


def test_in_the_lecture_only_the_minimum_is_beyond_the_limit():
    recording = swept(RangeTest())
    found = suggestions(curve(recording, recording.last_step), recording.experiment)
    assert tuple(found) == SUGGESTIONS
    assert found["limit"] == pytest.approx(0.7755, abs=1e-4)
    assert found["best"] == pytest.approx(0.7369, abs=1e-4)
    assert found["minimum"] > found["limit"] > found["tenth"]
    assert found["minimum"] in recording.learning_rates.astype(float)


@pytest.mark.parametrize("smoothed", [False, True])
def test_infinity_and_nan_are_survived(smoothed):
    recording = swept(RangeTest(100.0, 1000.0, 120, smoothed=smoothed, stops=False))
    assert recording.is_complete
    assert recording.milestones.infinite_loss is not None
    assert recording.milestones.nan_loss is not None
    found = curve(recording, recording.last_step)
    assert np.isinf(found.shown).any()
    assert np.isnan(found.shown[-1])
    assert len(found.shown) == 120


def test_a_curve_with_nothing_finite_suggests_nothing():
    recording = swept(RangeTest(number=60), start=(1e30, 1e30))
    assert recording.last_step == 59  # infinity never exceeds four times infinity, and NaN exceeds nothing
    assert list(suggestions(curve(recording, recording.last_step), recording.experiment)) == ["limit"]


def test_an_infinite_loss_stops_it():
    recording = swept(RangeTest(1e25, 1e30, 25))
    assert np.isinf(recording.losses).tolist() == [False, True]


def test_a_negative_loss_stops_it_at_once():
    assert swept(RangeTest(), problem="two-wells", start=(-1.0, 0.0)).last_step == 1
    assert swept(RangeTest(fresh_steps=4), problem="two-wells", start=(-1.0, 0.0)).last_step == 4


def test_a_short_curve_has_no_picks_but_those_of_the_curvature():
    recording = swept(RangeTest(number=40, fastai_rules=True))
    assert list(suggestions(curve(recording, 8), recording.experiment)) == ["limit", "best"]
    found = suggestions(curve(recording, 9), recording.experiment)
    assert list(found) == ["minimum", "tenth", "valley", "limit", "best"]


def test_limit_and_best_are_there_where_they_are_known():
    nothing = Curve(*(np.empty(0) for _ in range(4)), math.nan)
    recipe = experiment().problem
    flat = LinearRegression(replace(recipe.data, x=np.zeros(100, np.float32)))

    def known(problem, optimizer=None):
        return suggestions(nothing, Experiment(problem, optimizer or GradientDescent(), RangeTest(), steps=1))

    assert list(known(recipe)) == ["limit", "best"]
    assert known(recipe, Momentum(0.5)) == {"limit": pytest.approx(1.5 * known(recipe)["limit"])}
    assert list(known(flat)) == ["limit"]
    assert known(Himmelblau()) == known(TwoWells()) == {}


losses = st.one_of(st.floats(0, 8), st.integers(0, 5).map(float), st.floats(), st.sampled_from([math.inf, math.nan]))


@pytest.mark.unmeasured
@settings(deadline=None, max_examples=300)
@given(st.lists(losses, max_size=70), st.integers(2, 80))
@example([5.0, 4.0, *range(5, 30)], 2)  # two points at the very beginning are the longest valley
@example([*range(30)], 2)
@example([math.inf, math.inf, 3.0, 2.0, math.inf, 1.0, *range(30)], 2)
def test_picks_of_any_curve(losses, number):
    test = RangeTest(number=max(number, len(losses)), fastai_rules=True)
    rates = [test.rate(k) for k in range(len(losses))]
    shown = np.array(losses)
    found = suggestions(
        Curve(np.array(rates), shown, shown, shown, 1.0), Experiment(Himmelblau(), schedule=test, steps=1)
    )
    expected = reference_picks(rates, [float(loss) for loss in losses], test.number)
    assert {name: rate for name, rate in found.items() if name not in ("tenth", "steep")} == {
        name: rate for name, rate in expected.items() if name != "steep"
    }
    assert ("steep" in found) == ("steep" in expected)
    if "steep" in found:
        # Two equal descents may round differently in the two logarithms.
        steepness = [
            (shown[k + 1] - shown[k]) / math.log(rates[k + 1] / rates[k])
            for k in (rates.index(found["steep"]), rates.index(expected["steep"]))
        ]
        assert steepness[0] == pytest.approx(steepness[1], rel=1e-9)


def test_the_precision_must_tell_the_rates_apart():
    with pytest.raises(InputError, match=r"100 rates from 0\.1 to 0\.1000001 are not all different in float32; use"):
        swept(RangeTest(0.1, 0.1000001, 100))
    with pytest.raises(InputError, match="not all different in float64"):
        swept(RangeTest(0.1, math.nextafter(0.1, 1.0), 2), precision=Precision.FLOAT64)


@pytest.mark.parametrize("fresh_steps", [0, 1, 4])
def test_the_curve_grows_with_the_rates_that_are_done(fresh_steps):
    recording = swept(RangeTest(fresh_steps=fresh_steps, number=30))
    whole = curve(recording, recording.last_step)
    for step in range(len(recording)):
        part, done = curve(recording, step), (step + 1) // (fresh_steps + 1)
        for name in ("learning_rates", "losses", "smoothed", "shown"):
            np.testing.assert_array_equal(getattr(part, name), getattr(whole, name)[:done])


def test_other_schedules_have_no_curve():
    recording = record(Experiment(Himmelblau(), schedule=Constant(0.01), steps=5))
    for call in (
        lambda: curve(recording, 5),
        lambda: suggestions(curve(swept(RangeTest()), 5), recording.experiment),
        lambda: write_csv(recording, io.StringIO()),
    ):
        with pytest.raises(ValueError, match="the schedule is not a range test"):
            call()


@pytest.mark.parametrize(
    ("test", "told"),
    [
        (RangeTest(1e-50, 1.0), "range test: start 1e-50 is too small for float32; use one such as 0.1"),
        (RangeTest(1.0, 1e300), r"range test: end 1e\+300 is too large for float32; use one such as 0.1"),
    ],
)
def test_rates_beyond_the_precision(test, told):
    with pytest.raises(InputError, match=f"^{told}$"):
        as_range_test(experiment(), test)
    assert as_range_test(experiment(precision=Precision.FLOAT64), test).schedule == test


@pytest.mark.parametrize("precision", Precision)
@pytest.mark.parametrize("test", [RangeTest(), RangeTest(fresh_steps=2), RangeTest(100.0, 1000.0, 60, stops=False)])
def test_the_file_holds_the_curve(tmp_path, precision, test):
    recording = swept(test, precision=precision)
    text = io.StringIO(newline="")
    write_csv(recording, text)
    write_range_test(recording, tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_bytes() == text.getvalue().encode()
    assert os.listdir(tmp_path) == ["a.csv"]
    lines = text.getvalue().splitlines()
    assert lines[0] == "learning_rate,loss,smoothed_loss"
    found, number = curve(recording, recording.last_step), precision.dtype.type
    for line, rate, loss, smoothed in zip(
        csv.reader(lines[1:]), found.learning_rates, found.losses, found.smoothed, strict=True
    ):
        assert line[:2] == [str(number(rate)), str(number(loss))]
        np.testing.assert_equal(float(line[2]), smoothed)


def test_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(InputError, match="cannot be written: No such file or directory"):
        write_range_test(swept(RangeTest(number=20)), tmp_path / "missing" / "a.csv")
