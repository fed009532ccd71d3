"""A thread that does what was wished last."""

import threading

import pytest

from gdviz.model.newest_wish import NewestWish


class Worker:
    """Works on a wish until the test lets it go on, and keeps what was still wanted at the end."""

    def __init__(self):
        self.wishes = NewestWish("test", self.fulfil)
        self.begun, self.go_on = threading.Semaphore(0), threading.Semaphore(0)
        self.ended = []

    def fulfil(self, wish):
        self.begun.release()
        assert self.go_on.acquire(timeout=5)
        self.ended.append((wish, self.wishes.end(wish)))


@pytest.fixture
def worker():
    made = Worker()
    yield made
    made.go_on.release(9)
    made.wishes.stop()


def begun(worker):
    assert worker.begun.acquire(timeout=5)


def test_a_wish_is_worked_on_once_and_then_there_is_none(worker):
    worker.wishes.want("one")
    begun(worker)
    assert worker.wishes.wish == "one"
    worker.go_on.release()
    while worker.wishes.wish is not None:
        threading.Event().wait(0.001)
    worker.wishes.stop()
    assert worker.ended == [("one", True)]


def test_of_wishes_that_come_while_one_is_worked_on_only_the_last_is_fulfilled(worker):
    worker.wishes.want("one")
    begun(worker)
    worker.wishes.want("two")
    worker.wishes.want("three")
    worker.go_on.release()
    begun(worker)
    assert worker.ended == [("one", False)]
    assert worker.wishes.wish == "three"
    worker.go_on.release()
    while worker.wishes.wish is not None:
        threading.Event().wait(0.001)
    assert worker.ended == [("one", False), ("three", True)]


def test_nothing_can_be_wished_instead(worker):
    worker.wishes.want("one")
    begun(worker)
    worker.wishes.want(None)
    assert worker.wishes.wish is None
    worker.go_on.release()
    worker.wishes.want("two")
    begun(worker)
    assert worker.ended == [("one", False)]


def test_it_is_stopped_before_anything_was_wished_and_twice(worker):
    worker.wishes.stop()
    worker.wishes.stop()
    assert worker.ended == []
    assert not [thread for thread in threading.enumerate() if thread.name == "test"]
