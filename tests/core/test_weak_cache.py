"""A cache that does not keep data alive."""

import gc
import weakref

from gdviz.core.frozen import frozen
from gdviz.core.weak_cache import weak_cache


@frozen
class Thing:
    """Equal where the name is."""

    name: str


def counted(most):
    calls = []

    @weak_cache(most)
    def look(thing, *rest):
        """Look at it."""
        calls.append((thing.name, *rest))
        return object()

    return look, calls


def test_equal_arguments_are_looked_at_once():
    look, calls = counted(4)
    thing = Thing("a")
    assert look(thing, 1) is look(Thing("a"), 1)
    assert look(thing, 2) is not look(thing, 1)
    assert look(Thing("b"), 1) is not look(thing, 1)
    assert calls == [("a", 1), ("a", 2), ("b", 1)]
    assert look.__doc__ == "Look at it."


def test_the_first_argument_is_not_kept_alive():
    look, calls = counted(4)
    thing = Thing("a")
    look(thing, 1)
    alive = weakref.ref(thing)
    del thing
    gc.collect()
    assert alive() is None
    look(Thing("a"), 1)
    assert calls == [("a", 1)] * 2


def test_of_many_results_the_oldest_go():
    look, calls = counted(2)
    thing = Thing("a")
    for rest in (1, 2, 3, 3, 2, 1):
        look(thing, rest)
    assert calls == [("a", 1), ("a", 2), ("a", 3), ("a", 1)]
