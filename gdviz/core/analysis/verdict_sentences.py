"""The sentences of verdicts: the evidence in numbers, with as many digits as make their differences visible."""

import numpy as np
from numpy.typing import NDArray

from gdviz.core.analysis.walked_steps import WalkedSteps
from gdviz.core.descent.schedules import RangeTest
from gdviz.core.number_text import MINUS, format_number, quantity
from gdviz.core.problems.problem import minimum_loss


def _texts(*values: float) -> tuple[str, ...]:
    """The numbers with three digits, or as many more as tell different ones apart."""
    for digits in range(3, 18):
        texts = tuple(format_number(value, digits) for value in values)
        if len(set(texts)) == len(set(values)):
            break
    return texts


def of_range_test(test: RangeTest) -> str:
    """Which rates a range test tries."""
    fresh = f"{quantity(test.fresh_steps)} from the start at each rate"
    how = fresh if test.fresh_steps else "the rate grows at every step"
    return f"{how} from {test.start:.3g} on".replace("-", MINUS)


def of_non_finite(walked: WalkedSteps) -> str:
    """Since when the loss has not been finite, or what else is not; empty if all is finite now."""
    recording, step = walked.recording, walked.step
    if not np.isfinite(recording.losses[step]):
        return _of_infinite_loss(recording.losses[: step + 1], recording.without_loss.since(step))
    for name, value in zip(walked.experiment.problem.parameters, recording.points[step].tolist(), strict=True):
        if not np.isfinite(value):
            return f"{name} is {format_number(value)}"
    return "" if np.isfinite(recording.gradients[step]).all() else "the gradient is not finite"


def _of_infinite_loss(losses: NDArray[np.floating], since: int) -> str:
    """Of the last stretch without a finite loss, from a step on to the end."""
    stretch, first = losses[since:], int(np.isfinite(losses).argmin())
    infinite = "minus infinity" if stretch[0] < 0 else "infinite"
    words = [] if np.isnan(stretch[0]) else [f"{infinite} since step {since:,}"]
    if np.isnan(stretch[-1]):
        words.append(f"NaN since step {since + int(np.isnan(stretch).argmax()):,}")
    if not words:
        words.append(f"not finite since step {since:,}")
    if first < since:
        words.append(f"first at step {first:,}")
    return f"loss {'; '.join(words)}"


def of_start(walked: WalkedSteps) -> str:
    """The loss before the first step."""
    return f"no step yet; loss {_texts(walked.first_loss)[0]}"


def of_minimum(walked: WalkedSteps) -> str:
    """How near a run that has converged is."""
    return with_loss("at a minimum, to a millionth of the way down", walked)


def of_noise(above: float, batch_size: int) -> str:
    """At which height above the minimum a mini-batch run stays."""
    return f"{format_number(above, 2)} above the minimum; on average, due to the noise of batches of {batch_size:,}"


def of_standstill(walked: WalkedSteps) -> str:
    """Why a run that is not at a known minimum does not move, and how far up it is."""
    lowest, last = minimum_loss(walked.experiment.problem), float(walked.losses[-1])
    if walked.rate == 0.0 and walked.experiment.optimizer.scales_with_rate:
        why = "the rate is 0"
    elif not walked.recording.directions[walked.step - walked.tail : walked.step].any():
        why = _of_zero_gradient(walked)
    elif not walked.has_moved:
        why = f"the steps are below the rounding of {walked.experiment.precision}"
    else:
        why = f"only the last digits change, as the steps are at the rounding of {walked.experiment.precision}"
    if lowest is None:
        return f"{why}; no minimum is known"
    # Near the minimum the recorded loss may be below it by rounding.
    loss, minimum = _texts(last if last > lowest else lowest + float(walked.above[-1]), lowest)
    return f"{why}; loss {loss}, minimum {minimum}"


def _of_zero_gradient(walked: WalkedSteps) -> str:
    """That the gradient is 0; of a bowl, away from its minimum, only by rounding, or only that of a batch."""
    experiment, problem = walked.experiment, walked.experiment.problem
    if experiment.batch_size is not None:
        return "the gradient of the batch is 0 here"
    if not problem.minima:
        return "the gradient is 0 here"
    if problem.is_quadratic:
        return f"the gradient is 0 to the rounding of {experiment.precision}"
    return "the gradient is 0 here, but this is not a minimum"


def at_limit(walked: WalkedSteps) -> str:
    """What a run does whose rate is the limit."""
    return with_loss("to and fro at the limit, neither nearer nor farther", walked)


def of_growth(walked: WalkedSteps) -> str:
    """How the loss has grown since the start."""
    first, last = walked.first_loss, float(walked.losses[-1])
    if not last > first:  # by less than a rounding error
        return with_loss("each step leads farther from the minimum", walked)
    before, now = _texts(first, last)
    grown = f"loss grown from {before} to {now}"
    return f"{grown}; but the rate is below the limit" if walked.is_stable else grown


def of_return(walked: WalkedSteps, is_falling: bool) -> str:
    """That the loss, which no longer rises, is above the start's."""
    start, last = _texts(walked.first_loss, float(walked.losses[-1]))
    return f"{'falling again, but ' if is_falling else ''}still above the start's {start}; loss {last}"


def losses_of_tail(walked: WalkedSteps) -> tuple[float, float]:
    """The losses before the tail and now; of a mini-batch run the means of the finite ones of its two halves."""
    losses = walked.losses[np.isfinite(walked.losses)]
    half = _averaged(walked)
    return float(losses[:half].mean()), float(losses[-half:].mean())


def _averaged(walked: WalkedSteps) -> int:
    """Of how many losses each of the two is the mean."""
    return 1 if walked.experiment.batch_size is None else (walked.tail + 1) // 2


def of_trend(verb: str, walked: WalkedSteps) -> str:
    """How the loss rose or fell over the tail; without a verb that it has not changed."""
    losses = losses_of_tail(walked)
    if not verb:  # the digits that rounding has changed would contradict it
        return f"loss {_texts(losses[1])[0]}, as {quantity(walked.tail)} before"
    before, now = _texts(*losses)
    average = " on average" if _averaged(walked) > 1 else ""
    return f"loss {verb}{average} from {before} to {now}, in {quantity(walked.tail)}"


def with_loss(words: str, walked: WalkedSteps) -> str:
    """The words, and the loss now."""
    return f"{words}; loss {_texts(float(walked.losses[-1]))[0]}"


def after_steps(words: str, walked: WalkedSteps) -> str:
    """The words, the loss now, and the number of steps."""
    return f"{with_loss(words, walked)} after {quantity(walked.step)}"
