"""The rates that a range test suggests where its loss really falls, or by fast.ai's own rules, or why none."""

import math
from collections.abc import Callable
from enum import Enum, auto

import numpy as np
from numpy.typing import NDArray

from gdviz.core.analysis import fastai_rules
from gdviz.core.analysis.range_test import STOP_FACTOR, Curve, range_test_of
from gdviz.core.analysis.rate_limit import global_stability_limit
from gdviz.core.descent.experiment import Experiment
from gdviz.core.problems.problem import best_learning_rate, minimum_loss

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

CURVE_SUGGESTIONS = ("minimum", "tenth", "steep", "valley", "slide")
SUGGESTIONS = (*CURVE_SUGGESTIONS, "limit", "best")  # the last two from the curvature of a quadratic

SKIP_DIVISOR, SKIP_LAST = 10, 5
"""Suggestions ignore the first tenth of a sweep's rates and the last five points of the curve."""
REAL_FALL = 0.01
"""A loss falls where it loses this part of what is left above the minimum while the rate grows e-fold."""


class NoSuggestion(Enum):
    """Why a curve suggests no rate."""

    NOT_READ = auto()
    """The rule reads the rate of its first step only, and all rates share one path: the loss is not due to them."""
    NOT_FINITE = auto()
    """The loss at the start is not finite; by fast.ai's rules, nowhere."""
    AT_MINIMUM = auto()
    """The start is the minimum, to rounding."""
    RISES = auto()
    """From the first rates on, the loss is above that of the start, by REAL_FALL of the gain that is possible."""
    IS_FLAT = auto()
    """The loss is never below that of the start by that much, but does not rise at once either."""
    STILL_FALLS = auto()
    """The loss is lowest where the rates end: it may have fallen on."""
    TOO_SHORT = auto()
    """Nothing is left without the first tenth of the rates and the last five points."""


def suggestions(found: Curve, experiment: Experiment) -> dict[str, float]:
    """The suggested rates by name, in the order of `SUGGESTIONS`, as far as they exist.

    The first five come from the shown loss, without the first tenth of the sweep's rates and the last five points of
    the curve, up to its first NaN; where `why_none` has a reason there are none. Those of fast.ai's rules are kept
    where they are true: where the loss falls by REAL_FALL of what is left of it, has begun to, and has not reached its
    lowest point yet. Elsewhere the same rule is applied to the part of the curve where that is so. ``tenth`` is rounded
    to the precision of the run, like the rates. ``limit`` and ``best`` are exact, and known for quadratics only.
    ValueError if the experiment is not a range test.
    """
    uses_fastai, known = range_test_of(experiment).fastai_rules, _from_curvature(experiment)
    why = why_none(found, experiment)
    if why is None:
        part = _usable(found, experiment)
        rates, losses = found.learning_rates[part], found.shown[part]
        places = _by_fastai(rates, losses) if uses_fastai else _by_falling(found, experiment, part)
        known |= {name: float(rates[place]) for name, place in places.items() if place is not None}
        number = experiment.precision.dtype.type
        known["tenth"] = float(number(known["minimum"]) / number(10))
    elif why is NoSuggestion.NOT_FINITE and not uses_fastai:
        known.pop("best", None)  # no rate leads a run of this precision back
    return {name: known[name] for name in SUGGESTIONS if known.get(name)}


def why_none(found: Curve, experiment: Experiment) -> NoSuggestion | None:
    """Why the curve suggests no rate; None if it suggests some. ValueError if the experiment is not a range test."""
    test, shown = range_test_of(experiment), found.shown
    if not (experiment.optimizer.reads_every_rate or test.fresh_steps):
        return NoSuggestion.NOT_READ
    is_empty = not np.isfinite(shown[_usable(found, experiment)]).any()
    is_nowhere_finite, starts_finite = not np.isfinite(shown).any(), math.isfinite(found.start_loss)
    if len(shown) and is_nowhere_finite:
        return NoSuggestion.RISES if starts_finite else NoSuggestion.NOT_FINITE
    if test.fastai_rules or not len(shown):
        return NoSuggestion.TOO_SHORT if is_empty else None
    if not starts_finite:
        return NoSuggestion.NOT_FINITE
    gain, lowest, error = _gain(found, experiment), float(np.nanmin(shown)), _rounding(found, experiment)
    if minimum_loss(experiment.problem) is not None and gain <= error:
        return NoSuggestion.AT_MINIMUM
    if found.start_loss - lowest < max(REAL_FALL * gain, error):
        first = shown[: test.number // SKIP_DIVISOR + 1]
        rises_at_once = ~(first - found.start_loss <= max(REAL_FALL * gain, error))
        return NoSuggestion.RISES if rises_at_once.any() else NoSuggestion.IS_FLAT
    if is_empty:
        return NoSuggestion.TOO_SHORT
    return _why_none_in_part(found, experiment)


def _why_none_in_part(found: Curve, experiment: Experiment) -> NoSuggestion | None:
    """Why the usable part suggests no rate, of a curve that falls and has such a part."""
    test, shown, part = range_test_of(experiment), found.shown, _usable(found, experiment)
    gain, error = _gain(found, experiment), _rounding(found, experiment)
    if found.start_loss - float(np.nanmin(shown[part])) < max(REAL_FALL * gain, error):
        return NoSuggestion.TOO_SHORT
    at, is_over = int(np.nanargmin(shown)), len(shown) == test.number
    ends_there = is_over and at >= len(shown) - SKIP_LAST - 1 and not _rises(shown, at)
    return NoSuggestion.STILL_FALLS if ends_there else None


def _rises(shown: Array, lowest: int) -> bool:
    """Whether the loss is above four times its lowest value somewhere after it, or no number at all."""
    after = shown[lowest + 1 :]
    return bool((~(after <= STOP_FACTOR * shown[lowest])).any())


def _usable(found: Curve, experiment: Experiment) -> slice:
    """The part of the curve from which rates are picked."""
    first = range_test_of(experiment).number // SKIP_DIVISOR
    end = max(first, len(found.shown) - SKIP_LAST)
    nans = np.flatnonzero(np.isnan(found.shown[first:end]))
    return slice(first, first + int(nans[0]) if len(nans) else end)


def _gain(found: Curve, experiment: Experiment) -> float:
    """The gain that is possible: the loss of the start above the known minimum, or above the lowest of the curve."""
    return found.start_loss - _floor(found, experiment)


def _floor(found: Curve, experiment: Experiment) -> float:
    lowest = minimum_loss(experiment.problem)
    return float(np.nanmin(found.shown)) if lowest is None else lowest


def _rounding(found: Curve, experiment: Experiment) -> float:
    """By how much rounding may change the loss of the start."""
    return experiment.precision.rounding(found.start_loss)


def _by_fastai(rates: Array, losses: Array) -> dict[str, int | None]:
    return {
        "minimum": int(np.argmin(losses)),
        "steep": fastai_rules.steep(rates, losses),
        "valley": fastai_rules.valley(losses),
        "slide": fastai_rules.slide(losses),
    }


def _by_falling(found: Curve, experiment: Experiment, part: slice) -> dict[str, int | None]:
    """The places within the usable part, None for a rule that has none where the loss falls."""
    rates, losses = found.learning_rates[part], found.shown[part]
    picked, falls = _by_fastai(rates, losses), _falls(found, experiment)[part]
    falls[picked["minimum"] :] = False
    slides = falls & _after_even_slope(losses, _gain(found, experiment))
    return {
        "minimum": picked["minimum"],
        "steep": _kept(picked["steep"], falls, lambda: _steepest(rates, losses, falls)),
        "valley": _kept(picked["valley"], falls, lambda: _middle_of_fall(losses, falls)),
        "slide": _kept(picked["slide"], slides, lambda: int(np.flatnonzero(slides)[-1])),
    }


def _falls(found: Curve, experiment: Experiment) -> Mask:
    """Whether the loss has begun to fall and falls at each point of the curve, from the point before to the next."""
    shown, gain = found.shown, _gain(found, experiment)
    if len(shown) < 2:
        return np.zeros(len(shown), np.bool_)
    with np.errstate(all="ignore"):
        fall = -np.gradient(shown)
        per_growth = fall / np.gradient(np.log(found.learning_rates))
        has_begun = found.start_loss - shown >= REAL_FALL * gain
        is_real = fall > experiment.precision.rounding(1.0) * np.abs(shown)
        falls: Mask = has_begun & is_real & (per_growth >= REAL_FALL * (shown - _floor(found, experiment)))
        return falls


def _after_even_slope(losses: Array, gain: float) -> Mask:
    """Whether the slope hardly changes from the point before to that SLIDE_WIDTH later, as fast.ai's slide supposes.

    Its threshold is for losses of about 1, so here it is relative to the gain that is possible.
    """
    same = fastai_rules.slopes_agree(losses, fastai_rules.SLIDE_THRESHOLD * gain)
    after = np.zeros(len(losses), np.bool_)
    after[1 : len(same) + 1] = same
    return after


def _kept(picked: int | None, allowed: Mask, other: Callable[[], int]) -> int | None:
    """The picked place if it is allowed, else the other one; None if no place is."""
    if not allowed.any():
        return None
    return picked if picked is not None and allowed[picked] else other()


def _steepest(rates: Array, losses: Array, falls: Mask) -> int:
    slopes = np.append(fastai_rules.steepness(rates, losses), np.inf)
    return int(np.argmin(np.where(falls, slopes, np.inf)))


def _middle_of_fall(losses: Array, falls: Mask) -> int:
    """The place of fast.ai's valley within the longest part in which the loss falls without a break."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], falls, [False]])))
    begins, ends = edges[::2], edges[1::2]
    longest = int(np.argmax(ends - begins))
    begin, end = int(begins[longest]), int(ends[longest])
    return begin + fastai_rules.valley(losses[begin:end])


def _from_curvature(experiment: Experiment) -> dict[str, float]:
    is_plain = experiment.optimizer.is_plain and experiment.batch_size is None
    best = best_learning_rate(experiment.problem) if is_plain else None
    found = {"limit": global_stability_limit(experiment), "best": best}
    return {name: rate for name, rate in found.items() if rate is not None}
