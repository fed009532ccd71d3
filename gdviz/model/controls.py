"""What the controls show: the recipe as it stands, the playback, and the zones of the learning rate."""

from dataclasses import dataclass

from numpy.typing import ArrayLike

from gdviz.core.experiment import Experiment
from gdviz.core.problem import curvature
from gdviz.core.schedules import RangeTest
from gdviz.model.look import Look, Pane


@dataclass(frozen=True)
class Zones:
    """Where the learning rate begins to overshoot and to diverge; None where the curvature gives no such rate.

    names: how these two rates are introduced in a label.
    here: whether that holds only near the current point, because the loss is not quadratic.
    """

    overshoot: float | None
    limit: float | None
    here: bool
    names: tuple[str, str] = ("1/L =", "2/L =")


@dataclass(frozen=True)
class Controls:
    """The state of the controls; ``learning_rate`` is the one in force at the current step.

    last_step: the last step that is recorded so far. computing: whether more are on their way.
    speed: how many times the base speed; infinity for unlimited.
    """

    experiment: Experiment
    look: Look
    title: str
    question: str
    learning_rate: float
    step: int
    last_step: int
    playing: bool
    computing: bool
    speed: float
    zones: Zones
    changes_from_here: bool
    """Whether a changed learning rate counts from the current step on, not for the whole run."""

    @property
    def switched(self) -> dict[str, bool]:
        """The commands that are switches, and whether each is on."""
        return {
            "from_here": self.changes_from_here,
            "range_test": isinstance(self.experiment.schedule, RangeTest),
            "map": self.look.pane is Pane.MAP,
            "basins": self.look.pane is Pane.BASINS,
            "ghost": self.look.ghost,
            "formula": self.look.formula,
            "tape": self.look.tape is not None,
        }


def zones(experiment: Experiment, point: ArrayLike) -> Zones:
    """The zones of the problem and optimizer: everywhere for a quadratic, else at the point of shape (2,)."""
    known = curvature(experiment.problem, point)
    here = not experiment.problem.is_quadratic
    optimizer = experiment.optimizer
    if known is None or known.largest <= 0:
        return Zones(None, None, here, optimizer.rate_names)
    overshoot, limit = optimizer.overshoot_rate(known.largest), optimizer.stability_limit(known.largest)
    return Zones(overshoot, limit, here, optimizer.rate_names)
