"""What the tests of the scenarios quote is what the scenarios say, and the rest of their numbers."""

import re
from pathlib import Path

import pytest

from gdviz.core.descent.schedules import Constant
from gdviz.core.problems.problem import best_learning_rate, curvature
from gdviz.core.problems.regression import LinearRegression
from gdviz.core.scenarios.library import announcements, load_scenario

QUOTING = ("test_library.py", "test_optimizer_scenarios.py")
SAID = [f"{said.question} {said.proves}" for said in announcements().values()]


def quoted():
    """The fragments that the comments of those tests quote; an ellipsis separates two."""
    for name in QUOTING:
        source = (Path(__file__).parent / name).read_text(encoding="utf-8")
        for comment in re.findall(r"(?:^ *#.*\n)+", source, re.MULTILINE):
            words = " ".join(line.strip(" #") for line in comment.splitlines())
            for quote in re.findall(r'"([^"]+)"', words):
                yield from (part.strip() for part in quote.split("...") if part.strip())


def test_what_is_quoted_and_checked_is_what_they_say():
    fragments = list(quoted())
    assert len(fragments) > 60
    assert [fragment for fragment in fragments if not any(fragment in said for said in SAID)] == []


def says(name, words):
    said = announcements()[name]
    return words in f"{said.question} {said.proves}"


def test_the_numbers_of_the_best_rate():
    rate = best_learning_rate(LinearRegression())
    assert says("best", "2/(mu + L) = 0.7369")
    assert says("best", "only 5 percent below the limit")
    assert rate == pytest.approx(0.7369, abs=5e-5)
    assert round(100 * (1 - rate / 0.7755)) == 5
    assert says("point-nine", "stability limit of 0.7755")
    assert 2 / curvature(LinearRegression(), (0.0, 0.0)).largest == pytest.approx(0.7755, abs=5e-5)
    assert says("ten", "At thirteen times the stability limit")
    assert round(10.0 / 0.7755) == 13


@pytest.mark.parametrize(
    ("name", "words", "rate", "steps"),
    [
        ("momentum", "a rate of 0.1", 0.1, 350),
        ("late-blow-up", "its rate stays at 0.1", 0.1, 300),
        ("adam-does-not-settle", "After 200 steps at 0.7 Adam has a loss of less than 0.001. Will 600 more", 0.7, 800),
        ("more-steps", "200 steps at 0.9 were not enough. Would 2,000 help?", 0.9, 2000),
        ("rescue", "After 20 steps at 0.9", 0.9, 200),
        ("too-timid", "A rate of 0.0001 never goes wrong and, in 200 steps", 1e-4, 200),
    ],
)
def test_the_rates_and_steps_that_they_name_are_those_of_the_runs(name, words, rate, steps):
    run = load_scenario(name).experiment
    assert says(name, words)
    assert (run.schedule.first_rate, run.steps) == (rate, steps)
    assert name == "rescue" or run.schedule == Constant(rate)
