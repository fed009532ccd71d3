"""What is said of 2/(μ + L): with the steps of a run at it, and at 1/L."""

import numpy as np
import pytest

from gdviz.core.descent.experiment import Experiment
from gdviz.core.precision import Precision
from gdviz.core.problems.problem import best_learning_rate, constant_curvature
from gdviz.core.problems.surfaces import Himmelblau
from gdviz.panes.range_test.best_rate import best_sentences
from tests.data_sets import DATA_SETS, opened, regression
from tests.recordings import LECTURE


def said_of(experiment):
    best, known = best_learning_rate(experiment.problem), constant_curvature(experiment.problem)
    return best_sentences(best, 2.0 / known.largest, experiment)


def steps_at(problem, start, rate):
    """Step by step along the two axes, in double precision; None beyond 20,000."""
    curvatures, axes = np.linalg.eigh(problem.hessian(start))
    away = axes.T @ (np.array(start, np.float32) - np.array(problem.minima[0]))
    first, factors, steps = (curvatures * away**2).sum(), 1.0 - rate * curvatures, 0
    while (curvatures * away**2).sum() > 0.01 * first:
        away, steps = away * factors, steps + 1
        if steps > 20_000:
            return None
    return steps


@pytest.mark.parametrize("name", DATA_SETS)
def test_the_steps_are_those_of_the_runs(name):
    run = opened(name)
    best = best_learning_rate(run.problem)
    if best is None:
        return
    needed = [steps_at(run.problem, run.start, rate) for rate in (best, 1.0 / constant_curvature(run.problem).largest)]
    ours, others = said_of(run)[-1].removesuffix(" at 1/L").split(" to 1 %, ")
    for count, text in zip(needed, (ours, ours if others == "as" else others), strict=True):
        if count is not None:
            assert text.split(" ")[0] == f"{count:,}"


def test_of_the_lecture():
    assert said_of(Experiment(LECTURE, start=LECTURE.start)) == (
        "2/(μ + L), the fastest in the long run: 23 steps to 1 %, 2 at 1/L",
        "in the long run: 23 steps to 1 %, 2 at 1/L",
        "23 steps to 1 %, 2 at 1/L",
    )


def test_a_rate_shown_as_the_limit_is_not_praised():
    for name in ("kilometres", "years", "a tenth"):
        assert all("fastest" not in text and "long run" not in text for text in said_of(opened(name)))
        assert said_of(opened(name))[0].startswith("2/(μ + L), to 3 digits the limit: ")
    assert said_of(opened("years"))[-1] == "more than 1,000,000 steps to 1 %, 1 at 1/L"
    assert said_of(opened("kilometres"))[-1] == "more than 1,000,000 steps to 1 %, as at 1/L"


def test_equal_curvatures_take_equal_steps():
    run = opened("plus and minus one")
    assert said_of(run)[-1] == "1 step to 1 %, as at 1/L"
    assert said_of(run)[0].startswith("2/(μ + L), the fastest in the long run: ")


def test_without_a_number_there_is_none():
    tiny = regression((1e25, 2e25, 3e25), (1.0, 2.0, 2.0))
    run = Experiment(tiny, start=tiny.start, precision=Precision.FLOAT32)
    assert best_sentences(1e-60, 1.1e-60, run) == ("2/(μ + L), the fastest in the long run", "in the long run")
    assert best_sentences(0.1, None, Experiment(Himmelblau())) == (
        "2/(μ + L), the fastest in the long run",
        "in the long run",
    )
