"""The rate from which a run diverges, what it is called, and the rates around it that a scale or a map shows."""

import math

from gdviz.core.analysis.mean_square import limit_of_batches
from gdviz.core.descent.experiment import Experiment
from gdviz.core.problems.problem import constant_curvature

NO_LIMIT = "no limit is known"


def stability_limit(experiment: Experiment, largest: float) -> float | None:
    """The rate from which a run diverges where its loss has no larger curvature than ``largest`` > 0, if one is known.

    That of the mini-batches where it is known (see `gdviz.core.analysis.mean_square.diverges_in_mean_square`): a few
    rows at a time drive a run apart at rates below the limit of all rows.
    """
    of_batches = limit_of_batches(experiment)
    return experiment.optimizer.stability_limit(largest) if of_batches is None else of_batches


def limit_everywhere(experiment: Experiment) -> float | None:
    """That rate where it is the same from every start: of a quadratic loss that has a minimum, if it is known.

    Without a minimum, as on a saddle, a run diverges at other rates too.
    """
    known = constant_curvature(experiment.problem)
    return None if known is None else stability_limit(experiment, known.largest)


def limit_name(experiment: Experiment) -> str:
    """What stands before the number of that rate, such as "2/L =" or "limit of batches of 10:"."""
    if limit_of_batches(experiment) is None:
        return experiment.optimizer.rate_names[1]
    return f"limit of batches of {experiment.batch_size:,}:"


def rates_around(limit: float | None, lowest: float, highest: float) -> tuple[float, float]:
    """The ends of a logarithmic scale that shows a limit: these, or both moved by the same number of whole decades.

    They move as little as possible, so that at least half of the scale is below the limit, and at least a factor of two
    above it. They depend on the limit alone: whatever the rate, they stay.
    """
    if limit is None or not 0.0 < limit < math.inf:
        return lowest, highest
    middle, top = math.sqrt(lowest * highest), highest / 2.0
    decades = math.floor(math.log10(limit / middle)) if limit < middle else max(0, math.ceil(math.log10(limit / top)))
    # Rounded: 1e-5 / 10 is 1.0000000000000002e-06.
    low, high = (float(f"{end * 10.0**decades:.9g}") for end in (lowest, highest))
    return low, high
