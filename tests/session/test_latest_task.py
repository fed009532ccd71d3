"""A thread that works on what was requested last."""

import threading
import time

import pytest

from gdviz.core.long_work import between_pieces
from gdviz.core.right_of_way import LONGEST_WAIT, right_of_way
from gdviz.session.latest_task import LatestTask


class Worker(LatestTask):
    """Works on a request until the test lets it go on, and keeps what was still the newest at the end."""

    def __init__(self):
        super().__init__("test")
        self.begun, self.go_on = threading.Semaphore(0), threading.Semaphore(0)
        self.ended = []

    def work(self, request):
        self.begun.release()
        assert self.go_on.acquire(timeout=5)
        self.ended.append((request, self.current is request))


@pytest.fixture
def worker():
    made = Worker()
    yield made
    made.go_on.release(9)
    made.stop()


def begun(worker):
    assert worker.begun.acquire(timeout=5)


def test_a_request_is_worked_on_once_and_then_there_is_none(worker):
    worker.submit("one")
    begun(worker)
    assert worker.current == "one"
    worker.go_on.release()
    while worker.current is not None:
        threading.Event().wait(0.001)
    worker.stop()
    assert worker.ended == [("one", True)]


def test_of_requests_during_the_work_only_the_last_is_worked_on(worker):
    worker.submit("one")
    begun(worker)
    worker.submit("two")
    worker.submit("three")
    worker.go_on.release()
    begun(worker)
    assert worker.ended == [("one", False)]
    assert worker.current == "three"
    worker.go_on.release()
    while worker.current is not None:
        threading.Event().wait(0.001)
    assert worker.ended == [("one", False), ("three", True)]


def test_nothing_can_be_requested_instead(worker):
    worker.submit("one")
    begun(worker)
    worker.submit(None)
    assert worker.current is None
    worker.go_on.release()
    worker.submit("two")
    begun(worker)
    assert worker.ended == [("one", False)]


def test_it_is_stopped_before_any_request_and_twice(worker):
    worker.stop()
    worker.stop()
    assert worker.ended == []
    assert not [thread for thread in threading.enumerate() if thread.name == "test"]


def test_between_its_pieces_the_work_gives_way_to_the_window():
    class Pieces(LatestTask):
        def work(self, request):
            begun.set()
            for _ in range(3):
                between_pieces.get()()
            return time.perf_counter()

    begun, worker = threading.Event(), Pieces("test")
    with right_of_way:
        worker.submit("one")
        assert begun.wait(5)
        began = time.perf_counter()
        while (outcome := worker.take()) is None:
            threading.Event().wait(0.001)
    worker.stop()
    assert outcome.result - began > 2.5 * LONGEST_WAIT
