"""A pane that does not ship, for the tests of what every pane is asked for: how steep the loss is where the run is."""

import numpy as np

from gdviz.core.frozen import frozen
from gdviz.panes.entry import PaneEntry, Place, Switch
from gdviz.panes.registry import PANES
from gdviz.plotting.axes_layout import MARGIN, title_bottom, title_words
from gdviz.plotting.pane import PlotPane
from gdviz.plotting.placement import left_aligned
from gdviz.presentation.numbers import format_number
from gdviz.stage.widgets import WIDGETS

KEY = "Alt+J"
"""A letter alone would be taken by a pane that ships one day."""


@frozen
class SlopePicture:
    step: int
    length: float


def build_slope_picture(subject):
    step = min(subject.step, subject.live.last_step)
    return SlopePicture(step, float(np.linalg.norm(subject.live.gradients[step].astype(np.float64))))


class SlopePane(PlotPane[SlopePicture]):
    def _draw(self, picture, style):
        said = f"step {picture.step:,}: the gradient is {format_number(picture.length)} long"
        self._show_grids((), style)
        self._show_front(
            [
                *title_words("HOW STEEP IS IT?", "", float(self.width()), style),
                left_aligned(MARGIN * style.unit, title_bottom(style), said, style.text, style.palette.text),
            ]
        )


def _refusal(experiment):
    return None if experiment.problem.is_quadratic else "only a bowl has one slope everywhere; use another problem"


def slope_entry(place=Place.ABOVE):
    return PaneEntry(
        name="slope",
        place=place,
        title="Slope",
        edit_name="slope",
        caption=lambda experiment: "the slope",
        build=build_slope_picture,
        switch=Switch("Slope", KEY, "How steep is it here?", "the slope in the place of another pane"),
        refusal=_refusal,
    )


def register(monkeypatch, place=Place.ABOVE):
    """Let the program have this pane for the length of a test."""
    monkeypatch.setitem(PANES, "slope", slope_entry(place))
    monkeypatch.setitem(WIDGETS, "slope", "tests.slope_pane:SlopePane")
