"""Fits a line by least squares to any number of rows, with the moments that determine the loss of any line."""

import math

import numpy as np
from numpy.typing import NDArray

from gdviz.core.data.rows import Column, Report, pieces, share, unreported
from gdviz.core.frozen import frozen

DIRECT_ROWS = 10_000  # up to here a run computes row by row, with the single-precision behaviour of the lecture
TINY = float(np.finfo(np.float64).tiny)
"""Sums of squares below this have lost digits or are 0; they count as 0."""
MAX_TINY = 1e-140
ROUNDING = 8.0 * float(np.finfo(np.float64).eps)


@frozen
class Fit:
    """The line with the least mean of squares, and the moments that determine the loss of any other.

    minimum: the mean of squares of that line. mean, variance (of the rows, not an estimate), mean_square, third and
    fourth (central moments): of x. error_first, error_second: the means of the squared residual times the deviation of
    x from its mean, and times the square of that.
    """

    rows: int
    weight: float
    bias: float
    minimum: float
    mean: float
    variance: float
    mean_square: float
    third: float
    fourth: float
    error_first: float
    error_second: float

    @property
    def hessian(self) -> NDArray[np.float64]:
        """The Hessian of the mean of squares, shape (2, 2), the same at every point."""
        return 2.0 * np.array([[self.mean_square, self.mean], [self.mean, 1.0]])

    @property
    def flat_direction(self) -> tuple[float, float] | None:
        """The unit vector in weight and bias along which no line changes at the data; None if x varies.

        Its variance is also 0 where x varies so little that the squares are below double precision.
        """
        if self.variance > 0.0:
            return None
        length = math.hypot(1.0, self.mean)
        return 1.0 / length, (0.0 - self.mean) / length


def least_squares(x: Column, y: Column, report: Report = unreported, direct_rows: int = DIRECT_ROWS) -> Fit:
    """The fit of columns of shape (n,), in double precision; the shortest (w, b) where x is the same in every row."""
    return _direct(x.astype(np.float64), y.astype(np.float64)) if x.size <= direct_rows else _streamed(x, y, report)


def mean_and_spread(x: Column, report: Report = unreported) -> tuple[float, float]:
    """The mean and the standard deviation (of the rows, not an estimate) of a column, in double precision."""
    first, second = share(report, 0.0, 0.4), share(report, 0.4, 1.0)
    mean = sum(float(np.add.reduce(x[part], dtype=np.float64)) for part in pieces(x.size, first)) / x.size
    # The squares of tiny numbers are 0; in a larger unit, a power of two, the deviations keep their digits.
    largest = _largest(x)
    unit, squares = math.ldexp(1.0, math.frexp(largest)[1]) if 0.0 < largest < MAX_TINY else 1.0, 0.0
    for part in pieces(x.size, second):
        away = (x[part].astype(np.float64) - mean) / unit
        squares += float(np.add.reduce(away * away))
    return mean, unit * math.sqrt(squares / x.size)


def shortest_line(mean: float, y_mean: float) -> tuple[float, float]:
    """Of all lines through the means, that with the smallest weight^2 + bias^2: the fit where x has no variance."""
    length = math.hypot(mean, 1.0)
    return mean / length * (y_mean / length), y_mean / length / length


def without_rounding(value: float, terms: float) -> float:
    """A sum, 0 where it is no larger than rounding errors of its terms, whose sizes add up to ``terms``."""
    return 0.0 if abs(value) <= ROUNDING * terms else value


def best_bias(weight: float, mean: float, y_mean: float) -> float:
    """The bias of the line with this weight through the means of x and y."""
    return without_rounding(y_mean - weight * mean, abs(y_mean) + abs(weight * mean))


def _direct(x: NDArray[np.float64], y: NDArray[np.float64]) -> Fit:
    mean, y_mean = _mean(x), _mean(y)
    deviation = x - mean
    variation = float(deviation @ deviation)
    if variation < TINY:
        # The mean of a standardised y is 0 but for rounding.
        height = without_rounding(y_mean, float(np.abs(y).max()))
        variance, (weight, bias) = 0.0, shortest_line(mean, height)
        residual = y_mean - y
    else:
        products = deviation * (y - y_mean)
        covariation = without_rounding(float(deviation @ (y - y_mean)), float(np.abs(products).sum()))
        variance, weight = float(x.var()), covariation / variation
        bias = best_bias(weight, mean, y_mean)
        residual = weight * x + bias - y
        _drop_rounding(residual, weight, x, y, mean, y_mean)
    errors, squares = residual * residual, deviation * deviation
    minimum = float(residual @ residual) / x.size
    pairs = ((squares, deviation), (squares, squares), (errors, deviation), (errors, squares))
    powers = (float(one @ other) / x.size for one, other in pairs)
    return Fit(x.size, weight, bias, minimum, mean, variance, float(x @ x) / x.size, *powers)


def _mean(column: NDArray[np.float64]) -> float:
    """The mean; exact where all values are the same, whose sum would be rounded."""
    return float(column[0]) if (column == column[0]).all() else float(column.mean())


def _drop_rounding(residual: NDArray[np.float64], weight: float, x: Column, y: Column, *means: float) -> None:
    """Set residuals that are no larger than rounding errors of their largest terms to 0.

    Otherwise the minimum of points on a line would be a number such as 1e-30, of which no digit is true.
    """
    mean, y_mean = means
    terms = abs(weight) * (_largest(x) + abs(mean)) + _largest(y) + abs(y_mean)
    residual[np.abs(residual) <= ROUNDING * terms] = 0.0


def _largest(column: Column) -> float:
    """The largest absolute value, without a copy."""
    return max(abs(float(column.max())), abs(float(column.min())))


def _streamed(x: Column, y: Column, report: Report = unreported) -> Fit:
    """In two passes, since the variance minus what the line explains would lose all digits of a minimum near 0."""
    mean, y_mean, variance, covariance = _moments(x, y, share(report, 0.0, 0.6))
    if variance == 0.0:
        weight, bias = shortest_line(mean, y_mean)
    else:
        weight = covariance / variance
        bias = best_bias(weight, mean, y_mean)
    sums = np.zeros(5)
    for part in pieces(x.size, share(report, 0.6, 1.0)):
        away = x[part].astype(np.float64) - mean
        residual = weight * away - (y[part].astype(np.float64) - y_mean)
        _drop_rounding(residual, weight, x[part], y[part], mean, y_mean)
        residual *= residual
        square = away * away
        sums += np.add.reduce(residual), square @ away, square @ square, residual @ away, residual @ square
    minimum, *powers = (sums / x.size).tolist()
    return Fit(x.size, weight, bias, minimum, mean, variance, variance + mean * mean, *powers)


def _moments(x: Column, y: Column, report: Report) -> tuple[float, float, float, float]:
    """The means of x and y, the variance of x and the covariance, centred piece by piece.

    Source: Chan, Golub and LeVeque, Algorithms for computing the sample variance, The American Statistician 37 (1983),
    equation 2.1, for the sums of squares and of products.
    """
    mean = y_mean = squares = products = 0.0
    for part in pieces(x.size, report):
        own_x, own_y = x[part].astype(np.float64), y[part].astype(np.float64)
        count, before = own_x.size, part.start
        own_mean, own_y_mean = _mean(own_x), _mean(own_y)
        own_x -= own_mean
        own_y -= own_y_mean
        away, y_away, weight = own_mean - mean, own_y_mean - y_mean, count / (before + count)
        squares += float(np.add.reduce(own_x * own_x)) + away * away * before * weight
        products += float(np.add.reduce(own_x * own_y)) + away * y_away * before * weight
        mean += away * weight
        y_mean += y_away * weight
    return mean, y_mean, 0.0 if squares < TINY else squares / x.size, products / x.size
