"""Frames that show the same."""

import math
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pytest

from gdviz.core.frozen import frozen
from gdviz.scene.sameness import is_same
from gdviz.scene.scene import Scene
from tests.recordings import EXPERIMENTS, recorded


@dataclass(frozen=True, eq=False)
class Part:
    """A part of a frame."""

    content: Any


ROW = np.array([1.0, math.nan, -math.inf])
DIFFERENT = (
    (ROW, np.array([1.0, math.nan, math.inf])),
    (ROW, ROW.astype(np.float32)),
    (ROW, ROW[:2]),
    (ROW, ROW[:, None]),
    (1, 1.0),
    (0.5, math.nan),
    ("a", "b"),
    ((1, 2), (1, 2, 3)),
    ((1, 2), [1, 2]),
    ({"a": 1}, {"a": 2}),
    ({"a": 1}, {"b": 1}),
    (None, ROW),
)


@pytest.mark.parametrize(("one", "two"), DIFFERENT)
def test_what_differs_is_not_the_same_wherever_it_is(one, two):
    assert not is_same(one, two)
    assert not is_same(Part(({"in": [one]},)), Part(({"in": [two]},)))


@pytest.mark.parametrize("one", [part for pair in DIFFERENT for part in pair])
def test_a_copy_is_the_same(one):
    copy = one.copy() if isinstance(one, np.ndarray) else one
    assert is_same(Part((one, math.nan)), Part((copy, float("nan"))))


def test_what_is_never_set_is_the_same():
    """As are the columns of data that stay in their file."""

    @frozen(eq=False)
    class InFile:
        column: Any = field(init=False)
        path: str

    assert is_same(InFile("a"), InFile("a"))
    assert not is_same(InFile("a"), InFile("b"))


@pytest.mark.parametrize("experiment", EXPERIMENTS)
def test_a_frame_is_the_same_as_itself_composed_again_and_no_other(experiment):
    scene = Scene("A run", (recorded(experiment),))
    assert is_same(scene.frame(3), scene.frame(3))
    assert not is_same(scene.frame(3), scene.frame(4))
    assert not is_same(scene.frame(3), replace(scene, title="Another").frame(3))
