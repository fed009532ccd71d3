"""Tables in the dialects that people bring give their numbers; what is no table is told in one line."""

import random
import tempfile
from pathlib import Path

import numpy as np
import pytest

from gdviz.core.errors import InputError
from gdviz.core.tables import numbers
from gdviz.core.tables.columns import choose
from gdviz.core.tables.source import _plain_error, open_database
from gdviz.core.tables.table import open_table

SIZES, PRICES = [2104.0, 1600.5, 2400.0, 1416.25], [399900.5, 329900.25, 369000.0, 232000.0]
POINTS = "size,price\n2104,399900.5\n1600.5,329900.25\n2400,369000\n1416.25,232000\n"
COMMAS = "Größe;Preis (€)\n2104;399900,5\n1600,5;329900,25\n2400;369000\n1416,25;232000\n"
ALIGNED = "\n".join(f"{a:>9} {b:>12}" for a, b in (line.split(",") for line in POINTS.splitlines()))
DIALECTS = {
    "points": POINTS.encode(),
    "mark": POINTS.encode("utf-8-sig"),
    "crlf": POINTS.replace("\n", "\r\n").encode(),
    "cr": POINTS.replace("\n", "\r").encode(),
    "mixed ends": POINTS.replace("\n", "\r\n", 2).encode(),
    "utf-16": POINTS.encode("utf-16"),
    "utf-16 without mark": POINTS.encode("utf-16-le"),
    "tabs": POINTS.replace(",", "\t").encode(),
    "bars": POINTS.replace(",", "|").encode(),
    "aligned": ALIGNED.encode(),
    "decimal commas": COMMAS.encode(),
    "latin-1": COMMAS.replace("€", "EUR").encode("latin-1"),
    "windows": COMMAS.encode("cp1252"),
    "sep": b"sep=;\r\n" + COMMAS.replace("\n", "\r\n").encode(),
    "no header": POINTS.split("\n", 1)[1].encode(),
    "comments": b"# houses, sold\n#\n" + POINTS.encode() + b"# end\n",
    "prose": b"Prices of houses.\nCollected in 2019, by hand.\n" + POINTS.encode(),
    "quotes": b'"size";"price"\n"2,104";"399,900.5"\n"1,600.5";"329,900.25"\n2400;369000\n1416.25;232000\n',
    "spaces in numbers": b"a;b\n2 104;399 900,5\n1 600,5;329 900,25\n2400;369000\n1416,25;232000\n",
    "lines in quotes": b'note,size,price\n"two\nlines",2104,399900.5\nb,1600.5,329900.25\n'
    b'c,2400,369000\n"d\ne",1416.25,232000\n',
    "trailing": POINTS.replace("\n", ",,\n").encode() + b",,,\n,,,\n",
    "text among them": b"city,size,state,price\n"
    + b"".join(f'"A, ""{i}""",{a!r},x,{b!r}\n'.encode() for i, (a, b) in enumerate(zip(SIZES, PRICES, strict=True))),
    "row numbers": b",size,price\n"
    + b"".join(f"{i},{a!r},{b!r}\n".encode() for i, (a, b) in enumerate(zip(SIZES, PRICES, strict=True))),
}


@pytest.fixture
def read(tmp_path):
    """A function that writes a file and reads two columns of it: the names of both, and the pairs."""

    def reading(content, name="table.csv", **chosen):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        with open_table(path) as table:
            x, y = choose(path, table.columns, **chosen)
            return x.name, y.name, table.pairs(x, y)

    return reading


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_table_in_any_dialect(read, dialect):
    _, _, pairs = read(DIALECTS[dialect])
    assert pairs.x.tolist() == SIZES
    assert pairs.y.tolist() == PRICES
    assert pairs.left_out == 0


def test_a_name_with_signs_of_a_pattern_is_one_file(read, tmp_path):
    (tmp_path / "table1.csv").write_text("x,y\n7,7\n")
    assert read("x,y\n1,2\n", "table*[1]?.csv")[2].x.tolist() == [1.0]


def test_numbers_are_those_that_python_reads(read):
    x = np.random.default_rng(3).normal(size=2000) * 10.0 ** np.arange(2000.0).clip(0, 250)
    _, _, pairs = read("x,y\n" + "".join(f"{value!r},1\n" for value in x.tolist()))
    assert np.array_equal(pairs.x, x)


def test_what_duckdb_reads_as_it_is_has_the_form_that_the_patterns_say():
    import duckdb

    drawn = random.Random(4)
    signs = "0123456789" + "01" * 4 + "._eE+- ,\t\xa0infa'"
    cells = ["".join(drawn.choices(signs, k=drawn.randint(1, 9))) for _ in range(30_000)]
    cells += [
        "inf",
        "-Infinity",
        "nan",
        "1e999",
        "0x1F",
        "1_000",
        "+5",
        "1.234",
        "12.345",
        "1.e12",
        " 7",
        "7 ",
        "-",
        "--1",
    ]
    with duckdb.connect() as connection:
        connection.register("cells", {"t": np.array(cells, object)})
        trimmed = numbers.sql_trimmed("t", "p")
        rows = f"(SELECT *, {trimmed} AS c FROM (SELECT t, {numbers.sql_is_plain('t')} AS p FROM cells))"
        forms = numbers.sql_form("c", "p"), numbers.sql_form("c", "false")
        found = connection.execute(f"SELECT p, {', '.join(forms)}, TRY_CAST(t AS DOUBLE), c FROM {rows}").fetchall()
    for is_plain, quick, slow, value, cell in found:
        assert quick == (f"plain {slow}" if is_plain else slow)
        if is_plain:
            assert (slow, value) == (numbers.form_of(cell), float(cell))
    assert sum(is_plain for is_plain, *_ in found) > 1000


@pytest.mark.parametrize(
    ("cell", "number"), [("1_000", None), ("inf", None), ("+5", 5.0), (" 7 ", 7.0), ("1 000", 1000.0)]
)
def test_what_duckdb_alone_would_read_otherwise(read, cell, number):
    content = f"x,y\n1,2\n3,{cell}\n"
    if number is not None:
        assert read(content)[2].y.tolist() == [2.0, number]
        return
    with pytest.raises(InputError, match=f"y has '{cell}'"):
        read(content)


def test_of_a_file_that_is_no_text_no_more_than_its_beginning_is_read(tmp_path, monkeypatch):
    def counted(file):
        raise AssertionError("the rest is read")

    monkeypatch.setattr("gdviz.core.tables.text_files._count_newlines", counted)
    path = tmp_path / "noise.csv"
    path.write_bytes(bytes(range(256)) * 1000)
    with pytest.raises(InputError, match="is not a table of text"), open_table(path):
        pass


def test_rows_without_a_value_are_left_out_and_counted(read):
    x, y, pairs = read("Größe;Preis (€)\n2104;399900,5\n1600;329900,25\n;12\n2400;369000\nNA;1\n5;?\n6;nan\n")
    assert (x, y, pairs.left_out) == ("Größe", "Preis (€)", 4)
    assert pairs.y.tolist() == [399900.5, 329900.25, 369000.0]


def test_the_first_and_the_last_column_of_numbers_unless_others_are_named(read):
    content = "size,bedrooms,price\n2104,3,399900\n1600,2,329900\n"
    assert read(content)[:2] == ("size", "price")
    assert read(content, y="bedrooms")[:2] == ("size", "bedrooms")
    assert read(content, x="price")[:2] == ("price", "bedrooms")
    assert read("z,y,x\n1,2,3\n")[:2] == ("x", "y")
    assert read("y,size\n1,2\n")[:2] == ("size", "y")
    assert read("price,x\n1,2\n")[:2] == ("x", "price")
    assert read("y,size\n1,2\n", y="size")[:2] == ("y", "size")
    assert read("id,x\n1,2\n3,4\n")[:2] == ("x", "id")
    assert read("1,2\n3,4\n")[:2] == ("column 1", "column 2")
    assert read("a,a\n1,2\n3,4\n")[:2] == ("a", "a (2)")


@pytest.mark.parametrize(
    ("content", "chosen", "told"),
    [
        (b"", {}, "has no rows"),
        (b"x,y\n", {}, "has no rows"),
        (b"x\n1\n2\n", {}, "has one column, x; two columns of numbers are needed"),
        (b"a,b\nx,y\nu,v\n", {}, "has no column of numbers"),
        (b"x,y\n1,2\n3,4 EUR\n5,6\n", {}, "y has '4 EUR'; two columns of numbers are needed"),
        (b"x,y\n1,2\n3,4\n5,6,7\n", {}, "line 4: has 3 values where the table has 2 columns"),
        (b'x,y\n1,2\n"3,4\n', {}, "line 3: a quote that is opened here is not closed"),
        (b'note,x,y\n"a\nb",1,2\nc,3,4\n"d,5,6\n', {}, "a quote that is opened is not closed"),
        (b"size,price\n1,2\n3,4\n", {"x": "sise"}, "there is no column sise (did you mean size?); use one of"),
        (b"size,price,city\n1,2,Ulm\n", {"y": "city"}, "the column city has 'Ulm'; use one of numbers: size, price"),
        (b"x,y\n1,\n,2\n", {}, "no row has a value in both x and y"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)), {}, "is not a table of text"),
        (b"PAR1" + bytes(50), {}, "cannot be read as a table"),
        (b"size,price\n1,2\n3,\x004\n", {}, "is not a table of text"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_told_in_one_line(read, content, chosen, told):
    with pytest.raises(InputError) as caught:
        read(content, **chosen)
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


def test_parquet(tmp_path):
    import duckdb

    path = tmp_path / "houses.parquet"
    rows = "VALUES (1, 2.5, 'a', 'nan'::double), (3, NULL, '4,5', 2), (4, 5, 'b', 3)"
    duckdb.sql(f"COPY (SELECT * FROM ({rows}) t(size, price, word, last)) TO '{path}' (FORMAT parquet)")
    with open_table(path) as table:
        assert [column.is_numeric for column in table.columns] == [True, True, False, True]
        x, y = choose(path, table.columns, "size", "last")
        pairs = table.pairs(x, y)
        assert (pairs.x.tolist(), pairs.y.tolist(), pairs.left_out) == ([3.0, 4.0], [2.0, 3.0], 1)
        assert table.preview(1) == [("1.0", "2.5", "a", "")]
    path.write_bytes(path.read_bytes()[:60])
    with pytest.raises(InputError, match="cannot be read as a table"), open_table(path):
        pass


@pytest.mark.parametrize(
    ("content", "names"),
    [
        ("'OBS' 'GPA' 'GRADE'\n1 2.66 0\n2 2.89 1\n", ("GPA", "GRADE")),
        ('"Private Starts"   "Tax"\n"Aberdeen City" 1142 136\n"Fife"  533  90\n', ("Private Starts", "Tax")),
        ("569,30,malignant,benign\n" + "17.99,10.38,122.8,1001,0.1,0.2,0.3,0.4,1\n" * 3, ("column 1", "column 9")),
        ("name,code,1960,1961,1962\nAruba,ABW,4.82,4.65,4.47\nAndorra,AND,1.2,1.3,1.4\n", ("1960", "1962")),
        ("1,2,3\n4,5,7\n", ("column 1", "column 3")),
        ("2001,7,3\n2002,5,7\n", ("column 1", "column 3")),
        ("size,price\n1,2,\n3,4,\n", ("size", "price")),
        ("Unnamed: 0,size,price\n0,1,2\n1,3,4\n", ("size", "price")),
        ("a,b,c,d\n1,,3,\n2,,4,\n3,7,5,8\n", ("a", "c")),
    ],
)
def test_names_of_columns_as_programs_write_them(read, content, names):
    assert read(content)[:2] == names


def test_what_does_not_fit_into_memory_goes_into_the_temporary_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    with open_database(Path("a.csv"), "60MB") as database:
        database.ask("CREATE TEMP TABLE a AS SELECT random() AS r, random() AS s FROM range(5000000)")
        assert [path.name for path in tmp_path.iterdir()] == ["temporary"]
        assert len(list((tmp_path / "temporary").iterdir())) == 1
    assert list((tmp_path / "temporary").iterdir()) == []


def test_a_full_disk_is_told_as_such(monkeypatch, tmp_path):
    error = 'IO Error: Could not write file "/tmp/a": No space left on device'
    assert _plain_error(error) == f"a copy of the table does not fit into {tempfile.gettempdir()}; make room there"


@pytest.mark.parametrize(
    "content",
    [
        '"line\nbreak x",y\n1,2\n2,3\n3,5\n4,9\n',
        '"Größe\r\n(m²)";"Preis\r\n(€)"\r\n1;2\r\n2;3\r\n3;5\r\n4;9\r\n',
        '# from a\n"A title\nof two lines"\n"a\nb"\tc\n1\t2\n2\t3\n3\t5\n4\t9\n',
        'sep=;\n"a\n\nb";c\n1;2\n2;3\n3;5\n4;9\n',
    ],
)
def test_no_row_is_lost_to_a_line_break_in_a_header(read, content):
    x, _, pairs = read(content)
    assert "\n" not in x
    assert (pairs.x.tolist(), pairs.y.tolist()) == ([1.0, 2.0, 3.0, 4.0], [2.0, 3.0, 5.0, 9.0])


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        ("t,x,y\n#1,1,2\n#2,2,3\n#3,4,5\n", 3),
        ("t,x,y\na,1,2\n#2,2,3\nb,4,5\n", 3),
        ("# t,x,y of 3,4 in 2020\nt,x,y\na,1,2\nb,4,5\n", 2),
        ("x,y\n1,2\n# half, of them\n4,5\n# end\n", 2),
    ],
)
def test_a_row_that_begins_with_a_number_sign_is_no_comment(read, content, rows):
    _, _, pairs = read(content)
    assert pairs.x.size + pairs.left_out == rows


def test_an_apostrophe_is_no_quote(read):
    assert read("word,x,y\n'tis,1,2\nO'Brien,3,4\n")[2].x.tolist() == [1.0, 3.0]


def test_a_table_of_hundreds_of_columns_is_described(read):
    names = [f"c{place}" for place in range(300)]
    row = ",".join(f"{place + 0.5}" for place in range(300))
    x, y, pairs = read(f"{','.join(names)}\n" + f"{row}\n" * 20)
    assert (x, y, pairs.x.tolist()) == ("c0", "c299", [0.5] * 20)
