"""The quantities of a rule at the steps of a recording, as it explains them: buffers, means, and its direction."""

import re
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from gdviz.core.descent.checkpoint import start
from gdviz.core.descent.evaluations import StepEvaluation
from gdviz.core.descent.optimizers import Formula
from gdviz.core.descent.recording import Recording

_ASCII = {"\N{COMBINING CIRCUMFLEX ACCENT}": "_hat", "ŝ": "s_hat", "û": "u_hat", "²": "_squared"}
_ASCII |= {"σ": "sigma", "Δ": "delta"}


def explained_step(recording: Recording, step: int) -> tuple[Formula, ...]:
    """The formulas of the rule for its update from that step; IndexError for a step that is not recorded."""
    before, seen = recording.checkpoint(step).state, recording.evaluation(step)
    rule = recording.experiment.optimizer_at(step)
    with np.errstate(all="ignore"):
        direction = recording.directions[step]
        return rule.explain(seen, before, direction, rule.following(seen, before, direction))


def explained_steps(recording: Recording) -> Iterator[tuple[Formula, ...]]:
    """The formulas of the rule at each recorded step, in one pass through the run, with its bits.

    Only the states are computed again, from the recorded gradients; losses only where the rule asks for them. Call this
    with NumPy's warnings about overflow and NaN disabled.
    """
    experiment, seen = recording.experiment, StepEvaluation(recording.experiment)
    first, restart_every, sets_momentum = start(experiment), experiment.restart_every, experiment.schedule.sets_momentum
    state, rule = first.state, experiment.optimizer
    columns = (recording.points, recording.gradients, recording.directions, recording.learning_rates)
    for number, (point, gradient, direction, rate) in enumerate(zip(*columns, strict=True)):
        before = first.state if restart_every and number % restart_every == 0 else state
        if sets_momentum:
            rule = experiment.optimizer_at(number)
        state = rule.following(seen.at(number, point, gradient, rate), before, direction)
        yield rule.explain(seen, before, direction, state)


def quantities(recording: Recording) -> dict[str, NDArray[np.floating]]:
    """The quantities of the rule, each of shape (n,), in its order, and the steps: ``v_w,v_b,step_w,step_b``.

    Row i has what the update from step i makes of the gradient in that row, and by how much that update lowers both
    parameters. Names are ASCII (`column_name`); empty for a rule whose direction is the gradient itself. NaN where a
    rule does not have a quantity at a step: a schedule may set its momentum to 0.
    """
    names, (rows, dtype) = recording.experiment.problem.parameters, (len(recording), recording.points.dtype)
    found: dict[str, NDArray[np.floating]] = {}
    with np.errstate(all="ignore"):
        for number, formulas in enumerate(explained_steps(recording)):
            for formula in formulas:
                if formula.symbol not in found:
                    found[formula.symbol] = np.full((rows, 2), np.nan, dtype)
                found[formula.symbol][number] = formula.result
        if found:
            found["step_{}"] = recording.step_factors[:, None] * recording.directions
    return {column_name(symbol, names[place]): values[:, place] for symbol, values in found.items() for place in (0, 1)}


def column_name(symbol: str, parameter: str) -> str:
    """The name of a formula's left-hand side as a column, in ASCII: v_w of "v_{} ←", sigma_squared_w of "σ²_{} ="."""
    name = symbol.format(parameter, other="").removesuffix("←").removesuffix("=").strip()
    return re.sub("|".join(_ASCII), lambda sign: _ASCII[sign[0]], name)
