"""Write torch.json: what PyTorch computes for gdviz's problems and optimizers, as references for the tests.

It needs torch 2.13, which is not a dependency of gdviz; run it from anywhere, once, when a case is added:

    python3 -m venv /tmp/torchvenv
    /tmp/torchvenv/bin/pip install torch==2.13.0
    /tmp/torchvenv/bin/python tests/core/descent/references/make_torch_references.py

The gradients are torch.autograd's and the rules torch.optim.SGD's. Nothing of gdviz is imported.
"""

import csv
import json
from pathlib import Path

import torch

HERE = Path(__file__).parent
DATA = HERE.parents[3] / "resources" / "data" / "lecture.csv"
STEPS = (0, 1, 2, 3, 5, 10, 20, 50, 100, 200)
STARTS = {"linear-regression": (0.0, -1.0), "rosenbrock": (-1.2, 1.0), "himmelblau": (0.0, 0.0)}
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
SETTINGS = {"gd": {}, "momentum": {"momentum": 0.9}, "nesterov": {"momentum": 0.9, "nesterov": True}}


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
    x, y = data
    return ((first * x + second - y) ** 2).mean()


def run(problem: str, optimizer: str, rate: float, dtype: torch.dtype) -> dict[str, object]:
    """One run, with the numbers of the steps in STEPS."""
    data = columns(dtype)
    point = torch.tensor(STARTS[problem], dtype=dtype, requires_grad=True)
    rule = torch.optim.SGD([point], lr=rate, **SETTINGS[optimizer])
    rows = []
    for step in range(max(STEPS) + 1):
        rule.zero_grad()
        loss = loss_of(problem, point, data)
        loss.backward()
        if step in STEPS:
            rows.append([step, *(repr(value) for value in (*point.tolist(), loss.item()))])
        rule.step()
    return {
        "problem": problem,
        "optimizer": optimizer,
        "learning_rate": rate,
        "precision": str(dtype).removeprefix("torch."),
        "start": STARTS[problem],
        "rows": rows,
    }


def main() -> None:
    """All cases in double precision; plain descent on the regression in single precision too."""
    cases = [run(*key, rate, torch.float64) for key, rates in RATES.items() for rate in rates]
    cases += [run("linear-regression", "gd", rate, torch.float32) for rate in (1e-4, 0.1, 0.7, 0.9)]
    lines = ",\n".join(json.dumps(case) for case in cases)
    (HERE / "torch.json").write_text(f'{{"torch": "{torch.__version__}", "cases": [\n{lines}\n]}}\n')


if __name__ == "__main__":
    main()
