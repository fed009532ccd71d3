"""Data of the user's own: what is read from a table, in which precision, and what is said of files that are none."""

import sys
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdviz.core.data.data_file import read_data_file
from gdviz.core.data.standardise import standardise
from gdviz.core.descent.experiment import Experiment
from gdviz.core.descent.recording import record
from gdviz.core.descent.schedules import Constant
from gdviz.core.errors import InputError
from gdviz.core.precision import Precision
from gdviz.core.problems.regression import LinearRegression


@pytest.fixture
def read(tmp_path):
    def reader(content, columns=(None, None), name="points.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_data_file(path, columns)

    return reader


def test_a_file_gives_the_names_the_title_and_double_precision(read, tmp_path):
    data = read("size;price\n1600;0,1\n;7\n2400;0,3\n", name="Häuser 1.csv")
    assert (data.x.tolist(), data.y.tolist()) == ([1600.0, 2400.0], [0.1, 0.3])
    assert data.x.dtype == data.y.dtype == np.float64
    assert data.names == ("size", "price")
    assert data.title == "Häuser 1"
    assert data.settings is None
    assert data.source == str(tmp_path / "Häuser 1.csv")
    assert (data.reading.left_out, data.reading.unused) == (1, ())


def test_columns_by_their_names_and_those_that_are_not_used(read):
    table = "id,size,bedrooms,price\n" + "".join(f"{row},{row * 100},{row % 3},{row * 7}\n" for row in range(1, 7))
    data = read(table)
    assert (data.names, data.reading.unused) == (("size", "price"), ("bedrooms",))
    other = read(table, ("bedrooms", None))
    assert (other.names, other.reading.unused) == (("bedrooms", "price"), ("size",))
    assert read(table, (None, "size")).names == ("bedrooms", "size")


def test_data_with_other_names_are_other_data(read):
    named, other, again = read("a,b\n1,2\n3,4\n"), read("a,c\n1,2\n3,4\n"), read("a;b\n1;2\n3;4\n")
    assert named != other
    assert named == again
    assert hash(named) == hash(again)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "has no rows"),
        ("x,y\n", "has no rows"),
        ("name\tkind\nAnna\tcat\n", "has no column of numbers: name has 'Anna', kind has 'cat'; two columns of"),
        ("x,y\n1,2\n3,inf\n", "has one column of numbers (x): y has 'inf'"),
        (
            "x,y\n1,1e39\n",
            "y has the value 1e+39, which is beyond single precision; use a larger unit, such as y / 1e39, and numbers",
        ),
        (
            "x,y\n-3.4028235677973366e38,3\n1,2\n",
            "x has the value -3.4028235677973366e+38, which is beyond single precision; use a larger unit",
        ),
        (
            "a,b\n-3.4028235677973366e38,3\n1,2\n",
            "a has the value -3.4028235677973366e+38, which is beyond single precision; use a larger unit",
        ),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "is not a table of text"),
    ],
)
def test_what_cannot_be_read(read, tmp_path, content, told):
    with pytest.raises(InputError) as caught:
        read(content)
    text = str(caught.value)
    assert text.startswith(f"{tmp_path / 'points.csv'}: ")
    assert told in text
    assert "\n" not in text


@pytest.mark.parametrize(("name", "told"), [("missing.csv", "cannot be read: No such file"), (".", "is a folder, not")])
def test_a_file_that_is_not_there(tmp_path, name, told):
    with pytest.raises(InputError, match=told):
        read_data_file(tmp_path / name)


def test_a_name_that_is_none(tmp_path):
    with pytest.raises(InputError, match="is not the name of a file"):
        read_data_file(tmp_path / "a\0b")


singles = st.floats(width=32, allow_nan=False, allow_infinity=False)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(singles, singles), min_size=1, max_size=20))
def test_a_plain_table_gives_the_numbers_of_any_other(tmp_path_factory, pairs):
    folder, rows = tmp_path_factory.mktemp("csv"), "".join(f"{x!r},{y!r}\n" for x, y in pairs)
    (folder / "plain.csv").write_text("x,y\n" + rows)
    (folder / "other.csv").write_text("# a remark\nx,y\n" + rows)
    plain, other = (read_data_file(folder / name) for name in ("plain.csv", "other.csv"))
    assert plain == other
    assert np.column_stack([plain.x, plain.y]).tolist() == [list(pair) for pair in pairs]


def test_the_shipped_data_are_read_without_duckdb(read, monkeypatch):
    monkeypatch.setitem(sys.modules, "duckdb", None)
    assert read("x,y\n0.5,-1e-3\n").y.tolist() == [-0.001]
    with pytest.raises(ImportError):
        read("x;y\n1;2\n")


def test_time_stamps_keep_their_digits_in_double_precision_alone(read):
    data = read("t,v\n" + "".join(f"{1_700_000_000 + 60 * row},{row}\n" for row in range(24)))
    assert data.distinct_x == (24, 12, 24)
    at_start = [record(_one_step(data, precision)).gradients[0, 0] for precision in Precision]
    exact = sum(2 * Fraction(x) * (0 - Fraction(y)) for x, y in zip(data.x.tolist(), data.y.tolist(), strict=True)) / 24
    assert at_start[1] == pytest.approx(float(exact), rel=1e-13)
    assert at_start[0] == pytest.approx(float(exact), rel=1e-6)


def _one_step(data, precision):
    return Experiment(LinearRegression(data), schedule=Constant(1e-30), start=(0.0, 0.0), steps=1, precision=precision)


def test_years_are_fitted_exactly(read):
    data = read("year,y\n" + "".join(f"{year},{20 + 0.1 * (year - 1990):.1f}\n" for year in range(1990, 2014)))
    ((slope, intercept),) = LinearRegression(data).minima
    assert slope == pytest.approx(0.1, rel=1e-12)
    assert intercept == pytest.approx(20 - 199, rel=1e-12)
    assert data.distinct_x == (24, 24, 24)


def test_standardised_and_back(read):
    data = read("size,price\n1000,1\n2000,2\n4000,4\n")
    measured = standardise(data, x=True, y=False)
    assert measured.x.mean() == pytest.approx(0.0, abs=1e-15)
    assert measured.x.std() == pytest.approx(1.0, rel=1e-15)
    assert measured.x.dtype == np.float64
    assert standardise(measured, x=False, y=False) == data
    assert standardise(data, x=False, y=False) is data
    assert measured.names == data.names


@pytest.mark.parametrize("asked", [(True, False), (False, True), (True, True)])
def test_the_standardised_line_in_own_units_is_that_of_least_squares(read, asked):
    generator = np.random.default_rng(3)
    size = generator.uniform(800.0, 4500.0, 47)
    price = 134.5 * size + 71_270.0 + generator.normal(0.0, 60_000.0, 47)
    data = read("size;price\n" + "".join(f"{x!r};{y!r}\n" for x, y in zip(size.tolist(), price.tolist(), strict=True)))
    measured = standardise(data, *asked)
    assert measured.are_standardised == asked
    design = np.stack([size, np.ones(47)], axis=1)
    expected = np.linalg.lstsq(design, price, rcond=None)[0]
    assert measured.in_own_units(*LinearRegression(measured).minima[0]) == pytest.approx(expected, rel=1e-9)
    assert standardise(measured, x=False, y=False) == data


@pytest.mark.parametrize("power", [-170, -300])
def test_values_whose_squares_underflow_are_standardised_all_the_same(read, power):
    data = standardise(read(f"a,b\n6e{power},1\n7e{power},2\n9e{power},3\n"), x=True, y=False)
    expected = standardise(read("a,b\n6,1\n7,2\n9,3\n"), x=True, y=False)
    assert data.x == pytest.approx(expected.x, rel=1e-12)


def test_a_spread_without_digits_is_none(read):
    data = read("a,b\n5e-324,1\n0,2\n0,3\n")
    with pytest.raises(InputError, match="cannot be standardised"):
        standardise(data, x=True, y=False)
