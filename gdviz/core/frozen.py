"""The decorator of value types: dataclasses that are frozen, and whose methods are compiled when first used.

`dataclasses.dataclass(frozen=True)` compiles six functions for each class, which takes 0.3 to 0.5 ms; there are
hundreds of classes, all made before the window is there. `fields`, `field` and `replace` work as for every dataclass;
`InitVar` does not.
"""

from collections.abc import Callable
from dataclasses import MISSING, Field, FrozenInstanceError, dataclass, field, fields
from reprlib import recursive_repr
from typing import Any, NoReturn, TypeVar, dataclass_transform, overload

Class = TypeVar("Class")
Method = Callable[..., Any]
_DEFAULT = object()
"""Given for a field whose default is made anew for each value."""


@overload
def frozen(cls: type[Class]) -> type[Class]: ...
@overload
def frozen(*, eq: bool = True, kw_only: bool = False) -> Callable[[type[Class]], type[Class]]: ...
@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(cls: Any = None, *, eq: bool = True, kw_only: bool = False) -> Any:
    """Make a class a frozen dataclass.

    eq: whether two are equal if their fields are; if not, each is equal to itself only. kw_only: whether fields can be
    given by name only.
    """
    if cls is None:
        return lambda cls: frozen(cls, eq=eq, kw_only=kw_only)  # type: ignore[call-overload]
    own = set(vars(cls))
    dataclass(init=False, repr=False, eq=False, kw_only=kw_only)(cls)
    methods: dict[str, Method] = {
        "__init__": _when_used(cls, "__init__", _init),
        "__setattr__": _refuse_to_set,
        "__delattr__": _refuse_to_delete,
        "__repr__": _repr,
    }
    if eq:
        methods |= {"__eq__": _when_used(cls, "__eq__", _eq), "__hash__": _when_used(cls, "__hash__", _hash)}
    for name, method in methods.items():
        # A class with its own `__eq__` has a `__hash__` of None unless it has one of its own too.
        if name not in own or (name == "__hash__" and cls.__hash__ is None):
            setattr(cls, name, method)
    return cls


def _when_used(cls: type[Any], name: str, make: Callable[[type[Any]], Method]) -> Method:
    """A method that, when first called, makes the one that takes its place."""

    def first(*arguments: Any, **named: Any) -> Any:
        method = make(cls)
        method.__qualname__ = f"{cls.__qualname__}.{name}"
        setattr(cls, name, method)
        return method(*arguments, **named)

    return first


def _compiled(head: str, lines: list[str], names: dict[str, Any]) -> Method:
    exec(f"def method({head}):\n " + "\n ".join(lines), names)
    method: Method = names["method"]
    return method


def _init(cls: type[Any]) -> Method:
    names: dict[str, Any] = {"_set": object.__setattr__, "_DEFAULT": _DEFAULT}
    lines = []
    for one in fields(cls):
        value, is_made = one.name, one.default_factory is not MISSING
        if is_made:
            names[f"_make_{one.name}"] = one.default_factory
            value = f"_make_{one.name}()" + (f" if {one.name} is _DEFAULT else {one.name}" if one.init else "")
        if one.init or is_made:
            lines.append(f"_set(self, {one.name!r}, {value})")
    if hasattr(cls, "__post_init__"):
        lines.append("self.__post_init__()")
    by_place = [_parameter(one, names) for one in fields(cls) if one.init and not one.kw_only]
    by_name = [_parameter(one, names) for one in fields(cls) if one.init and one.kw_only]
    head = ", ".join(["self", *by_place, *(["*", *by_name] if by_name else [])])
    return _compiled(head, lines or ["pass"], names)


def _parameter(one: Field[Any], names: dict[str, Any]) -> str:
    """The parameter for a field; its default, if it has one, is added to ``names``."""
    if one.default is MISSING and one.default_factory is MISSING:
        return one.name
    names[f"_default_{one.name}"] = _DEFAULT if one.default is MISSING else one.default
    return f"{one.name}=_default_{one.name}"


def _tuple(of: str, compared: list[Field[Any]]) -> str:
    return f"({''.join(f'{of}.{one.name}, ' for one in compared)})"


def _eq(cls: type[Any]) -> Method:
    compared = [one for one in fields(cls) if one.compare]
    equal = f"{_tuple('self', compared)} == {_tuple('other', compared)}"
    return _compiled("self, other", [f"return {equal} if other.__class__ is self.__class__ else NotImplemented"], {})


def _hash(cls: type[Any]) -> Method:
    compared = [one for one in fields(cls) if (one.compare if one.hash is None else one.hash)]
    return _compiled("self", [f"return hash({_tuple('self', compared)})"], {})


@recursive_repr("...")
def _repr(self: Any) -> str:
    shown = ", ".join(f"{one.name}={getattr(self, one.name)!r}" for one in fields(self) if one.repr)
    return f"{type(self).__qualname__}({shown})"


def _refuse_to_set(self: object, name: str, _: object) -> NoReturn:
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_to_delete(self: object, name: str) -> NoReturn:
    raise FrozenInstanceError(f"cannot delete field {name!r}")
