"""The arrows at the current point: the gradient, what the rule makes of it, and the step; values, without Qt."""

import numpy as np
from numpy.typing import NDArray

from gdviz.core.frozen import frozen

STEP_TONE, GRADIENT_TONE, RULE_TONE = -1, 0, 1
"""Tones of the step, which has the colour of its run, the gradient, and the direction of the rule."""


@frozen(eq=False)
class Direction:
    """An arrow at the current point, in unit-box coordinates.

    name: its label. tone: which colour and dash; what leads to the rule's direction has the tones after it.
    line: float32, shape (m, 3), from the point to the tip, clipped to the box. grown: how much of it is drawn, 0 to 1.
    is_cut: whether its tip is beyond the edge of the box.
    """

    name: str
    tone: int
    line: NDArray[np.float32]
    grown: float = 1.0
    is_cut: bool = False

    @property
    def drawn(self) -> NDArray[np.float32]:
        """The part of the line that is drawn, shape (k, 3); empty before it grows."""
        last = len(self.line) - 1
        if self.grown >= 1.0 or not last:
            return self.line
        if self.grown <= 0.0:
            return self.line[:0]
        whole, rest = divmod(self.grown * last, 1.0)
        begin = int(whole)
        tip = self.line[begin] + np.float32(rest) * (self.line[begin + 1] - self.line[begin])
        return np.concatenate([self.line[: begin + 1], tip[None]])


@frozen(eq=False)
class Inside:
    """The arrows of the live run's next step in the order of the arithmetic, gradient first, the step last.

    style: of the run. note: their scale, and which are not drawn whole, or at all; may be empty. scale: in a few words.
    """

    style: int
    directions: tuple[Direction, ...]
    note: str
    scale: str = ""

    @property
    def shown(self) -> tuple[Direction, ...]:
        """Those that have begun to grow."""
        return tuple(direction for direction in self.directions if direction.grown > 0.0)
