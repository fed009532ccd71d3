"""The scenario that the runs of a session make as they stand, and what it is called."""

from dataclasses import replace

from gdviz.core.scenario import Scenario, title_of
from gdviz.model.race import STYLES
from gdviz.model.runs import Runs


def title_for(scenario: Scenario, runs: Runs) -> str:
    """The title of the scenario that was loaded while its recipe is untouched, else what it is a run of."""
    pinned = [pin.experiment for pin in runs.pinned.pins]
    of_scenario = (scenario.experiment, *scenario.others)
    untouched = runs.experiment == of_scenario[0] and {runs.experiment, *pinned} == {*of_scenario}
    return scenario.title if untouched else title_of(runs.experiment)


def scenario_for(scenario: Scenario, runs: Runs) -> Scenario:
    """The scenario that was loaded with the recipe and the runs beside it as they stand now, to be saved."""
    pins = runs.beside
    # A run alone has the first style, and so have those that are in the order of theirs.
    styles = (runs.pinned.style, *(pin.style for pin in pins)) if pins else ()
    others = tuple(pin.experiment for pin in pins)
    styles = () if styles == STYLES[: len(styles)] else styles
    return replace(scenario, experiment=runs.experiment, others=others, styles=styles)
