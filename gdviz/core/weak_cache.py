"""A cache for functions of a problem that keeps neither the problem nor its data alive."""

from collections.abc import Callable
from functools import wraps
from threading import Lock
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

Found = TypeVar("Found")


def weak_cache(most: int) -> Callable[[Callable[..., Found]], Callable[..., Found]]:
    """Cache like `functools.lru_cache`, but hold the first argument weakly.

    most: how many results are kept per first argument, the oldest dropped first. All arguments must be hashable.
    What the others or the result refer to stays alive, which must not be such a first argument.
    Several threads may ask; for the same thing at the same time each computes it.
    """

    def decorate(function: Callable[..., Found]) -> Callable[..., Found]:
        kept: WeakKeyDictionary[Any, dict[tuple[Any, ...], Found]] = WeakKeyDictionary()
        lock = Lock()

        @wraps(function)
        def once(first: Any, *rest: Any) -> Found:
            with lock:
                found = kept.setdefault(first, {})
                if rest in found:
                    return found[rest]
            result = function(first, *rest)
            with lock:
                found[rest] = result
                while len(found) > most:
                    del found[next(iter(found))]
            return result

        return once

    return decorate
