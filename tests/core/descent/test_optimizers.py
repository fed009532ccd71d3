from copy import deepcopy

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdviz.core.data.creation import from_points
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.optimizers import (
    OPTIMIZERS,
    Evaluation,
    GradientDescent,
    Momentum,
    Nesterov,
    make_optimizer,
    optimizer_settings,
)
from gdviz.core.descent.optimizers.means import running_mean, running_moments, running_square
from gdviz.core.descent.recording import record
from gdviz.core.descent.schedules import Constant
from gdviz.core.descent.settings import Setting
from gdviz.core.errors import InputError
from gdviz.core.precision import Precision
from gdviz.core.problems.regression import LinearRegression
from gdviz.core.problems.surfaces import Himmelblau
from tests.seams import RULES

pytestmark = pytest.mark.unmeasured  # dear to measure; what it meets is met elsewhere

DEFAULTS = [kind() for kind in (*OPTIMIZERS.values(), *RULES)]
WITH_LIMIT = [rule for rule in DEFAULTS if rule.stability_limit(1.0) is not None]
momenta = st.floats(0, 0.99)
rules = st.one_of(st.just(GradientDescent()), st.builds(Momentum, momenta), st.builds(Nesterov, momenta))
eigenvalues = st.floats(1e-3, 1e3)


def iteration_matrix(optimizer, rate: float, eigenvalue: float) -> np.ndarray:
    """From (point, buffer) of one step to those of the next, where loss = eigenvalue * point^2 / 2.

    The rule is written down here again, from the papers: nothing but its momentum is read from the optimizer.
    """
    b = getattr(optimizer, "momentum", 0.0)
    if isinstance(optimizer, Nesterov):
        return np.array([[1 - rate * eigenvalue * (1 + b), -rate * b * b], [eigenvalue, b]])
    return np.array([[1 - rate * eigenvalue, -rate * b], [eigenvalue, b]])


def roots(optimizer, rate, eigenvalue):
    return np.linalg.eigvals(iteration_matrix(optimizer, rate, eigenvalue).astype(np.complex128))


@settings(deadline=None)
@given(rules, eigenvalues)
def test_at_the_stability_limit_a_root_leaves_the_unit_circle(optimizer, eigenvalue):
    limit = optimizer.stability_limit(eigenvalue)
    assert np.abs(roots(optimizer, limit * (1 - 1e-6), eigenvalue)).max() < 1
    assert np.abs(roots(optimizer, limit * (1 + 1e-6), eigenvalue)).max() > 1
    assert np.abs(roots(optimizer, 0.5 * limit, eigenvalue)).max() < 1


@settings(deadline=None)
@given(rules, eigenvalues)
def test_beyond_the_overshoot_rate_roots_are_not_positive(optimizer, eigenvalue):
    def overshoots(rate):
        found = roots(optimizer, rate, eigenvalue)
        # Plain descent (and no momentum) has a second root that is 0 and means nothing.
        leading = found[np.abs(found) > 1e-12]
        return (np.abs(leading.imag) > 1e-9).any() or (leading.real < 0).any()

    rate = optimizer.overshoot_rate(eigenvalue)
    assert not overshoots(rate * (1 - 1e-6))
    assert overshoots(rate * (1 + 1e-6))


@pytest.mark.parametrize("optimizer", [*WITH_LIMIT, Momentum(0.3), Nesterov(0.0)], ids=str)
@pytest.mark.parametrize(("factor", "grows"), [(0.99, False), (1.01, True)])
def test_runs_beside_the_limit(optimizer, factor, grows):
    # y = 0 at x = -1 and 1: the Hessian is 2 in both directions and the minimum is 0.
    problem = LinearRegression(from_points([-1.0, 1.0], [0.0, 0.0], None, "a"))
    rate = factor * optimizer.stability_limit(2.0)
    recording = record(Experiment(problem, optimizer, Constant(rate), (1.0, -2.0), 4000, Precision.FLOAT64))
    early, late = recording.losses[1000:1010].max(), recording.losses[-10:].max()
    assert late > 1e3 * early if grows else late < 1e-3 * early


@pytest.mark.parametrize("optimizer", [rule for rule in DEFAULTS if rule.overshoot_rate(1.0) is not None], ids=str)
def test_runs_beside_the_overshoot_rate(optimizer):
    problem = LinearRegression(from_points([-1.0, 1.0], [0.0, 0.0], None, "a"))
    signs = []
    for factor in (0.5, 1.5):
        rate = factor * optimizer.overshoot_rate(2.0)
        recording = record(Experiment(problem, optimizer, Constant(rate), (1.0, 0.0), 2000, Precision.FLOAT64))
        w = recording.points[:, 0]
        signs.append(bool((w[np.abs(w) > 1e-100] < 0).any()))
    assert signs == [False, True]


def test_nesterov_is_less_stable_than_plain_descent():
    assert (
        Nesterov(0.9).stability_limit(1.0) < GradientDescent().stability_limit(1.0) < Momentum(0.9).stability_limit(1.0)
    )


def arrays_of(state):
    """Those that a state consists of: it is one, a tuple of some with numbers, or None."""
    return [part for part in (state if isinstance(state, tuple) else (state,)) if isinstance(part, np.ndarray)]


@settings(deadline=None)
@given(rules | st.sampled_from(DEFAULTS), st.sampled_from(list(Precision)))
def test_updates_keep_the_precision_and_change_nothing_in_place(optimizer, precision):
    dtype, problem = precision.dtype, Himmelblau()
    evaluate, state = problem.evaluator(precision), optimizer.init(np.array([3.0, 4.0], dtype))
    for point in (np.array([1.0, -2.0], dtype), np.array([0.5, 0.25], dtype)):
        _, gradient = evaluate(point)
        kept = deepcopy((gradient, state))
        direction, following = optimizer.update(Evaluation(point, gradient, evaluate, problem.hessian), state)
        assert direction.dtype == dtype
        assert direction.shape == (2,)
        assert {array.dtype for array in arrays_of(following)} <= {dtype}
        np.testing.assert_array_equal(gradient, kept[0])
        for found, before in zip(arrays_of(state), arrays_of(kept[1]), strict=True):
            np.testing.assert_array_equal(found, before)
        state = following


@pytest.mark.parametrize("momentum", [-0.1, 1.0, 2.0, float("nan"), float("inf")])
@pytest.mark.parametrize("kind", [Momentum, Nesterov])
def test_momentum_that_is_no_decay(kind, momentum):
    with pytest.raises(InputError, match=r"optimizer\.momentum: .* use a number from 0 to below 1"):
        kind(momentum)


def test_settings_are_the_fields_and_nothing_else():
    for name, kind in OPTIMIZERS.items():
        assert {key: setting.default for key, setting in optimizer_settings(name).items()} == vars(kind())
    assert optimizer_settings("gd") == {"weight_decay": Setting(float, 0.0)}
    assert optimizer_settings("rmsprop")["centered"] == Setting(bool, False)


def test_make_optimizer():
    assert make_optimizer("gd", {}) == GradientDescent()
    assert make_optimizer("momentum", {}) == Momentum(0.9)
    assert make_optimizer("nesterov", {"momentum": 0.5}) == Nesterov(0.5)


@pytest.mark.parametrize(
    ("name", "settings", "told"),
    [
        ("none such", {}, f"optimizer: there is no 'none such'; use one of {', '.join(OPTIMIZERS)}"),
        ("gd", {"momentum": 0.9}, "optimizer.momentum: gd has no such setting; it has weight_decay"),
        ("newton", {"title": 1.0}, "optimizer.title: newton has no such setting; it has none"),
        ("momentum", {"beta": 0.9}, "optimizer.beta: momentum has no such setting; it has momentum, weight_decay"),
        (
            "nesterov",
            {"momentum": float("nan")},
            "optimizer.momentum: nan is not a finite number; use one such as 0.9",
        ),
        ("nesterov", {"momentum": 1.0}, "optimizer.momentum: 1.0 is not possible; use a number from 0 to below 1"),
    ],
)
def test_optimizers_that_cannot_be(name, settings, told):
    with pytest.raises(InputError) as caught:
        make_optimizer(name, settings)
    assert str(caught.value) == told


@given(st.lists(st.floats(width=32), min_size=3, max_size=3), st.sampled_from((0.0, 0.3, 0.5, 0.9)), st.booleans())
def test_moments_are_the_two_means(numbers, beta, as_arrays):
    mean, squares, value = np.array(numbers, np.float32).reshape(3, 1) if as_arrays else np.array(numbers, np.float32)
    with np.errstate(all="ignore"):
        found = running_moments(mean, squares, value, beta, 0.999)
        expected = running_mean(mean, value, beta), running_square(squares, value, 0.999)
    np.testing.assert_array_equal(found, expected)
