"""What the program knows of a pane: where it stands, how it is switched on, how its picture is built, its names."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Any, Protocol

from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.recording import Recording
from gdviz.presentation.highlight import Highlight
from gdviz.presentation.look import Look


class Place(Enum):
    """Where a pane stands; of two panes for one place, the one that is switched on is shown.

    LARGE: the large place, for the one pane that the look names. ABOVE: beside that, where the data usually are.
    BELOW: below those, where the loss usually is. LEADING: in the large place; the pane that the look names then stands
    where the data usually are, and what stood there moves down.
    """

    LARGE = auto()
    LEADING = auto()
    ABOVE = auto()
    BELOW = auto()


class Chart(Protocol):
    """What a pane needs beside the runs and takes so long that a thread computes it, a part at a time."""

    @property
    def experiment(self) -> Experiment:
        """What it was computed for."""

    @property
    def is_complete(self) -> bool:
        """Whether all of it is there."""


@dataclass(frozen=True)
class ChartRequest:
    """A chart that a pane needs, coarse or fine. Equal requests have equal charts.

    experiment: with all that the chart does not depend on set to the same value for all.
    """

    pane: str
    experiment: Experiment
    fine: bool

    def compute(self) -> Iterator[Chart]:
        """The chart as it grows, and at last complete."""
        raise NotImplementedError

    def is_of_the_same(self, chart: Chart) -> bool:
        """Whether that is a complete chart of the same configuration, whatever its cells."""
        return chart.is_complete and chart.experiment == self.experiment

    def is_answered_by(self, chart: Chart) -> bool:
        """Whether that is the complete chart."""
        return self.is_of_the_same(chart)


@dataclass(frozen=True, eq=False)
class Subject:
    """What a pane's picture is built from: the runs (the live one first) up to a step, and how they are looked at.

    styles: the colour, dash and marker of each run. chart: as much as is computed of what the pane requested.
    highlight: what a LEADING pane highlights in the others.
    """

    recordings: tuple[Recording, ...]
    styles: tuple[int, ...]
    step: int
    look: Look
    chart: Any = None
    highlight: Highlight | None = None

    @property
    def live(self) -> Recording:
        """The live run."""
        return self.recordings[0]


@dataclass(frozen=True)
class Switch:
    """How a user shows and hides a pane.

    text, key, tip: of its entry in the View menu. option: its help on the command line; unused for the large place,
    where the names alone are listed.
    """

    text: str
    key: str
    tip: str
    option: str = ""


@dataclass(frozen=True, kw_only=True)
class PaneEntry:
    """A pane as the program sees it.

    name: in the registry, in the look, on the command line and among the commands.
    caption: what it shows, as part of a sentence about the whole stage.
    build: its picture; None for the landscape's panes, whose picture each frame has anyhow.
    title: the name of its widget, for screen readers. edit_name: what undo calls it ("show ...").
    switch: None for a pane that is there whenever no other one takes its place.
    refusal: why there is no such pane for an experiment, in one line; None where there is.
    request: the chart that it needs for an experiment, coarse or fine.
    highlight: what of its picture the other panes highlight, for a LEADING pane.
    is_wordy: whether its words need more room.
    """

    name: str
    place: Place
    caption: Callable[[Experiment], str]
    build: Callable[[Subject], Any] | None = None
    title: str = ""
    edit_name: str = ""
    switch: Switch | None = None
    refusal: Callable[[Experiment], str | None] = lambda experiment: None
    request: Callable[[Experiment, bool], ChartRequest] | None = None
    highlight: Callable[[Any], Highlight] | None = None
    is_wordy: bool = False

    def is_on(self, look: Look) -> bool:
        """Whether the look has it switched on; panes without a switch always are."""
        if self.place is Place.LARGE:
            return look.pane == self.name
        return self.switch is None or self.name in look.switched_on

    def switched(self, look: Look, on: bool) -> Look:
        """The look with it switched on or off; the large place is never empty."""
        if self.place is Place.LARGE:
            return replace(look, pane=self.name) if on else look
        others = look.switched_on - {self.name}
        return replace(look, switched_on=others | {self.name} if on else others)
