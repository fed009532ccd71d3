"""The quantities of every rule along a run, against the states of the run itself."""

from dataclasses import replace

import numpy as np
import pytest

from gdviz.core.analysis.range_test import as_range_test
from gdviz.core.descent.checkpoint import start
from gdviz.core.descent.loop import learning_rates, walk
from gdviz.core.descent.optimizers import Momentum, make_optimizer
from gdviz.core.descent.quantities import column_name, explained_step, quantities
from gdviz.core.descent.recording import record
from gdviz.core.descent.schedules import RangeTest, make_schedule
from gdviz.core.precision import Precision
from tests.core.descent.test_every_rule import BATCHES, each_rule, of


@each_rule
@pytest.mark.parametrize("batch_size", BATCHES)
def test_one_pass_gives_what_each_step_explains_alone(rule, batch_size):
    recording = record(of(rule, batch_size=batch_size), checkpoint_steps=7)
    found, names = quantities(recording), recording.experiment.problem.parameters
    if found:
        assert list(found)[-2:] == ["step_w", "step_b"]
    for step in range(len(recording)):
        formulas = explained_step(recording, step)
        for formula in formulas:
            for place, name in enumerate(names):
                of_step = found[column_name(formula.symbol, name)][step]
                assert of_step.tobytes() == formula.result[place].astype(of_step.dtype).tobytes()
        assert len(found) == 2 * len(formulas) + 2 * bool(formulas)


@each_rule
@pytest.mark.parametrize("precision", Precision)
def test_points_differ_by_the_steps_bit_for_bit(rule, precision):
    recording = record(of(rule, precision=precision))
    if not (found := quantities(recording)):
        assert recording.experiment.optimizer.is_plain
        return
    assert all(name.isascii() and name.isidentifier() for name in found)
    assert {values.dtype for values in found.values()} == {precision.dtype}
    steps = np.column_stack([found["step_w"], found["step_b"]])
    np.testing.assert_array_equal(recording.points[1:], (recording.points - steps)[:-1])


def test_buffers_and_means_are_the_states_of_the_run():
    for rule, names in ((Momentum(), "v"), (make_optimizer("adam", {}), "ms"), (make_optimizer("amsgrad", {}), "msu")):
        experiment = of(rule)
        states = [step.state for step in walk(experiment, start(experiment), learning_rates(experiment))][1:]
        found = quantities(record(experiment))
        for number, name in enumerate(names):
            wanted = [state if names == "v" else rule.arrays(state)[number] for state in states]
            np.testing.assert_array_equal(np.column_stack([found[f"{name}_w"], found[f"{name}_b"]])[:-1], wanted)


def test_buffer_starts_empty_at_every_restart():
    experiment = as_range_test(of(Momentum()), RangeTest(1e-3, 1.0, 5, fresh_steps=4, stops=False))
    recording = record(experiment)
    found, every = quantities(recording), experiment.restart_every
    assert every
    for begin in range(0, len(recording), every):
        assert found["v_w"][begin] == recording.gradients[begin, 0]
        assert found["v_w"][begin + 1] != recording.gradients[begin + 1, 0]


def test_numbers_that_are_not_finite_are_kept():
    found = quantities(record(replace(of(Momentum(), 1e3), steps=40)))
    assert not np.isfinite(found["v_w"]).all()
    assert np.isnan(found["step_w"][-1])


def test_a_momentum_that_cycles_is_that_of_each_step():
    recording = record(
        replace(of(Momentum()), schedule=make_schedule("one-cycle", 0.05, {"cycle_momentum": True}), steps=40)
    )
    found, wanted = quantities(recording), np.float32(0.0)
    momenta = {float(recording.experiment.optimizer_at(step).momentum) for step in range(40)}
    assert len(momenta) > 10
    for step in range(40):
        momentum = np.float32(recording.experiment.optimizer_at(step).momentum)
        wanted = momentum * wanted + recording.gradients[step, 0]
        assert found["v_w"][step] == wanted
