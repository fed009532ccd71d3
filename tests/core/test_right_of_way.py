"""The right of way of the window's thread."""

import threading
import time

from gdviz.core.right_of_way import LONGEST_WAIT, RightOfWay


def seconds_of_waiting(way):
    began = time.perf_counter()
    way.wait()
    return time.perf_counter() - began


def test_who_finds_it_free_does_not_wait():
    way = RightOfWay()
    with way:
        pass
    assert sum(seconds_of_waiting(way) for _ in range(1000)) < 100 * LONGEST_WAIT


def test_a_block_within_another_one_does_not_give_it_back():
    way = RightOfWay()
    with way:
        with way:
            pass
        assert seconds_of_waiting(way) > 0.9 * LONGEST_WAIT


def test_who_waits_goes_on_as_soon_as_it_is_given_back():
    way, ended = RightOfWay(), []
    with way:
        worker = threading.Thread(target=lambda: ended.append(way.wait()))
        worker.start()
    worker.join(10)
    assert ended == [None]
    assert seconds_of_waiting(way) < LONGEST_WAIT


def test_an_error_gives_it_back():
    way = RightOfWay()
    try:
        with way:
            raise KeyError
    except KeyError:
        pass
    assert seconds_of_waiting(way) < LONGEST_WAIT


def test_who_holds_it_can_wait_for_another_one():
    way = RightOfWay()
    with way:
        with way.yielded():
            assert seconds_of_waiting(way) < LONGEST_WAIT
        assert seconds_of_waiting(way) > 0.9 * LONGEST_WAIT
    with way.yielded():
        pass
    assert seconds_of_waiting(way) < LONGEST_WAIT
