"""Fits a line by least squares to any number of rows, with the moments that determine the loss of any line."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gdviz.core.data.rows import Column, Report, pieces, share, unreported

DIRECT_ROWS = 10_000  # up to here a run computes row by row, with the single-precision behaviour of the lecture


@dataclass(frozen=True)
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


def least_squares(x: Column, y: Column, report: Report = unreported, direct_rows: int = DIRECT_ROWS) -> Fit:
    """The fit of columns of shape (n,), in double precision; the shortest (w, b) where x is the same in every row."""
    return _direct(x.astype(np.float64), y.astype(np.float64)) if x.size <= direct_rows else _streamed(x, y, report)


def mean_and_spread(x: Column, report: Report = unreported) -> tuple[float, float]:
    """The mean and the standard deviation (of the rows, not an estimate) of a column, in double precision."""
    first, second = share(report, 0.0, 0.4), share(report, 0.4, 1.0)
    mean = sum(float(np.add.reduce(x[part], dtype=np.float64)) for part in pieces(x.size, first)) / x.size
    squares = 0.0
    for part in pieces(x.size, second):
        away = x[part].astype(np.float64) - mean
        squares += float(np.add.reduce(away * away))
    return mean, math.sqrt(squares / x.size)


def _direct(x: NDArray[np.float64], y: NDArray[np.float64]) -> Fit:
    deviation = x - x.mean()
    variation = float(deviation @ deviation)
    if variation == 0.0:
        design = np.stack([x, np.ones_like(x)], axis=1)
        weight, bias = (float(value) for value in np.linalg.lstsq(design, y, rcond=None)[0])
    else:
        weight = float(deviation @ (y - y.mean())) / variation
        bias = float(y.mean() - weight * x.mean())
    residual = weight * x + bias - y
    errors, squares = residual * residual, deviation * deviation
    minimum = float(residual @ residual) / x.size
    pairs = ((squares, deviation), (squares, squares), (errors, deviation), (errors, squares))
    powers = (float(one @ other) / x.size for one, other in pairs)
    return Fit(x.size, weight, bias, minimum, float(x.mean()), float(x.var()), float(x @ x) / x.size, *powers)


def _streamed(x: Column, y: Column, report: Report = unreported) -> Fit:
    """In two passes, since the variance minus what the line explains would lose all digits of a minimum near 0."""
    mean, y_mean, variance, covariance = _moments(x, y, share(report, 0.0, 0.6))
    if variance == 0.0:
        weight = mean * y_mean / (mean * mean + 1.0)
        bias = y_mean / (mean * mean + 1.0)
    else:
        weight = covariance / variance
        bias = y_mean - weight * mean
    sums = np.zeros(5)
    for part in pieces(x.size, share(report, 0.6, 1.0)):
        away = x[part].astype(np.float64) - mean
        residual = weight * away - (y[part].astype(np.float64) - y_mean)
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
        own_mean, own_y_mean = float(own_x.mean()), float(own_y.mean())
        own_x -= own_mean
        own_y -= own_y_mean
        away, y_away, weight = own_mean - mean, own_y_mean - y_mean, count / (before + count)
        squares += float(np.add.reduce(own_x * own_x)) + away * away * before * weight
        products += float(np.add.reduce(own_x * own_y)) + away * y_away * before * weight
        mean += away * weight
        y_mean += y_away * weight
    return mean, y_mean, squares / x.size, products / x.size
