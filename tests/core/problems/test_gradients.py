"""Losses, gradients and Hessians of all problems against differences of each other."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdviz.core.data.creation import from_points, generate
from gdviz.core.data.settings import DataSettings
from gdviz.core.precision import Precision
from gdviz.core.problems.problem import Curvature, Problem, curvature, minimum_loss
from gdviz.core.problems.registry import PROBLEMS, make_problem
from gdviz.core.problems.regression import LinearRegression
from gdviz.core.problems.surfaces import Himmelblau, Rosenbrock

pytestmark = pytest.mark.unmeasured  # dear to measure; what it meets is met elsewhere

PROBLEMS_HERE = [
    pytest.param(LinearRegression(), id="default"),
    pytest.param(
        LinearRegression(generate(DataSettings(rows=7, noise=2.0, slope=-3.0, x_range=(-5.0, 2.0)))), id="seven"
    ),
    pytest.param(LinearRegression(from_points([0.7], [2.0], None, "one row")), id="one-row"),
    pytest.param(LinearRegression(from_points([0.3] * 4, [1.0, 2.0, 4.0, 5.0], None, "constant x")), id="constant-x"),
    pytest.param(Rosenbrock(), id="rosenbrock"),
    pytest.param(Himmelblau(), id="himmelblau"),
]
every_problem = pytest.mark.parametrize("problem", PROBLEMS_HERE)
KINDS = [pytest.param(make_problem(name), id=name) for name in PROBLEMS]
every_kind = pytest.mark.parametrize("problem", KINDS)
coordinates = st.floats(-6, 6)


def direct_loss(problem: Problem, w, b):
    """The loss as its formula says, for scalars or grids, complex ones too."""
    if isinstance(problem, Rosenbrock):
        return (1 - w) ** 2 + 100 * (b - w**2) ** 2
    if isinstance(problem, Himmelblau):
        return (w**2 + b - 11) ** 2 + (w + b**2 - 7) ** 2
    x, y = problem.data.x.astype(np.float64), problem.data.y.astype(np.float64)
    return ((np.multiply.outer(w, x) + np.asarray(b)[..., None] - y) ** 2).mean(axis=-1)


def complex_step(problem: Problem, x: float, y: float) -> np.ndarray:
    """Squire and Trapp, SIAM Review 40 (1998), 110-112: a derivative without a difference, exact to rounding."""
    h = 1e-30
    return np.array([direct_loss(problem, x + 1j * h, y), direct_loss(problem, x, y + 1j * h)]).imag / h


@every_problem
@settings(deadline=None, max_examples=60)
@given(x=coordinates, y=coordinates)
def test_loss_and_gradient(problem, x, y):
    point = np.array([x, y])
    for precision, eps in ((Precision.FLOAT64, 1e-12), (Precision.FLOAT32, 2e-5)):
        loss, gradient = problem.evaluator(precision)(point.astype(precision.dtype))
        assert loss.dtype == gradient.dtype == precision.dtype
        assert gradient.shape == (2,)
        # Terms of up to 6^4 cancel where the result is small.
        x_run, y_run = (float(value) for value in point.astype(precision.dtype))
        expected = direct_loss(problem, x_run, y_run)
        assert float(loss) == pytest.approx(expected, rel=eps, abs=eps * 30)
        scale = 400 if isinstance(problem, Rosenbrock) else 30
        np.testing.assert_allclose(gradient, complex_step(problem, x_run, y_run), rtol=eps, atol=eps * 10 * scale)


@every_kind
@settings(deadline=None, max_examples=60)
@given(x=coordinates, y=coordinates)
def test_gradient_is_the_slope_of_the_loss(problem, x, y):
    h = 1e-5
    _, gradient = problem.evaluator(Precision.FLOAT64)(np.array([x, y]))
    along = (problem.loss(x + h, y) - problem.loss(x - h, y), problem.loss(x, y + h) - problem.loss(x, y - h))
    np.testing.assert_allclose(gradient, np.array(along) / (2 * h), rtol=1e-6, atol=1e-3)


@every_kind
def test_minima_of_every_kind_are_stationary_and_in_the_box(problem):
    for minimum in problem.minima:
        _, gradient = problem.evaluator(Precision.FLOAT64)(np.array(minimum))
        assert np.abs(gradient).max() < 1e-12
        assert np.linalg.eigvalsh(problem.hessian(minimum))[0] > -1e-12
        assert problem.box.contains(minimum)


@pytest.mark.parametrize("problem", [*PROBLEMS_HERE, *KINDS])
@settings(deadline=None, max_examples=60)
@given(x=coordinates, y=coordinates)
def test_hessian_is_the_slope_of_the_gradient(problem, x, y):
    evaluate, h = problem.evaluator(Precision.FLOAT64), 1e-5
    point = np.array([x, y])
    differences = [(evaluate(point + h * e)[1] - evaluate(point - h * e)[1]) / (2 * h) for e in np.eye(2)]
    hessian = problem.hessian(point)
    assert hessian.shape == (2, 2)
    np.testing.assert_allclose(hessian, np.array(differences), rtol=1e-6, atol=2e-4)
    assert (hessian == hessian.T).all()


@every_problem
def test_grids_are_the_scalars_side_by_side(problem):
    first, second = np.linspace(-3, 4, 8), np.linspace(-2, 5, 5)
    grid = problem.loss(first[:, None], second[None, :])
    assert grid.shape == (8, 5)
    assert grid.dtype == np.float64
    scalars = [[float(problem.loss(a, b)) for b in second] for a in first]
    assert grid.tolist() == scalars
    np.testing.assert_allclose(grid, direct_loss(problem, *np.meshgrid(first, second, indexing="ij")), rtol=1e-12)


@every_problem
def test_known_minima_are_stationary_and_nowhere_is_lower(problem):
    first, second = np.meshgrid(np.linspace(-6, 6, 101), np.linspace(-6, 6, 101))
    lowest = minimum_loss(problem)
    assert (problem.loss(first, second) >= lowest).all()
    assert len(problem.minima) == (4 if isinstance(problem, Himmelblau) else 1)
    for minimum in problem.minima:
        loss, gradient = problem.evaluator(Precision.FLOAT64)(np.array(minimum))
        assert np.abs(gradient).max() < 1e-12
        assert float(loss) == pytest.approx(lowest, rel=1e-9, abs=1e-24)
        assert np.linalg.eigvalsh(problem.hessian(minimum))[0] > -1e-12


settings_of_data = st.builds(
    DataSettings,
    rows=st.integers(1, 200),
    noise=st.floats(0, 10),
    slope=st.floats(-10, 10),
    intercept=st.floats(-10, 10),
    x_range=st.floats(-1000, 1000).flatmap(lambda low: st.floats(0.01, 1000).map(lambda width: (low, low + width))),
    seed=st.integers(0, 100),
)


@settings(deadline=None, max_examples=100)
@given(settings_of_data)
def test_the_loss_over_a_grid_is_the_mean_of_squares(data_settings):
    problem = LinearRegression(generate(data_settings))
    first, second = problem.box.grid(9)
    grid = problem.loss(first[:, None], second[None, :])
    direct = direct_loss(problem, *np.meshgrid(first, second, indexing="ij"))
    # What w * x and b cancel of each other is lost to the direct form too.
    x = np.abs(problem.data.x.astype(np.float64)).max()
    cancelled = (np.abs(first).max() * x + np.abs(second).max()) * 1e-15
    np.testing.assert_allclose(grid, direct, rtol=1e-12 + 1e-15 * x, atol=2 * cancelled * np.sqrt(direct.max()))
    assert (grid >= minimum_loss(problem)).all()


@settings(deadline=None, max_examples=100)
@given(settings_of_data)
def test_least_squares_solution(data_settings):
    problem = LinearRegression(generate(data_settings))
    x, y = problem.data.x.astype(np.float64), problem.data.y.astype(np.float64)
    (w, b) = problem.minima[0]
    # Centred, as the plain design matrix of x around 1000 has a condition number of a million.
    centred = np.stack([x - x.mean(), np.ones_like(x)], axis=1)
    slope, level = np.linalg.lstsq(centred, y, rcond=None)[0]
    if np.ptp(x) > 1e-3:
        assert w == pytest.approx(slope, rel=1e-9, abs=1e-9)
    assert w * x.mean() + b == pytest.approx(level, rel=1e-9, abs=1e-9)
    assert minimum_loss(problem) == pytest.approx(float(np.mean((w * x + b - y) ** 2)), rel=1e-9)


@pytest.mark.parametrize(("x", "y"), [([0.7], [2.0]), ([0.3] * 100, list(range(100)))])
def test_without_a_slope_the_shortest_solution_is_taken(x, y):
    problem = LinearRegression(from_points(x, y, None, "a"))
    w, b = problem.minima[0]
    value = x[0]
    assert w * value + b == pytest.approx(np.mean(y))
    # The shortest of all (w, b) on the line w * value + b = mean is at a right angle to it.
    assert b * value - w == pytest.approx(0.0, abs=1e-9)


def test_a_sum_of_squares_neither_cancels_nor_becomes_nan():
    problem = LinearRegression()
    assert problem.loss(1e200, -1e200) == np.inf
    assert problem.loss(-np.inf, 0.0) == np.inf
    shifted = LinearRegression(generate(DataSettings(x_range=(1000.0, 1001.0))))
    w, b = shifted.minima[0]
    along = np.linspace(-10, 10, 401)
    valley = shifted.loss(w + along, b - along * 1000.5)
    assert (valley >= minimum_loss(shifted)).all()
    direct = direct_loss(shifted, w + along, b - along * 1000.5)
    np.testing.assert_allclose(valley, direct, rtol=1e-9)


@pytest.mark.parametrize("problem", [Rosenbrock(), Himmelblau()], ids=["rosenbrock", "himmelblau"])
def test_surfaces_overflow_to_infinity_and_never_to_nan(problem):
    wide = np.array([-1e308, -1e200, -1e80, 0.0, 1e80, 1e200, 1e308])
    grid = problem.loss(wide[:, None], wide[None, :])
    assert not np.isnan(grid).any()
    assert (grid[np.ix_([1, 5], [1, 3, 5])] == np.inf).all()


def test_it_overflows_where_automatic_differentiation_does():
    # d = (2/n) r is summed: 100 residuals of 2e37 are fine, though their sum is beyond single precision.
    problem = LinearRegression(from_points([1.0] * 100, [0.0] * 100, None, "a"))
    with np.errstate(over="ignore"):
        loss, gradient = problem.evaluator(Precision.FLOAT32)(np.array([2e37, 0.0], np.float32))
    assert loss == np.inf
    assert gradient == pytest.approx([4e37, 4e37], rel=1e-6)


def test_box_depends_on_the_data_and_holds_start_and_minimum():
    problem = LinearRegression()
    assert problem.box.contains(problem.start)
    assert problem.box.centre == problem.minima[0]
    assert problem.box.half[0] == problem.box.half[1]
    assert problem.box.half[0] == pytest.approx(2 * (problem.minima[0][1] + 1))


def test_box_of_data_whose_minimum_is_the_start():
    problem = LinearRegression(generate(DataSettings(noise=0.0, slope=0.0, intercept=-1.0)))
    assert problem.minima == ((0.0, -1.0),)
    assert min(problem.box.half) > 0
    assert problem.box.contains((0.0, -1.0))


@every_problem
def test_boxes_hold_the_minima(problem):
    assert problem.box.is_finite
    assert all(problem.box.contains(minimum) for minimum in problem.minima)
    assert isinstance(problem, Problem)


def test_hessian_cannot_be_spoiled():
    problem = LinearRegression()
    with pytest.raises(ValueError, match="read-only"):
        problem.hessian((0.0, 0.0))[0, 0] = 0.0


def test_best_rate_shrinks_both_ends_of_the_spectrum_alike():
    rate = Curvature(0.5, 3.5).best_learning_rate
    assert 1 - rate * 0.5 == -(1 - rate * 3.5)


@pytest.mark.parametrize("x", np.random.default_rng(3).normal(0, 10, 30))
def test_no_best_rate_without_curvature_in_both_directions(x):
    assert curvature(LinearRegression(from_points([x], [1.0], None, "a")), (0, 0)).best_learning_rate is None


def test_best_rate_is_there_for_a_narrow_valley():
    found = curvature(LinearRegression(generate(DataSettings(x_range=(100.0, 101.0)))), (0.0, 0.0))
    assert found.best_learning_rate == pytest.approx(2 / found.largest, rel=1e-6)


def test_no_curvature_where_the_hessian_is_not_finite():
    assert curvature(Himmelblau(), (1e200, 0.0)) is None
    assert curvature(Himmelblau(), (np.nan, 0.0)) is None
    saddle = curvature(Himmelblau(), (0.08667750456, 2.88425470257))
    assert saddle.smallest < 0 < saddle.largest
    assert saddle.best_learning_rate is None


ALL_AT_THEIR_START = [make_problem(name) for name in PROBLEMS] + [
    LinearRegression(generate(DataSettings(**given))) for given in ({"x_range": (0.0, 100.0)}, {"rows": 1})
]


@pytest.mark.parametrize("problem", ALL_AT_THEIR_START)
def test_suggested_rate_does_not_diverge(problem):
    point = np.array(problem.start)
    evaluate = problem.evaluator(Precision.FLOAT64)
    first, _ = evaluate(point)
    # Where there is no minimum it may fall without end.
    for _ in range(2000 if problem.minima else 20):
        loss, gradient = evaluate(point)
        point = point - problem.suggested_learning_rate * gradient
    assert loss < first
