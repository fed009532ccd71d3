"""The rules that PyTorch does not have, each against a reference of its own; Newton's method against SciPy."""

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from gdviz.core.descent.experiment import OWN_STEPS, Experiment
from gdviz.core.descent.optimizers import OPTIMIZERS, make_optimizer
from gdviz.core.descent.quantities import quantities
from gdviz.core.descent.recording import record
from gdviz.core.descent.schedules import Constant, make_schedule
from gdviz.core.precision import Precision
from gdviz.core.problems.registry import PROBLEMS
from gdviz.core.problems.surfaces import Himmelblau, Rosenbrock
from gdviz.presentation.arithmetic import arithmetic
from tests.recordings import LECTURE
from tests.seams import Saddle

NEWTON = json.loads((Path(__file__).parent / "references" / "scipy.json").read_text())["cases"]
STARTS = [(-1.2, 1.0), (0.5, -0.5), (2.0, 1.5)]
SEARCHES = {"c": 1e-4, "factor": 0.5}


def run(name, problem=None, start=(-1.2, 1.0), steps=40, precision=Precision.FLOAT64, rate=None, **settings):
    schedule = OWN_STEPS if rate is None else Constant(rate)
    rule = make_optimizer(name, settings)
    return record(Experiment(problem or Rosenbrock(), rule, schedule, start, steps, precision))


def rosenbrock(point):
    x, y = point
    gradient = np.array([2 * (x - 1) - 400 * x * (y - x * x), 200 * (y - x * x)])
    hessian = np.array([[2 - 400 * (y - 3 * x * x), -400 * x], [-400 * x, 200]])
    return (1 - x) ** 2 + 100 * (y - x * x) ** 2, gradient, hessian


def halved(point, towards, c, factor, first=1.0):
    """Armijo's rule, written down again; the size, or 0 where the point no longer moves."""
    loss, gradient, _ = rosenbrock(point)
    size = first
    while not rosenbrock(point - size * towards)[0] <= loss - c * size * (gradient @ towards):
        size *= factor
        if (point - size * towards == point).all():
            return 0.0
    return size


ENDS_OF_RPROP = {
    "polynomial": (-1.0372708061888516, 1.0796004850451735),
    "warm-up": (-1.199015932025834, 1.000984067974166),
    "zero": (-1.199015932025834, 1.000984067974166),
}
"""Where torch.optim.Rprop of PyTorch is after 29 steps in double precision, given the rates of `RATES_OF_RPROP`."""
RATES_OF_RPROP = {
    "polynomial": make_schedule("polynomial", 0.02, {"total_steps": 10}),
    "warm-up": make_schedule("constant", 0.2, {"warmup_steps": 10, "warmup_start_factor": 0.0}),
    "zero": Constant(0.0),
}


@pytest.mark.parametrize("name", RATES_OF_RPROP)
def test_rprop_reads_the_first_rate_only_and_goes_on_at_a_rate_of_0(name):
    """A first size of 0 is raised to step_size_min."""
    found = record(replace(run("rprop", steps=29).experiment, schedule=RATES_OF_RPROP[name]))
    assert 0.0 in found.learning_rates
    np.testing.assert_allclose(found.points[29], ENDS_OF_RPROP[name], rtol=1e-14)
    # What is told of a step adds up.
    np.testing.assert_array_equal(found.points[1:], found.points[:-1] - found.directions[:-1])
    np.testing.assert_array_equal(quantities(found)["step_x"], found.directions[:, 0])
    assert arithmetic(found, 29).lines[0].startswith("x ← x − d_x = ")


@pytest.mark.parametrize("settings", [{}, {"weight_decay": 0.1}, {"beta1": 0.4, "beta2": 0.7}], ids=str)
@pytest.mark.parametrize("rate", [1e-3, 0.02])
@pytest.mark.parametrize("start", STARTS)
def test_lion_is_program_1_of_its_paper(start, rate, settings):
    """In higher precision; no sign here is that of a rounding error. It is also what optax.lion computes: the sign of
    (1 - b1) * gradient + b1 * mean and then weight_decay * point, times -rate; the mean is updated with b2.
    """
    known = {"beta1": 0.9, "beta2": 0.99, "weight_decay": 0.0} | settings
    b1, b2, decay = (np.longdouble(known[name]) for name in ("beta1", "beta2", "weight_decay"))
    point, mean = np.array(start, np.longdouble), np.zeros(2, np.longdouble)
    for found in run("lion", start=start, rate=rate, **settings).points:
        np.testing.assert_allclose(found, point.astype(float), rtol=1e-9, atol=1e-13)
        gradient = rosenbrock(point)[1]
        point = point - rate * (np.sign(b1 * mean + (1 - b1) * gradient) + decay * point)
        mean = b2 * mean + (1 - b2) * gradient


EQUAL_RULES = [
    (("adamw", {"weight_decay": 0.0}), ("adam", {})),
    (("nadam", {"decoupled_weight_decay": True}), ("nadam", {})),
    (("radam", {"decoupled_weight_decay": True}), ("radam", {})),
    (("momentum", {"momentum": 0.0}), ("gd", {})),
    (("nesterov", {"momentum": 0.0}), ("gd", {})),
    (("rmsprop", {"centered": True, "alpha": 1.0}), ("rmsprop", {"alpha": 1.0})),
]


@pytest.mark.parametrize("precision", Precision)
@pytest.mark.parametrize(("one", "other"), EQUAL_RULES, ids=lambda rule: f"{rule[0]}-{rule[1]}")
def test_rules_that_are_equal_by_their_formulas_are_so_bit_for_bit(one, other, precision):
    first, second = (run(name, rate=1e-4, precision=precision, **known).points for name, known in (one, other))
    np.testing.assert_array_equal(first, second)
    assert not np.array_equal(first[0], first[-1])


class Bent(Saddle):
    """x^2 - y^2 with weight_decay/2 * (x^2 + y^2) in it, for a weight_decay of 0.5."""

    @staticmethod
    def _value(x, y):
        return 1.25 * (x * x) - 0.75 * (y * y)

    @staticmethod
    def _partial_derivatives(x, y):
        return 2.5 * x, -1.5 * y


COUPLED = [
    name for name, kind in OPTIMIZERS.items() if "weight_decay" in vars(kind()) and not kind().decoupled_weight_decay
]


@pytest.mark.parametrize("name", COUPLED)
def test_a_coupled_decay_is_a_term_of_the_loss(name):
    decayed = run(name, Saddle(), (1.0, 0.5), rate=0.01, weight_decay=0.5).points
    bent = run(name, Bent(), (1.0, 0.5), rate=0.01, weight_decay=0.0).points
    np.testing.assert_allclose(decayed, bent, rtol=1e-12)


@pytest.mark.parametrize(("name", "settings"), [("adamw", {}), ("nadam", {"decoupled_weight_decay": True})])
def test_a_decoupled_decay_is_a_part_of_the_step_alone(name, settings):
    """So the first step is that without decay, and the decay of the point."""
    point = np.array([1.0, 0.5])
    plain, decayed = (run(name, Saddle(), tuple(point), rate=0.01, weight_decay=wd, **settings) for wd in (0.0, 0.5))
    np.testing.assert_allclose(decayed.points[1], plain.points[1] - 0.01 * 0.5 * point, rtol=1e-14)


@pytest.mark.parametrize("case", NEWTON, ids=lambda case: str(case["start"]))
def test_newton_is_that_of_scipy(case):
    points = np.array([[float(value) for value in row] for row in case["points"]])
    found = run("newton", start=tuple(case["start"]), steps=len(points) - 1).points
    np.testing.assert_allclose(found, points, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("precision", Precision)
def test_newton_is_at_the_minimum_of_a_quadratic_in_one_step_and_at_the_saddle(precision):
    close = 1e-12 if precision is Precision.FLOAT64 else 1e-4
    found = run("newton", LECTURE, (0.0, -1.0), precision=precision).points[1]
    np.testing.assert_allclose(found, LECTURE.minima[0], rtol=close)
    np.testing.assert_array_equal(run("newton", Saddle(), (1.0, 0.5), precision=precision).points[1], (0.0, 0.0))


@pytest.mark.parametrize("settings", [{}, {"c": 0.4, "factor": 0.8}], ids=str)
@pytest.mark.parametrize("start", STARTS)
def test_armijo_takes_the_first_size_that_falls_enough(start, settings):
    for point, direction in zip(
        (found := run("armijo", start=start, **settings)).points, found.directions, strict=True
    ):
        gradient = rosenbrock(point)[1]
        np.testing.assert_allclose(direction, halved(point, gradient, **SEARCHES | settings) * gradient, rtol=1e-9)


def test_an_exact_line_search_is_exact():
    """In rational arithmetic, on a bowl whose numbers are all rational."""
    x, y = LECTURE.data.x.astype(float), LECTURE.data.y.astype(float)
    n, sx, sxx, sy, sxy = (Fraction(float(value)) for value in (len(x), x.sum(), x @ x, y.sum(), x @ y))
    (a, b, d), (e, f) = (2 * sxx / n, 2 * sx / n, Fraction(2)), (2 * sxy / n, 2 * sy / n)
    w, bias = Fraction(0), Fraction(-1)
    for found in run("exact", LECTURE, (0.0, -1.0), steps=12).points:
        np.testing.assert_allclose(found, (float(w), float(bias)), rtol=1e-9)
        g, h = a * w + b * bias - e, b * w + d * bias - f
        size = (g * g + h * h) / (a * g * g + 2 * b * g * h + d * h * h)
        w, bias = w - size * g, bias - size * h


def test_an_exact_line_search_without_a_minimum_never_ends():
    found = run("exact", Saddle(), (0.5, 1.0), steps=3)
    assert np.isinf(found.points[1]).all()
    at_minimum = run("exact", LECTURE, tuple(LECTURE.minima[0]), steps=20)
    assert np.isfinite(at_minimum.points).all()


@pytest.mark.parametrize("settings", [{}, {"c": 0.3, "factor": 0.7}], ids=str)
@pytest.mark.parametrize("start", STARTS)
def test_bfgs_is_algorithm_6_1(start, settings):
    point, inverse = np.array(start), np.eye(2)
    for found in run("bfgs", start=start, steps=12, **settings).points:
        np.testing.assert_allclose(found, point, rtol=1e-7, atol=1e-10)
        gradient = rosenbrock(point)[1]
        towards = inverse @ gradient
        following = point - halved(point, towards, **SEARCHES | settings) * towards
        step, risen = following - point, rosenbrock(following)[1] - gradient
        if step @ risen > 0:
            part = np.eye(2) - np.outer(step, risen) / (step @ risen)
            inverse = part @ inverse @ part.T + np.outer(step, step) / (step @ risen)
        point = following


@pytest.mark.parametrize("settings", [{}, {"c": 0.3, "factor": 0.7}], ids=str)
@pytest.mark.parametrize("start", STARTS)
def test_conjugate_gradient_is_algorithm_5_4(start, settings):
    point, before, towards = np.array(start), None, None
    for found in run("conjugate-gradient", start=start, steps=12, **settings).points:
        np.testing.assert_allclose(found, point, rtol=1e-7, atol=1e-10)
        _, gradient, hessian = rosenbrock(point)
        beta = 0.0 if before is None else max(0.0, gradient @ (gradient - before) / (before @ before))
        mixed = gradient if beta == 0.0 else gradient + beta * towards
        before, towards = gradient, mixed if gradient @ mixed > 0 else gradient
        curvature = towards @ hessian @ towards
        first = gradient @ towards / curvature if curvature > 0 else 1.0
        point = point - halved(point, towards, **SEARCHES | settings, first=first) * towards


@pytest.mark.parametrize("precision", Precision)
def test_conjugate_gradient_is_at_the_minimum_of_a_quadratic_in_two_steps(precision):
    found = run("conjugate-gradient", LECTURE, (0.0, -1.0), steps=5, precision=precision).points
    np.testing.assert_allclose(found[2], LECTURE.minima[0], rtol=1e-9 if precision is Precision.FLOAT64 else 2e-4)
    assert np.isfinite(found).all()


@pytest.mark.parametrize("precision", Precision)
@pytest.mark.parametrize("name", ["armijo", "bfgs", "conjugate-gradient"])
@pytest.mark.parametrize("problem", [kind() for kind in PROBLEMS.values()], ids=lambda problem: problem.name)
def test_a_line_search_never_rises_and_ends_at_rest(problem, name, precision):
    found = run(name, problem, problem.start, steps=800 if name == "armijo" else 200, precision=precision)
    assert (np.diff(found.losses.astype(float)) <= 0).all()
    slope, flat = np.abs(found.gradients[-1]).max(), 2e-2 if precision is Precision.FLOAT32 else 1e-3
    assert slope < flat * max(1.0, np.abs(found.gradients[0]).max())


def test_where_numbers_have_broken_a_line_search_ends():
    huge = Experiment(Himmelblau(), make_optimizer("armijo", {}), OWN_STEPS, (1e30, -1e30), 5)
    assert not np.isfinite(record(huge).losses).any()
    assert not np.isfinite(record(replace(huge, optimizer=make_optimizer("bfgs", {}))).losses).any()
