"""The analytic solution in the registry of panes."""

from gdviz.panes.entry import PaneEntry, Place, Subject, Switch
from gdviz.panes.formula.picture import FormulaPicture, build_formula_picture


def _build(subject: Subject) -> FormulaPicture:
    return build_formula_picture(subject.live, subject.step)


ENTRY = PaneEntry(
    name="formula",
    place=Place.ABOVE,
    title="Analytic solution",
    edit_name="analytic solution",
    caption=lambda experiment: "the analytic solution",
    build=_build,
    switch=Switch(
        "Analytic solution",
        "A",
        "Is there not a formula? And how far away are we?",
        "the analytic solution in the place of the data",
    ),
    is_wordy=True,
)
