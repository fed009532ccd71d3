"""CSV files with data of the user's own: what is read, and what is said of those that cannot be."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdviz.core.errors import InputError
from gdviz.core.problems import csv_data as data_file
from gdviz.core.problems.csv_data import read_csv


def csv_of(folder, content):
    path = folder / "points.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize(
    "content",
    [
        "x,y\n1,2\n3,-4e-1\n",
        "\ufeffx,y\r\n1,2\r\n3,-.4\r\n",
        "name,y,x\nfirst,2,1\nsecond,-0.4,3\n",
        '"x", "y"\n1, 2\n\n3, -0.4',
        "x,y\n1,2,\n3,-0.4,,\n",
    ],
)
def test_read_csv(tmp_path, content):
    data = read_csv(csv_of(tmp_path, content))
    assert data.x.tolist() == [1.0, 3.0]
    assert data.y.tolist() == [2.0, float(np.float32(-0.4))]
    assert data.settings is None
    assert data.source == str(tmp_path / "points.csv")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "line 1: must name the columns x and y"),
        ("1,2\n3,4\n", "line 1: must name the columns x and y"),
        ("x;y\n1;2\n", "line 1: must name the columns x and y"),
        ("x,z\n1,2\n", "line 1: must name the columns x and y"),
        ("x,y\n", "has no rows; give at least one line"),
        ("x,y\n1,2\n3,four\n", "line 3: x and y must be numbers such as 0.5, found '3' and 'four'"),
        ("x,y\n1,2\n3\n", "line 3: x and y must be numbers such as 0.5, found '3' and ''"),
        ("x,y\n1,2\n,4\n", "line 3: x and y must be numbers such as 0.5, found '' and '4'"),
        ("x,y\n0,1,0,5\n", "line 2: has more values than the first line names"),
        ("x,y\n1,2\n3,inf\n", "line 3: y is inf; take a finite number up to 3.4e38"),
        ("x,y\n1,1e39\n", "line 2: y is 1e+39; take a finite number up to 3.4e38"),
        ("x,y\n\n1,2\nnan,3\n", "line 4: x is nan; take a finite number up to 3.4e38"),
        ("x,y\n3.4028235677973366e38,3\n", "line 2: x is 3.4028235677973366e+38; take a finite"),
        (b"x,y\n1,\xff\n", "is not a CSV text file in UTF-8"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "is not a CSV text file in UTF-8"),
        ('x,y\n1,"' + "a" * 200_000 + '"\n', "line 2: is no row of two numbers (field larger than field limit"),
        ('x,y\n1,2\n1,"2\n' + "3,4\n" * 50_000, "line 3: a quote that is opened here is not closed on this line"),
        ('x,y\n1,2\n1,"2\n3,4\n', "line 3: a quote that is opened here is not closed on this line"),
        ('"x,y\n1,2\n', "line 1: a quote that is opened here is not closed on this line"),
    ],
)
def test_csv_that_cannot_be_read(tmp_path, content, told):
    path = csv_of(tmp_path, content)
    with pytest.raises(InputError) as caught:
        read_csv(path)
    text = str(caught.value)
    assert text.startswith(f"{path}: ")
    assert told in text
    assert "\n" not in text


def test_a_csv_of_too_many_rows_is_not_read_to_its_end(tmp_path, monkeypatch):
    monkeypatch.setattr(data_file, "MAX_ROWS", 1000)
    path = csv_of(tmp_path, "x,y\n" + "1,2\n" * 1000)
    assert read_csv(path).x.size == 1000
    path.write_text("x,y\n" + "1,2\n" * 1001 + "no number at all\n")
    with pytest.raises(InputError, match=r"points\.csv: has more than 1,000 rows; take 1 to 1,000$"):
        read_csv(path)


@pytest.mark.parametrize(("name", "told"), [("missing.csv", "cannot be read: No such file"), (".", "is a folder, not")])
def test_csv_that_is_not_there(tmp_path, name, told):
    with pytest.raises(InputError, match=told):
        read_csv(tmp_path / name)


def test_csv_whose_name_is_no_name(tmp_path):
    with pytest.raises(InputError, match="is not the name of a file"):
        read_csv(tmp_path / "a\0b")


singles = st.floats(width=32, allow_nan=False, allow_infinity=False)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(singles, singles), min_size=1, max_size=20))
def test_shortest_decimals_give_the_same_singles(tmp_path_factory, pairs):
    path = tmp_path_factory.mktemp("csv") / "a.csv"
    path.write_text("x,y\n" + "".join(f"{np.float32(x)!s},{np.float32(y)!s}\n" for x, y in pairs))
    data = read_csv(path)
    assert np.column_stack([data.x, data.y]).tobytes() == np.array(pairs, np.float32).tobytes()
