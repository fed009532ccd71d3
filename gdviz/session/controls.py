"""What the controls show: the experiment, the playback, and the zones of the learning rate."""

import math

import numpy as np
from numpy.typing import ArrayLike

from gdviz.core.analysis.quadratic import crawling_limit
from gdviz.core.analysis.rate_limit import limit_name, stability_limit
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.recording import Recording
from gdviz.core.frozen import frozen
from gdviz.core.problems.problem import curvature
from gdviz.panes.registry import switches
from gdviz.presentation.look import BoxChoice, Look
from gdviz.session.loading.data_generator import GenerationProgress
from gdviz.session.player import Player
from gdviz.session.runner import is_closed_form, step_time_text
from gdviz.session.runs import Runs
from gdviz.session.state import State
from gdviz.session.timeline import Timeline

FIELD_NAMES = {
    "batch_size": "batch",
    "learning_rate": "learning rate",
    "schedule.changes": "changes of the learning rate",
}
"""The window's names of fields, by their keys in a scenario file, where the two differ."""


@frozen
class Zones:
    """Where the learning rate begins to overshoot and to diverge; None where unknown.

    names: how a label introduces these two rates.
    here: whether they hold only near a point, because the loss is not quadratic.
    without_rate: what the rule does instead of taking a learning rate; empty if it takes one.
    crawling: the rate up to which it crawls, see `crawling_limit`; None where unknown.
    """

    overshoot: float | None
    limit: float | None
    here: bool
    names: tuple[str, str] = ("1/L =", "2/L =")
    without_rate: str = ""
    crawling: float | None = None


@frozen
class Controls:
    """The state of the controls; ``learning_rate`` is the one in force at the current step.

    If the schedule varies and a new rate would apply to the whole run, it is the schedule's base rate.

    last_step: the last step recorded so far. end: the last step of the longest run shown. computing: whether more steps
    are coming. speed: as a multiple of the base speed; infinity for unlimited. changes_from_here: whether a new rate
    applies from the current step on, not to the whole run. pinned: the names of the pinned runs in the order of
    pinning. generation: the progress of data that will replace the experiment's. step_time: the time per step, as text.
    undo_name, redo_name: what would be undone and redone; empty for nothing. reading: the name of a file that takes a
    while to read; empty for none. waiting: what else is waited for, in one line; empty for nothing.
    """

    experiment: Experiment
    look: Look
    learning_rate: float
    step: int
    last_step: int
    end: int
    playing: bool
    computing: bool
    speed: float
    zones: Zones
    changes_from_here: bool
    pinned: tuple[str, ...] = ()
    generation: GenerationProgress | None = None
    step_time: str = ""
    undo_name: str = ""
    redo_name: str = ""
    reading: str = ""
    waiting: str = ""
    refusals: int = 0
    """How often an edit was refused; after each, a control that was changed shows again what holds."""

    @property
    def can_stop(self) -> bool:
        """Whether steps, an edit or a picture are being computed, or data generated or read."""
        return self.computing or self.generation is not None or bool(self.reading or self.waiting)

    @property
    def toggle_states(self) -> dict[str, bool]:
        """Whether each command that is a toggle is on."""
        return {
            "from_here": self.changes_from_here,
            "range_test": self.experiment.schedule.sweeps,
            "ghost": self.look.ghost,
            "inside": self.look.inside,
            "multiples": self.look.multiples,
            "same_view": self.look.same_view,
            "zoom": self.look.box is BoxChoice.PATH,
            "equal_axes": self.look.equal_axes,
            **{pane.name: pane.is_on(self.look) for pane in switches()},
        }


def controls_of(
    state: State,
    runs: Runs,
    player: Player,
    timeline: Timeline,
    reading: str = "",
    waiting: str = "",
    refusals: int = 0,
) -> Controls:
    """The controls of a session, from the chosen state and the progress of playback and computation."""
    experiment, live, playback = state.experiment, runs.live, player.playback
    # Before the first step is computed, the target; otherwise the slider would jump to the start and back.
    step = min(playback.step, runs.last_step) if runs.last_step >= 0 else player.target_step
    return Controls(
        experiment=experiment,
        look=state.look,
        learning_rate=_learning_rate(state, live, player),
        step=step,
        last_step=runs.last_step,
        end=runs.end_step,
        playing=playback.playing,
        computing=runs.is_computing,
        speed=playback.speed,
        zones=zones(experiment.at(step), _reference_point(experiment)),
        changes_from_here=state.changes_from_here,
        pinned=state.pinned_names,
        generation=timeline.generator.progress,
        step_time=step_time_text(runs.runner.clock.seconds_per_step, is_closed_form(experiment)),
        undo_name=timeline.undo_name,
        redo_name=timeline.redo_name,
        reading=reading,
        waiting=waiting,
        refusals=refusals,
    )


def _learning_rate(state: State, live: Recording, player: Player) -> float:
    """The rate that a new one would replace: the one in force now, or the schedule's base rate."""
    schedule, is_for_all = state.experiment.schedule, not (player.playback.playing or state.changes_from_here)
    rate = live.rate_at(min(player.target_step, state.experiment.steps))
    if schedule.sweeps:
        # One of many: only as many digits as are readable.
        return float(f"{rate:.4g}")
    return schedule.base_rate if schedule.varies and is_for_all else rate


def _reference_point(experiment: Experiment) -> tuple[float, float]:
    """The known minimum that is nearest to the start, or the start: where the zones of a loss hold that has many.

    At the current point they would wander while it plays. At a minimum they say which rates can come to rest there.
    """
    return min(
        experiment.problem.minima, key=lambda known: math.dist(known, experiment.start), default=experiment.start
    )


def with_field_name(line: str) -> str:
    """Replace the key that begins an error message of the core with the name of the window's field."""
    key, colon, rest = line.partition(":")
    return f"{FIELD_NAMES.get(key, key)}{colon}{rest}"


def zones(experiment: Experiment, point: ArrayLike) -> Zones:
    """The zones of the problem and optimizer: global for a quadratic, else at the point of shape (2,).

    None on a quadratic without a minimum, such as a saddle, where a run diverges at every rate.
    """
    known = curvature(experiment.problem, point)
    here = not experiment.problem.is_quadratic
    optimizer, names = experiment.optimizer, (experiment.optimizer.rate_names[0], limit_name(experiment))
    without_rate = "" if optimizer.takes_learning_rate else optimizer.step_length
    if known is None or known.largest <= 0 or not (here or experiment.problem.minima):
        return Zones(None, None, here, names, without_rate)
    return Zones(
        optimizer.overshoot_rate(known.largest),
        stability_limit(experiment, known.largest),
        here,
        names,
        without_rate,
        crawling_limit(
            experiment.problem, optimizer, np.asarray(point if here else experiment.problem.start, np.float64)
        ),
    )
