"""The tape in the registry of panes; its settings in the look are a field of their own."""

from dataclasses import replace

from gdviz.core.descent.evaluations import has_tape
from gdviz.core.descent.experiment import Experiment
from gdviz.panes.entry import PaneEntry, Place, Subject, Switch
from gdviz.panes.tape.picture import TapePicture, build_tape_picture
from gdviz.presentation.look import Look, TapeLook


class TapeEntry(PaneEntry):
    """Switched on while the look has settings for it."""

    def is_on(self, look: Look) -> bool:
        """Return whether the look has the tape."""
        return look.tape is not None

    def switched(self, look: Look, on: bool) -> Look:
        """Return the look with the tape's default settings, or without the tape."""
        return replace(look, tape=TapeLook() if on else None)


def _refusal(experiment: Experiment) -> str | None:
    if has_tape(experiment):
        return None
    of_batches = "" if experiment.batch_size is None else " of batches"
    return f"{experiment.problem.title} has no tape{of_batches}: its operations are not recorded"


def _build(subject: Subject) -> TapePicture:
    tape = subject.look.tape or TapeLook()
    return build_tape_picture(subject.live, subject.step, tape.lit, tape.checked)


ENTRY = TapeEntry(
    name="tape",
    place=Place.LEADING,
    title="Tape",
    edit_name="tape",
    caption=lambda experiment: "Every operation of prediction and loss with its value, in reverse order its gradient",
    build=_build,
    switch=Switch(
        "Tape",
        "T",
        "Where do the gradients come from? Every operation of this step",
        "every operation of the step in place of the landscape, which moves aside",
    ),
    refusal=_refusal,
    highlight=lambda picture: picture.highlight,
)
