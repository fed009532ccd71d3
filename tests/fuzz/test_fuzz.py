"""A little of `make fuzz`, always the same cases; and that the fuzzers would find what they look for."""

import sys

import pytest

from .engine import KINDS, hunt

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="pipes, devices and limits of Linux")


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_breaks(kind):
    assert [str(fault) for fault in hunt(kind, 0, range(200))] == []
