"""Reading that is no longer wanted ends."""

import threading

import pytest

from gdviz.core.tables.interrupt import Interrupt, ReadingEndedError, checkpoint, interruptible
from gdviz.core.tables.source import open_database
from gdviz.core.tables.stamp import checksum_of
from gdviz.core.tables.table import open_table

ENDLESS = "SELECT count(*) FROM range(1000000000000) WHERE hash(range) = 1"


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("a b\n1 2\n3 4\n")
    return path


def test_nothing_ends_what_nobody_watches(table):
    checkpoint()
    with open_table(table) as found:
        assert found.rows == 2


def test_what_is_no_longer_wanted_does_not_begin(table):
    interrupt = Interrupt()
    interrupt.set()
    with pytest.raises(ReadingEndedError), interruptible(interrupt), open_table(table):
        pass
    checkpoint()


@pytest.mark.parametrize("seconds", [0.0, 0.001, 0.002, 0.005, 0.1])
def test_a_query_ends_whenever_the_interrupt_comes(table, seconds):
    interrupt = Interrupt()
    with interruptible(interrupt), open_table(table) as found:
        timer = threading.Timer(seconds, interrupt.set)
        timer.start()
        with pytest.raises(ReadingEndedError):
            found.source.database.ask(ENDLESS)
        timer.join()


def test_an_answer_ends_while_it_is_read(table):
    interrupt = Interrupt()
    with interruptible(interrupt), open_table(table) as found:
        timer = threading.Timer(0.2, interrupt.set)
        timer.start()
        with pytest.raises(ReadingEndedError):
            found.source.database.fetch("SELECT range FROM range(1000000000000) WHERE hash(range) % 100 = 1")
        timer.join()


def test_a_query_of_another_connection_ends_and_leaves_the_table_watched(table):
    interrupt = Interrupt()
    with interruptible(interrupt), open_table(table) as found:
        with open_database(table, "100MB") as other:
            assert other.ask("SELECT 1") == [(1,)]
        timer = threading.Timer(0.1, interrupt.set)
        timer.start()
        with pytest.raises(ReadingEndedError):
            found.source.database.ask(ENDLESS)
        timer.join()
    interrupt = Interrupt()
    with interruptible(interrupt), open_table(table), open_database(table, "100MB") as other:
        timer = threading.Timer(0.1, interrupt.set)
        timer.start()
        with pytest.raises(ReadingEndedError):
            other.ask(ENDLESS)
        timer.join()


def test_a_checksum_that_is_no_longer_wanted_ends(table):
    interrupt = Interrupt()
    interrupt.set()
    with pytest.raises(ReadingEndedError), interruptible(interrupt):
        checksum_of(table)
