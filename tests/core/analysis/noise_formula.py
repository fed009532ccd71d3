"""The formula of the noise floor: by how much a mini-batch run with a small rate stays above its minimum."""

import numpy as np

from gdviz.core.analysis.mean_square import diverges_in_mean_square
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.optimizers import GradientDescent, Momentum, Optimizer
from gdviz.core.descent.schedules import Constant
from gdviz.core.problems.regression import LinearRegression


def noise_floor(experiment: Experiment, learning_rate: float | None = None) -> float | None:
    """The mean of loss minus minimum once the run has settled, at its own constant rate or at another one.

    None where nothing is known: no batches, a rate that changes, a rule other than plain descent and momentum; and
    where nothing settles, which is so for rates that are not above 0 or not below the stability limit, and a little
    below it for batches of few rows (see `gdviz.core.analysis.mean_square.diverges_in_mean_square`).

    Along an axis of curvature L the distance d to the minimum follows next = (1 + b - rate L) d - b before - rate e,
    with b the momentum and e the batch's error. The gradients 2 r (x, 1) of single rows have, with r the rows'
    residuals and var the mean of their squares, the covariance 4 var E[(x, 1)(x, 1)'] = 2 var H: so e has the variance
    2 var L / B over B rows drawn with replacement. The stationary variance of such a sequence (Box and Jenkins, Time
    Series Analysis (1976), section 3.2.4), times L/2 and summed over the axes, is

        sum of rate var L (1 + b) / (B (1 - b) (2 (1 + b) - rate L)),

    without momentum the sum of rate var L / (B (2 - rate L)); for the sum of n squares, with its own L, n times that.
    It takes the residuals for independent of x, and for those at the minimum all the way: the smaller the rate, the
    truer; a run settles higher, by 29 % in the lecture on mini-batches at 0.5 with single rows, and the more so the
    nearer its limit is. So what is drawn and said of a run is
    `gdviz.core.analysis.mean_square.stationary_excess_loss`.
    """
    problem, schedule = experiment.problem, experiment.schedule
    momentum = _momentum(experiment.optimizer)
    if learning_rate is None:
        learning_rate = schedule.learning_rate if isinstance(schedule, Constant) else None
    if experiment.batch_size is None or not isinstance(problem, LinearRegression):
        return None
    if learning_rate is None or momentum is None:
        return None
    curvatures = np.linalg.eigvalsh(problem.hessian((0.0, 0.0)))
    if not 0.0 < learning_rate < experiment.optimizer.stability_limit(float(curvatures[-1])):
        return None
    if diverges_in_mean_square(experiment, learning_rate):
        return None
    falls = (1.0 - momentum) * (2.0 * (1.0 + momentum) - learning_rate * curvatures)
    part = float(((1.0 + momentum) * learning_rate * curvatures / falls).sum())
    return problem.form.factor * problem.data.fit.minimum * part / experiment.batch_size


def _momentum(optimizer: Optimizer) -> float | None:
    if isinstance(optimizer, GradientDescent):
        return 0.0
    return optimizer.momentum if isinstance(optimizer, Momentum) else None
