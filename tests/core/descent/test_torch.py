"""Runs against PyTorch's; how the references were made says references/make_torch_references.py."""

import json
from pathlib import Path

import numpy as np
import pytest

from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.optimizers import OPTIMIZERS, make_optimizer
from gdviz.core.descent.recording import Recording, record
from gdviz.core.descent.schedules import Constant
from gdviz.core.precision import Precision
from gdviz.core.problems.registry import PROBLEMS, make_problem

CASES = json.loads((Path(__file__).parent / "references" / "torch.json").read_text())["cases"]
NOT_IN_TORCH = {"lion", "newton", "armijo", "exact", "bfgs", "conjugate-gradient"}


def run_of(case: dict) -> Recording:
    return record(
        Experiment(
            make_problem(case["problem"]),
            make_optimizer(case["optimizer"], case.get("settings", {})),
            Constant(case["learning_rate"]),
            tuple(case["start"]),
            200,
            Precision(case["precision"]),
        )
    )


def compared(case: dict) -> tuple[Recording, np.ndarray, np.ndarray]:
    recording = run_of(case)
    reference = np.array([[float(value) for value in row] for row in case["rows"]])
    steps = reference[:, 0].astype(int)
    return recording, np.column_stack([recording.points[steps], recording.losses[steps]]), reference[:, 1:]


def of(precision: str, has_rows: bool = True) -> list:
    chosen = [case for case in CASES if case["precision"] == precision and bool(case["rows"]) == has_rows]
    names = ("problem", "optimizer", "learning_rate", "start", "settings")
    return [pytest.param(c, id="-".join(str(c[name]) for name in names if name in c)) for c in chosen]


@pytest.mark.parametrize("case", of("float64"))
def test_double_precision(case):
    _, found, reference = compared(case)
    # Near a minimum of 0 the loss is made of cancelled digits only, and so is a parameter near 0.
    np.testing.assert_allclose(found, reference, rtol=1e-9, atol=1e-13)


@pytest.mark.parametrize("case", of("float32"))
def test_single_precision(case):
    recording, found, reference = compared(case)
    assert recording.points.dtype == np.float32
    # At 0.9 the rounding errors of the first steps grow with everything else.
    np.testing.assert_allclose(found, reference, rtol=2e-3)


@pytest.mark.parametrize("case", of("float32", has_rows=False))
def test_numbers_break_at_the_same_step(case):
    recording = run_of(case)
    rows = np.column_stack([recording.points, recording.losses])
    for key, happens in (("infinite", np.isinf), ("nan", np.isnan)):
        broken = happens(rows).any(axis=1)
        assert (int(broken.argmax()) if broken.any() else None) == case[key], key


def test_references_cover_everything_there_is():
    rules = OPTIMIZERS.keys() - NOT_IN_TORCH
    assert {(case["problem"], case["optimizer"]) for case in CASES} == {(p, rule) for p in PROBLEMS for rule in rules}
    for rule in rules:
        own = [case for case in CASES if case["optimizer"] == rule]
        assert any(case.get("nan") is not None for case in own) or rule == "rprop"  # which never diverges
        for problem in PROBLEMS:
            pairs = {(tuple(c["start"]), c["learning_rate"]) for c in own if (c["problem"], c["rows"]) == (problem, [])}
            assert len(pairs) == 9
        has_decay = "weight_decay" in vars(OPTIMIZERS[rule]())
        assert any("weight_decay" in case.get("settings", ()) for case in own) == has_decay
