"""Own data from the command line: any table that people bring gives a run, or one line that says what is needed."""

import os
import re
import subprocess
import sys

import numpy as np
import pytest

from tests.core.tables.test_tables import DIALECTS, PRICES, SIZES

HOUSES = "Größe;Preis (€)\n2104;399900,5\n1600;329900,25\n;12\n2400;369000\n"
BEDROOMS = "size,bedrooms,price\n" + "".join(
    f"{size},{rooms},{price}\n"
    for size, rooms, price in [
        (2104, 3, 399900),
        (1600, 3, 329900),
        (2400, 3, 369000),
        (1416, 2, 232000),
        (3000, 4, 539900),
        (1985, 4, 299900),
    ]
)


@pytest.fixture
def trace(gdviz, tmp_path):
    """A function that traces the content of a file: the exit code, the lines printed, and what is told of the table.

    That the columns should be standardised, as most of these should, is tested in `test_options.py`.
    """

    def tracing(content, *options, name="points.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        code, printed, told = gdviz("trace", str(path), *options)
        of_table = [line for line in told.splitlines(keepends=True) if not line.startswith("gdviz: condition number")]
        return code, printed.splitlines(), "".join(of_table)

    return tracing


@pytest.mark.unmeasured
@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_a_table_in_any_dialect_gives_the_same_recording_bit_for_bit(trace, precision):
    found = {name: trace(content, "--dtype", precision, "--steps", "20") for name, content in DIALECTS.items()}
    assert len(found) >= 14
    assert {(code, *printed) for code, printed, _ in found.values()} == {(0, *found["points"][1])}


def test_rows_that_are_left_out_are_counted(trace):
    code, printed, told = trace(HOUSES, "--steps", "1")
    assert (code, len(printed)) == (0, 3)
    assert told == "gdviz: 1 of 4 rows has no value in Größe or Preis (€) and is left out\n"


def test_the_third_column_is_y_and_the_second_is_said_to_be_unused(trace, gdviz, tmp_path):
    code, printed, told = trace(BEDROOMS, "--steps", "1", "--dtype", "float64")
    assert code == 0
    assert told == "gdviz: x is size, y is price; bedrooms is not used\n"
    size, price = np.array([line.split(",")[::2] for line in BEDROOMS.splitlines()[1:]], float).T
    gradient = float(printed[1].split(",")[4])
    assert gradient == pytest.approx(2 * np.mean((-1 - price) * size), rel=1e-12)
    _, chosen, told = trace(BEDROOMS, "--x", "bedrooms", "--steps", "1")
    assert chosen[1] != printed[1]
    assert told == "gdviz: x is bedrooms, y is price; size is not used\n"
    same = gdviz("trace", "--data", str(tmp_path / "points.csv"), "--y", "size", "--x", "bedrooms", "--steps", "1")
    assert "x is bedrooms, y is size; price is not used" in same[2]


@pytest.mark.parametrize(("precision", "is_told"), [("float32", True), ("float64", False)])
def test_time_stamps_that_single_precision_merges_are_said(trace, precision, is_told):
    stamps = "t,v\n" + "".join(f"{1_700_000_000 + 60 * row},{row}\n" for row in range(24))
    code, _, told = trace(stamps, "--steps", "1", "--dtype", precision)
    assert code == 0
    merged = "gdviz: of 24 distinct values of t single precision keeps 12; float64 keeps all\n"
    assert told == (merged if is_told else "")


@pytest.mark.parametrize(
    "content",
    [
        "size,price\n" + "".join(f'"{size:,}","{price:,}"\n' for size, price in zip(SIZES, PRICES, strict=True)),
        'km;price\n"39,344";1\n"12,000";2\n"8,100";3\n',
    ],
)
def test_thousands_in_quotes(trace, content):
    code, printed, told = trace(content, "--steps", "1")
    assert (code, len(printed), told) == (0, 3, "")


def test_the_title_is_the_name_of_the_file_unless_another_is_given(gdviz, tmp_path):
    path = tmp_path / "My houses.csv"
    path.write_text(BEDROOMS)
    for options, title in [
        ((), "My houses"),
        (("--learning-rate", "1e-8"), "My houses"),
        (("--steps", "7", "--standardised"), "My houses"),
        (("--title", "Prices & sizes"), "Prices & sizes"),
    ]:
        target = tmp_path / "a.svg"
        assert gdviz("render", str(path), *options, "-o", str(target), "--force")[0] == 0
        assert title.replace("&", "&amp;") in target.read_text()


@pytest.mark.parametrize(
    ("content", "name", "options", "told"),
    [
        ("a,b\nu,v\nw,x\n", "a.csv", (), "has no column of numbers: a has 'u', b has 'v'; two columns of numbers are"),
        (
            "size,price\n1,2\n3,4\n",
            "a.csv",
            ("--y", "size", "--x", "size"),
            "x and y are both size; choose two columns",
        ),
        (
            "day,price\n2001-01-31,2\n2001-02-01,4\n",
            "a.csv",
            (),
            "two columns of numbers are needed, and dates are text",
        ),
        ("x\n1\n2\n", "a.csv", (), "has one column, x; two columns of numbers are needed"),
        ("size,price\n1,2\n3,4\n", "a.csv", ("--x", "area"), "there is no column area; use one of size, price"),
        ("size,price\n1,2\n3,4\n", "a.csv", ("--y", "prize"), "there is no column prize (did you mean price?); use"),
        (bytes(range(256)) * 40, "a.csv", (), "is not a table of text; use a .csv, .tsv, .txt or .parquet file"),
        (b"PAR1" + bytes(100), "a.parquet", (), "cannot be read as a table"),
        ("", "a.txt", (), "has no rows; give at least one with two numbers"),
    ],
)
def test_what_cannot_be_used_is_said_in_one_line(trace, content, name, options, told):
    code, printed, line = trace(content, *options, name=name)
    assert (code, printed) == (2, [])
    assert told in line
    assert line.count("\n") == 1


def test_a_parquet_file_that_is_cut_off(trace, tmp_path):
    import duckdb

    whole = tmp_path / "whole.parquet"
    duckdb.sql(f"COPY (SELECT i AS x, 2 * i AS y FROM range(1000) t(i)) TO '{whole}' (FORMAT parquet)")
    content = whole.read_bytes()
    assert trace(content, "--steps", "1", name="a.parquet")[0] == 0
    code, _, line = trace(content[: len(content) // 2], name="a.parquet")
    assert code == 2
    assert "cannot be read as a table" in line
    assert line.count("\n") == 1


@pytest.mark.parametrize("kind", ["folder", "pipe"])
def test_a_folder_and_a_pipe_that_never_ends_are_refused_at_once(gdviz, tmp_path, kind):
    path = tmp_path / "a.csv"
    path.mkdir() if kind == "folder" else os.mkfifo(path)
    for arguments in (("trace", str(path)), ("trace", "--data", str(path))):
        code, printed, told = gdviz(*arguments)
        assert (code, printed) == (2, "")
        assert told.endswith(f"{path}: is a {kind}, not a file; give a file\n")


def test_the_columns_of_a_scenario_are_not_chosen(gdviz):
    code, _, told = gdviz("trace", "two-wells", "--y", "price")
    assert (code, told) == (2, "gdviz: --y: two-wells is a scenario, not a table with columns; leave it out\n")


@pytest.mark.unmeasured
def test_duckdb_is_not_imported_for_a_shipped_scenario():
    program = (
        "import sys; from gdviz.cli.main import run; run(['trace', '--steps', '1']); print('duckdb' in sys.modules)"
    )
    printed = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert printed.splitlines()[-1] == "False"


def test_of_many_unused_columns_some_are_named(trace):
    names = "abcdefgh"
    _, _, told = trace(f"{','.join(names)}\n{','.join('12345678')}\n{','.join('23456789')}\n", "--steps", "1")
    assert "x is a, y is h; b, c, d, e and 2 more are not used" in told


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--rows", "5"), "--rows: the data of .*points.csv are not generated; leave it out"),
        (("--seed", "5"), "--seed: the data of .*points.csv are not generated; leave it out"),
        (("--data", "other.csv"), "--data: .*points.csv is a table too; give one of both"),
        (("--problem", "rosenbrock"), "--problem: rosenbrock has no data; leave it out, or leave out .*points.csv"),
    ],
)
def test_a_table_is_not_dropped_without_a_word(trace, options, told):
    code, printed, line = trace(BEDROOMS, *options)
    assert (code, printed) == (2, [])
    assert re.fullmatch(f"gdviz: {told}\n", line)


def test_data_that_single_precision_cannot_begin_with_run_in_double(trace):
    code, lines, told = trace("x,y\n1e34,1\n2e34,2\n3e34,3\n", "--steps", "2")
    assert (code, told) == (
        0,
        "gdviz: the run is in float64: in single precision the first rate, 1e-69, is 0 or almost\n",
    )
    assert lines[1].endswith(",1e-69")
    code, lines, told = trace("x,y\n1,1e25\n2,3e25\n3,2e25\n", "--steps", "2", "--dtype", "float32")
    assert (code, lines[1].split(",")[3]) == (0, "inf")
    assert (
        told == "gdviz: in single precision the loss at the start is infinite; use float64, or standardise the data\n"
    )
    code, _, told = trace("x,y\n1e34,1\n2e34,2\n3e34,3\n", "--standardised")
    assert (code, told) == (0, "")


def test_x_that_varies_too_little_is_told_and_can_be_standardised(trace):
    tiny = "x,y\n1e-300,1\n2e-300,2\n3e-300,3\n"
    code, _, told = trace(tiny)
    why = "x varies so little that its variance is 0 in double precision, and w changes nothing; standardise it"
    assert (code, told) == (0, f"gdviz: {why}\n")
    code, lines, told = trace(tiny, "--standardised")
    assert (code, told) == (0, "")
    # All of y is in the slope: 1 / sqrt(2/3).
    assert float(lines[-1].split(",")[1]) == pytest.approx((2 / 3) ** 0.5, rel=1e-6)


@pytest.mark.parametrize("value", ["1e150", "-1e300"])
def test_numbers_beyond_single_precision_are_refused_with_what_to_do(trace, value):
    code, lines, told = trace(f"x,y\n1,1\n{value},2\n")
    assert (code, lines) == (2, [])
    unit = value.removeprefix("-")
    assert told.endswith(
        f", which is beyond single precision; use a larger unit, such as x / {unit}, and numbers up to 3.4e38\n"
    )


@pytest.mark.parametrize("content", ["x,y\n2,3\n", "x,y\n0.1,1\n0.1,2\n0.1,6\n", "x,y\n2,3\n2,3\n2,3\n"])
def test_one_x_gives_a_run_without_a_word(trace, content):
    code, lines, told = trace(content)
    assert (code, told) == (0, "")
    assert all(np.isfinite(list(map(float, line.split(",")))).all() for line in lines[1:])


@pytest.mark.parametrize("scenario", [(), ("point-nine",)])
def test_data_in_place_of_generated_ones_begin_at_their_first_rate(gdviz, tmp_path, scenario):
    (tmp_path / "years.csv").write_text("x,y\n" + "".join(f"{1990 + row},{20 + 0.1 * row}\n" for row in range(24)))
    rates = {}
    for given in ((), ("--learning-rate", "0.5")):
        code, printed, _ = gdviz("trace", *scenario, "--data", str(tmp_path / "years.csv"), "--steps", "1", *given)
        assert code == 0
        rates[given[-1:]] = printed.splitlines()[-1].split(",")[-1]
    assert rates == {(): "1.2e-07", ("0.5",): "0.5"}
