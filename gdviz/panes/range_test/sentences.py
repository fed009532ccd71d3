"""The texts about a range test: a sentence for each suggestion, and how far the method can be trusted in this sweep."""

from collections.abc import Collection

import numpy as np

from gdviz.core.analysis.default_rates import default_range
from gdviz.core.analysis.quadratic import has_exact_solution, steps_to_tolerance
from gdviz.core.analysis.range_test import STOP_FACTOR, Curve, has_stopped, range_test_of
from gdviz.core.analysis.suggestions import NoSuggestion, suggestions, why_none
from gdviz.core.descent.experiment import Experiment
from gdviz.core.problems.problem import constant_curvature
from gdviz.panes.range_test.best_rate import best_sentences
from gdviz.presentation.numbers import MINUS, format_number, quantity
from gdviz.presentation.overflow import what_to_use

NOT_SEEN = 1000.0
"""No run comes this far beyond the limit, in multiples of it, unless it is at the minimum along the steepest axis."""
DIVERGES = "diverges if held constant"
BEYOND = "beyond the limit"
_SENTENCES = {
    "tenth": "the minimum divided by ten",
    "limit": "held constant, it diverges from here on",
    "steep": "the loss falls fastest here",
    "valley": "about the middle of the longest descent",
    "slide": "left of it the slope hardly changes",
}
_WHY_NONE = {
    NoSuggestion.NOT_READ: "This rule reads the rate of its first step only, so the other rates do nothing here. "
    "Take a fresh start at each rate.",
    NoSuggestion.NOT_FINITE: "The loss at the start is not finite, so the curve suggests nothing.",
    NoSuggestion.AT_MINIMUM: "The start is the minimum, to rounding: the loss cannot fall, so the curve suggests "
    "nothing. Take another start.",
    NoSuggestion.RISES: "The loss rises from the first rates on: they are too high to suggest anything.",
    NoSuggestion.IS_FLAT: "At none of these rates has the loss fallen by 1 % of what it could fall.",
    NoSuggestion.STILL_FALLS: "The loss is lowest where the rates end, so its minimum is not known yet.",
    NoSuggestion.TOO_SHORT: "Nothing is left to pick from: the first tenth of the rates and the last 5 of the curve "
    "do not count.",
}
BELOW_ZERO = "Any loss below 0 stops the test: switch off the stop."
_REMEDIES = {
    NoSuggestion.RISES: "Take a smaller start.",
    NoSuggestion.IS_FLAT: "Take a larger end, or another start.",
    NoSuggestion.STILL_FALLS: "Take a larger end.",
    NoSuggestion.TOO_SHORT: "Take a smaller start, or more rates.",
}
"""What to do where the rates are already those that fit the problem."""


def stop_sentences(learning_rate: float, loss: float) -> tuple[str, str]:
    """The label and the tooltip of the rate at which a sweep stopped, with this shown loss."""
    where = f"stopped at {format_number(learning_rate, 3)}"
    if loss < 0:
        why = "four times a loss below 0 is lower still, which says nothing about the rates; switch off the stop"
        return f"{where}: any loss below 0 stops it", why
    why = "a range test ends where the loss shows that the rates have become too large"
    return f"{where}: more than {STOP_FACTOR:g} times the best loss", why


def sentences(name: str, found: Curve, suggested: dict[str, float], experiment: Experiment) -> tuple[str, ...]:
    """The explanation of the suggestion of that name, and shorter ones: the last has about 45 characters at most."""
    if name == "best":
        return best_sentences(suggested[name], suggested.get("limit"), experiment)
    return (_sentence(name, found, suggested, experiment),)


def _sentence(name: str, found: Curve, suggested: dict[str, float], experiment: Experiment) -> str:
    fresh = _fresh_steps(experiment)
    if name == "minimum":
        return _lowest(found, suggested, fresh)
    if name == "tenth" and not fresh:
        return f"{_SENTENCES[name]}, the usual choice"
    if name == "limit" and _is_plain(experiment):
        return "from 2/L on every step grows: it diverges"
    return _SENTENCES[name]


def truth(found: Curve, experiment: Experiment, diverging: Collection[str] = ()) -> str:
    """How far the method can be trusted, with the numbers of this sweep: one or two sentences, at most 200 characters.

    In particular whether the minimum is above the stability limit, as it usually is for a moving point only.
    diverging: the names of the suggestions that are known to diverge as constant rates.
    """
    if (why := why_none(found, experiment)) is not None:
        return f"{_WHY_NONE[why]} {_remedy(why, found, experiment)}".rstrip()
    suggested, fresh_steps = suggestions(found, experiment), _fresh_steps(experiment)
    if not experiment.problem.minima:
        return "No minimum of this loss is known: a low loss tells how far a run has fallen, not that its rate is good."
    if "limit" not in suggested:
        return _without_limit(fresh_steps, experiment.problem.is_quadratic, diverging)
    last, limit = float(found.learning_rates[-1]), suggested["limit"]
    # Plain descent from fresh starts does not oscillate: on a quadratic the loss after K steps is convex in the rate.
    if last < limit and not (fresh_steps and _is_plain(experiment)):
        return _short_of_limit(last / limit, has_stopped(found, experiment))
    if fresh_steps:
        return _of_fresh_starts(suggested, experiment, "minimum" in diverging)
    return _of_moving_point(suggested, diverging)


def _remedy(why: NoSuggestion, found: Curve, experiment: Experiment) -> str:
    """What to do where the rates are at fault: take those that fit the problem, unless it has them."""
    test, (start, end) = range_test_of(experiment), default_range(experiment.problem, experiment.precision)
    if why is NoSuggestion.NOT_FINITE:
        return f"Use {what_to_use(experiment)}."
    if why in (NoSuggestion.AT_MINIMUM, NoSuggestion.NOT_READ):
        return ""
    if why is not NoSuggestion.STILL_FALLS and has_stopped(found, experiment) and found.shown[-1] < 0:
        return BELOW_ZERO
    if (test.start, test.end) != (start, end):
        return f"Use rates from {start:g} to {end:g}.".replace("-", MINUS)
    if why is NoSuggestion.IS_FLAT and constant_curvature(experiment.problem) is not None:
        return "The steepest direction has little to gain: standardise the data, or take another start."
    return _REMEDIES[why]


def _of_moving_point(suggested: dict[str, float], diverging: Collection[str]) -> str:
    times, tenth = suggested["minimum"] / suggested["limit"], suggested["tenth"] / suggested["limit"]
    if times < 1.0:
        if "minimum" in diverging:
            return f"The minimum lies at {format_number(times, 2)} of the limit, and yet a run at this rate diverged."
        return (
            f"Here the minimum lies below the limit, at {format_number(times, 2)} of it: as a constant rate it does "
            "not diverge. Its tenth takes smaller steps."
        )
    if times > NOT_SEEN:
        where = f"The minimum lies at {_of_limit(times)}: from this start the loss does not depend"
        return f"{where} on the steepest direction. From another one such a rate diverges."
    why = "past the limit the loss still falls, until what grows outweighs the rest"
    then = f"Dividing by ten cancels that: the tenth is {format_number(tenth, 2)} of the limit."
    if tenth >= 1.0:
        then = "After so fast a sweep its tenth is beyond it, too."
    return f"The minimum lies at {_of_limit(times)}: {why}. {then}"


def _of_fresh_starts(suggested: dict[str, float], experiment: Experiment, diverges: bool) -> str:
    times = suggested["minimum"] / suggested["limit"]
    if times >= 1.0 or diverges:
        beyond = f"it lies at {_of_limit(times)}, and with more steps it diverges."
        return f"The minimum is the lowest loss after {quantity(_fresh_steps(experiment))} only: {beyond}"
    good = f"From fresh starts the minimum is itself a good rate, at {format_number(times, 2)} of the limit."
    if not has_exact_solution(experiment):
        return good
    few, many = (steps_to_tolerance(experiment, suggested[name]).steps for name in ("minimum", "tenth"))
    if few is None or many is None or not many > few > 1:
        return good
    return f"{good} It needs {few:,} steps to 1 % of the loss, its tenth {many:,}: {_times(many / few)} as many."


def _short_of_limit(part: float, was_stopped: bool) -> str:
    if was_stopped:
        return (
            f"The loss rose at {format_number(part, 2)} of the limit already: that is a swing, no divergence, and "
            "the minimum is only the lowest loss before it. Try it without the stop."
        )
    return (
        f"The sweep ends at {format_number(part, 2)} of the limit, before anything diverges: the minimum says little. "
        "Take a larger end."
    )


def _without_limit(fresh_steps: int, is_quadratic: bool, diverging: Collection[str]) -> str:
    """The text if no limit is known: on a quadratic, whose curvature is constant, that is due to the rule."""
    changing = "This loss has no one limit: its curvature changes with the place."
    no_limit = "No limit is known for this rule." if is_quadratic else changing
    if fresh_steps and "minimum" in diverging:
        return f"{no_limit} The minimum is the lowest loss after {quantity(fresh_steps)} only: with more it diverges."
    if fresh_steps:
        good = f"the minimum is itself the rate to try: the lowest loss after {quantity(fresh_steps)} from this start."
        if is_quadratic:
            return f"{no_limit} From fresh starts {good}"
        return f"From fresh starts {good} Elsewhere the loss may curve more and allow less."
    if "tenth" in diverging:
        return f"{no_limit} Here even a tenth of the minimum diverges: take less."
    return f"{no_limit} A tenth of the minimum is a careful first try, not a guarantee."


def _lowest(found: Curve, suggested: dict[str, float], fresh_steps: int) -> str:
    """The explanation of the minimum, which says so if an excluded end of the curve has a lower loss."""
    at = np.flatnonzero(found.learning_rates == suggested.get("minimum"))
    known = found.shown[~np.isnan(found.shown)]
    if len(at) and known.min() < found.shown[at[0]]:
        return "the lowest loss, ends of the curve left out"
    return f"the lowest loss after {quantity(fresh_steps)}" if fresh_steps else "the lowest loss of the sweep"


def _fresh_steps(experiment: Experiment) -> int:
    return range_test_of(experiment).fresh_steps


def _is_plain(experiment: Experiment) -> bool:
    return experiment.optimizer.is_plain and experiment.batch_size is None


def _of_limit(times: float) -> str:
    return "the limit" if format_number(times, 2) == "1" else f"{_times(times)} the limit"


def _times(ratio: float) -> str:
    return f"{format_number(ratio, 2)} times"
