"""The numbers that the lecture says, from the recipe up: DESIGN section 2."""

import hashlib

import numpy as np
import pytest

from gdviz.core.data.creation import generate
from gdviz.core.data.data_file import read_data_file
from gdviz.core.data.dataset import Dataset
from gdviz.core.data.settings import DataSettings
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.recording import Milestones, Recording, record
from gdviz.core.descent.schedules import Constant
from gdviz.core.precision import Precision
from gdviz.core.problems.problem import curvature
from gdviz.core.problems.regression import LinearRegression
from gdviz.core.scenarios.library import resources


def run(rate: float, precision: Precision = Precision.FLOAT32, data: Dataset | None = None) -> Recording:
    problem = LinearRegression(data) if data else LinearRegression()
    return record(Experiment(problem, schedule=Constant(rate), start=(0.0, -1.0), steps=200, precision=precision))


def test_default_data_are_these_hundred_pairs():
    data = generate(DataSettings())
    assert data.x.dtype == data.y.dtype == np.float32
    digest = hashlib.sha256(data.x.astype("<f4").tobytes() + data.y.astype("<f4").tobytes()).hexdigest()
    assert digest == "e7a1439cb39d938a426320e3a87a9bcc1094a5f3814fe1d75b240ea91a68e148"


def test_saved_data_are_the_generated_ones_bit_for_bit():
    saved, data = read_data_file(resources() / "data" / "lecture.csv"), generate(DataSettings())
    assert saved.x.astype(np.float32).tobytes() == data.x.tobytes()
    assert saved.y.astype(np.float32).tobytes() == data.y.tobytes()


def test_curvature_and_the_two_rates():
    data = generate(DataSettings())
    design = np.stack([data.x, np.ones(100)], axis=1).astype(np.float64)
    smallest, largest = np.linalg.eigvalsh(2 / 100 * design.T @ design)
    found = curvature(LinearRegression(data), (0.0, -1.0))
    assert (found.smallest, found.largest) == pytest.approx((smallest, largest), rel=1e-12)
    assert (found.smallest, found.largest) == pytest.approx((0.13481, 2.57913), abs=5e-6)
    assert 2 / found.largest == pytest.approx(0.7755, abs=5e-5)
    assert found.best_learning_rate == pytest.approx(0.7369, abs=5e-5)


def test_rate_ten_loses_all_numbers():
    assert run(10.0).milestones == Milestones(infinite_loss=13, nan_loss=29, infinite=(28, 28), nan=(29, 29))


def test_rate_one_loses_them_later():
    # The loss is NaN as soon as both parameters are infinite, of unlike sign: one step before w is NaN.
    assert run(1.0).milestones == Milestones(infinite_loss=92, nan_loss=194, infinite=(194, 193), nan=(195, 194))


def test_rate_point_nine_leaves_the_well():
    recording = run(0.9)
    assert recording.milestones == Milestones(infinite_loss=150)
    w, b = recording.points.T
    assert w[:6] == pytest.approx([0, 1.467, -0.623, 2.006, -1.584, 3.056], abs=5e-4)
    assert b[:6] == pytest.approx([-1, 1.795, -1.814, 3.029, -3.304, 5.120], abs=5e-4)
    assert w[-1] == pytest.approx(-1.037e24, rel=5e-4)
    assert b[-1] == pytest.approx(-1.861e24, rel=5e-4)
    assert (np.sign(w[2:]) == -np.sign(w[1:-1])).all()
    assert (np.sign(b[1:]) == -np.sign(b[:-1])).all()


@pytest.mark.parametrize("rate", [1.0, 10.0])
def test_double_precision_shows_no_nan(rate):
    recording = run(rate, Precision.FLOAT64)
    assert len(recording) == 201
    assert not np.isnan(recording.losses).any()
    assert np.isfinite(recording.points).all()
    assert recording.milestones.nan_loss is None
    assert recording.milestones.nan == (None, None)


def test_double_precision_runs_over_the_same_pairs():
    x, y = (column.astype(np.float64) for column in (generate(DataSettings()).x, generate(DataSettings()).y))
    w, b = 0.0, -1.0
    for _ in range(50):
        residual = w * x + b - y
        w, b = w - 0.1 * 2 * np.mean(residual * x), b - 0.1 * 2 * np.mean(residual)
    assert run(0.1, Precision.FLOAT64).points[50] == pytest.approx((w, b), rel=1e-12)


def test_another_seed_contradicts_the_lecture():
    recording = run(1.0, data=generate(DataSettings(seed=42)))
    assert not np.isnan(recording.points).any()
    assert not np.isnan(recording.losses).any()
