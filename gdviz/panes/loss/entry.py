"""The registry entry of the loss plot."""

from gdviz.panes.entry import PaneEntry, Place
from gdviz.panes.loss.picture import build_loss_picture

ENTRY = PaneEntry(
    name="loss",
    place=Place.BELOW,
    caption=lambda experiment: "the loss against the step",
    build=lambda subject: build_loss_picture(subject.recordings, subject.step, subject.look, subject.styles),
    is_tall=lambda picture: picture.rates is not None,
)
