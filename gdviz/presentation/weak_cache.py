"""A cache for functions of a problem that keeps neither the problem nor its data alive."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

Found = TypeVar("Found")


def weak_cache(most: int) -> Callable[[Callable[..., Found]], Callable[..., Found]]:
    """Cache like `functools.lru_cache`, but hold the first argument weakly.

    most: how many results are kept per first argument, the oldest dropped first. All arguments must be hashable.
    """

    def decorate(function: Callable[..., Found]) -> Callable[..., Found]:
        kept: WeakKeyDictionary[Any, dict[tuple[Any, ...], Found]] = WeakKeyDictionary()

        @wraps(function)
        def once(first: Any, *rest: Any) -> Found:
            found = kept.setdefault(first, {})
            try:
                return found[rest]
            except KeyError:
                result = found[rest] = function(first, *rest)
            while len(found) > most:
                found.pop(next(iter(found)), None)
            return result

        return once

    return decorate
