"""The two panes of a range test in the registry of panes: they stand wherever the run is one."""

from gdviz.core.descent.experiment import Experiment
from gdviz.panes.entry import PaneEntry, Place, Subject
from gdviz.panes.range_test.picture import RatePicture, build_rate_picture


def _refusal(experiment: Experiment) -> str | None:
    return None if experiment.schedule.sweeps else "this is no range test"


def _build(subject: Subject) -> RatePicture:
    return build_rate_picture(subject.live, subject.step)


ENTRIES = (
    PaneEntry(
        name="suggestions",
        place=Place.ABOVE,
        title="Which learning rate to take",
        caption=lambda experiment: "the rates to pick",
        build=_build,
        refusal=_refusal,
        is_wordy=True,
    ),
    PaneEntry(
        name="rates",
        place=Place.BELOW,
        title="Loss against learning rate",
        caption=lambda experiment: "the loss against the learning rate",
        build=_build,
        refusal=_refusal,
        is_wordy=True,
    ),
)
