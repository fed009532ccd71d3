"""The ranges of the settings of update rules; settings of one name have one range."""

import math
from collections.abc import Mapping
from typing import Any

from gdviz.core.errors import InputError
from gdviz.core.frozen import frozen


@frozen
class Range:
    """Numbers from ``low`` to ``high``, each included or not, and the words for them."""

    words: str
    low: float = 0.0
    high: float = math.inf
    has_low: bool = True
    has_high: bool = False

    def holds(self, value: float) -> bool:
        """Whether the value is in the range; NaN and infinity never are."""
        is_above = value >= self.low if self.has_low else value > self.low
        return is_above and (value <= self.high if self.has_high else value < self.high)


_DECAY = Range("a number from 0 to below 1", high=1.0)
_DECAY_OR_ONE = Range("a number from 0 to 1", high=1.0, has_high=True)
_FRACTION = Range("a number between 0 and 1", high=1.0, has_low=False)
_NOT_NEGATIVE, _POSITIVE = Range("0 or more"), Range("a number above 0", has_low=False)
RANGES = {
    "momentum": _DECAY,
    "beta1": _DECAY,
    "beta2": _DECAY,
    "alpha": _DECAY_OR_ONE,
    "rho": _DECAY_OR_ONE,
    "eps": _NOT_NEGATIVE,
    "weight_decay": _NOT_NEGATIVE,
    "lr_decay": _NOT_NEGATIVE,
    "momentum_decay": _NOT_NEGATIVE,
    "initial_accumulator_value": _NOT_NEGATIVE,
    "etaminus": _FRACTION,
    "etaplus": Range("a number above 1", low=1.0, has_low=False),
    "step_size_min": _POSITIVE,
    "step_size_max": _POSITIVE,
    "c": _FRACTION,
    "factor": _FRACTION,
}
"""By the name of the setting, as PyTorch checks them; but decay factors of 1 or more, with which nothing decays, only
where a rule still moves with them."""


def check_ranges(settings: Mapping[str, Any]) -> None:
    """Raise InputError, with what is possible, for a setting out of its range."""
    for name, value in settings.items():
        if name in RANGES and not RANGES[name].holds(value):
            raise InputError(f"optimizer.{name}: {value} is not possible; use {RANGES[name].words}")
