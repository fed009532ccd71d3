"""The rate from which a run diverges, its label, and the range of rates around it for scales and maps."""

import math

from gdviz.core.analysis.mean_square import mini_batch_limit
from gdviz.core.descent.experiment import Experiment
from gdviz.core.problems.problem import constant_curvature

NO_LIMIT = "no limit is known"
OWN_LENGTH = "this rule sets its own step length"


def stability_limit(experiment: Experiment, largest: float) -> float | None:
    """The rate from which a run diverges if the largest curvature of its loss is ``largest`` > 0; None if unknown.

    That of the mini-batches if known (see `gdviz.core.analysis.mean_square.diverges_in_mean_square`), which is below
    the full-batch limit. Unknown for batches that go through the rows in parts, and with weight decay.
    """
    if experiment.sees_parts or (experiment.batch_size is not None and experiment.optimizer.needs_all_rows):
        return None
    of_batches = mini_batch_limit(experiment)
    return experiment.optimizer.stability_limit(largest) if of_batches is None else of_batches


def global_stability_limit(experiment: Experiment) -> float | None:
    """The rate from which a run diverges from any start, if known: only for a quadratic loss with a minimum.

    Without a minimum, as on a saddle, a run diverges at other rates too.
    """
    known = constant_curvature(experiment.problem)
    return None if known is None else stability_limit(experiment, known.largest)


def limit_name(experiment: Experiment) -> str:
    """The label before the limit, such as "2/L =" or "limit of batches of 10:"."""
    if mini_batch_limit(experiment) is None:
        return experiment.optimizer.rate_names[1]
    return f"limit of batches of {experiment.batch_size:,}:"


def rate_range_around(limit: float | None, lowest: float, highest: float) -> tuple[float, float]:
    """The ends of a logarithmic scale that shows a limit: the given ones, or both shifted by the same whole decades.

    They shift as little as possible such that at least half of the scale lies below the limit and at least a factor of
    two above it. They depend on the limit alone, not on the current rate.
    """
    if limit is None or not 0.0 < limit < math.inf:
        return lowest, highest
    middle, top = math.sqrt(lowest * highest), highest / 2.0
    decades = math.floor(math.log10(limit / middle)) if limit < middle else max(0, math.ceil(math.log10(limit / top)))
    # Rounded: 1e-5 / 10 is 1.0000000000000002e-06.
    low, high = (float(f"{end * 10.0**decades:.9g}") for end in (lowest, highest))
    return low, high
