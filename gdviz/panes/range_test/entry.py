"""The registry entries of the two panes of a range test, shown whenever the run is one."""

from functools import partial

from gdviz.panes.entry import PaneEntry, Place
from gdviz.panes.range_test.picture import build_rate_picture

_entry = partial(
    PaneEntry,
    build=lambda subject: build_rate_picture(subject.live, subject.step),
    refusal=lambda experiment: None if experiment.schedule.sweeps else "this is not a range test",
    is_text_heavy=True,
)

ENTRIES = (
    _entry(
        name="suggestions",
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
