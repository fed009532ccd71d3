"""Weight decay: a part of the parameter that is added to the gradient, or, decoupled, to the direction."""

from gdviz.core.descent.optimizers.base import Evaluation, Formula, Optimizer, Parts
from gdviz.core.problems.problem import Point


class Decaying(Optimizer):
    """Base class of rules that have the setting ``weight_decay``, 0 for none.

    Coupled, the rule sees gradient + weight_decay * point, the gradient of loss + weight_decay/2 * |point|^2: its runs
    go to the minimum of that sum. Decoupled, weight_decay * point is added to the direction instead (Loshchilov and
    Hutter, "Decoupled Weight Decay Regularization", ICLR 2019).
    """

    weight_decay: float = 0.0
    decoupled_weight_decay: bool = False
    """Whether the decay is decoupled; a rule may have that as a setting, or set it once for all."""

    def seen_gradient(self, evaluation: Evaluation) -> Point:
        """The gradient that the rule uses, with a coupled decay."""
        if not self.weight_decay or self.decoupled_weight_decay:
            return evaluation.gradient
        return evaluation.gradient + self.weight_decay * evaluation.point

    def gradient_formulas(self, evaluation: Evaluation) -> tuple[tuple[str, Point], tuple[Formula, ...]]:
        """The gradient that the rule uses with its symbol, and the formula of it where there is a coupled decay."""
        slope = ("∂L/∂{}", evaluation.gradient)
        if not self.weight_decay or self.decoupled_weight_decay:
            return slope, ()
        seen = self.seen_gradient(evaluation)
        parts = (slope, self.weight_decay, ("{}", evaluation.point))
        return ("g_{}", seen), (Formula("g_{} =", seen, "{} + {}·{}", parts, is_direction=True),)

    def direction_formula(self, direction: Point, terms: str, parts: Parts, evaluation: Evaluation) -> Formula:
        """The formula of the direction from these terms, and from a decoupled decay if there is one."""
        if self.weight_decay and self.decoupled_weight_decay:
            terms, parts = f"{terms} + {{}}·{{}}", (*parts, self.weight_decay, ("{}", evaluation.point))
        return Formula("d_{} =", direction, terms, parts, is_direction=True)
