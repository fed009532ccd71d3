"""A linear warm-up, as a schedule that stands before another one."""

from dataclasses import replace
from typing import Any

from gdviz.core.descent.schedules.base import Schedule, check_count, check_within
from gdviz.core.frozen import frozen

WARM_UP_SETTINGS = ("warmup_steps", "warmup_start_factor")
"""The fields that every schedule but a sweep has beside its own; no schedule may have a field of these names."""


@frozen
class WarmUp(Schedule):
    """In a straight line from ``warmup_start_factor`` times the first rate of ``base`` up to it, and then ``base``.

    The base begins at step ``warmup_steps``, as if it were its step 0, and sees no loss before.
    Source: torch.optim.lr_scheduler, LinearLR with its default start factor of 1/3, and SequentialLR.
    """

    base: Schedule
    warmup_steps: int = 0
    warmup_start_factor: float = 1.0 / 3.0

    def __post_init__(self) -> None:
        """Raise InputError for a value out of range."""
        check_count("warmup_steps", self.warmup_steps)
        check_within("warmup_start_factor", self.warmup_start_factor, 0.0, 1.0, "a factor from 0 to 1")

    @property
    def name(self) -> str:  # type: ignore[override]
        """The name of the base."""
        return self.base.name

    @property
    def title(self) -> str:  # type: ignore[override]
        """The title of the base; the warm-up itself if nothing else varies."""
        return self.base.title if self.base.varies else "Warm-up"

    @property
    def is_predetermined(self) -> bool:  # type: ignore[override]
        """As in the base."""
        return self.base.is_predetermined

    @property
    def sets_momentum(self) -> bool:  # type: ignore[override]
        """As in the base."""
        return self.base.sets_momentum

    @property
    def base_rate(self) -> float:
        """As in the base."""
        return self.base.base_rate

    def with_rate(self, learning_rate: float) -> Schedule:
        """The warm-up to the base with this rate."""
        return replace(self, base=self.base.with_rate(learning_rate))

    @property
    def last_step(self) -> int | None:
        """That of the base, later by the warm-up."""
        last = self.base.last_step
        return None if last is None else last + self.warmup_steps

    @property
    def first_rate(self) -> float:
        """The rate at the start of the warm-up."""
        return self._rate(0) if self.warmup_steps else self.base.first_rate

    @property
    def key_rates(self) -> tuple[float, ...]:
        """The first rate, and those of the base."""
        return (self.first_rate, *self.base.key_rates)

    def __call__(self, step: int) -> float:
        """The rate at a step."""
        return self._rate(step) if step < self.warmup_steps else self.base(step - self.warmup_steps)

    @property
    def handles(self) -> tuple[tuple[int, float], ...]:
        """Those of the base, later by the warm-up."""
        return tuple((step + self.warmup_steps, rate) for step, rate in self.base.handles)

    def with_handle(self, index: int, step: int, rate: float) -> Schedule:
        """The warm-up to the base with that handle elsewhere."""
        return replace(self, base=self.base.with_handle(index, step - self.warmup_steps, rate))

    def init(self) -> Any:
        """The state of the base."""
        return self.base.init()

    def update(self, step: int, loss: Any, state: Any) -> tuple[Any, Any]:
        """The rate of the warm-up, with the state as it is; then the base's."""
        if step < self.warmup_steps:
            return self._rate(step), state
        return self.base.update(step - self.warmup_steps, loss, state)

    def momentum(self, step: int) -> float:
        """The first momentum of the base during the warm-up."""
        return self.base.momentum(max(0, step - self.warmup_steps))

    def _rate(self, step: int) -> float:
        begin, part = self.warmup_start_factor, step / self.warmup_steps
        return self.base.first_rate * (begin + (1.0 - begin) * part)
