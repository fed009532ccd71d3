"""The tape in rows, against the recordings whose numbers it shows."""

import math
from dataclasses import replace

import numpy as np
import pytest

from gdviz.core.data.creation import from_points, generate
from gdviz.core.data.least_squares import DIRECT_ROWS
from gdviz.core.data.settings import DataSettings
from gdviz.core.descent.evaluations import rows_at, tape_at
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.optimizers import Momentum, Nesterov
from gdviz.core.descent.recording import record
from gdviz.core.descent.schedules import Constant, RangeTest
from gdviz.core.precision import Precision
from gdviz.core.problems.finite_differences import check
from gdviz.core.problems.reductions import REDUCTIONS, mean_factor
from gdviz.core.problems.regression import LinearRegression
from gdviz.core.problems.surfaces import Rosenbrock, TwoWells
from gdviz.core.problems.tape import Tape
from gdviz.panes.tape.formulas import full_formulas, gradient_rules, nodes, short_formulas
from gdviz.panes.tape.picture import build_tape_picture
from gdviz.presentation.arithmetic import update_lines
from gdviz.presentation.highlight import Meaning
from gdviz.presentation.numbers import bracketed, format_fixed, format_number
from tests.recordings import EXPERIMENTS, equal, lecture, partial, recorded


def formulas(rows):
    return [row.formula for row in rows]


def named(rows, formula):
    (found,) = [row for row in rows if row.formula == formula]
    return found


def test_prediction_and_loss_come_in_the_lecture_s_order():
    picture = build_tape_picture(recorded("point-nine"), 0)
    assert formulas(picture.forward) == ["x", "w", "w·x", "b", "w·x + b", "y", "… − y", "(…)²", "mean"]
    assert formulas(row for row in picture.forward if not row.is_given) == ["w·x", "w·x + b", "… − y", "(…)²", "mean"]


def test_the_reverse_pass_goes_from_loss_to_both_parameters():
    picture = build_tape_picture(recorded("point-nine"), 0)
    assert formulas(picture.reverse) == ["mean", "(…)²", "… − y", "w·x + b", "b", "w·x", "w"]
    assert [row.rule for row in picture.reverse] == ["", "× 1/100", "× 2·(…)", "× 1", "Σ × 1", "× 1", "Σ × x"]
    assert picture.reverse[0].values == (1.0,)


def test_columns_show_three_rows_and_count_the_rest():
    recording = recorded("point-nine")
    picture = build_tape_picture(recording, 4)
    assert picture.samples == (1, 51, 100)
    x = recording.experiment.problem.data.x
    assert named(picture.forward, "x").values == (float(x[0]), float(x[50]), float(x[99]))
    for row in picture.rows:
        assert row.is_column == (row.more == 97)
        assert len(row.values) == (3 if row.is_column else 1)


@pytest.mark.parametrize(("rows", "samples"), [(1, (1,)), (2, (1, 2)), (3, (1, 2, 3)), (4, (1, 3, 4))])
def test_few_rows_are_all_shown(rows, samples):
    problem = LinearRegression(generate(DataSettings(rows=rows)))
    picture = build_tape_picture(record(Experiment(problem, steps=3)), 1)
    assert picture.samples == samples
    column = named(picture.forward, "w·x + b")
    assert column.is_column
    assert len(column.values) + column.more == rows


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_all_numbers_are_those_of_the_run(name):
    recording = recorded(name)
    problem, precision = recording.experiment.problem, recording.experiment.precision
    for step in (0, 1, 2, 5, 30, 92, 150, 193, 195, 200):
        picture = build_tape_picture(recording, step)
        tape = problem.tape(recording.points[step], precision)
        np.testing.assert_array_equal(tape.loss, recording.losses[step])
        np.testing.assert_array_equal(picture.forward[-1].values[0], float(recording.losses[step]))
        for index, parameter in enumerate(problem.parameters):
            value, slope = (named(rows, parameter).values[0] for rows in (picture.forward, picture.reverse))
            np.testing.assert_array_equal(value, float(recording.points[step, index]))
            np.testing.assert_array_equal(slope, float(recording.gradients[step, index]))
        found, recorded_one = tape.parameter_gradient(), recording.gradients[step]
        if isinstance(problem, Rosenbrock):
            np.testing.assert_allclose(found, recorded_one, rtol=1e-12, atol=1e-12)
        else:
            np.testing.assert_array_equal(found, recorded_one)


def test_the_rows_of_a_column_follow_from_each_other():
    """One can check a row of the data with a pencil."""
    picture = build_tape_picture(recorded("point-nine"), 3)
    forward = {row.formula: np.array(row.values) for row in picture.forward}
    np.testing.assert_allclose(forward["w·x"], forward["w"] * forward["x"], rtol=1e-6)
    np.testing.assert_allclose(forward["w·x + b"], forward["w·x"] + forward["b"], rtol=1e-6)
    np.testing.assert_allclose(forward["… − y"], forward["w·x + b"] - forward["y"], rtol=1e-6)
    np.testing.assert_allclose(forward["(…)²"], forward["… − y"] ** 2, rtol=1e-6)
    arriving = named(picture.reverse, "… − y").values
    np.testing.assert_allclose(arriving, 2 * forward["… − y"] / 100, rtol=1e-6)


def test_numbers_that_are_none_are_told_honestly():
    recording = recorded("one")
    for step, kind in ((92, math.isinf), (195, math.isnan)):
        picture = build_tape_picture(recording, step)
        assert kind(picture.forward[-1].values[0])
    assert all(math.isnan(value) for value in named(picture.forward, "w·x + b").values)
    assert all(math.isfinite(value) for value in named(picture.forward, "x").values)


def test_the_update_is_the_one_that_follows():
    recording = recorded("point-nine")
    assert build_tape_picture(recording, 4).update == update_lines(recording, 5)
    momentum = recorded("momentum")
    assert build_tape_picture(momentum, 4).update[-2:] == update_lines(momentum, 5)
    assert "lr·v_w" in build_tape_picture(momentum, 4).update[-2]


@pytest.mark.parametrize("rule", [Momentum(0.9), Nesterov(0.5)])
def test_a_rule_with_a_buffer_has_lines_for_its_direction(rule):
    """The gradient is the tape's, the buffer before is that of the step before, the last number is what is used."""
    experiment = replace(lecture(0.25, steps=6), optimizer=rule)
    recording = record(experiment)
    buffer = np.zeros(2, np.float32)
    for step in range(6):
        lines, kept = build_tape_picture(recording, step).update, format_number(rule.momentum)
        assert len(lines) == build_tape_picture(recording, 6).update_lines == (6 if isinstance(rule, Nesterov) else 4)
        slopes = recording.gradients[step]
        following = rule.momentum * buffer + slopes
        for index, name in enumerate("wb"):
            before, slope, after = (format_fixed(pair[index]) for pair in (buffer, slopes, following))
            sign, size = ("−", slope[1:]) if slope.startswith("−") else ("+", slope)
            said = f"{kept}·{bracketed(before)} {sign} {size} = {after}"
            assert lines[index] == f"v_{name} ← {kept}·v_{name} + ∂L/∂{name} = {said}"
            direction = format_fixed(recording.directions[step, index])
            if isinstance(rule, Nesterov):
                said = f"{slope} + {kept}·{bracketed(after)} = {direction}"
                assert lines[2 + index] == f"d_{name} = ∂L/∂{name} + {kept}·v_{name} = {said}"
            used = lines[-2 + index].partition("·v_" if isinstance(rule, Momentum) else "·d_")[2].partition("·")[2]
            used = float(used.partition("=")[0].strip(" ()").replace("−", "-"))
            assert used == pytest.approx(float(recording.directions[step, index]), abs=5e-4)
        buffer = following


def test_a_run_that_begins_again_begins_with_an_empty_buffer():
    sweep = record(lecture(0.1, schedule=RangeTest(number=5, fresh_steps=3), steps=10, optimizer=Momentum()))
    again = sweep.experiment.restart_every
    assert "= 0.9·0.000 " in build_tape_picture(sweep, again).update[0]
    assert "= 0.9·0.000 " not in build_tape_picture(sweep, again + 1).update[0]


def test_room_for_the_update_is_the_same_at_every_step():
    for name, lines in (("point-nine", 2), ("momentum", 4)):
        pictures = [build_tape_picture(recorded(name), step) for step in (0, 3, 200)]
        assert [picture.update_lines for picture in pictures] == [lines] * 3


def test_where_no_update_follows_it_says_why():
    recording = recorded("point-nine")
    assert build_tape_picture(recording, 200).update == ("This is the last step: no update follows.",)
    assert build_tape_picture(partial(recording, 10), 9).update == ("The next step is not computed yet.",)
    sweep = record(lecture(0.1, schedule=RangeTest(number=5, fresh_steps=3), steps=10, optimizer=Momentum()))
    again = sweep.experiment.restart_every
    restarts = [step for step in range(10) if len(build_tape_picture(sweep, step).update) == 1]
    assert restarts == [step for step in range(10) if (step + 1) % again == 0]


def test_a_step_that_is_not_recorded_yet_shows_the_last_one():
    new = partial(recorded("point-nine"), 10)
    assert equal(build_tape_picture(new, 150), build_tape_picture(new, 9))


def test_each_row_means_something_that_can_light_up():
    picture = build_tape_picture(recorded("point-nine"), 2)
    meant = {row.formula: row.meaning for row in picture.forward}
    assert meant == {
        "x": Meaning.DATA,
        "w": Meaning.FIRST,
        "w·x": Meaning.PREDICTIONS,
        "b": Meaning.SECOND,
        "w·x + b": Meaning.PREDICTIONS,
        "y": Meaning.DATA,
        "… − y": Meaning.RESIDUALS,
        "(…)²": Meaning.RESIDUALS,
        "mean": Meaning.LOSS,
    }
    assert all(row.meaning is meant[row.formula] for row in picture.reverse)


def test_on_a_surface_rows_mean_an_axis_the_point_or_the_loss():
    picture = build_tape_picture(recorded("four wells"), 2)
    meant = {row.formula: row.meaning for row in picture.forward}
    assert {meant["x"], meant["x²"]} == {Meaning.FIRST}
    assert {meant["y"], meant["y²"]} == {Meaning.SECOND}
    assert {meant["x² + y"], meant["(x + y² − 7)²"]} == {Meaning.POINT}
    assert picture.forward[-1].meaning is Meaning.LOSS


def test_a_lit_row_has_its_meaning_unless_it_is_not_there():
    recording = recorded("point-nine")
    picture = build_tape_picture(recording, 2, lit=6)
    assert picture.rows[picture.lit].formula == "… − y"
    assert picture.highlight.meaning is Meaning.RESIDUALS
    assert build_tape_picture(recording, 2).highlight.meaning is None
    assert build_tape_picture(recording, 2, lit=15).highlight.meaning is Meaning.FIRST
    for lit in (16, 99, -1):
        assert build_tape_picture(recording, 2, lit=lit).lit is None


def test_every_row_has_a_sentence_of_its_own():
    for name in ("point-nine", "valley", "four wells"):
        picture = build_tape_picture(recorded(name), 2)
        sentences = [row.sentence for row in picture.rows]
        assert all(sentences)
        assert len(set(sentences)) == len(sentences)
    assert named(build_tape_picture(recorded("point-nine"), 2).forward, "… − y").sentence == (
        "w·x + b − y: by how much the line misses, for every row of the data"
    )


def test_the_check_is_there_only_where_it_is_asked_for():
    recording = recorded("valley")
    assert build_tape_picture(recording, 1).check is None
    found = build_tape_picture(recording, 1, checked=True).check
    assert found == check(Rosenbrock(), recording.points[1])
    assert found.agrees


def test_every_formula_of_a_surface_is_unambiguous_and_short():
    for name in ("valley", "four wells"):
        shown = formulas(build_tape_picture(recorded(name), 1).forward)
        assert len(set(shown)) == len(shown)
        assert max(map(len, shown)) <= 22
    wells = build_tape_picture(record(Experiment(TwoWells(), steps=1)), 1)
    assert formulas(wells.forward)[-1] == "(w² − 1)² + 0.3·w + b²"


@pytest.mark.parametrize(
    ("formula", "written"),
    [
        (lambda a, b: a - (b - 1), "a − (b − 1)"),
        (lambda a, b: (a - b) - 1, "a − b − 1"),
        (lambda a, b: (a + b) * b, "(a + b)·b"),
        (lambda a, b: a * b * 3, "a·b·3"),
        (lambda a, b: (a * b).square(), "(a·b)²"),
        (lambda a, b: a.square().square(), "(a²)²"),
        (lambda a, b: (a * b + 1).mean(), "mean(a·b + 1)"),
        (lambda a, b: (a * b).sum(), "sum(a·b)"),
    ],
)
def test_formulas_have_the_brackets_that_they_need(formula, written):
    tape = Tape(Precision.FLOAT64)
    formula(tape.parameter("a", 2.0), tape.parameter("b", 3.0))
    assert full_formulas(nodes(tape))[-1] == written


def test_long_formulas_are_cut_to_what_is_done_last():
    tape = Tape(Precision.FLOAT64)
    long = tape.parameter("a", 2.0)
    for number in range(3, 9):
        long = long + number
    (long.square() + long * 2) - 1
    shown = [form for form in short_formulas(nodes(tape)) if not form.isdigit()]
    assert shown[-1] == "… − 1"
    assert shown[-2] == "… + …"
    assert max(map(len, shown)) <= 22


def test_rules_name_the_factor_or_how_many_uses_are_added():
    tape = Tape(Precision.FLOAT64)
    a, b = tape.parameter("a", 2.0), tape.parameter("b", [3.0, 4.0, 5.0])
    ((5 - a * b) + a).sum()
    found = dict(zip(full_formulas(nodes(tape)), gradient_rules(nodes(tape)), strict=True))
    assert found["a"] == "2 uses, added"
    assert found["b"] == "× a"
    assert found["a·b"] == "× (−1)"
    assert found["5 − a·b"] == "× 1"
    assert found["sum(5 − a·b + a)"] == ""


def test_equal_moments_give_equal_pictures():
    recording = recorded("tenth")
    assert build_tape_picture(recording, 3, 2, True) == build_tape_picture(recording, 3, 2, True)
    assert build_tape_picture(recording, 3) != build_tape_picture(recording, 4)
    one_row = replace(recording.experiment, problem=LinearRegression(from_points([1.0], [2.0], None, "one row")))
    assert build_tape_picture(record(one_row), 3).samples == (1,)


@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_with_a_batch_the_tape_is_that_of_the_batch_and_says_so(reduction):
    problem = replace(LinearRegression(), reduction=reduction)
    experiment = Experiment(problem, schedule=Constant(0.001), start=problem.start, steps=6, batch_size=10)
    recording = record(experiment)
    for step in (0, 3, 6):
        picture, rows = build_tape_picture(recording, step, checked=True), rows_at(experiment, step)
        slopes = tuple(named(picture.reverse, name).values[0] for name in "wb")
        assert slopes == tuple(recording.gradients[step].tolist())
        assert tape_at(experiment, recording.points[step], step).parameter_gradient().tolist() == list(slopes)
        assert picture.samples == tuple(int(rows[place]) + 1 for place in (0, 5, 9))
        assert named(picture.forward, "x").more == 7
        batch = problem.data.x[rows].astype(np.float64), problem.data.y[rows].astype(np.float64)
        w, b = recording.points[step].astype(np.float64)
        mean = float(np.mean((w * batch[0] + b - batch[1]) ** 2))
        loss = picture.forward[-1].values[0]
        assert loss == pytest.approx(mean * mean_factor(reduction, 100), rel=1e-5)
        assert picture.notes[0].startswith("loss of this batch of 10 rows; of all rows ")
        assert float(picture.notes[0].rpartition(" ")[2]) == pytest.approx(float(recording.losses[step]), rel=1e-3)
        assert picture.check.agrees
        assert picture.check.analytic == pytest.approx(slopes, rel=1e-4)
        assert picture.forward[-1].meaning is Meaning.LOSS
        assert any("for every row of the batch" in row.sentence for row in picture.rows)


def test_a_batch_of_one_row_is_one_row():
    recording = record(replace(lecture(0.1, steps=3), batch_size=1))
    picture = build_tape_picture(recording, 2)
    assert picture.notes[0].startswith("loss of this batch of 1 row; ")
    assert len(picture.samples) == 1


def closed_form(problem):
    """The values of all names in the formulas, from NumPy's own least squares."""
    x, y = (column.astype(np.float64) for column in (problem.data.x, problem.data.y))
    w, b = np.polyfit(x, y, 1)
    numbers = [format_number(number) for number in (np.mean((w * x + b - y) ** 2), w, b, x.mean(), x.var())]
    yield "20,000 rows in closed form: L* = {} at w* = {}, b* = {}".format(*numbers[:3])
    count = ", n = 20,000 rows" if problem.reduction == "sum" else ""
    yield "mean of x: m = {}, its variance: v = {}".format(*numbers[3:]) + count


@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_many_rows_in_closed_form_have_the_loss_of_the_run(reduction):
    problem = LinearRegression(generate(DataSettings(rows=20_000)), reduction)
    rate = 0.5 / mean_factor(reduction, 20_000)
    recording = record(Experiment(problem, schedule=Constant(rate), start=problem.start, steps=4))
    picture = build_tape_picture(recording, 3, checked=True)
    assert picture.forward[-1].values == (float(recording.losses[3]),)
    assert picture.notes == tuple(closed_form(problem))
    assert picture.samples == ()
    assert picture.check.agrees
    meanings = {row.formula: row.meaning for row in picture.rows}
    assert meanings["w − w*"] is Meaning.FIRST
    assert meanings["b − b*"] is Meaning.SECOND
    assert meanings["… + b − b*"] is Meaning.POINT


def test_the_sum_of_squares_passes_the_gradient_on_as_it_is():
    problem = LinearRegression(reduction="sum")
    picture = build_tape_picture(record(Experiment(problem, schedule=Constant(0.001), start=problem.start)), 2)
    assert picture.forward[-1].formula == "sum"
    assert named(picture.reverse, "(…)²").rule == "× 1"
    assert named(picture.reverse, "(…)²").values == (1.0, 1.0, 1.0)
    assert picture.notes == ()


def test_half_the_mean_is_a_row_of_its_own_on_the_tape():
    problem = LinearRegression(reduction="half-mean")
    recording = record(Experiment(problem, schedule=Constant(0.1), start=problem.start))
    picture = build_tape_picture(recording, 2, checked=True)
    assert [row.formula for row in picture.forward[-2:]] == ["mean", "½·…"]
    assert picture.forward[-1].values == (float(recording.losses[2]),)
    assert named(picture.reverse, "mean").values == (0.5,)
    slopes = tuple(named(picture.reverse, name).values[0] for name in "wb")
    assert slopes == tuple(recording.gradients[2].tolist())
    assert picture.check.agrees


def named_data(names, rows=3):
    return replace(from_points(range(rows), range(1, rows + 1), None, "test"), names=names)


def test_the_columns_are_named_beside_their_symbols():
    recording = record(Experiment(LinearRegression(named_data(("size", "price"))), steps=2))
    picture = build_tape_picture(recording, 1)
    assert formulas(picture.forward) == formulas(build_tape_picture(recorded("point-nine"), 0).forward)
    x, y = named(picture.forward, "x"), named(picture.forward, "y")
    assert (x.name, x.column, x.sentence) == ("x", "size", "x = size, for every row of the data")
    assert (y.name, y.column, y.sentence) == ("y", "price", "y = price, for every row of the data")
    assert {row.column for row in picture.rows} == {"size", "price", ""}
    assert (x.meaning, named(picture.forward, "… − y").meaning) == (Meaning.DATA, Meaning.RESIDUALS)


def test_columns_called_x_and_y_are_not_named_again():
    assert {row.column for row in build_tape_picture(recorded("point-nine"), 0).rows} == {""}
    recording = record(Experiment(LinearRegression(named_data(("y", "x"))), steps=2))
    assert named(build_tape_picture(recording, 0).forward, "x").column == "y"


def test_the_closed_form_names_the_column_of_the_mean():
    many = named_data(("size", "price"), DIRECT_ROWS + 1)
    picture = build_tape_picture(record(Experiment(LinearRegression(many), schedule=Constant(1e-9), steps=2)), 0)
    assert picture.notes[1].startswith("mean of size: m = ")
