"""The analytic solution in the registry of panes."""

from gdviz.panes.entry import PaneEntry, Place, Switch
from gdviz.panes.formula.picture import build_formula_picture

ENTRY = PaneEntry(
    name="formula",
    place=Place.ABOVE,
    title="Analytic solution",
    edit_name="analytic solution",
    caption=lambda experiment: "the analytic solution",
    build=lambda subject: build_formula_picture(subject.live, subject.step),
    switch=Switch(
        "Analytic solution",
        "A",
        "Isn't there a formula? And how far away are we?",
        "the analytic solution in place of the data",
    ),
    is_text_heavy=True,
)
