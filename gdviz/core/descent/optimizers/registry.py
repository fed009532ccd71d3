"""The registry of update rules, in the order of menus and options."""

from collections.abc import Mapping
from typing import Any

from gdviz.core.descent.optimizers.adam import Adam, Adamax, AdamW, AMSGrad, NAdam, RAdam
from gdviz.core.descent.optimizers.adaptive import Adadelta, AdaGrad, RMSprop
from gdviz.core.descent.optimizers.base import Optimizer
from gdviz.core.descent.optimizers.curved import BFGS, ConjugateGradient, Newton
from gdviz.core.descent.optimizers.line_search import Armijo, ExactLineSearch
from gdviz.core.descent.optimizers.momentum import GradientDescent, Momentum, Nesterov
from gdviz.core.descent.optimizers.sign import Lion, Rprop
from gdviz.core.descent.settings import Setting, settings_of_kind, validated

KINDS: tuple[type[Optimizer], ...] = (
    GradientDescent,
    Momentum,
    Nesterov,
    AdaGrad,
    RMSprop,
    Adadelta,
    Adam,
    AdamW,
    AMSGrad,
    NAdam,
    RAdam,
    Adamax,
    Lion,
    Rprop,
    Newton,
    Armijo,
    ExactLineSearch,
    BFGS,
    ConjugateGradient,
)
OPTIMIZERS: dict[str, type[Any]] = {kind.name: kind for kind in KINDS}
"""A new optimizer is one dataclass and one entry here; its fields are its settings everywhere."""


def optimizer_settings(name: str) -> dict[str, Setting]:
    """The settings of the optimizer of that name, with their types and defaults; InputError for an unknown name."""
    return settings_of_kind("optimizer", OPTIMIZERS, name)


def make_optimizer(name: str, settings: Mapping[str, Any]) -> Optimizer:
    """The optimizer of that name; InputError for an unknown name or setting, or a value out of range."""
    known = settings_of_kind("optimizer", OPTIMIZERS, name)
    optimizer: Optimizer = OPTIMIZERS[name](**validated("optimizer", name, known, settings))
    return optimizer
