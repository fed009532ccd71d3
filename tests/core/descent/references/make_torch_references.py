"""Write torch.json: what PyTorch computes for gdviz's problems and optimizers, as references for the tests.

It needs torch 2.13, which is not a dependency of gdviz; run it from anywhere, once, when a case is added:

    python3 -m venv /tmp/torchvenv
    /tmp/torchvenv/bin/pip install torch==2.13.0
    /tmp/torchvenv/bin/python tests/core/descent/references/make_torch_references.py

The gradients are torch.autograd's and the rules torch.optim's. Nothing of gdviz is imported. The default type is that
of the run, since NAdam keeps a product in it. Each case has the numbers of some steps, as text; in double precision
also how many steps are confirmed by a run that is disturbed a little at every step, since beyond those the iteration
is chaotic, or what is left after a difference is rounding; in single precision the first steps at which the loss or a
parameter was infinite, and NaN.
"""

import csv
import json
import math
from pathlib import Path

import torch

HERE = Path(__file__).parent
DATA = HERE.parents[3] / "resources" / "data" / "lecture.csv"
STEPS = (0, 1, 2, 3, 5, 10, 20, 50, 100, 200)
FURTHER_STEPS = (1, 2, 5, 20, 60, 200)
DISTURBANCE = 4e-15  # of both parameters at every step, some rounding errors
TOLERANCE, FLOOR = 1e-9, 1e-13  # of the tests
STARTS = {
    "linear-regression": ((0.0, -1.0), (3.0, 0.5), (-2.0, 2.0)),
    "rosenbrock": ((-1.2, 1.0), (0.5, -0.5), (2.0, 1.5)),
    "himmelblau": ((0.0, 0.0), (4.0, -3.0), (-1.0, 2.0)),
    "two-wells": ((1.8, 1.0), (-0.4, -1.0), (0.1, 0.5)),
}
RATES = {
    ("linear-regression", "gd"): (1e-4, 0.1, 0.7, 0.9),
    ("linear-regression", "momentum"): (0.01, 0.1),
    ("linear-regression", "nesterov"): (0.01, 0.1),
    ("rosenbrock", "gd"): (1e-4, 1e-3),
    ("rosenbrock", "momentum"): (1e-4,),
    ("rosenbrock", "nesterov"): (1e-4,),
    ("himmelblau", "gd"): (1e-3, 0.01),
    ("himmelblau", "momentum"): (1e-3,),
    ("himmelblau", "nesterov"): (1e-3,),
}
"""The first runs, from the first start, at many steps."""
OPTIM = torch.optim
RULES = {
    "gd": (OPTIM.SGD, {}),
    "momentum": (OPTIM.SGD, {"momentum": 0.9}),
    "nesterov": (OPTIM.SGD, {"momentum": 0.9, "nesterov": True}),
    "adagrad": (OPTIM.Adagrad, {}),
    "rmsprop": (OPTIM.RMSprop, {}),
    "adadelta": (OPTIM.Adadelta, {}),
    "adam": (OPTIM.Adam, {}),
    "adamw": (OPTIM.AdamW, {}),
    "amsgrad": (OPTIM.Adam, {"amsgrad": True}),
    "nadam": (OPTIM.NAdam, {}),
    "radam": (OPTIM.RAdam, {}),
    "adamax": (OPTIM.Adamax, {}),
    "rprop": (OPTIM.Rprop, {}),
}
LINEAR = {"gd", "momentum", "nesterov"}
FURTHER_RATES = {name: (1e-3, 0.05, 1e30) if name not in LINEAR else (1e-3, 0.01, 3.0) for name in RULES} | {
    "adadelta": (1.0, 30.0, 1e30),
    "adamw": (1e-3, 0.05, 1e3),  # at which its decay overshoots
    "rprop": (0.01, 0.3, 1e30),
}
"""At the last one it diverges; rprop never does."""
SETTINGS = {
    "adagrad": ({"lr_decay": 0.1, "initial_accumulator_value": 0.5},),
    "rmsprop": ({"centered": True}, {"momentum": 0.5}, {"centered": True, "momentum": 0.9, "alpha": 0.9, "eps": 0.01}),
    "adadelta": ({"rho": 0.5, "eps": 1e-3},),
    "adam": ({"beta1": 0.3, "beta2": 0.9, "eps": 0.1},),
    "amsgrad": ({"beta1": 0.8, "beta2": 0.5},),
    "nadam": ({"momentum_decay": 0.5, "beta2": 0.9}, {"decoupled_weight_decay": True, "weight_decay": 0.1}),
    "radam": ({"beta2": 0.7}, {"decoupled_weight_decay": True, "weight_decay": 0.1}),
    "adamax": ({"beta1": 0.5, "beta2": 0.8, "eps": 0.1},),
    "rprop": ({"etaminus": 0.3, "etaplus": 2.0, "step_size_min": 0.01, "step_size_max": 0.2},),
}
"""Settings other than the defaults; each rule with weight decay also has that, 0.1, alone."""


def columns(dtype: torch.dtype) -> tuple[torch.Tensor, torch.Tensor]:
    """The pairs as single precision numbers, cast to that precision."""
    with DATA.open(newline="") as file:
        rows = [(float(row["x"]), float(row["y"])) for row in csv.DictReader(file)]
    x, y = (torch.tensor(column, dtype=torch.float32).to(dtype) for column in zip(*rows, strict=True))
    return x, y


def loss_of(problem: str, point: torch.Tensor, data: tuple[torch.Tensor, torch.Tensor]) -> torch.Tensor:
    """The loss as its formula is written in a textbook."""
    first, second = point
    if problem == "rosenbrock":
        return (1 - first) ** 2 + 100 * (second - first**2) ** 2
    if problem == "himmelblau":
        return (first**2 + second - 11) ** 2 + (first + second**2 - 7) ** 2
    if problem == "two-wells":
        return (first**2 - 1) ** 2 + 0.3 * first + second**2
    x, y = data
    return ((first * x + second - y) ** 2).mean()


def make_rule(name: str, settings: dict, point: torch.Tensor, rate: float) -> torch.optim.Optimizer:
    """The rule of that name; gdviz's single numbers are PyTorch's pairs."""
    kind, usual = RULES[name]
    given = dict(settings)
    if "beta1" in given or "beta2" in given:
        given["betas"] = (given.pop("beta1", 0.9), given.pop("beta2", 0.999))
    if "etaplus" in given:
        given["etas"] = (given.pop("etaminus"), given.pop("etaplus"))
        given["step_sizes"] = (given.pop("step_size_min"), given.pop("step_size_max"))
    return kind([point], lr=rate, foreach=False, **usual, **given)


def walked(
    problem: str, name: str, rate: float, dtype: torch.dtype, start: tuple, settings: dict, disturbance: float = 0.0
) -> list[tuple[float, float, float]]:
    """Both parameters and the loss at every step; disturbed to and fro, the parameters in opposite ways."""
    torch.set_default_dtype(dtype)
    data, point = columns(dtype), torch.tensor(start, dtype=dtype, requires_grad=True)
    rule, found = make_rule(name, settings, point, rate), []
    for step in range(max(STEPS) + 1):
        rule.zero_grad()
        loss = loss_of(problem, point, data)
        loss.backward()
        found.append((*point.tolist(), loss.item()))
        rule.step()
        if disturbance:
            with torch.no_grad():
                point *= 1 + disturbance * (-1) ** (step // 2) * torch.tensor((1.0, -1.0))
    return found


def confirmed(found: list, disturbed: list) -> int:
    """How many steps a disturbed run confirms."""
    for step, (row, other) in enumerate(zip(found, disturbed, strict=True)):
        if not all(
            math.isfinite(a) and abs(a - b) <= TOLERANCE * abs(a) + FLOOR for a, b in zip(row, other, strict=True)
        ):
            return step
    return len(found)


def run(
    problem: str, name: str, rate: float, dtype: torch.dtype, place: int = 0, settings: dict | None = None, steps=STEPS
) -> dict[str, object]:
    """One run, with the numbers of some steps."""
    start, settings = STARTS[problem][place], settings or {}
    found = walked(problem, name, rate, dtype, start, settings)
    case = {
        "problem": problem,
        "optimizer": name,
        "learning_rate": rate,
        "precision": str(dtype).removeprefix("torch."),
    }
    case |= {"start": start} | ({"settings": settings} if settings else {})
    if dtype == torch.float64:
        last = confirmed(found, walked(problem, name, rate, dtype, start, settings, DISTURBANCE))
        steps = [step for step in steps if step < last]
        case["confirmed"] = last
    case["rows"] = [[step, *map(repr, found[step])] for step in steps]
    if dtype == torch.float32:
        for key, happens in (("infinite", math.isinf), ("nan", math.isnan)):
            case[key] = next((step for step, row in enumerate(found) if any(map(happens, row))), None)
    return case


def further() -> list[dict[str, object]]:
    """Every rule on every problem, from three starts at three rates each, in both precisions; then other settings."""
    cases = []
    for name in RULES:
        for problem in STARTS:
            for rate in FURTHER_RATES[name]:
                for start in range(3):
                    cases.append(run(problem, name, rate, torch.float64, start, steps=FURTHER_STEPS))
                    cases.append(run(problem, name, rate, torch.float32, start, steps=()))
            decay = [] if name == "rprop" else [{"weight_decay": 0.1}]
            rate = FURTHER_RATES[name][1 if name not in LINEAR else 0]
            for settings in (*decay, *SETTINGS.get(name, ())):
                cases.append(run(problem, name, rate, torch.float64, 1, settings, FURTHER_STEPS))
    return cases


def main() -> None:
    """The first runs, plain descent on the regression in single precision, and all others."""
    cases = [run(*key, rate, torch.float64) for key, rates in RATES.items() for rate in rates]
    cases += [run("linear-regression", "gd", rate, torch.float32) for rate in (1e-4, 0.1, 0.7, 0.9)]
    cases += further()
    lines = ",\n".join(json.dumps(case) for case in cases)
    (HERE / "torch.json").write_text(f'{{"torch": "{torch.__version__}", "cases": [\n{lines}\n]}}\n')


if __name__ == "__main__":
    main()
