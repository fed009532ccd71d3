"""Frozen value types behave as the dataclasses of the standard library do."""

import pickle
from dataclasses import FrozenInstanceError, dataclass, field, fields, replace
from typing import Any

import pytest

from gdviz.core.frozen import frozen


def standard(cls: type[Any]) -> type[Any]:
    return dataclass(frozen=True)(cls)


@pytest.fixture(params=[frozen, standard])
def point(request):
    class Point:
        """A point."""

        x: float
        y: float = 2.0
        tags: list[str] = field(default_factory=list, compare=False, repr=False)
        note: str = field(default="", kw_only=True)

        def __post_init__(self) -> None:
            object.__setattr__(self, "x", float(self.x))

    return request.param(Point)


def test_fields_are_given_by_place_or_name_and_have_defaults(point):
    one = point(1)
    assert (one.x, one.y, one.tags, one.note) == (1.0, 2.0, [], "")
    assert one.tags is not point(1).tags
    other = point(y=3, x=2, tags=["a"], note="b")
    assert (other.x, other.y, other.tags, other.note) == (2.0, 3, ["a"], "b")
    assert [one.name for one in fields(point)] == ["x", "y", "tags", "note"]


@pytest.mark.parametrize("given", [((), {}), ((1, 2, [], "note"), {}), ((1,), {"z": 1})])
def test_what_is_missing_or_too_much_is_told_with_the_name_of_the_class(point, given):
    arguments, named = given
    for _ in range(2):  # the constructor is compiled at the first call
        with pytest.raises(TypeError, match=r"Point.__init__\(\)"):
            point(*arguments, **named)


def test_nothing_can_be_set_or_deleted(point):
    one = point(1)
    for change in (lambda: setattr(one, "x", 2), lambda: delattr(one, "x"), lambda: setattr(one, "z", 2)):
        with pytest.raises(FrozenInstanceError):
            change()
    assert one.x == 1


def test_equal_fields_make_equal_values(point):
    one, equal, other = point(1), point(1, tags=["not compared"]), point(1, 3)
    assert one == equal
    assert hash(one) == hash(equal)
    assert one != other
    assert one != (1.0, 2.0, "")
    assert {one: "found"}[equal] == "found"


def test_replacing_fields_makes_another_value(point):
    one = point(1, note="kept")
    other = replace(one, y=5)
    assert (other.x, other.y, other.note, one.y) == (1.0, 5, "kept", 2.0)


def test_the_text_shows_the_fields(point):
    assert repr(point(1, note="a")).endswith("Point(x=1.0, y=2.0, note='a')")


@pytest.mark.parametrize("make", [frozen, standard])
def test_derived_classes_add_fields_and_differ_from_their_base(make):
    @make
    class Base:
        a: int

    @make
    class Derived(Base):
        b: int = 0

    assert (Derived(1, 2).a, Derived(1, 2).b) == (1, 2)
    assert Derived(1) != Base(1)
    assert Derived(1) == Derived(1)
    assert hash(Base(1)) == hash(Base(1))


@pytest.mark.parametrize("make", [frozen, standard])
def test_fields_that_are_not_given_are_no_parameters(make):
    @make
    class Base:
        x: int
        y: int = 1

    @make
    class Derived(Base):
        x: int = field(init=False, repr=False, compare=False)
        fixed: int = field(init=False, default=2)
        tags: list[str] = field(init=False, default_factory=list, compare=False)
        z: int = field(kw_only=True)

    one = Derived(5, z=3)
    assert (one.y, one.fixed, one.tags, one.z, hasattr(one, "x")) == (5, 2, [], 3, False)
    assert replace(one, z=4) == Derived(5, z=4)
    assert repr(one).endswith("Derived(y=5, fixed=2, tags=[], z=3)")


@pytest.mark.parametrize("make", [frozen, standard])
def test_own_methods_are_kept(make):
    class Own:
        a: int

        def __eq__(self, other: object) -> bool:
            return isinstance(other, Own)

        def __repr__(self) -> str:
            return "own"

    Own = make(Own)
    assert Own(1) == Own(2)
    assert repr(Own(1)) == "own"
    assert hash(Own(1)) == hash(Own(1))


def test_without_equality_each_is_equal_to_itself_only():
    @frozen(eq=False)
    class Thing:
        a: int

    one, other = Thing(1), Thing(1)
    assert one == one
    assert one != other
    assert len({one, other}) == 2


def test_fields_by_name_only_are_refused_by_place():
    @frozen(kw_only=True)
    class Named:
        a: int = 1
        b: int

    assert (Named(b=2).a, Named(b=2).b) == (1, 2)
    with pytest.raises(TypeError):
        Named(2)


@frozen
class Plain:
    a: int


def test_values_can_be_sent_to_another_process():
    assert pickle.loads(pickle.dumps(Plain(3))) == Plain(3)


@frozen
class Nested:
    inside: "list[Nested]"


def test_a_value_that_holds_itself_has_a_text():
    one = Nested([])
    one.inside.append(one)
    assert repr(one) == "Nested(inside=[...])"
