"""All panes by name. A new one needs a line here, and one in `gdviz.stage.widgets`."""

from gdviz.core.descent.experiment import Experiment
from gdviz.panes.basins import entry as basins
from gdviz.panes.contour import entry as contour
from gdviz.panes.data import entry as data
from gdviz.panes.effective_rate import entry as effective_rate
from gdviz.panes.entry import PaneEntry, Place
from gdviz.panes.formula import entry as formula
from gdviz.panes.loss import entry as loss
from gdviz.panes.range_test import entry as range_test
from gdviz.panes.rate_map import entry as rate_map
from gdviz.panes.surface import entry as surface
from gdviz.panes.tape import entry as tape
from gdviz.presentation.look import Look

PANES: dict[str, PaneEntry] = {
    entry.name: entry
    for entry in (
        surface.ENTRY,
        contour.ENTRY,
        rate_map.ENTRY,
        basins.ENTRY,
        tape.ENTRY,
        formula.ENTRY,
        *range_test.ENTRIES,
        data.ENTRY,
        effective_rate.ENTRY,
        loss.ENTRY,
    )
}
"""In the order of menus and options; of panes without a switch, the first that the look asks for and the
experiment has takes its place."""


def large_panes() -> list[str]:
    """Return the names of the panes for the large place."""
    return [entry.name for entry in PANES.values() if entry.place is Place.LARGE]


def switches(*places: Place) -> list[PaneEntry]:
    """Return the panes that the user switches on and off, in these places (in all if none is given)."""
    return [entry for entry in PANES.values() if entry.switch and (not places or entry.place in places)]


def optional_panes() -> list[PaneEntry]:
    """Return the panes that are switched on beside the large one, or in its place."""
    return switches(Place.LEADING, Place.ABOVE, Place.BELOW)


def panes_by_place(look: Look, experiment: Experiment) -> dict[Place, PaneEntry]:
    """Return the pane shown in each place; empty places are missing."""
    usual = [entry for entry in PANES.values() if not entry.switch and entry.refusal(experiment) is None]
    found: dict[Place, PaneEntry] = {}
    for entry in (*switches(), *usual):
        if entry.is_on(look):
            found.setdefault(entry.place, entry)
    return found


def with_pane(look: Look, entry: PaneEntry, on: bool) -> Look:
    """Return the look with a pane switched on, replacing another in the same place, or switched off."""
    for other in optional_panes() if on else ():
        if other.place is entry.place and other.is_on(look):
            look = other.switched(look, False)
    return entry.switched(look, on)


def refusal(look: Look, experiment: Experiment) -> tuple[PaneEntry, str] | None:
    """Return the first pane that is switched on but not available for the experiment, and why; None if all are."""
    for entry in switches():
        if entry.is_on(look) and (why := entry.refusal(experiment)) is not None:
            return entry, why
    return None
