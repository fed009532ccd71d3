import math
import re

import numpy as np
import pytest

from gdviz.core.descent.optimizers import OPTIMIZERS, make_optimizer
from gdviz.core.descent.recording import record
from gdviz.core.scenarios.library import load_scenario
from gdviz.panes.bars.bar import ArithmeticBar
from gdviz.presentation.arithmetic import arithmetic, folded, update_lines
from gdviz.presentation.look import Look
from gdviz.presentation.numbers import bracketed
from tests.recordings import EXPERIMENTS, invented, lecture, recorded

NUMBER = r"\(?(−?(?:\d[\d.e−]*|inf)|NaN)\)?"
UPDATE = re.compile(rf"(\w) ← \1 − lr·(\S+) = +{NUMBER} − {NUMBER}·{NUMBER} += +{NUMBER}")
OWN_UPDATE = re.compile(rf"(\w) ← \1 − (\S+) = +{NUMBER} − {NUMBER} += +{NUMBER}")


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
        "w ← w − lr·∂L/∂w =  0.000 − 0.9·(−1.630) =  1.467",
        "b ← b − lr·∂L/∂b = −1.000 − 0.9·(−3.106) =  1.795",
    )


def test_a_direction_larger_than_its_values_adds_up():
    line = update_lines(recorded("point-nine"), 34)[0]
    before, rate, way, after = (number(text) for text in UPDATE.fullmatch(line).groups()[2:])
    assert abs(before - rate * way - after) < 2e-3, line


def test_a_small_change_is_seen_and_adds_up():
    assert update_lines(record(load_scenario("too-timid").experiment), 200) == (
        "w ← w − lr·∂L/∂w =  0.0316 − 0.0001·(−1.545) =  0.0318",
        "b ← b − lr·∂L/∂b = −0.9397 − 0.0001·(−2.952) = −0.9394",
    )


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_the_line_adds_up_to_its_last_digit(name):
    recording = recorded(name)
    for step in range(1, 201):
        for line in update_lines(recording, step):
            before, rate, direction, after = map(number, UPDATE.fullmatch(line).groups()[2:])
            if not math.isfinite(after) or "e" in line.split("·")[1]:
                continue
            last = 10.0 ** -min(len(text.partition(".")[2]) for text in line.split()[-1:])
            rounded = 0.5 * last * (2 + rate) + 5e-4 * abs(rate * direction) + 5e-4 * abs(direction * rate)
            assert after == pytest.approx(before - rate * direction, abs=1.01 * rounded), line


def test_the_parts_stand_below_one_another_from_step_to_step():
    recording = recorded("point-nine")
    shown = [line for step in range(1, 6) for line in update_lines(recording, step)]
    assert len({tuple(place for place, sign in enumerate(line) if sign in "=·") for line in shown}) == 1


def test_the_start_has_no_update():
    assert update_lines(recorded("point-nine"), 0) == (
        "w =  0.000    ∂L/∂w = −1.630",
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


# The quantities of the rule


def quantities_of(name, step=3, **settings):
    rule = make_optimizer(name, settings)
    run = record(lecture(0.5, steps=9, optimizer=rule) if rule.takes_learning_rate else lecture(1.0, optimizer=rule))
    return run, arithmetic(run, step)


def test_the_quantities_are_those_that_led_to_the_step():
    run, found = quantities_of("adam")
    mean, squares, _ = run.experiment.optimizer.arrays(run.checkpoint(3).state)
    for place, name in enumerate("wb"):
        shown = dict(text.split(" = ") for text in found.quantities[place])
        assert list(shown) == [f"m_{name}", f"s_{name}", f"m̂_{name}", f"ŝ_{name}"]
        values = (mean, squares, mean / (1 - 0.9**3), squares / (1 - 0.999**3))
        assert all(close(number(shown[key]), value[place]) for key, value in zip(shown, values, strict=True))


def test_what_the_line_has_already_is_not_told_twice():
    assert quantities_of("gd")[1].quantities == ((), ())
    assert quantities_of("momentum")[1].quantities == ((), ())
    assert [text[:3] for text in quantities_of("nesterov")[1].quantities[0]] == ["v_w"]
    assert quantities_of("adam", 0)[1].quantities == ((), ())


def test_quantities_fold_where_there_is_no_room():
    _, found = quantities_of("adam")
    assert tuple(" ".join(text.split()) for text in folded(found, lambda text: True)) == tuple(
        " ".join(text.split()) for text in found.texts
    )
    assert folded(found, lambda text: False) == found.lines
    least = max(map(len, found.lines))
    first, second = folded(found, lambda text: len(text) <= least + 28)
    assert first.endswith(", …")
    assert (first.count(" = "), first.count(",")) == (second.count(" = "), second.count(","))
    assert first.startswith(f"{found.lines[0]}    m_w = ")


@pytest.mark.parametrize("optimizer", ["adam", "nesterov", "rprop", "bfgs"])
def test_the_quantities_of_both_parameters_stand_below_one_another(optimizer):
    for one in (quantities_of(optimizer, step)[1] for step in range(1, 4)):
        first, second = folded(one, lambda text: True)
        assert first.index(one.quantities[0][0]) == second.index(one.quantities[1][0])


@pytest.mark.parametrize("width", [500, 900, 1600])
def test_the_bar_writes_in_its_size_what_fits(new_pane, width):
    _, found = quantities_of("adam")
    bar = new_pane(ArithmeticBar, width, 64, 1.0)
    bar.show_picture(found, Look())
    assert bar.accessibleName() == "; ".join(found.texts)
    assert "m̂_w" in bar.toolTip()
    image = bar.grab().toImage()
    assert {image.pixelColor(place, row).name() for row in range(64) for place in (0, image.width() - 1)} == {
        image.pixelColor(0, 0).name()
    }


@pytest.mark.parametrize("name", [name for name, kind in OPTIMIZERS.items() if not kind.takes_learning_rate])
def test_a_rule_without_a_learning_rate_shows_none(name):
    recording = record(lecture(1.0, optimizer=make_optimizer(name, {})))
    for step in (1, 2, 30):
        for index, line in enumerate(update_lines(recording, step)):
            match = OWN_UPDATE.fullmatch(line)
            assert match, line
            rows = (recording.points[step - 1], recording.directions[step - 1], recording.points[step])
            assert all(close(number(text), row[index]) for text, row in zip(match.groups()[2:], rows, strict=True))
