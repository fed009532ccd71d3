"""A frame: the frozen value with everything that is drawn at one moment, ready to be painted.

What is drawn was computed in double precision and clipped; nothing here is non-finite or beyond 1e3 unless it says so.
"""

from dataclasses import dataclass

from gdviz.panes.bars.picture import Header
from gdviz.panes.basins.picture import BasinPicture
from gdviz.panes.data.picture import DataPicture
from gdviz.panes.formula.picture import FormulaPicture
from gdviz.panes.landscape.landscape import Landscape
from gdviz.panes.loss.picture import LossPicture
from gdviz.panes.range_test.picture import RatePicture
from gdviz.panes.rate_map.picture import MapPicture
from gdviz.panes.tape.picture import TapePicture
from gdviz.presentation.look import Look
from gdviz.presentation.run_names import NO_LEGEND, Legend


@dataclass(frozen=True, eq=False)
class Frame:
    """Everything that is drawn at one moment. ``data`` is None for a problem without data."""

    step: int
    look: Look
    header: Header
    landscape: Landscape
    loss: LossPicture
    data: DataPicture | None
    arithmetic: tuple[str, str]
    """The update of the two parameters in numbers, one line each."""
    rate: RatePicture | None = None
    """Of a range test: it stands in the place of the loss against the step."""
    map: MapPicture | None = None
    """Where the look asks for that pane, as the following two."""
    basins: BasinPicture | None = None
    formula: FormulaPicture | None = None
    tape: TapePicture | None = None
    legend: Legend = NO_LEGEND
    """Of several runs: what differs between them; without entries for a single one."""
