"""The settings from which data are generated."""

import math

from gdviz.core.errors import InputError
from gdviz.core.frozen import frozen

MAX_ROWS = 10_000_000


@frozen
class DataSettings:
    """The settings of the generator: ``y = slope * x + intercept + normal(0, noise)``, x uniform in ``x_range``.

    standardised, standardised_y: whether x and y are then standardised.
    """

    rows: int = 100
    noise: float = 0.01
    slope: float = 0.1
    intercept: float = 0.5
    x_range: tuple[float, float] = (0.0, 1.0)
    seed: int = 5
    standardised: bool = False
    standardised_y: bool = False

    def __post_init__(self) -> None:
        """Raise InputError for settings from which no data can be generated."""
        if not 1 <= self.rows <= MAX_ROWS:
            raise InputError(f"data.rows: {self.rows} is not possible; use 1 to {MAX_ROWS:,} rows")
        for name, value in (("noise", self.noise), ("slope", self.slope), ("intercept", self.intercept)):
            if not math.isfinite(value):
                raise InputError(f"data.{name}: {value} is not a finite number; use one such as 0.1")
        if self.noise < 0:
            raise InputError(f"data.noise: {self.noise} is negative; use 0 or a positive standard deviation")
        low, high = self.x_range
        if not (math.isfinite(high - low) and low < high):
            raise InputError(f"data.x_range: [{low}, {high}] is no range; use two finite numbers, the smaller first")
        if not 0 <= self.seed < 2**63:
            raise InputError(f"data.seed: {self.seed} is no seed; use a whole number from 0 to 2^63 - 1")
