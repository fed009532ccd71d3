"""Whether two frames show the same, so that the second one need not be painted."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np


def is_same(one: Any, two: Any) -> bool:
    """Whether two frames, or parts of them, are equal down to the last bit of every array."""
    if one is two:
        return True
    if type(one) is not type(two):
        return False
    if isinstance(one, np.ndarray):
        return bool(one.dtype == two.dtype and one.shape == two.shape and one.tobytes() == two.tobytes())
    if isinstance(one, (tuple, list)):
        return len(one) == len(two) and all(map(is_same, one, two))
    if isinstance(one, Mapping):
        return one.keys() == two.keys() and all(is_same(one[key], two[key]) for key in one)
    if is_dataclass(one):
        # Of data that stay in their file, x and y are never set.
        parts = ((getattr(one, field.name, None), getattr(two, field.name, None)) for field in fields(one))
        return all(is_same(*part) for part in parts)
    return bool(one == two or (one != one and two != two))  # NaN
