"""What is said about rows and batches."""

from dataclasses import replace

import pytest

from gdviz.core.data.creation import generate
from gdviz.core.data.settings import DataSettings
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.manual_changes import with_rate_from
from gdviz.core.descent.recording import record
from gdviz.core.descent.schedules import Constant
from gdviz.core.problems.batch_orders import BatchOrder
from gdviz.core.problems.problem import minimum_loss
from gdviz.core.problems.regression import LinearRegression
from gdviz.core.problems.surfaces import Himmelblau
from gdviz.core.scenarios.library import load_scenario
from gdviz.presentation.batch_notes import (
    batch_notes,
    common_notes,
    epoch_words,
    floor_words,
    limit_words,
    stationary_loss,
)
from gdviz.presentation.numbers import format_number
from tests.recordings import lecture

TEN_THOUSAND = LinearRegression(generate(DataSettings(rows=10_000)))


def test_a_run_without_batches_on_few_rows_needs_no_words():
    assert batch_notes(lecture(0.9), 20) == ()
    assert batch_notes(Experiment(Himmelblau()), 20) == ()


def test_the_limit_of_the_mean_tells_that_of_the_sum():
    assert limit_words(lecture(0.9)) == "limit 0.7755; of the sum 0.007755"


def test_the_limit_of_the_sum_is_divided_by_the_rows():
    problem = replace(lecture(0.9).problem, reduction="sum")
    words = limit_words(lecture(0.9, problem=problem))
    assert words == "limit 0.007755; of the mean 0.7755"


def test_the_limit_of_half_the_mean_is_twice_as_high_and_is_said():
    run = lecture(0.9, problem=replace(lecture(0.9).problem, reduction="half-mean"))
    assert limit_words(run) == "limit 1.551; of the mean 0.7755"
    assert batch_notes(run, 20) == ("limit 1.551; of the mean 0.7755", "20 epochs of 100 rows")


def test_the_limit_of_batches_is_their_own_and_says_so():
    assert limit_words(lecture(0.1, batch_size=1)) == "limit of batches of 1: 0.6935"
    assert limit_words(lecture(0.1, batch_size=2)) == "limit of batches of 2: 0.7414"


@pytest.mark.unmeasured
def test_the_run_really_wanders_around_the_floor():
    run = load_scenario("mini-batch").experiment
    assert floor_words(run) == "noise floor 0.0016 above the minimum"
    large = replace(run, schedule=Constant(0.5), steps=20_000)
    losses = record(large).losses[1000:].astype(float)
    assert losses.mean() == pytest.approx(stationary_loss(large), rel=0.1)
    assert floor_words(large) == "noise floor 0.024 above the minimum"


def test_beyond_the_limit_of_batches_there_is_no_floor():
    assert floor_words(lecture(0.75, batch_size=1)) == ""
    assert floor_words(lecture(0.75, batch_size=100)).startswith("noise floor")


@pytest.mark.parametrize(
    ("batch_size", "step", "words"),
    [
        (None, 200, "200 epochs of 10,000 rows"),
        (100, 200, "2 epochs of 10,000 rows"),
        (100, 100, "1 epoch of 10,000 rows"),
        (1, 200, "0.02 epochs of 10,000 rows"),
        (10_000, 4_000, "4,000 epochs of 10,000 rows"),
        (32, 0, "0 epochs of 10,000 rows"),
    ],
)
def test_steps_are_counted_in_epochs(batch_size, step, words):
    assert epoch_words(lecture(0.1, problem=TEN_THOUSAND, batch_size=batch_size), step) == words


def test_a_larger_rate_settles_higher_and_a_larger_batch_lower():
    def settled(rate, size):
        return stationary_loss(lecture(rate, problem=TEN_THOUSAND, batch_size=size))

    least = float(TEN_THOUSAND.loss(*TEN_THOUSAND.minima[0]))
    assert settled(0.5, 1) > settled(0.1, 1) > settled(0.1, 100) > least
    assert settled(0.1, 1) - least == pytest.approx(100 * (settled(0.1, 100) - least), rel=0.05)


def test_there_is_no_floor_to_speak_of_where_nothing_settles():
    assert stationary_loss(lecture(0.1)) is None
    assert stationary_loss(lecture(10.0, batch_size=10)) is None
    changing = lecture(0.1, batch_size=10)
    assert stationary_loss(replace(changing, schedule=with_rate_from(changing.schedule, 10, 0.05))) is None
    assert floor_words(lecture(0.1)) == ""


def test_all_that_is_to_be_said_of_a_run_in_batches():
    notes = batch_notes(lecture(0.1, problem=TEN_THOUSAND, batch_size=10), 50)
    assert len(notes) == 3
    assert notes[0].startswith("limit of batches of 10: 0.7")
    assert notes[1] == "0.05 epochs of 10,000 rows"
    floor = stationary_loss(lecture(0.1, problem=TEN_THOUSAND, batch_size=10)) - minimum_loss(TEN_THOUSAND)
    assert notes[2] == f"noise floor {format_number(floor, 2)} above the minimum"


def test_of_batches_in_another_order_theory_knows_neither_limit_nor_floor_and_says_so():
    shuffled = lecture(0.1, batch_size=30, batch_order=BatchOrder.SHUFFLED)
    assert batch_notes(shuffled, 6) == (
        "no limit is known for shuffled batches",
        "1.6 epochs of 100 rows",
        "no noise floor known for shuffled batches",
    )
    in_order = lecture(10.0, batch_size=30, batch_order=BatchOrder.SEQUENTIAL)
    assert batch_notes(in_order, 8) == (
        "no limit is known for batches in order",
        "2 epochs of 100 rows",
    )


def test_of_several_runs_only_what_holds_for_all_is_said():
    one = lecture(0.1, problem=TEN_THOUSAND, batch_size=10)
    other = replace(one, schedule=Constant(0.5))
    assert common_notes([one, other], 50) == batch_notes(one, 50)[:2]
    assert common_notes([one, replace(other, batch_size=20)], 50) == ()
    assert common_notes([one, lecture(0.1)], 50) == ()
