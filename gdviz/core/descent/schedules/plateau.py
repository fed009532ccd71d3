"""The schedule that lowers the rate when the loss no longer falls."""

from typing import Any, ClassVar

import numpy as np

from gdviz.core.descent.schedules.base import (
    Schedule,
    check_count,
    check_learning_rate,
    check_not_negative,
    check_within,
)
from gdviz.core.frozen import frozen

LEAST_CHANGE = 1e-8
"""A rate is not lowered by this little or less; PyTorch's default of ``eps``."""


@frozen
class ReduceOnPlateau(Schedule):
    """The rate times ``factor`` after more than ``patience`` steps in a row without a better loss.

    The loss is that of the run, over all rows. It is better if it is below the best so far times 1 - ``threshold``, or,
    with ``absolute_threshold``, below the best minus it (``threshold_mode``). After a reduction, ``cooldown`` steps are
    not counted. ``min_learning_rate``: the lowest rate, PyTorch's ``min_lr``. The loss at a step acts on the next rate.
    Source: torch.optim.lr_scheduler.ReduceLROnPlateau, with its defaults.
    """

    name: ClassVar[str] = "reduce-on-plateau"
    title: ClassVar[str] = "Reduce on plateau"
    is_predetermined: ClassVar[bool] = False

    learning_rate: float = 0.1
    factor: float = 0.1
    patience: int = 10
    threshold: float = 1e-4
    absolute_threshold: bool = False
    cooldown: int = 0
    min_learning_rate: float = 0.0

    def __post_init__(self) -> None:
        """Raise InputError for a value out of range."""
        check_learning_rate(self.learning_rate)
        check_within("factor", self.factor, 0.0, np.nextafter(1.0, 0.0), "a factor of 0 or more, below 1")
        check_count("patience", self.patience)
        check_count("cooldown", self.cooldown)
        check_not_negative("threshold", self.threshold)
        check_not_negative("min_learning_rate", self.min_learning_rate)

    @property
    def first_rate(self) -> float:
        """The learning rate itself."""
        return self.learning_rate

    @property
    def key_rates(self) -> tuple[float, ...]:
        """The first rate and the lowest."""
        return (self.learning_rate, self.min_learning_rate)

    def init(self) -> Any:
        """The rate, the best loss so far, the steps since then, and the steps of the cooldown that are left."""
        return self.learning_rate, np.inf, 0, 0

    def update(self, step: int, loss: Any, state: Any) -> tuple[Any, Any]:
        """The rate at a step, which only the losses before it have lowered, and the next state."""
        rate, best, bad, cooldown = state
        loss = np.asarray(loss, np.float64)
        bar = best - self.threshold if self.absolute_threshold else best * (1.0 - self.threshold)
        is_better, is_cooling = loss < bar, np.asarray(cooldown) > 0
        bad = np.where(is_better | is_cooling, 0, bad + 1)
        is_plateau, lower = bad > self.patience, np.maximum(rate * self.factor, self.min_learning_rate)
        is_lowered = is_plateau & (rate - lower > LEAST_CHANGE)
        cooldown = np.where(is_plateau, self.cooldown, cooldown - is_cooling)
        following = (np.where(is_lowered, lower, rate), np.where(is_better, loss, best), np.where(is_plateau, 0, bad))
        return rate, (*following, cooldown)
