"""Tables and scenarios in a session: read in a thread of their own, and opened when they are there."""

import os
import threading
import time

import pytest

from gdviz.core.data.settings import DataSettings
from gdviz.core.scenarios.library import resources
from gdviz.session import edits
from gdviz.session.loading import table_reader
from tests.session.driving import TEN, is_whole_and_right

HOUSES = "size,bedrooms,price\n2104,3,399900\n1600,3,329900\n2400,,369000\n1416,2,232000\n"
PAIRS = "km\tprice\n10\t3\n20\t2\n30\tNA\n40\t0.5\n"


@pytest.fixture
def opening(driven):
    """The session's, with what it emits in `driven`."""
    driven.choices, driven.refusals = [], []
    driven.session.opening.choice_wanted.connect(driven.choices.append)
    driven.session.opening.refused.connect(driven.refusals.append)
    return driven.session.opening


def arrived(driven):
    """Until what is read is there, or refused, and the run is computed."""
    deadline = time.monotonic() + 20
    while driven.session.opening.is_busy:
        driven.tick()
        threading.Event().wait(0.005)
        assert time.monotonic() < deadline
    return driven.finish()


def data(driven):
    return driven.session.state.experiment.problem.data


def written(folder, name, text):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_a_table_of_two_columns_is_opened(driven, opening, tmp_path):
    before = driven.session.state.experiment
    opening.open_file(written(tmp_path, "cars.tsv", PAIRS))
    assert driven.session.state.experiment is before
    assert driven.ticking
    arrived(driven)
    assert (data(driven).names, data(driven).x.tolist()) == (("km", "price"), [10.0, 20.0, 40.0])
    assert driven.session.state.title == "cars"
    assert driven.refusals == ["", ""]
    assert is_whole_and_right(driven)
    driven.session.undo()
    assert driven.finish().session.state.experiment == before
    driven.session.redo()
    assert driven.finish().session.state.title == "cars"


def test_a_scenario_is_opened(driven, opening):
    opening.open_file(str(resources() / "scenarios" / "two-wells.toml"))
    arrived(driven)
    assert driven.session.state.title == "Two wells"
    assert is_whole_and_right(driven)


def test_of_more_than_two_columns_two_are_chosen(driven, opening, tmp_path):
    before = driven.session.state
    opening.open_file(written(tmp_path, "houses.csv", HOUSES))
    arrived(driven)
    (choice,) = driven.choices
    assert driven.session.state is before
    assert (choice.rows, choice.chosen) == (4, ("size", "price"))
    assert [(column.name, column.missing) for column in choice.columns] == [("size", 0), ("bedrooms", 1), ("price", 0)]
    assert choice.preview[2] == ("2400", "", "369000")
    opening.read(choice.answered("bedrooms", "price"))
    arrived(driven)
    assert data(driven).names == ("bedrooms", "price")
    assert (data(driven).reading.left_out, data(driven).reading.unused) == (1, ())
    assert is_whole_and_right(driven)


def test_columns_that_number_the_rows_are_not_counted(driven, opening, tmp_path):
    opening.open_file(written(tmp_path, "rows.csv", "id,size,price\n1,10,3\n2,20,4\n"))
    arrived(driven)
    assert driven.choices == []
    assert data(driven).names == ("size", "price")


def test_other_columns_are_an_edit_that_can_be_undone(driven, opening, tmp_path):
    opening.read(table_reader.Request(written(tmp_path, "houses.csv", HOUSES), columns=("size", "price")))
    arrived(driven)
    driven.session.apply(edits.set_reduction, "sum")
    before = driven.finish().session.state.experiment
    driven.session.choose_columns()
    arrived(driven)
    (choice,) = driven.choices
    assert choice.chosen == ("size", "price")
    opening.read(choice.answered("bedrooms", "size"))
    arrived(driven)
    after = driven.session.state.experiment
    assert (after.problem.data.names, after.problem.reduction) == (("bedrooms", "size"), "sum")
    assert after.schedule != before.schedule
    assert driven.notices[-1].startswith("x is bedrooms, y is size: learning rate ")
    assert driven.session.controls().undo_name == "columns bedrooms and size"
    driven.session.undo()
    assert driven.finish().session.state.experiment == before
    assert is_whole_and_right(driven)


def test_columns_beside_pinned_runs_are_refused(driven, opening, tmp_path):
    opening.open_file(written(tmp_path, "cars.tsv", PAIRS))
    arrived(driven)
    driven.session.apply(edits.pin)
    driven.session.choose_columns()
    assert "unpin them first" in driven.notices[-1]
    assert not opening.is_busy


def test_generated_data_have_no_columns_to_choose(driven, opening):
    driven.session.choose_columns()
    assert not opening.is_busy


def test_a_table_that_is_pasted_stays_nowhere_but_here(driven, opening, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    opening.open_pasted(HOUSES)
    arrived(driven)
    opening.read(driven.choices[0].answered("size", "price"))
    arrived(driven)
    assert (driven.session.state.title, data(driven).source) == ("Pasted data", "clipboard")
    assert data(driven).rows == 4
    driven.session.choose_columns()
    arrived(driven)
    assert driven.choices[1].chosen == ("size", "price")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("just a sentence", "clipboard: "),
        ("a,b\nx,y\n", "two columns of numbers are needed"),
        ("1\n2\n3\n", "two columns of numbers are needed"),
        ("a,b\n1,2\n\ud800,3\n", "two columns of numbers are needed"),
    ],
)
def test_what_is_pasted_and_no_table_is_refused(driven, opening, text, told):
    before = driven.session.state
    opening.open_pasted(text)
    arrived(driven)
    assert driven.refusals[-1].startswith("clipboard: ")
    assert told in driven.refusals[-1]
    assert driven.session.state is before


def test_a_pipe_is_not_waited_for(driven, opening, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    opening.open_file(str(tmp_path / "pipe"))
    arrived(driven)
    assert driven.refusals[-1].endswith("pipe: is a pipe, not a file; give a file")


def test_the_newest_request_counts(driven, opening, tmp_path):
    opening.open_file(written(tmp_path, "cars.tsv", PAIRS))
    opening.open_file(written(tmp_path, "other.csv", "a,b\n1,2\n3,5\n"))
    arrived(driven)
    assert driven.session.state.title == "other"


@pytest.mark.parametrize(
    "leave",
    [
        lambda session: session.open(TEN),
        lambda session: session.set_problem("himmelblau"),
        lambda session: session.set_data(DataSettings(rows=50)),
        lambda session: session.reset(),
        lambda session: session.undo(),
        lambda session: session.redo(),
        lambda session: session.stop_computing(),
        lambda session: session.opening.cancel_reading(),
    ],
)
def test_whoever_goes_elsewhere_gets_nothing_from_the_file(driven, opening, tmp_path, leave):
    opening.open_file(written(tmp_path, "cars.tsv", PAIRS))
    leave(driven.session)
    assert not opening.is_busy
    driven.finish()
    assert driven.session.state.title != "cars"
    assert is_whole_and_right(driven)


def test_a_query_that_takes_for_ever_ends_with_the_session(driven, opening, tmp_path, monkeypatch):
    asked = threading.Event()

    def count(request, table):
        asked.set()
        table.source.database.ask("SELECT count(*) FROM range(1000000000000) WHERE hash(range) = 1")

    monkeypatch.setattr(table_reader, "_check_choice", count)
    opening.open_file(written(tmp_path, "cars.tsv", PAIRS))
    assert asked.wait(20)
    driven.tick(1.0)
    assert driven.controls[-1].reading.endswith("cars.tsv")
    assert driven.controls[-1].can_stop
    driven.session.opening.cancel_reading()
    assert driven.controls[-1].reading == ""
    assert driven.notices[-1] == "reading stopped; everything stays as it was"
    opening.open_file(written(tmp_path, "cars.tsv", PAIRS))
    driven.session.close()  # which waits for the thread


def test_a_small_file_is_not_announced(driven, opening, tmp_path):
    opening.open_file(written(tmp_path, "cars.tsv", PAIRS))
    arrived(driven)
    assert all(controls.reading == "" for controls in driven.controls)


def test_a_fault_is_told_in_one_line(driven, opening, tmp_path, monkeypatch, capsys):
    def fail(*arguments, **named):
        raise OverflowError("int too large\nto convert\x1b]0;gone\x07")

    before = driven.session.state
    monkeypatch.setattr(table_reader, "read_data_file", fail)
    opening.open_file(written(tmp_path, "cars.tsv", PAIRS))
    arrived(driven)
    assert "cars.tsv: cannot be loaded: OverflowError: int too large" in driven.refusals[-1]
    assert driven.refusals[-1].isprintable()
    assert "Traceback" in (shown := capsys.readouterr().err)
    assert "\x1b" not in shown
    assert driven.session.state is before


def test_what_takes_long_is_found_before_the_window_needs_it(driven, opening, tmp_path):
    rows = "\n".join(f"{row / 7},{row % 13}" for row in range(12_000))
    opening.open_file(written(tmp_path, "many.csv", f"a,b\n{rows}\n"))
    arrived(driven)
    assert {"fit", "_key", "distinct_x"} <= vars(data(driven)).keys()
