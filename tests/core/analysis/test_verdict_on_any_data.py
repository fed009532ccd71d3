"""Verdicts on unscaled data, at the end and at every step, against the loss above the minimum in exact arithmetic."""

import re

import numpy as np
import pytest

from gdviz.core.analysis.rate_limit import global_stability_limit
from gdviz.core.analysis.verdict import Kind, judge
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.optimizers import GradientDescent, Momentum, Nesterov
from gdviz.core.descent.recording import record
from gdviz.core.descent.schedules import Constant
from gdviz.core.precision import Precision
from gdviz.core.problems.problem import curvature
from gdviz.core.problems.regression import LinearRegression
from tests.data_sets import DATA_SETS, exact_loss, opened, problem_of
from tests.recordings import lecture

pytestmark = pytest.mark.unmeasured

FACTORS = (-1e-6, 1e-3, 0.3, 1.0, 1.6, 1.9, 1.99, 2.0, 2.02, 3.0)
"""Rates, as multiples of 1/L."""
RECIPES = 150
NUMBER = r"(−?[0-9.]+(?:e−?[0-9]+)?)"


def recipe(seed):
    """The name of a data set and a random run on it: any rule, reduction, batch size, rate, start and precision."""
    generator = np.random.default_rng(seed)
    name = str(generator.choice([*DATA_SETS]))
    data = problem_of(name).data
    problem = LinearRegression(data, str(generator.choice(["mean", "half-mean", "sum"])))
    kind = generator.integers(3)
    momentum = float(generator.choice([0.0, 0.5, 0.9, 0.99]))
    optimizer = (GradientDescent(), Momentum(momentum), Nesterov(momentum))[kind]
    limit = optimizer.stability_limit(curvature(problem, problem.start).largest)
    rate = limit * float(generator.choice([10 ** generator.uniform(-6, 0.3), 1.0, -1e-6, 0.95, 1.05, 0.5]))
    minimum, start = np.array(problem.minima[0]), np.array(problem.start)
    part = float(generator.choice([0.0, 1.0, 1.0, 3.0, 10 ** generator.uniform(-9, 2)]))
    size = int(generator.choice([1, 2, max(1, data.rows // 4), data.rows])) if generator.random() < 0.4 else None
    return name, Experiment(
        problem,
        optimizer,
        Constant(rate),
        tuple((minimum + part * (start - minimum)).tolist()),
        int(generator.choice([1, 3, 20, 200, 600])),
        Precision.FLOAT64 if generator.random() < 0.5 else Precision.FLOAT32,
        min(size, data.rows) if size else None,
        int(generator.integers(100)),
    )


def check(name, recording, step, verdict):
    """Fail where the verdict contradicts the exact loss, or the sentence its numbers."""
    exact, experiment, problem = exact_loss(name), recording.experiment, recording.experiment.problem
    losses = recording.losses[: step + 1].astype(np.float64)
    eps = float(np.finfo(recording.losses.dtype).eps)
    if not np.isfinite(losses[-1]):
        assert verdict.kind is Kind.DIVERGING
        check_infinite(losses, verdict.sentence)
        return
    above = [float(exact.above_minimum(recording.points[at])) for at in (0, step)]
    if verdict.kind is Kind.CONVERGED:
        rounding = rounding_at(problem, recording.points[0], eps)
        lowest, slope = float(exact.minimum), float(exact.variance * exact.weight**2)
        assert not slope or above[1] <= max(1.01e-2 * lowest, 1.01e-6 * slope, rounding)
        assert above[1] <= max(1.01e-6 * above[0], 1.01 * eps * lowest, rounding if above[0] <= 1.01 * rounding else 0)
    limit = global_stability_limit(experiment)
    if verdict.kind is Kind.DIVERGING:
        rate = float(recording.learning_rates[0])
        assert not (limit is not None and 0 < rate < (1 - 1e-5) * limit)
        assert experiment.batch_size is not None or above[1] > above[0] or rate > limit
    check_numbers(losses, verdict)


def rounding_at(problem, point, eps):
    off = 4.0 * eps * np.abs(point.astype(np.float64))
    return 0.5 * float(off @ np.abs(problem.hessian(point)) @ off) / problem.form.factor


def check_infinite(losses, sentence):
    since = min(int(at.replace(",", "")) for at in re.findall(r"since step ([0-9,]+)", sentence))
    assert not np.isfinite(losses[since:]).any()
    assert since == 0 or np.isfinite(losses[since - 1])
    first = int(np.isfinite(losses).argmin())
    assert (f"first at step {first:,}" in sentence) == (first < since)


def number(text):
    return float(text.replace("−", "-"))


def check_numbers(losses, verdict):
    """Fail where the numbers of a sentence contradict its words."""
    sentence, last = verdict.sentence, losses[-1]
    if found := re.search(f"(grown|rose|fell)(?: on average)? from {NUMBER} to {NUMBER}", sentence):
        before, now = number(found[2]), number(found[3])
        assert now < before if found[1] == "fell" else now > before
    if found := re.search(f"loss {NUMBER}, minimum {NUMBER}", sentence):
        assert number(found[1]) > number(found[2])
    for text in re.findall(f"; loss {NUMBER}", sentence):
        assert number(text) == pytest.approx(last, rel=6e-3)
    if verdict.kind is Kind.FALLING:
        assert "fell" in sentence
    if verdict.kind is Kind.RISING:
        assert "rose" in sentence or "grown" in sentence


@pytest.mark.parametrize("name", DATA_SETS)
@pytest.mark.parametrize("precision", Precision)
def test_the_verdict_on_any_data_is_true(name, precision):
    largest = curvature(problem_of(name), (0.0, 0.0)).largest
    for factor in FACTORS:
        recording = record(opened(name, factor / largest, precision))
        check(name, recording, recording.last_step, judge(recording))


@pytest.mark.parametrize("seed", range(RECIPES))
def test_the_verdict_on_any_run_is_true(seed):
    name, experiment = recipe(seed)
    recording = record(experiment)
    check(name, recording, recording.last_step, judge(recording))


@pytest.mark.parametrize("seed", range(8))
def test_the_verdict_at_every_step_is_true(seed):
    name, experiment = recipe(seed)
    recording = record(experiment)
    for step in range(len(recording)):
        check(name, recording, step, judge(recording, step))


def test_a_run_on_single_rows_that_is_infinite_now_and_again():
    recording = record(lecture(0.85, batch_size=1, steps=1000))
    assert np.isfinite(recording.losses[343])
    assert not np.isfinite(recording.losses[[341, 342, 344]]).any()
    told = {step: judge(recording, step) for step in (341, 342, 343, 344)}
    assert told[341].sentence == told[342].sentence == "loss infinite since step 341"
    assert told[343].kind is Kind.RISING
    assert told[344].sentence == "loss infinite since step 344; first at step 341"


def test_a_rate_just_below_zero_raises_the_loss_visibly():
    verdict = judge(record(lecture(-1e-6, precision=Precision.FLOAT64)))
    assert (verdict.kind, verdict.sentence) == (Kind.DIVERGING, "loss grown from 2.412 to 2.415")


@pytest.mark.parametrize(
    ("name", "rate", "kind", "words"),
    [
        ("cities", 8.35e-14, Kind.STANDS_STILL, "float32; loss 380, minimum 1.3"),
        ("far apart", 5e-15, Kind.STANDS_STILL, "float32; loss 36, minimum 0"),
        ("millionths", 0.3, Kind.SLOW, "not at a minimum yet; loss 0.0917"),
        ("a tenth", 0.5, Kind.DIVERGING, "loss infinite since step 5; NaN since step 12"),
    ],
)
def test_what_was_called_converged_once(name, rate, kind, words):
    verdict = judge(record(opened(name, rate)))
    assert verdict.kind is kind
    assert words in verdict.sentence
