"""The tape against the evaluators, against gradients derived by hand, and against itself."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdviz.core.data.creation import from_points, generate
from gdviz.core.data.settings import DataSettings
from gdviz.core.precision import Precision
from gdviz.core.problems.capabilities import HasTape
from gdviz.core.problems.registry import PROBLEMS as REGISTERED
from gdviz.core.problems.registry import make_problem
from gdviz.core.problems.regression import LinearRegression
from gdviz.core.problems.surfaces import Himmelblau, Rosenbrock, TwoWells
from gdviz.core.problems.tape import Operation, Tape

SURFACES = (Rosenbrock(), Himmelblau(), TwoWells())
PROBLEMS = (LinearRegression(), LinearRegression(from_points([0.7], [2.0], None, "one row")), *SURFACES)
every_problem = pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: problem.name)
every_precision = pytest.mark.parametrize("precision", list(Precision))
coordinates = st.floats(-1e3, 1e3, allow_subnormal=False)
points = st.tuples(coordinates, coordinates)
random_data = st.builds(
    DataSettings,
    rows=st.integers(1, 300),
    noise=st.floats(0, 10),
    slope=st.floats(-10, 10),
    intercept=st.floats(-10, 10),
    seed=st.integers(0, 100),
)


def evaluated(problem, point, precision):
    """Loss and gradient as a run computes them."""
    with np.errstate(all="ignore"):
        return problem.evaluator(precision)(np.array(point, precision.dtype))


def assert_is_the_evaluators(problem, point, precision):
    loss, gradient = evaluated(problem, point, precision)
    tape = problem.tape(np.array(point, precision.dtype), precision)
    assert tape.loss.dtype == precision.dtype
    np.testing.assert_array_equal(tape.loss, loss)
    found = tape.parameter_gradient()
    assert found.dtype == precision.dtype
    if isinstance(problem, Rosenbrock):
        # The two terms of the slope along x may cancel; each is a product of the same factors in another order.
        x, y = (float(value) for value in np.array(point, precision.dtype))
        terms = abs(2 * (1 - x)) + 400 * abs(x) * (abs(y) + x * x)
        assert abs(float(found[0]) - float(gradient[0])) <= 4 * np.finfo(precision.dtype).eps * terms
        found, gradient = found[1:], gradient[1:]
    np.testing.assert_array_equal(found, gradient)


@pytest.mark.parametrize("name", REGISTERED)
@given(parts=st.tuples(st.floats(-1, 1), st.floats(-1, 1)))
def test_what_is_registered_with_a_tape_has_the_same_gradient_there(name, parts):
    problem = make_problem(name)
    if isinstance(problem, HasTape):
        point = np.array(problem.box.centre) + np.array(parts) * problem.box.half
        found = problem.tape(point, Precision.FLOAT64).parameter_gradient()
        _, gradient = evaluated(problem, point, Precision.FLOAT64)
        size = np.abs(problem.hessian(point)).max() + np.abs(gradient).max()
        np.testing.assert_allclose(found, gradient, rtol=1e-9, atol=1e-9 * size)


@every_precision
@every_problem
@settings(deadline=None, max_examples=40)
@given(point=points)
def test_loss_and_gradient_are_those_of_the_evaluator(problem, precision, point):
    assert_is_the_evaluators(problem, point, precision)


@every_precision
@settings(deadline=None, max_examples=50)
@given(settings_of_data=random_data, point=points)
def test_on_random_data_they_are_so_bit_for_bit(precision, settings_of_data, point):
    assert_is_the_evaluators(LinearRegression(generate(settings_of_data)), point, precision)


@every_precision
@pytest.mark.parametrize("rows", [1, 2, 3, 7, 127, 128, 129, 1000, 10_000])
def test_whatever_the_number_of_rows(precision, rows):
    assert_is_the_evaluators(LinearRegression(generate(DataSettings(rows=rows))), (1.7, -0.3), precision)


@pytest.mark.parametrize(
    "point", [(1e24, -1.9e24), (3e38, 3e38), (np.inf, 1.0), (np.nan, 0.0), (-np.inf, np.inf), (1e20, 0.0), (-0.0, 0.0)]
)
@every_precision
@pytest.mark.parametrize("problem", PROBLEMS[:2], ids=["100 rows", "1 row"])
def test_what_is_not_finite_passes_as_in_the_run(problem, precision, point):
    assert_is_the_evaluators(problem, point, precision)


@settings(deadline=None, max_examples=40)
@given(point=st.tuples(st.floats(-6, 6), st.floats(-6, 6)))
def test_surfaces_have_the_gradients_derived_by_hand(point):
    x, y = point
    by_hand = {
        "rosenbrock": (2 * (x - 1) - 400 * x * (y - x**2), 200 * (y - x**2)),
        "himmelblau": (4 * x * (x**2 + y - 11) + 2 * (x + y**2 - 7), 2 * (x**2 + y - 11) + 4 * y * (x + y**2 - 7)),
        "two-wells": (4 * x**3 - 4 * x + 0.3, 2 * y),
    }
    for problem in SURFACES:
        found = problem.tape(np.array(point), Precision.FLOAT64).parameter_gradient()
        np.testing.assert_allclose(found, by_hand[problem.name], rtol=1e-12, atol=1e-9)


@settings(deadline=None, max_examples=40)
@given(settings_of_data=random_data, point=points)
def test_the_regression_has_the_gradient_derived_by_hand(settings_of_data, point):
    problem, (w, b) = LinearRegression(generate(settings_of_data)), point
    x, y = problem.data.x.astype(np.float64), problem.data.y.astype(np.float64)
    found = problem.tape(np.array(point), Precision.FLOAT64).parameter_gradient()
    scale = 1e-13 * (abs(w) + abs(b) + np.abs(y).max() + 1)
    assert found[0] == pytest.approx(2 / x.size * np.sum(x * (w * x + b - y)), rel=1e-10, abs=scale)
    assert found[1] == pytest.approx(2 / x.size * np.sum(w * x + b - y), rel=1e-10, abs=scale)


def test_the_regression_is_recorded_operation_by_operation():
    entries = LinearRegression().tape((0.0, -1.0), Precision.FLOAT32).entries
    assert [entry.operation for entry in entries] == [
        Operation.DATA,
        Operation.PARAMETER,
        Operation.MULTIPLY,
        Operation.PARAMETER,
        Operation.ADD,
        Operation.DATA,
        Operation.SUBTRACT,
        Operation.SQUARE,
        Operation.MEAN,
    ]
    assert [entry.name for entry in entries if entry.name] == ["x", "w", "b", "y"]
    assert entries[2].operands == (1, 0)


def test_only_what_depends_on_a_parameter_has_a_gradient():
    tape = LinearRegression().tape((0.0, -1.0), Precision.FLOAT32)
    for entry, gradient in zip(tape.entries, tape.gradients(), strict=True):
        if entry.operation is Operation.DATA:
            assert gradient is None
        else:
            assert gradient.shape == entry.value.shape
            assert gradient.dtype == np.float32


def tape_of_one(value):
    tape = Tape(Precision.FLOAT64)
    return tape, tape.parameter("a", value)


@pytest.mark.parametrize(
    ("formula", "value", "slope"),
    [
        (lambda a: a + 2, 5.0, 1.0),
        (lambda a: 2 + a, 5.0, 1.0),
        (lambda a: a - 2, 1.0, 1.0),
        (lambda a: 2 - a, -1.0, -1.0),
        (lambda a: a * 4, 12.0, 4.0),
        (lambda a: np.float64(4) * a, 12.0, 4.0),
        (lambda a: a * a, 9.0, 6.0),
        (lambda a: a + a, 6.0, 2.0),
        (lambda a: a * a * a, 27.0, 27.0),
        (lambda a: (a - a) * a, 0.0, 0.0),
        (lambda a: (a.square() - 1).square(), 64.0, 96.0),
    ],
)
def test_each_operation_has_its_value_and_its_slope(formula, value, slope):
    tape, a = tape_of_one(3.0)
    formula(a)
    assert float(tape.loss) == value
    assert tape.parameter_gradient().tolist() == [slope]


@pytest.mark.parametrize("shape", [(4,), (2, 4), (2, 1), (1, 4), (1, 1)])
def test_what_was_broadcast_is_added_up_again(shape):
    """Against the sum over the repeated values, which are parameters of their own."""
    rng = np.random.default_rng(1)
    value, data = rng.normal(size=shape), rng.normal(size=(2, 4))
    tape = Tape(Precision.FLOAT64)
    a = tape.parameter("a", value)
    ((a * tape.data("d", data) - 1).square() + a).sum()
    expected = 2 * (value * data - 1) * data + 1
    axes = tuple(axis - len(shape) for axis in range(len(shape)) if shape[axis] == 1)
    expected = expected.sum(axis=axes, keepdims=True)
    expected = expected.sum(axis=0) if len(shape) == 1 else expected
    np.testing.assert_allclose(tape.gradients()[a.place], expected, rtol=1e-13)


def test_sum_and_mean_differ_by_the_number_of_rows():
    slopes = []
    for method in ("sum", "mean"):
        tape, a = tape_of_one(2.0)
        getattr(a * tape.data("x", [1.0, 2.0, 5.0, 8.0]), method)()
        slopes.append((float(tape.loss), *tape.parameter_gradient()))
    assert slopes == [(32.0, 16.0), (8.0, 4.0)]


def test_a_parameter_that_is_not_used_has_the_slope_zero():
    tape, a = tape_of_one(3.0)
    tape.parameter("unused", 1.0)
    a.square()
    assert tape.parameter_gradient().tolist() == [6.0, 0.0]


def test_only_a_scalar_is_differentiated():
    tape, a = tape_of_one(3.0)
    a * tape.data("x", [1.0, 2.0])
    with pytest.raises(ValueError, match="only a scalar"):
        tape.gradients()


def test_variables_of_two_tapes_are_not_combined():
    (_, a), (_, b) = tape_of_one(3.0), tape_of_one(4.0)
    with pytest.raises(ValueError, match="different tapes"):
        a + b


@every_problem
def test_the_rounding_error_bounds_that_of_single_precision(problem):
    rng = np.random.default_rng(3)
    used = []
    for point in rng.uniform(-5, 5, (60, 2)).astype(np.float32):
        single = problem.tape(point, Precision.FLOAT32)
        exact = float(problem.tape(point, Precision.FLOAT64).loss)
        # The numbers of the formula are rounded too: at most one part in 2^24 of a term that is not larger than these.
        bound = single.rounding_error() + 6e-8 * (10.0 if isinstance(problem, TwoWells) else 0.0)
        used.append(abs(float(single.loss) - exact) / bound)
    assert max(used) <= 1.0
    assert max(used) > 0.005  # and it is no empty promise
