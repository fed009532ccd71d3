"""Reductions of the squared errors to a loss: mean, sum, or half the mean."""

from typing import Literal

Reduction = Literal["mean", "sum", "half-mean"]
REDUCTIONS: tuple[Reduction, ...] = ("mean", "sum", "half-mean")
"""The default first. half-mean is the cost 1/(2m) Σ of many textbooks, whose gradient has no factor of 2."""
HALF = "½"


def mean_factor(reduction: Reduction, rows: int) -> float:
    """The ratio of the loss to the mean of the squares of that many rows."""
    return {"mean": 1.0, "sum": float(rows), "half-mean": 0.5}[reduction]
