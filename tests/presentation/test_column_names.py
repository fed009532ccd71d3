"""What the columns of the data are called on axes and in sentences."""

from dataclasses import replace
from pathlib import Path

import pytest

from gdviz.core.data.creation import from_points, generate
from gdviz.core.data.dataset import Reading
from gdviz.core.data.settings import DataSettings
from gdviz.core.data.standardise import standardise
from gdviz.presentation.column_names import (
    LONGEST_IN_SENTENCE,
    are_named,
    axis_names,
    in_sentence,
    legend_of_symbols,
    relation,
    whole_names,
)

LINE = from_points([0, 1], [1, 2], None, "test")


def test_columns_called_x_and_y_are_not_spoken_of():
    for data in (LINE, generate(DataSettings(rows=2))):
        assert not are_named(data)
        assert (relation(data), legend_of_symbols(data), whole_names(data)) == ("", "", ("x", "y"))


def test_names_are_spoken_of():
    data = replace(LINE, names=("size", "price"))
    assert (relation(data), legend_of_symbols(data)) == ("price against size", "x is size, y is price")


@pytest.mark.parametrize("name", ["", "size", "a" * 24, "Preis (€)", "房屋面积"])
def test_a_short_name_is_itself(name):
    assert in_sentence(name) == name


def test_a_long_name_is_shortened_in_the_middle():
    short = in_sentence("Kilometerstand in tausend Kilometern")
    assert short == "Kilomete…send Kilometern"
    assert len(short) == LONGEST_IN_SENTENCE


@pytest.mark.parametrize("name", ["מחיר", "المساحة", "size מחיר"])
def test_a_number_stays_behind_a_name_from_right_to_left(name):
    assert in_sentence(name) == f"{name}\u200e"


def test_the_whole_name_is_that_of_the_table():
    reading = Reading(Path("a.csv"), ("s" * 60, "\x1b" + "p" * 400))
    first, second = whole_names(replace(LINE, names=("s…s", "p…p"), reading=reading))
    assert first == "s" * 60
    assert second.startswith(r"\x1bp")
    assert len(second) == 300


def test_standardised_columns_are_not_called_by_their_names_alone():
    data = standardise(
        replace(from_points([1.0, 2.0], [3.0, 5.0], None, "a"), names=("size", "price")), x=True, y=False
    )
    assert axis_names(data) == whole_names(data) == ("standardised size", "price")
    assert relation(data) == "price against size"
    assert legend_of_symbols(data) == ""
    assert axis_names(generate(DataSettings(standardised=True, standardised_y=True))) == (
        "standardised x",
        "standardised y",
    )
