import math
import re

import numpy as np
import pytest

from gdviz.core.descent.recording import record
from gdviz.presentation.arithmetic import update_lines
from gdviz.presentation.numbers import bracketed
from tests.recordings import EXPERIMENTS, invented, recorded

NUMBER = r"\(?(−?(?:\d[\d.e−]*|inf)|NaN)\)?"
UPDATE = re.compile(rf"(\w) ← \1 − lr·(\S+) = {NUMBER} − {NUMBER}·{NUMBER} = {NUMBER}")


def number(text):
    return float(text.replace("−", "-"))


def close(shown, value):
    """What is shown has three decimals or four digits."""
    value = float(value)
    if not math.isfinite(value):
        return str(shown) == str(value)
    return shown == pytest.approx(value, rel=5.1e-4, abs=5.1e-4 if 1e-3 <= abs(value) < 1e4 else 0.0)


def test_the_first_step_of_the_lecture():
    assert update_lines(recorded("point-nine"), 1) == (
        "w ← w − lr·∂L/∂w = 0.000 − 0.9·(−1.630) = 1.467",
        "b ← b − lr·∂L/∂b = −1.000 − 0.9·(−3.106) = 1.795",
    )


def test_the_start_has_no_update():
    assert update_lines(recorded("point-nine"), 0) == (
        "w = 0.000    ∂L/∂w = −1.630",
        "b = −1.000    ∂L/∂b = −3.106",
    )


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_the_numbers_are_those_of_the_recording(name):
    recording = recorded(name)
    seen = set()
    for step in range(1, 201):
        for index, line in enumerate(update_lines(recording, step)):
            match = UPDATE.fullmatch(line)
            assert match, line
            assert match[1] == recording.experiment.problem.parameters[index]
            shown = [number(text) for text in match.groups()[2:]]
            true = [
                recording.points[step - 1, index],
                recording.learning_rates[step - 1],
                recording.directions[step - 1, index],
                recording.points[step, index],
            ]
            assert all(map(close, shown, true)), (line, true)
            seen.update(text for text in match.groups()[2:] if text in ("inf", "−inf", "NaN"))
    gone = not np.isfinite(recording.points[-1]).all()
    assert ("NaN" in seen) == gone


def test_the_rate_is_that_of_the_step_that_was_made():
    recording = record(EXPERIMENTS["tenth"].with_learning_rate(0.25, 7))
    rates = [UPDATE.fullmatch(update_lines(recording, step)[0])[4] for step in (6, 7, 8, 9)]
    assert rates == ["0.1", "0.1", "0.25", "0.25"]


def test_momentum_shows_its_own_direction():
    lines = update_lines(recorded("momentum"), 3)
    assert lines[0].startswith("w ← w − lr·v_w = ")
    assert lines[1].startswith("b ← b − lr·v_b = ")


def test_negative_factors_are_in_brackets():
    assert [bracketed(text) for text in ("1.5", "−1.5", "−inf", "NaN")] == ["1.5", "(−1.5)", "(−inf)", "NaN"]


def test_nothing_is_never_negative():
    recording = invented([(-0.0, -0.0), (-0.0, 0.0)])
    assert "−0.000" not in "".join(update_lines(recording, 0) + update_lines(recording, 1))
