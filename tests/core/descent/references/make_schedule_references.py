"""Write schedules.json: the rates and momenta of PyTorch's schedulers, as references for the tests.

It needs torch 2.13, which is not a dependency of gdviz; run it from anywhere, once, when a case is added:

    python3 -m venv /tmp/torchvenv
    /tmp/torchvenv/bin/pip install torch==2.13.0
    /tmp/torchvenv/bin/python tests/core/descent/references/make_schedule_references.py

A case has the name and settings of a schedule of gdviz, and what PyTorch's optimizer had at steps 0 to 199. The names
are matched here, by hand; nothing of gdviz is imported. Losses are given to ReduceLROnPlateau after each step.
"""

import json
import math
from collections.abc import Callable
from itertools import groupby
from pathlib import Path
from typing import Any

import torch
from torch.optim import lr_scheduler as torch_schedules

HERE = Path(__file__).parent
STEPS = 200
RATE = 0.3
INF, NAN = math.inf, math.nan

Make = Callable[[torch.optim.Optimizer], Any]


def cosine(t_max: int, eta_min: float) -> Make:
    """In closed form, as PyTorch has it beside the recursion, whose rounding errors grow."""
    return lambda sgd: torch_schedules.CosineAnnealingLR(sgd, t_max, eta_min)


def cyclic(settings: dict[str, Any]) -> Make:
    """CyclicLR with gdviz's settings."""
    gamma = settings.get("gamma", 1.0)
    mode = "triangular2" if settings.get("triangular2") else "triangular" if gamma == 1.0 else "exp_range"
    return lambda sgd: torch_schedules.CyclicLR(
        sgd,
        RATE / settings.get("div_factor", 4.0),
        RATE,
        settings.get("step_size_up", 25),
        settings.get("step_size_down", 25),
        mode,
        gamma,
        cycle_momentum=settings.get("cycle_momentum", False),
        base_momentum=settings.get("base_momentum", 0.8),
        max_momentum=settings.get("max_momentum", 0.9),
    )


def one_cycle(settings: dict[str, Any]) -> Make:
    """OneCycleLR with gdviz's settings."""
    same = {key: value for key, value in settings.items() if key not in ("linear", "total_steps")}
    how = "linear" if settings.get("linear") else "cos"
    cycles = same.pop("cycle_momentum", False)
    return lambda sgd: torch_schedules.OneCycleLR(
        sgd, RATE, settings["total_steps"], anneal_strategy=how, cycle_momentum=cycles, **same
    )


def warmed(make: Make, steps: int, factor: float = 1.0 / 3.0) -> Make:
    """A linear warm-up before it."""

    def both(sgd: torch.optim.Optimizer) -> Any:
        after = make(sgd)
        before = torch_schedules.LinearLR(sgd, factor, 1.0, steps)
        return torch_schedules.SequentialLR(sgd, [before, after], [steps])

    return both


def step_decay(size: int, gamma: float) -> Make:
    """StepLR."""
    return lambda sgd: torch_schedules.StepLR(sgd, size, gamma)


CYCLES: list[dict[str, Any]] = [
    {},
    {"step_size_up": 7, "step_size_down": 12, "triangular2": True, "div_factor": 10.0},
    {"step_size_up": 20, "gamma": 0.99, "step_size_down": 30},
    {"step_size_up": 15, "step_size_down": 15, "cycle_momentum": True, "base_momentum": 0.5},
]
ONE_CYCLES: list[dict[str, Any]] = [
    {"total_steps": 200},
    {"total_steps": 200, "cycle_momentum": True, "pct_start": 0.25},
    {"total_steps": 230, "linear": True, "div_factor": 10.0, "final_div_factor": 100.0},
    {"total_steps": 200, "three_phase": True, "cycle_momentum": True, "max_momentum": 0.9},
]
CASES: list[tuple[str, dict[str, Any], Make]] = [
    ("constant", {}, lambda sgd: torch_schedules.ConstantLR(sgd, 1.0, 1)),
    ("step", {}, step_decay(50, 0.1)),
    ("step", {"step_size": 30, "gamma": 0.5}, step_decay(30, 0.5)),
    ("multi-step", {}, lambda sgd: torch_schedules.MultiStepLR(sgd, [100, 150])),
    (
        "multi-step",
        {"milestones": [10, 80, 80, 199], "gamma": 0.7},
        lambda sgd: torch_schedules.MultiStepLR(sgd, [10, 80, 80, 199], 0.7),
    ),
    ("exponential", {}, lambda sgd: torch_schedules.ExponentialLR(sgd, 0.98)),
    ("polynomial", {}, lambda sgd: torch_schedules.PolynomialLR(sgd, 200)),
    ("polynomial", {"total_steps": 120, "power": 2.5}, lambda sgd: torch_schedules.PolynomialLR(sgd, 120, 2.5)),
    ("inverse-sqrt", {}, lambda sgd: torch_schedules.LambdaLR(sgd, lambda step: 1.0 / math.sqrt(1 + step))),
    ("cosine", {}, cosine(200, 0.0)),
    ("cosine", {"t_max": 70, "eta_min": 0.01}, cosine(70, 0.01)),
    ("cosine-restarts", {}, lambda sgd: torch_schedules.CosineAnnealingWarmRestarts(sgd, 50)),
    (
        "cosine-restarts",
        {"t_0": 9, "t_mult": 2, "eta_min": 0.001},
        lambda sgd: torch_schedules.CosineAnnealingWarmRestarts(sgd, 9, 2, 0.001),
    ),
    *(("cyclic", settings, cyclic(settings)) for settings in CYCLES),
    *(("one-cycle", settings, one_cycle(settings)) for settings in ONE_CYCLES),
    ("constant", {"warmup_steps": 20}, warmed(lambda sgd: torch_schedules.ConstantLR(sgd, 1.0, 1), 20)),
    (
        "step",
        {"step_size": 30, "gamma": 0.5, "warmup_steps": 17, "warmup_start_factor": 0.01},
        warmed(step_decay(30, 0.5), 17, 0.01),
    ),
    (
        "polynomial",
        {"total_steps": 150, "warmup_steps": 50},
        warmed(lambda sgd: torch_schedules.PolynomialLR(sgd, 150), 50),
    ),
]
FALLING = [round(math.exp(-step / 30), 4) for step in range(STEPS)]
NOISY = [round(0.5 + math.exp(-step / 15) + 0.05 * math.sin(7.0 * step), 4) for step in range(STEPS)]
BROKEN = [*FALLING[:40], NAN, INF, NAN, *NOISY[43:90], *[INF] * 30, *FALLING[120:150], *[NAN] * 50]
NEGATIVE = [round(-1.0 - step / 100 + 0.3 * math.sin(step), 4) for step in range(STEPS)]
PLATEAUS: list[tuple[dict[str, Any], list[float]]] = [
    ({}, NOISY),
    ({"factor": 0.5, "patience": 3}, FALLING),
    ({"factor": 0.5, "patience": 0, "threshold": 0.05}, FALLING),
    ({"factor": 0.7, "patience": 4, "cooldown": 6, "min_learning_rate": 0.02}, NOISY),
    ({"factor": 0.5, "patience": 5, "threshold": 0.01, "absolute_threshold": True}, NOISY),
    ({"factor": 0.5, "patience": 6}, BROKEN),
    ({"factor": 0.5, "patience": 2, "cooldown": 3}, BROKEN),
    ({"factor": 0.5, "patience": 5}, NEGATIVE),
    ({"factor": 0.1, "patience": 0}, [1.0] * STEPS),
    ({"factor": 0.9, "patience": 1}, [NAN] * STEPS),
]


def sgd_of(momentum: float = 0.9) -> torch.optim.SGD:
    """An optimizer of one parameter, whose groups the schedulers change."""
    parameter = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    parameter.grad = torch.zeros_like(parameter)
    return torch.optim.SGD([parameter], lr=RATE, momentum=momentum)


def packed(values: list[float]) -> list[list[Any]]:
    """Each value as text with 15 digits, and how often it comes in a row."""
    return [[text, len([*same])] for text, same in groupby(f"{value:.15g}" for value in values)]


def run(name: str, settings: dict[str, Any], make: Make) -> dict[str, Any]:
    """The rates and momenta of the first steps."""
    sgd = sgd_of()
    scheduler, rates, momenta = make(sgd), [], []
    for step in range(STEPS):
        closed = getattr(scheduler, "_get_closed_form_lr", None) if name == "cosine" else None
        rates.append(float(closed()[0] if closed and step else sgd.param_groups[0]["lr"]))
        momenta.append(float(sgd.param_groups[0]["momentum"]))
        sgd.step()
        scheduler.step()
    momentum = {"momenta": packed(momenta)} if settings.get("cycle_momentum") else {}
    return {"name": name, "settings": settings, "rates": packed(rates), **momentum}


def run_on_losses(settings: dict[str, Any], losses: list[float]) -> dict[str, Any]:
    """The rates of ReduceLROnPlateau, which sees the loss of a step after it."""
    given = dict(settings)
    how = "abs" if given.pop("absolute_threshold", False) else "rel"
    lowest = given.pop("min_learning_rate", 0.0)
    sgd = sgd_of()
    scheduler, rates = torch_schedules.ReduceLROnPlateau(sgd, threshold_mode=how, min_lr=lowest, **given), []
    for loss in losses:
        rates.append(float(sgd.param_groups[0]["lr"]))
        sgd.step()
        scheduler.step(loss)
    return {"name": "reduce-on-plateau", "settings": settings, "rates": packed(rates), "losses": packed(losses)}


def main() -> None:
    """All cases, one a line."""
    cases = [run(*case) for case in CASES] + [run_on_losses(*case) for case in PLATEAUS]
    lines = ",\n".join(json.dumps(case) for case in cases)
    head = f'"torch": "{torch.__version__}", "learning_rate": {RATE}'
    (HERE / "schedules.json").write_text(f'{{{head}, "cases": [\n{lines}\n]}}\n')


if __name__ == "__main__":
    main()
