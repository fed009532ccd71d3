"""What is said of standardised data: the numbers are true, and names are shortened before them."""

import math
import re

import numpy as np
import pytest

from gdviz.core.data.creation import generate
from gdviz.core.data.settings import DataSettings
from gdviz.core.data.standardise import standardise
from gdviz.core.problems.regression import LinearRegression
from gdviz.core.problems.surfaces import Himmelblau
from gdviz.presentation.scaling import condition_note, own_line_wordings, scale_wordings, standardised_columns
from tests.tables import named

NUMBER = r"−?[\d.,]+(?:·10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)?"
PLAIN = str.maketrans({**dict(zip("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789", strict=True)), "−": "-", ",": None})


def houses(x=True, y=False, names=("size", "price")):
    size = np.array([1000.0, 1500.0, 2000.0, 2500.0, 4000.0])
    return standardise(named(size, 134.5 * size + 71_270.0, names), x, y)


def measured(x, names=("size", "price")):
    return standardise(named(x, range(len(x)), names), x=True, y=False)


def read_number(text):
    mantissa, _, exponent = text.partition("·10")
    return float(mantissa.translate(PLAIN)) * 10.0 ** float((exponent or "⁰").translate(PLAIN))


def read_scale(text):
    """The mean and the spread that a person reads."""
    found = re.fullmatch(rf"x = \(size ([−+]) ({NUMBER})\) / ({NUMBER})", text)
    sign = 1.0 if found[1] == "−" else -1.0
    return sign * read_number(found[2]), read_number(found[3])


@pytest.mark.parametrize(
    ("x", "told"),
    [
        ([1206, 2794], "x = (size − 2000) / 794"),
        ([-3.5, -1.5], "x = (size + 2.5) / 1"),
        ([-3.0, 3.0], "x = size / 3"),
        ([2001, 2002, 2003], "x = (size − 2002) / 0.8165"),
        ([1e9 - 10, 1e9 + 11], "x = (size − 1,000,000,000.5) / 10.5"),
        ([52_000, 91_000], "x = (size − 71,500) / 19,500"),
        ([1e20, 3e20], "x = (size − 2·10²⁰) / 1·10²⁰"),
        ([1e-9, 3.5e-9], "x = (size − 2.25·10⁻⁹) / 1.25·10⁻⁹"),
    ],
)
def test_how_x_was_standardised(x, told):
    data = measured([float(value) for value in x])
    assert scale_wordings(data) == (scale_wordings(data)[0], ())
    assert scale_wordings(data)[0][0] == told


MEANS = (0.3, -17.0, 2005.25, 1e7, -1.2345e11, 6.02e23, -4e-11)
SPREADS = (1e-12, 0.00456, 1.0, 7.77, 54_321.0, 9.9996e8, 3e22)


@pytest.mark.parametrize(
    ("mean", "spread"), [(mean, spread) for mean in MEANS for spread in SPREADS if spread > 1e-9 * abs(mean)]
)
def test_what_is_read_is_true_to_a_thousandth_of_the_spread(mean, spread):
    data = measured(mean + spread * np.random.default_rng(3).normal(0.0, 1.0, 50))
    scale, (text, *_) = data.scales[0], scale_wordings(data)[0]
    read = read_scale(text)
    assert read[0] == pytest.approx(scale.mean, abs=1e-3 * scale.spread)
    assert read[1] == pytest.approx(scale.spread, rel=1e-3)


def test_points_without_names_of_their_own_are_called_raw():
    data = generate(DataSettings(x_range=(0.0, 10.0), standardised=True, standardised_y=True))
    (x, *_), (y, *_) = scale_wordings(data)
    assert re.fullmatch(rf"x = \(raw x − {NUMBER}\) / {NUMBER}", x)
    assert re.fullmatch(rf"y = \(raw y − {NUMBER}\) / {NUMBER}", y)
    assert own_line_wordings(data, *LinearRegression(data).minima[0])[-1].startswith("own units: y = 0.09")


@pytest.mark.parametrize("asked", [(True, False), (False, True), (True, True)])
def test_the_best_line_is_told_as_least_squares_gives_it(asked):
    generator = np.random.default_rng(3)
    size = generator.uniform(800.0, 4500.0, 47)
    price = 134.5 * size + 71_270.0 + generator.normal(0.0, 60_000.0, 47)
    slope, intercept = np.linalg.lstsq(np.stack([size, np.ones(47)], axis=1), price, rcond=None)[0]
    data = standardise(named(size, price), *asked)
    told = own_line_wordings(data, *LinearRegression(data).minima[0])[0]
    assert told == f"in own units: price = {slope:.4g} · size + {intercept:,.0f}"


def test_the_slope_of_years_has_the_digits_that_the_line_needs():
    year = np.arange(1990.0, 2021.0)
    data = standardise(named(year, 0.0123456789 * year - 22.5, ("year", "anomaly")), x=True, y=True)
    told = own_line_wordings(data, *LinearRegression(data).minima[0])[0]
    slope, intercept = map(read_number, re.findall(NUMBER, told.replace("− ", "−")))
    assert slope * 2005.0 + intercept == pytest.approx(0.0123456789 * 2005.0 - 22.5, abs=0.002)


def test_what_is_not_finite_is_told_as_it_is():
    data = houses(x=True, y=True)
    assert own_line_wordings(data, math.inf, 1.0)[0] == "in own units: price = inf · size − inf"
    assert own_line_wordings(data, math.nan, math.nan)[0] == "in own units: price = NaN · size + NaN"
    assert own_line_wordings(data, 1.0, -math.inf)[0].endswith("· size − inf")
    # Where x has its own units, its slope does not reach the intercept.
    told = own_line_wordings(houses(x=False, y=True), math.inf, 0.0)[0]
    assert told == "in own units: price = inf · size + 367,170"
    assert own_line_wordings(data, 1e306, 1e306)[0] == "in own units: beyond double precision"
    assert own_line_wordings(data, -1e24, 2e24)[0] == "in own units: price = −1.345·10²⁶ · size + 5.729·10²⁹"


def test_names_are_shortened_and_numbers_are_not():
    names = ("living area in square feet", "sale price in dollars")
    data = houses(x=True, y=True, names=names)
    for wordings in (*scale_wordings(data), own_line_wordings(data, 1.0, 0.0, "now")):
        lengths = list(map(len, wordings))
        assert lengths == sorted(lengths, reverse=True)
        numbers = [re.findall(rf"{NUMBER}", text.replace("− ", "−")) for text in wordings]
        with_numbers = [found for found in numbers if found]
        assert len(with_numbers) >= 3
        assert all(found == with_numbers[0] for found in with_numbers)
    assert scale_wordings(data)[0][-2:] == ("x = (li…eet − 2200) / 1030", "standardised x")
    assert own_line_wordings(data, 1.0, 0.0, "now")[-1].startswith("now: sa…ars = 134.5 · li…eet ")


def test_a_name_from_a_file_stays_on_its_line():
    data = houses(names=("size\nof\x1b[31m", "price"))
    assert all(text.isprintable() for text in (*scale_wordings(data)[0], *own_line_wordings(data, 1.0, 0.0)))


def test_nothing_is_said_of_data_in_their_own_units():
    data = houses(x=False, y=False)
    assert (scale_wordings(data), own_line_wordings(data, 1.0, 2.0), standardised_columns(data)) == (((), ()), (), "")
    assert [standardised_columns(houses(*asked)) for asked in ((True, False), (False, True), (True, True))] == [
        "standardised x",
        "standardised y",
        "standardised x and y",
    ]


def test_a_condition_number_is_told_with_the_shape_that_it_means():
    note = condition_note(LinearRegression(houses(x=False)))
    assert note == (
        "condition number 3.3·10⁷: the valley is 5,700 times as long as it is wide, and descent creeps along it"
    )
    assert condition_note(LinearRegression(named([5.0, 7.0], [1.0, 2.0]))) == (
        "condition number 1,400: the valley is 38 times as long as it is wide, and descent creeps along it"
    )
    assert condition_note(LinearRegression(houses())) == ""
    assert condition_note(LinearRegression()) == ""
    assert condition_note(Himmelblau()) == ""
