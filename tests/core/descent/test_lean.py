"""The loop without allocation against the general one, of which every column must have the bits."""

from dataclasses import replace
from itertools import islice
from typing import ClassVar

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdviz.core.box import Box
from gdviz.core.data.creation import generate
from gdviz.core.data.settings import DataSettings
from gdviz.core.descent import loop
from gdviz.core.descent.checkpoint import start
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.lean import can_be_lean
from gdviz.core.descent.loop import descend, learning_rates, walk
from gdviz.core.descent.optimizers import OPTIMIZERS, GradientDescent, Optimizer, make_optimizer
from gdviz.core.descent.optimizers.element_wise import ElementWise
from gdviz.core.descent.recording import record
from gdviz.core.descent.schedules import Constant, RangeTest
from gdviz.core.frozen import frozen
from gdviz.core.precision import Precision
from gdviz.core.problems.batch_orders import BatchOrder
from gdviz.core.problems.registry import PROBLEMS
from gdviz.core.problems.regression import LinearRegression
from gdviz.core.problems.surfaces import Surface
from tests.seams import Cycle, Plateau, SmoothAbsolute

pytestmark = pytest.mark.unmeasured  # dear to measure; what it meets is met elsewhere

SOME_ROWS = [1, 2, 7, 9, 100, 129, 1000, 20_000]
problems = st.one_of(
    st.sampled_from([kind() for kind in PROBLEMS.values()]),
    st.builds(
        lambda rows, reduction: LinearRegression(generate(DataSettings(rows=rows)), reduction),
        st.sampled_from(SOME_ROWS),
        st.sampled_from(["mean", "sum", "half-mean"]),
    ),
)
rates = st.sampled_from([0.0, 1e-4, 0.05, 0.9, 10.0, -0.1, 1e30])
starts = st.tuples(*[st.one_of(st.floats(-3, 3), st.sampled_from([-0.0, 1e-40, 1e30, 3e38]))] * 2)
rules = st.sampled_from([kind() for kind in OPTIMIZERS.values() if not kind.needs_quadratic])


def assert_is_walked(experiment, first=0):
    """From ``first`` on, the recorded columns are those of the general loop."""
    recording = record(experiment)
    begin = recording.checkpoint(first)
    with np.errstate(all="ignore"):
        steps = list(walk(experiment, begin, learning_rates(experiment, first)))
    for name in ("point", "loss", "gradient", "direction", "learning_rate"):
        walked = np.array([getattr(step, name) for step in steps], experiment.precision.dtype)
        column = getattr(recording, f"{name}s" if name != "loss" else "losses")[first:]
        assert walked.tobytes() == column.tobytes(), name


@settings(deadline=None, max_examples=200)
@given(problems, rules, rates, starts, st.sampled_from(Precision), st.data())
def test_the_steps_are_those_of_the_general_loop(problem, rule, rate, begin, precision, data):
    experiment = Experiment(problem, start=begin, steps=30, precision=precision)
    schedule = Constant(rate if rule.takes_learning_rate else 1.0)
    experiment = experiment.with_optimizer(rule, schedule=schedule)
    if isinstance(problem, LinearRegression) and data.draw(st.booleans()):
        size = data.draw(st.integers(1, min(problem.data.rows, 40)))
        order = data.draw(st.sampled_from(BatchOrder))
        experiment = replace(experiment, batch_size=size, batch_order=order, seed=3)
    assert can_be_lean(experiment)
    assert_is_walked(experiment, data.draw(st.integers(0, 30)))


@pytest.mark.parametrize("batch_size", [None, 3])
@pytest.mark.parametrize("name", ["gd", "momentum", "adam"])
def test_fresh_starts_and_a_momentum_that_is_set(name, batch_size):
    sweep = RangeTest(1e-3, 10.0, 12, 4, stops=False)
    rule = make_optimizer(name, {})
    experiment = Experiment(LinearRegression(), rule, sweep, steps=sweep.last_step, batch_size=batch_size)
    for first in (0, 3, 5, 17):
        assert_is_walked(experiment, first)
    if rule.has_momentum:
        assert_is_walked(replace(experiment, schedule=Cycle(), steps=90), 13)


def test_a_schedule_that_waits_for_the_losses_and_other_problems_have_the_general_loop():
    assert not can_be_lean(Experiment(LinearRegression(), schedule=Plateau()))
    assert not can_be_lean(Experiment(SmoothAbsolute()))
    assert not can_be_lean(Experiment(SmoothAbsolute(), batch_size=4))
    assert can_be_lean(Experiment(LinearRegression()))


@frozen
class Keeping(Optimizer):
    """Plain descent that keeps what it has seen."""

    name: ClassVar[str] = "keeping"
    title: ClassVar[str] = "Keeping"
    direction_symbol: ClassVar[str] = "d_{}"

    def update(self, evaluation, state):
        return evaluation.gradient, (*(state or ()), evaluation.point, evaluation.gradient)


@pytest.mark.parametrize("precision", Precision)
def test_what_a_rule_keeps_is_not_overwritten(precision):
    experiment = Experiment(LinearRegression(), Keeping(), steps=9, precision=precision)
    plain = record(replace(experiment, optimizer=GradientDescent()))
    *_, last = descend(experiment, chunk_steps=1)
    for step, (point, gradient) in enumerate(zip(last.begin.state[::2], last.begin.state[1::2], strict=True)):
        assert point.tobytes() == plain.points[step].tobytes()
        assert gradient.tobytes() == plain.gradients[step].tobytes()
    assert step == 8


@frozen
class LossTimesGradient(ElementWise):
    """An element-wise rule that asks for the loss of the step, which in a mini-batch run is that of its batch."""

    name: ClassVar[str] = "loss-times-gradient"
    title: ClassVar[str] = "Loss times gradient"
    direction_symbol: ClassVar[str] = "d_{}"

    def numbers(self, evaluation, shared):
        return evaluation.loss, shared

    def advance(self, gradient, kept, numbers):
        return numbers * gradient, kept


@pytest.mark.parametrize("batch_size", [None, 3])
def test_an_element_wise_rule_sees_the_loss_of_the_steps_own_batch(batch_size):
    experiment = Experiment(LinearRegression(), LossTimesGradient(), Constant(0.1), steps=20, batch_size=batch_size)
    assert_is_walked(experiment)
    assert_is_walked(experiment, 7)


@frozen
class Pole(Surface):
    """1/x + y^4: it needs operations that Python's own numbers refuse where NumPy's give infinity."""

    name: ClassVar[str] = "pole"
    title: ClassVar[str] = "Pole"
    formula: ClassVar[str] = "1/x + y⁴"
    derivation: ClassVar[str] = "none"
    suggested_learning_rate: ClassVar[float] = 0.1
    start: ClassVar[tuple[float, float]] = (0.0, 1e200)
    box: ClassVar[Box] = Box((0.0, 0.0), (2.0, 2.0))
    minima: ClassVar[tuple[tuple[float, float], ...]] = ()
    tape = None  # type: ignore[assignment]

    @staticmethod
    def _value(x, y):
        return 1 / x + y**4

    @staticmethod
    def _partial_derivatives(x, y):
        return -1 / (x * x), 4 * y**3

    def hessian(self, point):
        return np.eye(2)


@pytest.mark.parametrize("precision", Precision)
def test_a_surface_may_use_operations_that_have_no_tape(precision):
    start = (0.0, 1e200 if precision is Precision.FLOAT64 else 1e30)
    experiment = Experiment(Pole(), start=start, steps=3, precision=precision)
    assert can_be_lean(experiment)
    assert_is_walked(experiment)
    assert record(experiment).milestones.infinite_loss == 0


def test_chunks_of_very_large_batches_have_few_steps(monkeypatch):
    monkeypatch.setattr(loop, "CHUNK_ROWS", 100)
    sizes = {size: next(descend(Experiment(LinearRegression(), batch_size=size))) for size in (1, 30, 100)}
    assert [len(chunk.losses) for chunk in sizes.values()] == [100, 3, 1]


@pytest.mark.parametrize("name", PROBLEMS)
@pytest.mark.parametrize("precision", Precision)
def test_each_problem_has_it(name, precision):
    experiment = Experiment(PROBLEMS[name](), precision=precision, steps=3)
    assert can_be_lean(experiment)
    walked = list(islice(walk(experiment, start(experiment), learning_rates(experiment)), 3))
    assert [step.loss for step in walked] == record(experiment).losses[:3].tolist()
