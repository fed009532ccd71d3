"""What takes long says so on standard error, once."""

from itertools import count

from gdviz.cli.waiting import SAID_AFTER, said_once_long
from gdviz.core.long_work import between_pieces

WORDS = "gdviz: --race: looking for a learning rate for each rule …\n"


def test_long_work_says_once_what_it_does(capsys):
    with said_once_long("counting", count(0.0, SAID_AFTER).__next__):
        for _ in range(3):
            between_pieces.get()()
    assert capsys.readouterr().err == "gdviz: counting …\n"
    between_pieces.get()()
    assert capsys.readouterr().err == ""


def test_short_work_says_nothing(capsys):
    with said_once_long("counting", count(0.0, SAID_AFTER / 10).__next__):
        between_pieces.get()()
    assert capsys.readouterr().err == ""


def test_a_race_over_large_batches_says_what_takes_long(gdviz, monkeypatch):
    """However fast the machine is: the clock is the test's."""
    monkeypatch.setattr("gdviz.cli.waiting.SAID_AFTER", 0.0)
    arguments = ("trace", "--race=optimizer=gd,adam", "--rows", "20000", "--batch-size", "20000", "--steps", "2")
    said = gdviz(*arguments)[2]
    assert said.startswith(WORDS)
    assert said.count(WORDS) == 1
