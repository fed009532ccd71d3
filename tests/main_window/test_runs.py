"""Starting, replacing and stopping runs a thousand times leaves one thread and flat memory."""

import gc
import os
import sys
import threading

import pytest

from gdviz.session import edits


def resident():
    """The memory that is in use now, in megabytes."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="memory is asked for as on Linux")
def test_a_thousand_runs(qtbot, window):
    session = window.session

    def some(count):
        for turn in range(count):
            session.apply(edits.change, steps=2000 + turn % 7)
            if turn % 3 == 0:
                session.stop_computing()
            if turn % 50 == 0:
                qtbot.wait(5)
        gc.collect()

    some(100)
    before = resident()
    some(1000)
    session.runs.runner.stop()
    assert [thread for thread in threading.enumerate() if thread.name == "gdviz descent"] == []
    assert threading.active_count() == 1
    assert resident() - before < 20
