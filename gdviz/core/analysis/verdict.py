"""The verdict on a run up to a step, one word and one sentence, based on its numbers alone and never flattering."""

from dataclasses import dataclass
from enum import StrEnum
from weakref import WeakKeyDictionary

import numpy as np

from gdviz.core.analysis import verdict_sentences as sentences
from gdviz.core.analysis.at_minimum import is_at_minimum
from gdviz.core.analysis.range_test import range_test_of
from gdviz.core.analysis.walked_steps import WalkedSteps
from gdviz.core.descent.recording import Recording
from gdviz.core.problems.capabilities import loss_above_minimum

MIN_TURNS = 4  # fewer ever-wider turns may be a coincidence
MIN_SETTLED_STEPS = 32  # a shorter tail does not show whether a run has settled
SETTLED_RATIO = 0.25
"""Settled: the largest excess loss at the mean of the points, relative to the mean of their excess losses."""
MAX_CLIMB = 4.0  # by this factor the second half of a settled tail may exceed the first by chance
NOISE_FACTOR = 10.0
"""An excess loss above this multiple of a mini-batch run's noise floor is not due to noise."""


class Kind(StrEnum):
    """The verdicts, as displayed: on the way what the run is doing, at its end what has come of it."""

    START = "start"
    FALLING = "falling"
    RISING = "rising"
    """At the end: the loss is above the start's and still rises, although the rate is below the limit."""
    JUMPING = "to and fro"
    CONVERGED = "converged"
    SETTLED = "settled"
    """A mini-batch run that stays near the minimum, at its noise floor."""
    STANDS_STILL = "stands still"
    """It no longer moves, and this is no minimum."""
    SLOW = "slow"
    ZIGZAG = "zigzag"
    DIVERGING = "diverging"
    RANGE_TEST = "range test"
    """No verdict: a growing rate says nothing about a run at one rate."""
    UNDER_WAY = "under way"
    """No verdict: without a known minimum, the remaining distance is unknown."""


ON_THE_WAY = (Kind.START, Kind.FALLING, Kind.RISING, Kind.JUMPING)
"""Verdicts that may follow one another step by step."""


@dataclass(frozen=True)
class Verdict:
    """The kind of run, and a sentence with the evidence."""

    kind: Kind
    sentence: str


_verdicts: WeakKeyDictionary[Recording, tuple[int, Verdict]] = WeakKeyDictionary()


def judge(recording: Recording, step: int | None = None) -> Verdict:
    """The verdict on steps 0 to ``step``, by default all that are recorded (at least one); later ones do not count.

    The last one of a recording is kept.
    """
    step = recording.last_step if step is None else min(step, recording.last_step)
    known = _verdicts.get(recording)
    if known is None or known[0] != step:
        with np.errstate(all="ignore"):
            known = _verdicts[recording] = step, _judge(WalkedSteps(recording, step))
    return known[1]


def _judge(walked: WalkedSteps) -> Verdict:
    if walked.experiment.schedule.sweeps:
        return Verdict(Kind.RANGE_TEST, sentences.of_range_test(range_test_of(walked.experiment)))
    if blow_up := sentences.of_non_finite(walked):
        return Verdict(Kind.DIVERGING, blow_up)
    if walked.step == 0 and not walked.is_complete:
        return Verdict(Kind.START, sentences.of_start(walked))
    if walked.experiment.problem.minima and is_at_minimum(walked):
        return Verdict(Kind.CONVERGED, sentences.of_minimum(walked))
    return _settled(walked) or _still(walked) or (_outcome(walked) if walked.is_complete else _on_the_way(walked))


def _settled(walked: WalkedSteps) -> Verdict | None:
    """The verdict on a mini-batch run that wanders around the minimum without getting closer; None for any other.

    On the way down, the loss at the mean of its points is about as high as at the points themselves; around the minimum
    it is near the minimum, whatever the rule. The latter also holds for a run that jumps from side to side, but then
    the excess losses rise, or exceed what noise explains (or fall, if no formula is known for the noise floor).
    """
    size, length, problem = walked.experiment.batch_size, walked.tail, walked.experiment.problem
    if size is None or not problem.minima or length < MIN_SETTLED_STEPS or walked.is_beyond_batch_limit:
        return None
    above, floor = walked.above[1:], walked.noise_floor
    at_mean = float(loss_above_minimum(problem, walked.points[1:].mean(axis=0)[None])[0])
    before, after = above[: length // 2].mean(), above[length // 2 :].mean()
    is_noise = above.mean() <= NOISE_FACTOR * floor if floor is not None else before <= 2 * after
    if not is_noise or after > MAX_CLIMB * before or not at_mean <= SETTLED_RATIO * above.mean():
        return None
    return Verdict(Kind.SETTLED, sentences.of_noise(float(above.mean()), size))


def _still(walked: WalkedSteps) -> Verdict | None:
    """The verdict on a run that no longer moves; None for any other."""
    return (
        None
        if walked.has_moved and not walked.repeats_to_rounding
        else Verdict(Kind.STANDS_STILL, sentences.of_standstill(walked))
    )


def _outcome(walked: WalkedSteps) -> Verdict:
    """The verdict at the end of a run that is not at a minimum, and has moved."""
    problem, turns, is_known = walked.experiment.problem, walked.turns, bool(walked.experiment.problem.minima)
    if walked.is_at_limit and turns.size and turns.mean() > 0.5:
        return Verdict(Kind.ZIGZAG, sentences.at_limit(walked))
    if _has_risen(walked):
        return _risen(walked)
    grows = turns.size >= MIN_TURNS and walked.is_growing and not walked.is_stable
    if grows and turns.all():
        return Verdict(Kind.DIVERGING, sentences.with_loss("each step turns back and is longer than the last", walked))
    if grows and not is_known and not problem.box.contains(walked.points[-1]):
        return Verdict(Kind.DIVERGING, sentences.with_loss("it runs away, each step longer than the last", walked))
    if turns.size and turns.mean() > 0.5 and walked.is_turn_of_rate:
        return Verdict(Kind.ZIGZAG, sentences.with_loss("the steps turn back on themselves", walked))
    if not is_known:
        return Verdict(Kind.UNDER_WAY, sentences.after_steps("no minimum is known", walked))
    return Verdict(Kind.SLOW, sentences.after_steps("not at a minimum yet", walked))


def _risen(walked: WalkedSteps) -> Verdict:
    """The verdict at the end of a run whose tail is above the start."""
    if not walked.is_stable:
        return Verdict(Kind.DIVERGING, sentences.of_growth(walked))
    before, now = sentences.losses_of_tail(walked)
    if now > before:
        return Verdict(Kind.RISING, sentences.of_growth(walked))
    return Verdict(Kind.SLOW, sentences.of_return(walked, is_falling=now < before))


def _has_risen(walked: WalkedSteps) -> bool:
    """Whether the tail is above the start, by more than rounding and the noise of batches explain."""
    if not walked.experiment.problem.minima:
        allowed = walked.experiment.precision.rounding(walked.first_loss)
        return bool(walked.losses[1:].min() > walked.first_loss + allowed)
    allowed = walked.rounding + NOISE_FACTOR * (walked.noise_floor or 0.0)
    return bool(walked.above[1:].min() > walked.first_above + allowed)


def _on_the_way(walked: WalkedSteps) -> Verdict:
    """What a run is doing that goes on, and has moved: mostly told by the loss before the tail and now."""
    before, now = sentences.losses_of_tail(walked)
    trend = np.sign(now - before)
    if walked.experiment.problem.minima and walked.experiment.batch_size is None:
        # Of some data a rounding error of the loss is larger than what a step changes: then its sign is by chance.
        change = walked.above[-1] - walked.above[0]
        is_seen = abs(change) > walked.experiment.precision.rounding(now)
        trend = trend if is_seen and trend == np.sign(change) else 0.0
    if trend > 0:
        return Verdict(Kind.RISING, sentences.of_trend("rose", walked))
    if walked.turns.size and walked.turns.mean() > 0.5 and walked.is_turn_of_rate:
        return Verdict(Kind.JUMPING, sentences.of_trend("fell" if trend < 0 else "", walked))
    if trend < 0:
        return Verdict(Kind.FALLING, sentences.of_trend("fell", walked))
    return Verdict(Kind.SLOW, sentences.of_trend("", walked))
