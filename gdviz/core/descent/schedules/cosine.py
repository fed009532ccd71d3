"""Cosine annealing, with and without warm restarts.

The names of the settings are PyTorch's in small letters: ``T_max``, ``T_0`` and ``T_mult`` are ``t_max``, ``t_0`` and
``t_mult``, so that whoever knows them there finds them here. ``learning_rate`` is the initial ``lr``, the highest rate.
"""

import math
from typing import ClassVar

from gdviz.core.descent.schedules.base import Schedule, check_learning_rate, check_not_negative, check_steps
from gdviz.core.frozen import frozen


def _annealed(high: float, low: float, part: float) -> float:
    """From ``high`` at part 0 to ``low`` at part 1, along half a period of the cosine."""
    return low + (high - low) * (1.0 + math.cos(math.pi * part)) / 2.0


@frozen
class Cosine(Schedule):
    """From learning_rate down to ``eta_min`` in ``t_max`` steps along a cosine, and then up again, as in PyTorch.

    eta_min + (learning_rate - eta_min) (1 + cos(pi k/t_max))/2. t_max is the run's number of steps if not given.
    Source: torch.optim.lr_scheduler.CosineAnnealingLR, in closed form; Loshchilov and Hutter, SGDR, ICLR (2017).
    """

    name: ClassVar[str] = "cosine"
    title: ClassVar[str] = "Cosine"

    learning_rate: float = 0.1
    t_max: int = 200
    eta_min: float = 0.0

    def __post_init__(self) -> None:
        """Raise InputError for a value out of range."""
        check_learning_rate(self.learning_rate)
        check_steps("t_max", self.t_max)
        check_not_negative("eta_min", self.eta_min)

    @property
    def key_rates(self) -> tuple[float, ...]:
        """Both ends."""
        return (self.learning_rate, self.eta_min)

    def __call__(self, step: int) -> float:
        """The rate at a step."""
        return _annealed(self.learning_rate, self.eta_min, step / self.t_max)


@frozen
class CosineRestarts(Schedule):
    """Cosine annealing over ``t_0`` steps, then again from learning_rate, each time ``t_mult`` times as long.

    Source: torch.optim.lr_scheduler.CosineAnnealingWarmRestarts, with its default of t_mult; Loshchilov and Hutter,
    SGDR, ICLR (2017), equation 5.
    """

    name: ClassVar[str] = "cosine-restarts"
    title: ClassVar[str] = "Cosine restarts"

    learning_rate: float = 0.1
    t_0: int = 50
    t_mult: int = 1
    eta_min: float = 0.0

    def __post_init__(self) -> None:
        """Raise InputError for a value out of range."""
        check_learning_rate(self.learning_rate)
        check_steps("t_0", self.t_0)
        check_steps("t_mult", self.t_mult)
        check_not_negative("eta_min", self.eta_min)

    @property
    def key_rates(self) -> tuple[float, ...]:
        """Both ends."""
        return (self.learning_rate, self.eta_min)

    def __call__(self, step: int) -> float:
        """The rate at a step."""
        period = self.t_0
        if self.t_mult == 1:
            step %= period
        while step >= period:
            step, period = step - period, period * self.t_mult
        return _annealed(self.learning_rate, self.eta_min, step / period)
