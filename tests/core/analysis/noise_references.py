"""References for mini-batch runs: their stationary second moments in exact arithmetic, and many runs side by side."""

from fractions import Fraction

import numpy as np

from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.optimizers import Evaluation, GradientDescent, Momentum, Nesterov
from gdviz.core.frozen import frozen
from gdviz.core.problems.reductions import mean_factor
from tests.data_sets import ExactLoss, regression


@frozen
class Recipe:
    """A mini-batch run on some rows, whose rate is a share of its limit."""

    x: tuple[float, ...]
    y: tuple[float, ...]
    rule: GradientDescent | Momentum | Nesterov
    size: int
    reduction: str
    share: float

    @property
    def experiment(self):
        """The run but for its rate."""
        return Experiment(regression(self.x, self.y, self.reduction), optimizer=self.rule, batch_size=self.size)


RULES = (GradientDescent(), Momentum(0.5), Momentum(0.9), Nesterov(0.5), Nesterov(0.9))


def random_recipe(seed, most_rows=30):
    """Any rule, batch and reduction; x of any scale, its mean up to a million times its deviation from 0."""
    generator = np.random.default_rng(seed)
    rows = int(generator.integers(3, most_rows + 1))
    scale, away = 10.0 ** generator.uniform(-6, 6), 10.0 ** generator.uniform(-3, 6)
    around = generator.choice([generator.standard_normal, generator.uniform, generator.standard_exponential])
    x = scale * (around(size=rows) + generator.choice([-1, 1]) * away)
    slope = generator.uniform(-3, 3) / scale
    noise = 10.0 ** generator.uniform(-2, 2)
    y = slope * (x - x.mean()) + generator.uniform(-100, 100) + noise * generator.standard_normal(rows)
    rule = RULES[generator.integers(len(RULES))]
    reduction = str(generator.choice(["mean", "half-mean", "sum"]))
    size = int(generator.integers(1, rows + 1))
    return Recipe(tuple(x), tuple(y), rule, size, reduction, generator.uniform(0.01, 0.95))


def responses(rule):
    """What a gradient of 1, and a state of 1, contribute to the direction and the next state."""
    one, found = np.ones(1), []
    for gradient, state in ((1.0, 0.0), (0.0, 1.0)):
        direction, after = rule.update(Evaluation(one, gradient * one), state * one)
        found.append((Fraction(direction[0]), Fraction(0) if after is None else Fraction(after[0])))
    return found


def solved(matrix, columns):
    """The solutions of a linear system of fractions, by Gauss and Jordan; None if it is singular."""
    table = [[*row, *column] for row, column in zip(matrix, columns, strict=True)]
    for place in range(len(table)):
        pivot = next((row for row in range(place, len(table)) if table[row][place]), None)
        if pivot is None:
            return None
        table[place], table[pivot] = table[pivot], table[place]
        table[place] = [value / table[place][place] for value in table[place]]
        for row in range(len(table)):
            if row != place and (factor := table[row][place]):
                table[row] = [one - factor * two for one, two in zip(table[row], table[place], strict=True)]
    return [row[len(table) :] for row in table]


def is_positive_definite(matrix):
    """By the pivots of the elimination."""
    rows = [list(row) for row in matrix]
    for place, pivot in enumerate(rows):
        if pivot[place] <= 0:
            return False
        for row in rows[place + 1 :]:
            factor = row[place] / pivot[place]
            row[:] = [one - factor * two for one, two in zip(row, pivot, strict=True)]
    return True


class ExactNoise:
    """The second moments of distance in w and b and state of a recipe, at one rate, in exact arithmetic.

    A batch's gradient is the mean of 2 f (x u + v + r) (x, 1) over B rows, f being the factor of the reduction: so the
    mean of a product over batches is 1/B of its mean over single rows, and the rest of the product of the means.
    """

    def __init__(self, recipe, rate):
        """Set up the equations; ValueError if x is the same in every row."""
        self.recipe, loss = recipe, ExactLoss(recipe.x, recipe.y)
        self.factor = Fraction(mean_factor(recipe.reduction, len(recipe.x)))
        residuals = [loss.weight * x + loss.bias - y for x, y in zip(loss.x, loss.y, strict=True)]
        self.hessian = self._mean([self._hessian(x) for x in loss.x])
        (self.moved, stored), (self.kept, self.carried) = responses(recipe.rule)
        self.rate, self.count = Fraction(rate), 4 if stored else 2
        # The gradients of single rows are linear in (distance, 1).
        gradients = [
            [[*line, 2 * self.factor * residual * scale] for line, scale in zip(self._hessian(x), (x, 1), strict=True)]
            for x, residual in zip(loss.x, residuals, strict=True)
        ]
        self.single = [self._step(gradient) for gradient in gradients]
        self.whole = self._step(self._mean(gradients))

    def _hessian(self, x):
        return [[2 * self.factor * value for value in line] for line in ((x * x, x), (x, Fraction(1)))]

    @staticmethod
    def _mean(matrices):
        return [
            [sum(values) / len(matrices) for values in zip(*rows, strict=True)] for rows in zip(*matrices, strict=True)
        ]

    def _step(self, gradient):
        """What a step makes of (distance, state, 1)."""
        rows = []
        for axis in range(2):
            line = [-self.rate * self.moved * value for value in gradient[axis]]
            line[axis] += 1
            rows.append([*line[:2], *(-self.rate * self.kept * (axis == other) for other in range(2)), line[2]])
        for axis in range(2):
            line = gradient[axis]
            rows.append([*line[:2], *(self.carried * (axis == other) for other in range(2)), line[2]])
        return [[*row[: self.count], row[4]] for row in rows[: self.count]]

    def _mean_product(self, one, two, first, second):
        """The mean over batches of the product of entries (one, first) and (two, second) of the step."""
        size = self.recipe.size
        mean = self.whole[one][first] * self.whole[two][second]
        alone = sum(step[one][first] * step[two][second] for step in self.single) / len(self.single)
        return mean + (alone - mean) / size

    def moments(self, added=None):
        """The stationary second moments, as a matrix; None if there are none. ``added``: what a step adds to them."""
        pairs = [(one, two) for one in range(self.count) for two in range(one, self.count)]
        matrix, column = [], []
        for one, two in pairs:
            line = []
            for first, second in pairs:
                value = self._mean_product(one, two, first, second)
                if first != second:
                    value += self._mean_product(one, two, second, first)
                line.append(int((one, two) == (first, second)) - value)
            matrix.append(line)
            last = self.count
            column.append([self._mean_product(one, two, last, last) if added is None else added[one][two]])
        found = solved(matrix, column)
        if found is None:
            return None
        result = [[Fraction(0)] * self.count for _ in range(self.count)]
        for (one, two), (value,) in zip(pairs, found, strict=True):
            result[one][two] = result[two][one] = value
        return result

    @property
    def settles(self):
        """Whether the mean squares stay finite: if what settles with noise in every component is positive definite.

        If X - M(X) = 1 with X > 0, then M(X) <= (1 - c) X for some c > 0, since the step maps no positive matrix to
        another: so its powers vanish. If they vanish, their sum is such an X.
        """
        unit = [[Fraction(one == two) for two in range(self.count)] for one in range(self.count)]
        found = self.moments(unit)
        return found is not None and is_positive_definite(found)

    @property
    def excess(self):
        """The stationary mean of the loss above the minimum."""
        found = self.moments()
        return sum(self.hessian[one][two] * found[one][two] for one in range(2) for two in range(2)) / 2


def simulated(recipe, rate, runs, steps, burn, seed=0):
    """The mean excess loss of many runs from the minimum with batches of their own, and its standard error.

    In distances from the minimum, whose residuals are exact to rounding; after ``burn`` of ``steps`` steps.
    """
    exact, generator = ExactLoss(recipe.x, recipe.y), np.random.default_rng(seed)
    x = np.array(recipe.x)
    pairs = zip(exact.x, exact.y, strict=True)
    residual = np.array([float(exact.weight * one + exact.bias - other) for one, other in pairs])
    mean, variance, factor = float(exact.mean), float(exact.variance), mean_factor(recipe.reduction, x.size)
    point = np.zeros((2, runs))
    state, update, totals = recipe.rule.init(point), recipe.rule.update, np.zeros(runs)
    for step in range(steps):
        drawn = generator.integers(0, x.size, (recipe.size, runs))
        inputs = x[drawn]
        errors = (2.0 * factor / recipe.size) * (inputs * point[0] + point[1] + residual[drawn])
        direction, state = update(Evaluation(point, np.stack([(errors * inputs).sum(0), errors.sum(0)])), state)
        point = point - rate * direction
        if step >= burn:
            totals += variance * point[0] ** 2 + (mean * point[0] + point[1]) ** 2
    excess = factor * totals / (steps - burn)
    return float(excess.mean()), float(excess.std() / np.sqrt(runs))
