"""The registry entry of the effective rate, in the place of the data."""

from gdviz.panes.effective_rate.picture import build_effective_rate_picture
from gdviz.panes.entry import PaneEntry, Place
from gdviz.presentation.look import DataPane

ENTRY = PaneEntry(
    name="effective-rate",
    place=Place.ABOVE,
    caption=lambda experiment: "the effective rates",
    build=lambda subject: build_effective_rate_picture(subject.recordings, subject.step, subject.look),
    is_chosen=lambda look: look.data_pane is DataPane.RATE,
)
