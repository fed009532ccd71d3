"""What becomes of suggested rates that are held constant: the verdict on each after 200 steps."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from gdviz.core.analysis.verdict import Kind, judge
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.loop import descend
from gdviz.core.descent.recording import Recording
from gdviz.core.descent.schedules import Constant
from gdviz.core.errors import InputError
from gdviz.core.frozen import frozen

TRIAL_STEPS = 200
CHUNK_STEPS = 8  # after which a thread that computes them may end; a step on batches of a million rows takes 10 ms


@frozen(eq=False)
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
    """Yield the trial runs as they are computed, often, complete at the end; ``experiment`` is the range test.

    The same value is yielded until there is another verdict.
    """
    trials = TrialRuns(experiment, tuple(rates))
    for rate in rates:
        recording = _run_at(experiment, rate)
        if recording is not None:
            for chunk in descend(recording.experiment, chunk_steps=CHUNK_STEPS):
                recording.append(chunk)
                yield trials
        trials = replace(trials, kinds=(*trials.kinds, None if recording is None else judge(recording).kind))
        yield trials


def verdict_at(experiment: Experiment, learning_rate: float) -> Kind | None:
    """The verdict after TRIAL_STEPS at a constant rate, all else equal; None if the precision has no such rate."""
    *_, trials = compute(experiment, (learning_rate,))
    return trials.kinds[0]


def _run_at(experiment: Experiment, learning_rate: float) -> Recording | None:
    """The run without its steps."""
    try:
        return Recording(replace(experiment, schedule=Constant(learning_rate), steps=TRIAL_STEPS))
    except InputError:
        return None
