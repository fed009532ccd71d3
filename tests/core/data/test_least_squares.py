"""Least squares over many rows, the Gram form against row by row, and the sum of squares against the mean."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdviz.core.analysis.mean_square import mini_batch_limit, stationary_excess_loss
from gdviz.core.analysis.rate_limit import global_stability_limit
from gdviz.core.data import rows as rows_module
from gdviz.core.data.creation import from_points, generate
from gdviz.core.data.least_squares import DIRECT_ROWS, least_squares
from gdviz.core.data.settings import DataSettings
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.optimizers import Momentum
from gdviz.core.descent.recording import record
from gdviz.core.descent.schedules import Constant
from gdviz.core.errors import InputError
from gdviz.core.precision import Precision
from gdviz.core.problems.problem import curvature
from gdviz.core.problems.reductions import REDUCTIONS, mean_factor
from gdviz.core.problems.regression import LinearRegression
from gdviz.core.problems.row_wise import row_wise_evaluator

pytestmark = pytest.mark.unmeasured  # dear to measure; what it meets is met elsewhere

SINGLE, DOUBLE = Precision
reductions = st.sampled_from(REDUCTIONS)
data_sets = st.builds(
    DataSettings,
    rows=st.integers(2, 400),
    noise=st.sampled_from([0.0, 1e-6, 0.01, 3.0]),
    slope=st.floats(-5, 5),
    intercept=st.floats(-5, 5),
    x_range=st.sampled_from([(0.0, 1.0), (-1.0, 1.0), (-40.0, 3.0), (10.0, 11.0)]),
    seed=st.integers(0, 50),
).map(generate)
coordinates = st.floats(-1e3, 1e3)
MANY = LinearRegression(generate(DataSettings(rows=DIRECT_ROWS + 1)))


def by_rows(problem, precision=DOUBLE):
    """What the problem would compute with fewer rows."""
    x, y = problem.data.x.astype(precision.dtype), problem.data.y.astype(precision.dtype)
    return row_wise_evaluator(x, y, None if problem.reduction == "sum" else problem.form.factor)


def reference(data):
    """The normal equations in extended precision, streamed: (w, b), the mean of squares, the curvatures."""
    sums = np.zeros(5, np.longdouble)
    for begin in range(0, data.x.size, 100_000):
        # Shifted by half, which is near the mean, so that little cancels.
        x = data.x[begin : begin + 100_000].astype(np.longdouble) - 0.5
        y = data.y[begin : begin + 100_000].astype(np.longdouble) - 0.5
        sums += [x.sum(), y.sum(), (x * x).sum(), (x * y).sum(), (y * y).sum()]
    x, y, xx, xy, yy = sums / data.x.size
    weight = (xy - x * y) / (xx - x * x)
    bias = y - weight * x
    minimum = yy - 2 * (weight * xy + bias * y) + weight**2 * xx + 2 * weight * bias * x + bias**2
    trace, determinant = 2 * (xx + x + 0.25 + 1), 4 * (xx - x * x)
    largest = (trace + np.sqrt(trace**2 - 4 * determinant)) / 2
    return (weight, bias + 0.5 - weight * 0.5), minimum, (determinant / largest, largest)


@pytest.mark.parametrize("rows", [DIRECT_ROWS + 1, 10_000_000])
def test_minimum_limit_and_best_rate_match_a_reference(rows):
    problem = LinearRegression(generate(DataSettings(rows=rows)))
    place, minimum, (smallest, largest) = reference(problem.data)
    known = curvature(problem, (0.0, 0.0))
    assert problem.minima[0] == pytest.approx([float(value) for value in place], rel=1e-9)
    assert float(problem.loss(*problem.minima[0])) == pytest.approx(float(minimum), rel=1e-9)
    assert 2.0 / known.largest == pytest.approx(float(2.0 / largest), rel=1e-9)
    assert known.best_learning_rate == pytest.approx(float(2.0 / (smallest + largest)), rel=1e-9)


@settings(deadline=None, max_examples=60)
@given(data_sets, st.integers(1, 500))
def test_the_streamed_fit_is_that_of_all_rows_at_once(data, piece):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rows_module, "PIECE_ROWS", piece)
        streamed = least_squares(data.x, data.y, direct_rows=0)
    direct = least_squares(data.x, data.y)
    # What x spreads, by the size of x: so much is lost of the digits where x lies far from 0.
    blur = 1e-13 * (1.0 + direct.mean_square / max(direct.variance, 1e-30))
    assert streamed.rows == direct.rows
    for name, size in (("weight", 10.0), ("bias", 100.0), ("mean", 1.0), ("variance", 1.0), ("mean_square", 1.0)):
        assert getattr(streamed, name) == pytest.approx(getattr(direct, name), rel=1e-12, abs=size * blur)
    # A residual has the rounding error of what it is the difference of.
    error = 1e-13 * float(np.abs(data.y).max() + np.abs(data.x).max())
    assert np.sqrt(streamed.minimum) == pytest.approx(np.sqrt(direct.minimum), rel=1e-9, abs=error)


@pytest.mark.parametrize("value", [0.1, 0.0, -7.0])
def test_the_shortest_line_is_taken_where_x_is_constant(value):
    y = np.linspace(0.0, 4.0, DIRECT_ROWS + 1)
    many = least_squares(np.full(y.size, value, np.float32), y.astype(np.float32))
    few = least_squares(np.full(3, value, np.float32), np.array([0, 2, 4], np.float32))
    assert (many.weight, many.bias) == pytest.approx((few.weight, few.bias), abs=1e-9)
    assert many.variance == 0.0
    assert many.minimum == pytest.approx(y.var(), rel=1e-6)


@settings(deadline=None, max_examples=100)
@given(data_sets, reductions, st.lists(st.tuples(coordinates, coordinates), min_size=1, max_size=5))
def test_the_gram_form_is_the_loss_row_by_row(data, reduction, points):
    problem = LinearRegression(data, reduction)
    evaluate, alone = problem.form.evaluator(DOUBLE), by_rows(problem)
    for point in np.array(points):
        (loss, gradient), (wanted, slopes) = evaluate(point), alone(point)
        size = np.abs(problem.hessian(point)) @ (np.abs(point) + np.abs(problem.minima[0]))
        # A residual has the rounding error of what it is the difference of; near an exact fit little else is left.
        away = float(np.abs(data.x).max()) * abs(point[0]) + abs(point[1]) + float(np.abs(data.y).max())
        blur = 1e-14 * away * np.sqrt(problem.form.factor)
        assert np.sqrt(loss) == pytest.approx(np.sqrt(wanted), rel=5e-10, abs=blur)
        assert loss == problem.loss(*point)
        assert (np.abs(gradient - slopes) <= 1e-9 * np.abs(slopes) + 1e-12 * size).all()


@settings(deadline=None, max_examples=60)
@given(
    st.builds(lambda data, reduction: LinearRegression(data, reduction), data_sets, reductions),
    st.sampled_from(Precision),
    st.lists(st.tuples(st.floats(width=32), st.floats(width=32)), min_size=1, max_size=6),
)
def test_many_points_have_the_bits_of_each_alone(problem, precision, points):
    table = np.array(points, precision.dtype).T
    evaluate = problem.form.evaluator(precision)
    with np.errstate(all="ignore"):
        losses, gradients = evaluate(table)
        for column, point in enumerate(table.T):
            loss, gradient = evaluate(point)
            assert loss.dtype == gradient.dtype == losses.dtype == gradients.dtype == precision.dtype
            assert np.array_equal(loss, losses[column], equal_nan=True)
            assert np.array_equal(gradient, gradients[:, column], equal_nan=True)
            assert np.array_equal(loss, problem.form.losses(precision)(point), equal_nan=True)


def test_beyond_the_direct_rows_a_run_does_not_go_through_them():
    few, many = (generate(DataSettings(rows=rows)) for rows in (DIRECT_ROWS, DIRECT_ROWS + 1))
    point = np.array([0.3, -2.0], np.float32)
    for data, form in ((few, by_rows), (many, lambda problem, precision: problem.form.evaluator(precision))):
        problem = LinearRegression(data)
        (loss, gradient), (wanted, slopes) = problem.evaluator(SINGLE)(point), form(problem, SINGLE)(point)
        assert (loss, gradient.tolist()) == (wanted, slopes.tolist())


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("precision", Precision)
def test_a_few_more_rows_overflow_at_about_the_same_step(reduction, precision):
    steps = {SINGLE: 200, DOUBLE: 1500}[precision]
    found = []
    for rows in (DIRECT_ROWS, DIRECT_ROWS + 1):
        problem = LinearRegression(generate(DataSettings(rows=rows)), reduction)
        rate = 0.9 / mean_factor(reduction, rows)
        found.append(record(Experiment(problem, Momentum(0.0), Constant(rate), (0.0, -1.0), steps, precision)))
    few, many = (recording.milestones for recording in found)
    assert abs(few.infinite_loss - many.infinite_loss) <= 1
    assert (few.nan_loss is None) == (many.nan_loss is None)
    before = few.infinite_loss - 3
    assert np.sign(found[0].points[:before]).tolist() == np.sign(found[1].points[:before]).tolist()


@settings(deadline=None, max_examples=60)
@given(coordinates, coordinates, reductions)
def test_the_tape_of_many_rows_is_in_double_precision(first, second, reduction):
    problem = LinearRegression(MANY.data, reduction)
    point = np.array([first, second], np.float32)
    tape = problem.tape(point, SINGLE)
    loss, gradient = problem.evaluator(SINGLE)(point)
    assert tape.precision is DOUBLE
    assert np.float32(tape.loss) == loss
    size = np.abs(problem.hessian(point)).max() * (1.0 + np.abs(point).max())
    assert tape.parameter_gradient() == pytest.approx(gradient, rel=1e-6, abs=1e-9 * size)


@settings(deadline=None, max_examples=60)
@given(data_sets, coordinates, coordinates, st.sampled_from(Precision))
def test_the_sum_is_so_many_times_the_mean(data, first, second, precision):
    mean, total = LinearRegression(data), LinearRegression(data, "sum")
    rows, point = data.x.size, np.array([first, second], precision.dtype)
    assert total.minima == mean.minima
    assert float(total.loss(first, second)) == pytest.approx(rows * float(mean.loss(first, second)), rel=1e-12)
    assert total.hessian(point).ravel() == pytest.approx(rows * mean.hessian(point).ravel(), rel=1e-12)
    (loss, gradient), (one, slopes) = (problem.evaluator(precision)(point) for problem in (total, mean))
    tolerance = 100 * float(np.finfo(precision.dtype).eps)
    assert loss == pytest.approx(rows * float(one), rel=tolerance, abs=1e-30)
    size = float(np.abs(mean.hessian(point)).max()) * (float(np.abs(point).max()) + 60.0)
    assert gradient == pytest.approx(rows * slopes.astype(float), rel=tolerance, abs=rows * size * tolerance)


@settings(deadline=None, max_examples=60)
@given(data_sets, coordinates, coordinates, st.sampled_from(Precision))
def test_the_tape_of_a_reduction_is_its_evaluator_bit_for_bit(data, first, second, precision):
    assert_tape_is_evaluator(LinearRegression(data, "sum"), first, second, precision)
    assert_tape_is_evaluator(LinearRegression(data, "half-mean"), first, second, precision)


def assert_tape_is_evaluator(problem, first, second, precision):
    point = np.array([first, second], precision.dtype)
    tape, (loss, gradient) = problem.tape(point, precision), problem.evaluator(precision)(point)
    assert tape.loss == loss
    assert tape.parameter_gradient().tolist() == gradient.tolist()


def test_the_sum_divides_the_limit_by_the_number_of_rows():
    assert curvature(LinearRegression(reduction="sum"), (0, 0)).largest == pytest.approx(
        100 * curvature(LinearRegression(), (0, 0)).largest, rel=1e-12
    )
    assert LinearRegression(reduction="sum").formula == "sum((w·x + b − y)²)"
    assert LinearRegression(reduction="half-mean").formula == "½ mean((w·x + b − y)²)"
    assert LinearRegression().formula == "mean((w·x + b − y)²)"
    assert LinearRegression(reduction="sum") != LinearRegression()


@settings(deadline=None, max_examples=60)
@given(data_sets, coordinates, coordinates, st.sampled_from(Precision), st.booleans())
def test_half_the_mean_is_half_the_mean_bit_for_bit(data, first, second, precision, is_gram):
    problems = [LinearRegression(data, reduction) for reduction in ("mean", "half-mean")]
    (loss, slopes), (half, halves) = (
        (problem.form.evaluator(precision) if is_gram else by_rows(problem, precision))(
            np.array([first, second], precision.dtype)
        )
        for problem in problems
    )
    tiny = float(np.finfo(precision.dtype).tiny) / np.finfo(precision.dtype).eps  # below, a term may lose a bit
    assert half == loss / 2 or abs(loss) < tiny
    assert ((halves == slopes / 2) | (np.abs(slopes) < tiny)).all()
    assert (problems[1].hessian((0.0, 0.0)) == problems[0].hessian((0.0, 0.0)) / 2).all()
    assert problems[1].minima == problems[0].minima
    assert float(problems[1].loss(first, second)) == float(problems[0].loss(first, second)) / 2


def test_half_the_mean_at_twice_the_rate_takes_the_same_steps():
    runs = []
    for reduction, rate in (("mean", 0.9), ("half-mean", 1.8)):
        problem = LinearRegression(reduction=reduction)
        runs.append(record(Experiment(problem, schedule=Constant(rate), start=problem.start, steps=120)))
    mean, half = runs
    assert half.points.tolist() == mean.points.tolist()
    assert half.gradients.tolist() == (mean.gradients / 2).tolist()
    assert half.losses.tolist() == (mean.losses / 2).tolist()
    assert half.milestones == mean.milestones


def test_half_the_mean_overflows_where_its_formula_does():
    """The mean is formed first, so its loss is infinite where that of the mean is."""
    column = np.full(4, 1.0, np.float32)
    edge = np.float32(np.sqrt(np.finfo(np.float32).max / 4))
    for factor, is_infinite in ((0.99, False), (1.01, True)):
        for reduction in ("mean", "half-mean"):
            evaluate = LinearRegression(reduction=reduction).batch_evaluator(column, column)
            with np.errstate(over="ignore"):
                loss, gradient = evaluate(np.array([edge * factor, 1.0], np.float32))
            assert np.isinf(loss) == is_infinite
            assert np.isfinite(gradient).all()


def test_half_the_mean_doubles_the_limits():
    mean, half = (Experiment(LinearRegression(reduction=name)) for name in ("mean", "half-mean"))
    assert global_stability_limit(half) == 2 * global_stability_limit(mean)
    mean, half = (replace(run, batch_size=2, schedule=Constant(0.1)) for run in (mean, half))
    assert mini_batch_limit(half) == pytest.approx(2 * mini_batch_limit(mean), rel=1e-12)
    floor = stationary_excess_loss(half, 0.2)
    assert floor == pytest.approx(stationary_excess_loss(mean, 0.1) / 2, rel=1e-12)


def test_a_reduction_that_there_is_not():
    with pytest.raises(InputError, match=r"^reduction: there is no 'median'; use one of mean, sum, half-mean$"):
        LinearRegression(reduction="median")


def test_the_minimum_of_points_on_a_line_is_no_rounding_error():
    x = np.linspace(0.0, 1.0, DIRECT_ROWS * 3).astype(np.float32)
    data = from_points(x, 2.0 * x, None, "a line")
    assert data.fit.minimum < 1e-28
    assert (data.fit.weight, data.fit.bias) == pytest.approx((2.0, 0.0), abs=1e-13)
