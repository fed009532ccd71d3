"""The exact course of a rule with a constant rate on a quadratic loss: how many steps it takes, without taking them."""

from gdviz.core.experiment import Experiment

PART_LEFT = 0.01
"""A run has arrived where at most this part of the start's loss above the minimum is left."""


def steps_needed(experiment: Experiment, learning_rate: float) -> int | None:
    """After how many steps at that rate PART_LEFT of the start's loss above the minimum is left, in exact arithmetic.

    None for never. For quadratic problems only; ValueError for others.
    """
    raise NotImplementedError
