"""Forty data sets as people have them, scaled or not, and their loss above the minimum in exact arithmetic."""

import functools
from fractions import Fraction

import numpy as np

from gdviz.core.data.creation import from_points
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.schedules import Constant
from gdviz.core.precision import Precision
from gdviz.core.problems.problem import first_learning_rate
from gdviz.core.problems.regression import LinearRegression

KILOMETRES = (
    (
        *(240000, 139800, 150500, 185530, 176000, 114800, 166800, 89000, 144500, 84000, 82029, 63060),
        *(74000, 97500, 67000, 76025, 48235, 93000, 60949, 65674, 54000, 68500, 22899, 61789),
    ),
    (
        *(3650, 3800, 4400, 4450, 5250, 5350, 5800, 5990, 5999, 6200, 6390, 6390),
        *(6600, 6800, 6800, 6900, 6900, 6990, 7490, 7555, 7990, 7990, 7990, 8290),
    ),
)
CITIES = (
    (1200000, 2500000, 830000, 4100000, 3300000, 1900000, 2800000, 600000),
    (35, 31, 38, 24, 29, 33, 27, 37),
)
LISTED = {
    "plus and minus one": ((-1, 1, -1, 1), (0.2, 0.9, 0.1, 1.1)),
    "kilometres": KILOMETRES,
    "cities": CITIES,
    "far apart": ((-1e7, 1e7), (5, 5)),
    "millionths": (tuple(np.linspace(0.0, 1e-6, 21)), tuple(0.5 + 1e6 * np.linspace(0.0, 1e-6, 21))),
    "years": (tuple(range(1990, 2014)), tuple(20 + 0.1 * place for place in range(24))),
    "four times": (tuple(range(400)), tuple(4 * place + 3 for place in range(400))),
    "a tenth": (tuple(range(100)), tuple(0.1 * place + 0.3 for place in range(100))),
    "decades": (tuple(range(1950, 2021, 10)), (13.9, 13.8, 14.0, 13.95, 14.2, 14.4, 14.6, 14.9)),
    "time stamps": (tuple(1.7e9 + 3600 * place for place in range(48)), tuple(5 + 3 * np.sin(np.arange(48) / 4))),
}
DRAWN = (
    # rows, mean of x, deviation of x, slope, intercept, noise
    (10, 0.0, 1.0, 2.0, 1.0, 0.1),
    (100, 0.0, 1.0, -0.5, 300.0, 10.0),
    (100, 0.5, 0.3, 0.1, 0.5, 0.01),
    (50, 3.0, 1.0, 1.5, -2.0, 0.5),
    (30, 5.8, 0.8, 0.5, 1.0, 0.3),
    (200, 10.0, 3.0, 2.0, 0.0, 4.0),
    (44, 9.0, 3.2, 0.5, 3.0, 1.2),
    (150, 65.0, 10.0, 0.02, 1.5, 0.2),
    (97, 8.2, 3.9, 1.2, -3.9, 3.0),
    (25, 170.0, 9.0, 0.9, -90.0, 8.0),
    (60, 100.0, 30.0, -0.04, 8.0, 0.8),
    (392, 2977.0, 848.0, -0.0076, 46.2, 4.3),
    (47, 2000.0, 794.0, 134.0, 71270.0, 60000.0),
    (20, 1e4, 3e3, 1e-3, 5.0, 1.0),
    (20, 1e5, 3e4, -2e-3, 900.0, 40.0),
    (40, 1000.0, 10.0, 0.3, 20.0, 1.0),
    (40, 1e4, 1.0, 2.0, -1.0, 0.5),
    (16, 1e6, 1e4, 1e-5, 3.0, 0.1),
    (12, 1e7, 3e6, 1e-6, 2.0, 0.5),
    (30, 0.0, 1e-3, 500.0, 0.1, 0.05),
    (30, 1e-3, 1e-3, 500.0, 0.1, 0.05),
    (30, 0.0, 1e-5, 2e4, 4.0, 0.02),
    (15, 0.2, 0.01, 12.0, 0.0, 0.3),
    (9, 0.0, 100.0, 0.5, 0.0, 20.0),
    (80, 0.0, 1e4, 1e-4, 7.0, 0.3),
    (80, -300.0, 40.0, -0.7, 60.0, 9.0),
    (35, -5000.0, 2000.0, 3.0, 1e4, 900.0),
    (500, 35.0, 12.0, 250.0, 3000.0, 1500.0),
    (64, 1.5, 0.05, -40.0, 80.0, 0.5),
    (20, 2e3, 0.7, 1.0, -1980.0, 0.01),
)


def _drawn(rows, mean, deviation, slope, intercept, noise):
    generator = np.random.default_rng(rows)
    x = (mean + deviation * generator.standard_normal(rows)).astype(np.float32).astype(np.float64)
    y = slope * x + intercept + noise * generator.standard_normal(rows)
    return x, y


DATA_SETS = {
    **LISTED,
    **{f"{each[0]} rows of x at {each[1]:g} ± {each[2]:g}": _drawn(*each) for each in DRAWN},
}


def regression(x, y, reduction="mean"):
    """Linear regression on these pairs, as if they had been opened from a file."""
    return LinearRegression(from_points(x, y, None, "here"), reduction)


@functools.cache
def problem_of(name):
    """The regression on one of `DATA_SETS`."""
    return regression(*DATA_SETS[name])


def opened(name, rate=None, precision=Precision.FLOAT32, **others):
    """The experiment with which one of `DATA_SETS` opens, or with another rate."""
    problem = problem_of(name)
    schedule = Constant(first_learning_rate(problem) if rate is None else rate)
    given = {"problem": problem, "schedule": schedule, "start": problem.start, "precision": precision}
    return Experiment(**given | others)


class ExactLoss:
    """The mean of squares in exact arithmetic: at the minimum, and above it at any point."""

    def __init__(self, x, y):
        """Find the minimum of these pairs; ValueError if x is the same in every row."""
        self.x, self.y = [Fraction(float(value)) for value in x], [Fraction(float(value)) for value in y]
        rows = len(self.x)
        self.mean, y_mean = sum(self.x) / rows, sum(self.y) / rows
        self.variance = sum((value - self.mean) ** 2 for value in self.x) / rows
        if not self.variance:
            raise ValueError("x is the same in every row")
        pairs = zip(self.x, self.y, strict=True)
        self.weight = sum((one - self.mean) * (other - y_mean) for one, other in pairs) / rows / self.variance
        self.bias = y_mean - self.weight * self.mean
        self.minimum = self.at(self.weight, self.bias)

    def at(self, weight, bias):
        """The mean of squares at a point."""
        pairs = zip(self.x, self.y, strict=True)
        return sum((weight * one + bias - other) ** 2 for one, other in pairs) / len(self.x)

    def above_minimum(self, point):
        """The mean of squares at a finite point, less that at the minimum."""
        weight, bias = (Fraction(float(value)) for value in point)
        off = weight - self.weight
        residual = self.mean * off + bias - self.bias
        return self.variance * off * off + residual * residual


@functools.cache
def exact_loss(name):
    """That of one of `DATA_SETS`."""
    return ExactLoss(*DATA_SETS[name])
