"""The registry entries of the two panes of a range test, shown whenever the run is one, and what they ask for."""

from collections.abc import Iterator
from functools import partial

from gdviz.core.analysis import trial_runs
from gdviz.core.analysis.trial_runs import TrialRuns
from gdviz.core.descent.recording import Recording
from gdviz.core.frozen import frozen
from gdviz.panes.entry import ChartRequest, PaneEntry, Place
from gdviz.panes.range_test.picture import build_rate_picture, build_trials

SUGGESTIONS = "suggestions"


@frozen
class TrialRequest(ChartRequest):
    """A request for the trial runs of the rates that a range test suggests."""

    rates: tuple[float, ...]

    def compute(self) -> Iterator[TrialRuns]:
        """Yield the trial runs as they are computed."""
        return trial_runs.compute(self.experiment, self.rates)


def trial_request(recording: Recording) -> TrialRequest | None:
    """The trial runs to compute for a recording; None unless it is that of a range test which is over."""
    if not recording.experiment.schedule.sweeps or not recording.is_complete:
        return None
    rates = build_trials(recording).rates
    return TrialRequest(SUGGESTIONS, recording.experiment, fine=True, rates=rates) if rates else None


_entry = partial(
    PaneEntry,
    build=lambda subject: build_rate_picture(subject.live, subject.step, subject.trials),
    refusal=lambda experiment: None if experiment.schedule.sweeps else "this is not a range test",
    is_text_heavy=True,
)

ENTRIES = (
    _entry(
        name=SUGGESTIONS,
        place=Place.ABOVE,
        title="Which learning rate to take",
        caption=lambda experiment: "the rates to pick",
    ),
    _entry(
        name="rates",
        place=Place.BELOW,
        title="Loss against learning rate",
        caption=lambda experiment: "the loss against the learning rate",
    ),
)
