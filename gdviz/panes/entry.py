"""What the program knows of a pane: its place, how it is switched on, how its picture is built, its names."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from enum import Enum, auto
from typing import Any, Protocol

from gdviz.core.analysis.trial_runs import TrialRuns
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.recording import Recording
from gdviz.core.frozen import frozen
from gdviz.presentation.highlight import Highlight
from gdviz.presentation.look import Look


class Place(Enum):
    """Where a pane stands; of two panes for one place, the one switched on is shown.

    LARGE: the large place, for the one pane that the look names. ABOVE: beside it, where the data usually are.
    BELOW: below that, where the loss usually is. LEADING: in the large place; the pane that the look names then takes
    the place of the data, and what stood there moves down.
    """

    LARGE = auto()
    LEADING = auto()
    ABOVE = auto()
    BELOW = auto()


class Chart(Protocol):
    """Data that a pane needs besides the runs, so expensive that a thread computes it in parts."""

    @property
    def experiment(self) -> Experiment:
        """The experiment for which it was computed."""

    @property
    def is_complete(self) -> bool:
        """Whether all of it is computed."""


@frozen
class ChartRequest:
    """A request for a pane's chart, coarse or fine. Equal requests have equal charts.

    experiment: with everything that the chart does not depend on set to fixed values.
    """

    pane: str
    experiment: Experiment
    fine: bool

    def compute(self) -> Iterator[Chart]:
        """Yield the chart as it grows, complete at the end."""
        raise NotImplementedError

    def matches(self, chart: Chart) -> bool:
        """Return whether a chart is complete and of the same configuration, at any resolution."""
        return chart.is_complete and chart.experiment == self.experiment

    def is_answered_by(self, chart: Chart) -> bool:
        """Return whether a chart is the complete one requested."""
        return self.matches(chart)


@frozen(eq=False)
class Subject:
    """The input of a pane's picture: the runs (the live one first) up to a step, and the look.

    styles: the colour, dash and marker of each run. chart: the requested chart, as far as it is computed.
    highlight: what a LEADING pane highlights in the others. trials: what becomes of the rates that a range test
    suggests, as far as it is computed.
    """

    recordings: tuple[Recording, ...]
    styles: tuple[int, ...]
    step: int
    look: Look
    chart: Any = None
    highlight: Highlight | None = None
    trials: TrialRuns | None = None

    @property
    def live(self) -> Recording:
        """The live run."""
        return self.recordings[0]


@frozen
class Switch:
    """How the user shows and hides a pane.

    text, key, tip: of its entry in the View menu. option: its help on the command line; unused for the large place,
    whose panes are listed only by name.
    """

    text: str
    key: str
    tip: str
    option: str = ""


@frozen(kw_only=True)
class PaneEntry:
    """A pane in the registry.

    name: in the registry, in the look, on the command line and among the commands.
    caption: what it shows, as part of a sentence about the whole stage.
    build: its picture; None for the landscape's panes, whose picture every frame has.
    title: the name of its widget, for screen readers. edit_name: its name in undo ("show ...").
    switch: None for a pane that is shown whenever no other takes its place.
    is_chosen: of panes without a switch, whether the look asks for this one.
    refusal: why an experiment has no such pane, in one line; None if it has.
    request: the chart that it needs for an experiment, coarse or fine.
    highlight: what the other panes highlight, from the picture of a LEADING pane.
    is_text_heavy: whether its text needs more room.
    is_tall: whether this picture of it, at every step, needs more of the height than a single plot does.
    """

    name: str
    place: Place
    caption: Callable[[Experiment], str]
    build: Callable[[Subject], Any] | None = None
    title: str = ""
    edit_name: str = ""
    switch: Switch | None = None
    is_chosen: Callable[[Look], bool] = lambda look: True
    refusal: Callable[[Experiment], str | None] = lambda experiment: None
    request: Callable[[Experiment, bool], ChartRequest] | None = None
    highlight: Callable[[Any], Highlight] | None = None
    is_text_heavy: bool = False
    is_tall: Callable[[Any], bool] = lambda picture: False

    def is_on(self, look: Look) -> bool:
        """Return whether the look has it switched on; a pane without a switch is, if the look asks for it."""
        if self.place is Place.LARGE:
            return look.pane == self.name
        return self.is_chosen(look) if self.switch is None else self.name in look.switched_on

    def switched(self, look: Look, on: bool) -> Look:
        """Return the look with the pane switched on or off; the large place is never empty."""
        if self.place is Place.LARGE:
            return replace(look, pane=self.name) if on else look
        others = look.switched_on - {self.name}
        return replace(look, switched_on=others | {self.name} if on else others)
