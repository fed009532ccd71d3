"""What the controls show: the experiment as it stands, the playback, and the zones of the learning rate."""

from dataclasses import dataclass

from numpy.typing import ArrayLike

from gdviz.core.analysis.rate_limit import limit_name, stability_limit
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.recording import Recording
from gdviz.core.problems.problem import curvature
from gdviz.panes.registry import switches
from gdviz.presentation.look import Look
from gdviz.session.data_generator import GenerationProgress
from gdviz.session.player import Player
from gdviz.session.runner import is_closed_form, time_words
from gdviz.session.runs import Runs
from gdviz.session.state import State
from gdviz.session.timeline import Timeline

FIELDS = {
    "batch_size": "batch",
    "learning_rate": "learning rate",
    "schedule.changes": "changes of the learning rate",
}
"""The fields of the window by the keys of a file, where they are called otherwise."""


@dataclass(frozen=True)
class Zones:
    """Where the learning rate begins to overshoot and to diverge; None where no such rate is known.

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

    Where the schedule changes it, and a new rate would be for the whole run, it is the schedule's own.

    last_step: the last step that is recorded so far. end: that of the longest run that is shown. computing: whether
    more steps are on their way. speed: how many times the base speed; infinity for unlimited. changes_from_here:
    whether a changed rate counts from the current step on, not for the whole run. pinned: what the pinned runs are
    called, in the order in which they were pinned. generation: data that are being generated in the place of those of
    the experiment. step_time: how long a step takes, in words. undo_name, redo_name: what would be undone, and redone;
    empty where there is nothing.
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

    @property
    def can_stop(self) -> bool:
        """Whether there is something to be stopped: steps or data that are on their way."""
        return self.computing or self.generation is not None

    @property
    def switched(self) -> dict[str, bool]:
        """The commands that are switches, and whether each is on."""
        return {
            "from_here": self.changes_from_here,
            "range_test": self.experiment.schedule.sweeps,
            "ghost": self.look.ghost,
            "multiples": self.look.multiples,
            **{pane.name: pane.is_on(self.look) for pane in switches()},
        }


def controls_of(state: State, runs: Runs, player: Player, timeline: Timeline) -> Controls:
    """The controls of a session: of what was chosen, and of how far playback and computation are."""
    experiment, live, playback = state.experiment, runs.live, player.playback
    # While nothing is computed yet, the place that is kept: the slider would jump to the start and back.
    step = min(playback.step, runs.last_step) if runs.last_step >= 0 else player.place
    point = live.points[min(step, live.last_step)] if live.last_step >= 0 else experiment.start
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
        zones=zones(experiment.at(step), point),
        changes_from_here=state.changes_from_here,
        pinned=state.pinned_names,
        generation=timeline.generator.progress,
        step_time=time_words(runs.runner.clock.seconds_per_step, is_closed_form(experiment)),
        undo_name=timeline.undo_name,
        redo_name=timeline.redo_name,
    )


def _learning_rate(state: State, live: Recording, player: Player) -> float:
    """The rate that another one would take the place of: that in force now, or that of the schedule for all steps."""
    schedule, is_for_all = state.experiment.schedule, not (player.playback.playing or state.changes_from_here)
    rate = live.rate_at(min(player.place, state.experiment.steps))
    if schedule.sweeps:
        # It is one of many: as many digits as can be read.
        return float(f"{rate:.4g}")
    return schedule.base_rate if schedule.varies and is_for_all else rate


def in_words_of_the_window(line: str) -> str:
    """What the core says of a value, which it calls by its key in a file, with the name of its field."""
    key, colon, rest = line.partition(":")
    return f"{FIELDS.get(key, key)}{colon}{rest}"


def zones(experiment: Experiment, point: ArrayLike) -> Zones:
    """The zones of the problem and optimizer: everywhere for a quadratic, else at the point of shape (2,).

    None on a quadratic without a minimum, as a saddle is: a run diverges at every rate.
    """
    known = curvature(experiment.problem, point)
    here = not experiment.problem.is_quadratic
    optimizer, names = experiment.optimizer, (experiment.optimizer.rate_names[0], limit_name(experiment))
    if known is None or known.largest <= 0 or not (here or experiment.problem.minima):
        return Zones(None, None, here, names)
    return Zones(optimizer.overshoot_rate(known.largest), stability_limit(experiment, known.largest), here, names)
