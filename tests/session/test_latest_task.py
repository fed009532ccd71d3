"""A thread that works on what was requested last."""

import threading

import pytest

from gdviz.session.latest_task import LatestTask


class Worker:
    """Works on a request until the test lets it go on, and keeps what was still the newest at the end."""

    def __init__(self):
        self.tasks = LatestTask("test", self.work)
        self.begun, self.go_on = threading.Semaphore(0), threading.Semaphore(0)
        self.ended = []

    def work(self, request):
        self.begun.release()
        assert self.go_on.acquire(timeout=5)
        self.ended.append((request, self.tasks.end(request)))


@pytest.fixture
def worker():
    made = Worker()
    yield made
    made.go_on.release(9)
    made.tasks.stop()


def begun(worker):
    assert worker.begun.acquire(timeout=5)


def test_a_request_is_worked_on_once_and_then_there_is_none(worker):
    worker.tasks.submit("one")
    begun(worker)
    assert worker.tasks.current == "one"
    worker.go_on.release()
    while worker.tasks.current is not None:
        threading.Event().wait(0.001)
    worker.tasks.stop()
    assert worker.ended == [("one", True)]


def test_of_requests_during_the_work_only_the_last_is_worked_on(worker):
    worker.tasks.submit("one")
    begun(worker)
    worker.tasks.submit("two")
    worker.tasks.submit("three")
    worker.go_on.release()
    begun(worker)
    assert worker.ended == [("one", False)]
    assert worker.tasks.current == "three"
    worker.go_on.release()
    while worker.tasks.current is not None:
        threading.Event().wait(0.001)
    assert worker.ended == [("one", False), ("three", True)]


def test_nothing_can_be_requested_instead(worker):
    worker.tasks.submit("one")
    begun(worker)
    worker.tasks.submit(None)
    assert worker.tasks.current is None
    worker.go_on.release()
    worker.tasks.submit("two")
    begun(worker)
    assert worker.ended == [("one", False)]


def test_it_is_stopped_before_any_request_and_twice(worker):
    worker.tasks.stop()
    worker.tasks.stop()
    assert worker.ended == []
    assert not [thread for thread in threading.enumerate() if thread.name == "test"]
