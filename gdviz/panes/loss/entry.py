"""The loss against the step in the registry of panes."""

from gdviz.panes.entry import PaneEntry, Place, Subject
from gdviz.panes.loss.picture import LossPicture, build_loss_picture


def _build(subject: Subject) -> LossPicture:
    return build_loss_picture(subject.recordings, subject.step, subject.look, subject.styles)


ENTRY = PaneEntry(name="loss", place=Place.BELOW, caption=lambda experiment: "the loss against the step", build=_build)
