"""A cache for functions of a problem that lets go of the problem, and so of all its data, with everybody else."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

Found = TypeVar("Found")


def weakly_kept(most: int) -> Callable[[Callable[..., Found]], Callable[..., Found]]:
    """As `functools.lru_cache`, but the first argument is only kept as long as it lives elsewhere.

    most: how many results are kept for one first argument; the oldest one goes. All arguments have to be hashable.
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
