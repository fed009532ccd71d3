"""A little of `make fuzz`, always the same cases; and that the fuzzers find what they look for."""

import sys
from itertools import pairwise

import pytest

from tests.fuzz.broken import WAYS
from tests.fuzz.engine import KINDS, case_of, hunt

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="pipes, devices and limits as of Linux")


SEED = 2778
"""One with which each way is there once."""


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_breaks(kind):
    assert [str(fault) for fault in hunt(kind, 0, range(200))] == []


def test_what_breaks_is_found():
    assert sorted(case_of("broken", SEED, number) for number in range(len(WAYS))) == sorted(WAYS)
    found = {fault.case: fault for fault in hunt("broken", SEED, range(len(WAYS)))}
    assert set(found) == set(WAYS) - {"refused", "fine"}
    assert "IndexError: list index out of range (broken.py:" in found["traceback"].told
    assert "no line for a person" in found["control"].told
    assert found["memory"].told.startswith("takes ")
    assert found["hangs"].told.startswith("hangs for more than")
    assert found["dies"].told == "the process ended with 1"
    assert f"broken --seed {SEED} --case {found['untrue'].number}\n    it is another one" in str(found["untrue"])


def test_a_case_after_one_that_takes_much_memory():
    ways = [case_of("broken", SEED, number) for number in range(1000)]
    number = next(number for number, pair in enumerate(pairwise(ways)) if pair == ("memory", "traceback"))
    memory, traceback = hunt("broken", SEED, range(number, number + 2))
    assert memory.told.startswith("takes ")
    assert traceback.told.startswith("IndexError: list index out of range")
