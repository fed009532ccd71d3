"""Builds the arrows of a step: the gradient, what the rule makes of it, and the move, to scales that are said."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gdviz.core.box import Box
from gdviz.core.descent.optimizers import Formula
from gdviz.core.descent.quantities import explained_step
from gdviz.core.descent.recording import Recording
from gdviz.core.weak_cache import weak_cache
from gdviz.panes.landscape.directions import GRADIENT_TONE, RULE_TONE, STEP_TONE, Direction, Inside
from gdviz.panes.landscape.landscape import Surface, on_surface
from gdviz.presentation.curves import clip_segments
from gdviz.presentation.numbers import format_number, join_words

LONGEST = 0.75
"""The greatest length of an arrow other than the step, in half box widths."""
SHORTEST = 0.012
"""The least length of an arrow that is drawn, in half box widths: two pixels or three."""
ARROW_POINTS = 33
"""Points along such an arrow, enough to follow the surface smoothly."""
GROWING = 0.7
"""The part of its time in which an arrow grows; then it rests, to be looked at."""


class Vector(NamedTuple):
    """An arrow's name and tone, and how far it goes in both parameters, in double precision, shape (2,)."""

    name: str
    tone: int
    values: NDArray[np.float64]


def build_inside(recording: Recording, step: int, surface: Surface, still: Box, part: float, style: int) -> Inside:
    """The arrows at a recorded step, all downhill: minus the gradient, minus each direction of the rule, the step.

    still: the box of the step itself, while that of the surface may be growing: the scale of the arrows is for it.
    part: how much of the time to the next step has passed. One arrow after the other grows; at 0 all are there.
    The step is true to its length; the others share a factor, 1, 2 or 5 times a power of ten.
    """
    point = recording.points[step]
    if not surface.box.contains(point):
        return Inside(style, (), "the point is out of view" if np.isfinite(point).all() else "")
    vectors = step_vectors(recording, step)
    with np.errstate(over="ignore"):
        sized = [(vector, float(np.hypot(*(vector.values / still.half)))) for vector in vectors]
    factor = common_factor([size for vector, size in sized if vector.tone != STEP_TONE])
    reasons = [_reason(size, 1.0 if vector.tone == STEP_TONE else factor) for vector, size in sized]
    drawn = [vector for vector, reason in zip(vectors, reasons, strict=True) if not reason]
    missing = {
        reason: [vector.name for vector, other in zip(vectors, reasons, strict=True) if other == reason]
        for reason in dict.fromkeys(filter(None, reasons))
    }
    directions = tuple(
        _direction(recording, surface, point, vector, factor, grown(part, place, len(drawn)))
        for place, vector in enumerate(drawn)
    )
    return Inside(style, directions, _note(directions, factor, missing), f"arrows ×{format_number(factor)}, step ×1")


@weak_cache(4)
def step_vectors(recording: Recording, step: int) -> tuple[Vector, ...]:
    """The gradient, the rule's directions and the step at a recorded step, in this order, and downhill.

    The direction itself is left out where it is the step: for a rule that does not scale with the rate.
    """
    rule, formulas = recording.experiment.optimizer_at(step), explained_step(recording, step)
    # The landscape is the loss of all rows, whose gradient may point elsewhere.
    gradient = "−gradient" if recording.experiment.batch_size is None else "−batch gradient"
    found = [_vector(gradient, GRADIENT_TONE, -recording.gradients[step])]
    leading = [formula for formula in formulas if formula.is_direction]
    for place, formula in enumerate(leading):
        if rule.scales_with_rate or place < len(leading) - 1:
            found.append(_vector(f"−{_bare(formula)}", RULE_TONE + len(leading) - 1 - place, -formula.result))
    with np.errstate(all="ignore"):
        moved = -(recording.step_factors[step] * recording.directions[step])
    return (*found, _vector("step", STEP_TONE, moved))


def _vector(name: str, tone: int, values: NDArray[np.floating]) -> Vector:
    return Vector(name, tone, values.astype(np.float64))


def _bare(formula: Formula) -> str:
    """The symbol of a formula for both parameters together: "v" of "v_{} ←"."""
    return formula.symbol.partition("_{")[0]


def common_factor(sizes: list[float]) -> float:
    """The factor by which arrows of these sizes are drawn so that they fit the box: 1, 2 or 5 times a power of ten.

    Rounded so that it stays the same over many steps, whose arrows can be compared. 0.5 if there is nothing to draw.
    """
    longest = max((size for size in sizes if 0.0 < size < np.inf), default=LONGEST)
    exponent, rest = divmod(math.log10(LONGEST) - math.log10(longest) + 1e-9, 1.0)
    return float(f"{next(lead for lead in (5, 2, 1) if math.log10(lead) <= rest)}e{int(exponent)}")


def grown(part: float, place: int, count: int) -> float:
    """How much of arrow ``place`` of ``count`` is drawn after that part of the time to the next step."""
    return min(max((part * count - place) / GROWING, 0.0), 1.0) if part > 0.0 else 1.0


def _direction(
    recording: Recording, surface: Surface, point: NDArray[np.floating], vector: Vector, factor: float, grown: float
) -> Direction:
    """A vector as an arrow. The step is a straight line between two points of the surface, as on the path."""
    is_step = vector.tone == STEP_TONE
    tip = point.astype(np.float64) + (1.0 if is_step else factor) * vector.values
    begin, end = surface.box.normalised([point, tip])
    first, last, _ = clip_segments(begin[None], end[None])
    along = np.linspace(0.0, 1.0, 2 if is_step else ARROW_POINTS)[:, None]
    line = on_surface(recording.experiment.problem, surface, first + along * (last - first))
    return Direction(vector.name, vector.tone, line, grown, bool(np.abs(end).max() > 1.0))


def _reason(size: float, factor: float) -> str:
    """Why a vector of that size, drawn with that factor, is not drawn; empty if it is."""
    if not size < np.inf:
        return "not finite"
    return "0" if size == 0.0 else "too short to draw" if size * factor < SHORTEST else ""


def _note(directions: tuple[Direction, ...], factor: float, missing: dict[str, list[str]]) -> str:
    """The scale of the arrows, which of them are cut off, and for each reason which are not drawn."""
    others = [direction.name for direction in directions if direction.tone != STEP_TONE]
    has_step = len(directions) > len(others)
    parts = ["next step in true length"] if has_step else []
    if others:
        named = others[0] if len(others) == 1 else "the others" if has_step else join_words(others)
        parts.append(f"{named} ×{format_number(factor)}")
    parts += [f"{direction.name} cut off at the edge" for direction in directions if direction.is_cut]
    parts += [f"{join_words(named)} {'are' if len(named) > 1 else 'is'} {why}" for why, named in missing.items()]
    return "; ".join(parts)
