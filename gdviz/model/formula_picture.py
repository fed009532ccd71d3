"""The analytic solution in words and numbers: its derivation, how far away it is, and how many steps it takes."""

from dataclasses import dataclass

from gdviz.core.recording import Recording


@dataclass(frozen=True)
class FormulaPicture:
    """What the pane says."""


def build_formula_picture(recording: Recording, step: int) -> FormulaPicture:
    """The solution of the recording's problem, seen from where the run is at ``step``."""
    raise NotImplementedError
