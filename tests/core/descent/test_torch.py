"""Runs against PyTorch's; how the references were made says references/make_torch_references.py."""

import json
from pathlib import Path

import numpy as np
import pytest

from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.optimizers import make_optimizer
from gdviz.core.descent.recording import Recording, record
from gdviz.core.descent.schedules import Constant
from gdviz.core.precision import Precision
from gdviz.core.problems.registry import make_problem

CASES = json.loads((Path(__file__).parent / "references" / "torch.json").read_text())["cases"]


def compared(case: dict) -> tuple[Recording, np.ndarray, np.ndarray]:
    optimizer = make_optimizer(case["optimizer"], {} if case["optimizer"] == "gd" else {"momentum": 0.9})
    recording = record(
        Experiment(
            make_problem(case["problem"]),
            optimizer,
            Constant(case["learning_rate"]),
            tuple(case["start"]),
            200,
            Precision(case["precision"]),
        )
    )
    reference = np.array([[float(value) for value in row] for row in case["rows"]])
    steps = reference[:, 0].astype(int)
    return recording, np.column_stack([recording.points[steps], recording.losses[steps]]), reference[:, 1:]


def of(precision: str) -> list:
    chosen = [case for case in CASES if case["precision"] == precision]
    return [pytest.param(c, id=f"{c['problem']}-{c['optimizer']}-{c['learning_rate']}") for c in chosen]


@pytest.mark.parametrize("case", of("float64"))
def test_double_precision(case):
    _, found, reference = compared(case)
    assert found.shape == (10, 3)
    # Near a minimum of 0 the loss is made of cancelled digits only, and so is a parameter near 0.
    np.testing.assert_allclose(found, reference, rtol=1e-9, atol=1e-13)


@pytest.mark.parametrize("case", of("float32"))
def test_single_precision(case):
    recording, found, reference = compared(case)
    assert recording.points.dtype == np.float32
    # At 0.9 the rounding errors of the first steps grow with everything else.
    np.testing.assert_allclose(found, reference, rtol=2e-3)


def test_references_cover_everything_there_is():
    assert {(case["problem"], case["optimizer"]) for case in CASES} == {
        (problem, optimizer)
        for problem in ("linear-regression", "rosenbrock", "himmelblau")
        for optimizer in ("gd", "momentum", "nesterov")
    }
