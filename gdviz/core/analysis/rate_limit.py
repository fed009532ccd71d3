"""The rate from which a run diverges, what it is called, and the rates around it that a scale or a map shows."""

import math

from gdviz.core.analysis.mean_square import limit_of_batches
from gdviz.core.descent.experiment import Experiment


def stability_limit(experiment: Experiment, largest: float) -> float | None:
    """The rate from which a run diverges where its loss has no larger curvature than ``largest`` > 0, if one is known.

    Of mini-batches where that is known (see `gdviz.core.analysis.mean_square.spreads`): below the limit of all rows a
    few of them at a time drive it apart all the same.
    """
    of_batches = limit_of_batches(experiment)
    return experiment.optimizer.stability_limit(largest) if of_batches is None else of_batches


def limit_name(experiment: Experiment) -> str:
    """How that rate is introduced: what stands before the number, such as "2/L =" or "limit of batches of 10:"."""
    if limit_of_batches(experiment) is None:
        return experiment.optimizer.rate_names[1]
    return f"limit of batches of {experiment.batch_size:,}:"


def rates_around(limit: float | None, lowest: float, highest: float) -> tuple[float, float]:
    """The ends of a logarithmic scale that shows a limit: the usual ones, or both moved by as many whole decades.

    They are moved, by as little as can be, where not at least half of the scale would be below the limit, or not at
    least a factor of two above it. They depend on the limit alone: whatever the rate, they stay.
    """
    if limit is None or not 0.0 < limit < math.inf:
        return lowest, highest
    middle, top = math.sqrt(lowest * highest), highest / 2.0
    decades = math.floor(math.log10(limit / middle)) if limit < middle else math.ceil(math.log10(limit / top))
    if limit >= middle:
        decades = max(0, decades)
    # Rounded: 1e-5 / 10 is 1.0000000000000002e-06.
    moved = [float(f"{end * 10.0**decades:.9g}") for end in (lowest, highest)]
    return moved[0], moved[1]
