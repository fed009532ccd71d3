"""Half a minute of `make soak`, always the same; how long the window stands still is judged by `make soak` only."""

import os
import signal
import sys
import time

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest

from tests.soak.beats import Beats
from tests.soak.counts import held
from tests.soak.engine import soak
from tests.soak.pauses import Pauses

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="/proc, as of Linux")

SEED, SECONDS = 5, 30.0


@pytest.mark.gl
@pytest.mark.unmeasured
@pytest.mark.slow
def test_a_window_that_is_used_at_random_holds_on_to_nothing(qapp, tmp_path):
    found = soak(SEED, SECONDS, tmp_path)
    assert found.faults == []
    assert found.acts > 0
    assert [line for line in found.left if not line.startswith("memory")] == []
    # Caches are still filling after half a minute; `make soak` allows a tenth.
    assert found.after.memory < 1.25 * found.before.memory


def test_idle_threads_of_qt_are_not_held_on_to(qapp):
    """They end half a minute after an image was scaled in them: the soak's window seemed to leave two files open."""
    before = held()
    image = QImage(3000, 2000, QImage.Format.Format_RGB32)
    image.fill(0)
    image.scaled(1000, 600, mode=Qt.TransformationMode.SmoothTransformation)
    assert [line for line in held().faults_since(before) if not line.startswith("memory")] == []


def test_a_stall_is_found_with_what_went_on(qapp):
    beats = Beats(0.05)
    for _ in range(10):  # of a stall while others have the processors, little counts
        QTimer.singleShot(20, lambda: time.sleep(0.2))
        QTest.qWait(300)
        if beats.longest >= 0.15:
            break
    beats.stop()
    assert beats.longest >= 0.15
    assert max(stall.seconds for stall in beats.stalls) == beats.longest
    assert "of them computing, in" in str(beats.stalls[0])


def test_a_machine_that_stands_still_is_noticed():
    pauses = Pauses()
    began, found = time.monotonic(), 0.0
    for _ in range(10):  # while it starts, nothing is noticed
        os.kill(pauses.process.pid, signal.SIGSTOP)  # as a virtual machine stops
        time.sleep(0.2)
        os.kill(pauses.process.pid, signal.SIGCONT)
        time.sleep(0.1)
        if (found := pauses.within(began, time.monotonic())) > 0.15:
            break
    took = time.monotonic() - began
    pauses.stop()
    assert 0.15 < found < took
    assert pauses.within(began - 2.0, began - 1.0) == 0.0


def test_what_is_held_is_counted(qapp, tmp_path):
    before = held()
    assert before.faults_since(before) == []
    with (tmp_path / "open").open("w"):
        more = held()
    assert more.files[os.path.realpath(tmp_path / "open")] == 1
    assert "files: more" in str(more.faults_since(before))
