"""How often the session's timer ticks."""

import pytest
from PySide6.QtCore import QObject

from gdviz.session.ticker import COMPUTING_TICK_MILLISECONDS, TICK_MILLISECONDS, Ticker


@pytest.mark.parametrize(("took", "rest"), [(0.0, COMPUTING_TICK_MILLISECONDS), (0.009, 20), (0.05, 50), (0.2, 200)])
def test_while_something_is_computed_it_rests_for_as_long_as_a_tick_took(qapp, took, rest):
    """With slow frames, one every 29 ms, the workers got a twentieth of the time."""
    now = 3.0
    owner = QObject()
    ticker = Ticker(lambda: now, owner)
    assert ticker.elapsed() == 0.0
    now += took
    ticker.set_pace(is_computing=True)
    assert ticker.interval() == rest
    ticker.set_pace(is_computing=False)
    assert ticker.interval() == TICK_MILLISECONDS
