"""Update rules as frozen dataclasses: from a gradient to the direction that the learning rate scales.

Rules, names of settings and defaults are PyTorch's (torch.optim, version 2.13), so the numbers match; those that it
does not have name their source.
"""

from gdviz.core.descent.optimizers.base import Evaluation, Formula, Optimizer
from gdviz.core.descent.optimizers.momentum import GradientDescent, Momentum, Nesterov
from gdviz.core.descent.optimizers.registry import OPTIMIZERS, make_optimizer, optimizer_settings

__all__ = [
    "OPTIMIZERS",
    "Evaluation",
    "Formula",
    "GradientDescent",
    "Momentum",
    "Nesterov",
    "Optimizer",
    "make_optimizer",
    "optimizer_settings",
]
