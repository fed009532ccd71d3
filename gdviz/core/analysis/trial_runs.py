"""What becomes of suggested rates that are held constant: the verdict on each after 200 steps."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from gdviz.core.analysis.verdict import Kind, judge
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.recording import record
from gdviz.core.descent.schedules import Constant
from gdviz.core.errors import InputError

TRIAL_STEPS = 200


@dataclass(frozen=True, eq=False)
class TrialRuns:
    """The verdicts on the first of these rates, as far as they are computed.

    experiment: the range test that suggests the rates. kinds: None for a rate that the precision cannot represent.
    """

    experiment: Experiment
    rates: tuple[float, ...]
    kinds: tuple[Kind | None, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Whether every rate has been tried."""
        return len(self.kinds) == len(self.rates)

    def diverges(self, learning_rate: float) -> bool:
        """Whether a run at that rate is known to diverge within TRIAL_STEPS."""
        return (learning_rate, Kind.DIVERGING) in zip(self.rates, self.kinds, strict=False)


def compute(experiment: Experiment, rates: Sequence[float]) -> Iterator[TrialRuns]:
    """Yield the trial runs after each rate, complete at the end; ``experiment`` is the range test."""
    trials = TrialRuns(experiment, tuple(rates))
    for rate in rates:
        trials = replace(trials, kinds=(*trials.kinds, verdict_at(experiment, rate)))
        yield trials


def verdict_at(experiment: Experiment, learning_rate: float) -> Kind | None:
    """The verdict after TRIAL_STEPS at a constant rate, all else equal; None if the precision has no such rate."""
    try:
        held = replace(experiment, schedule=Constant(learning_rate), steps=TRIAL_STEPS)
    except InputError:
        return None
    return judge(record(held)).kind
