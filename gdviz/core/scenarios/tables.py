"""The tables of a scenario file: their keys, types and defaults, and the messages for a file that does not fit."""

import operator
import re
from collections.abc import Mapping
from functools import cache, reduce
from typing import Any, Literal

import msgspec

from gdviz.core.descent.schedules import SCHEDULES, Schedule, schedule_settings
from gdviz.core.precision import Precision
from gdviz.core.problems.batch_orders import BatchOrder
from gdviz.core.problems.reductions import Reduction

BatchSize = int | Literal["all"] | None
"""The rows per step; "all" is for a run beside one with mini-batches."""

REQUIRED = {
    "title": 'give one, such as title = "Point nine"',
    "schedule": "give a table [schedule] with the key learning_rate",
    "schedule.learning_rate": 'give a number, or "best"',
}
_ALLOWED = {
    "reduction": '"mean", "sum" or "half-mean"',
    "batch_size": 'a whole number or "all"',
    "batch_order": " or ".join(f'"{order}"' for order in BatchOrder),
    "precision": " or ".join(f'"{precision}"' for precision in Precision),
    "learning_rate": 'a number or "best"',
}
"""What these keys accept, in any table; ``name``, that of a schedule, accepts the registered ones."""
_EXPECTED = {
    "int": "a whole number",
    "float": "a number",
    "str": "text in quotes",
    "bool": "true or false",
    "array": "a list",
    "object": "a table",
}
_FOUND = _EXPECTED | {"float": "a decimal number", "str": "text"}


class Table(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A table of the file; unknown keys are errors."""


class DataTable(Table):
    """The data of a problem: how they are generated, or the points themselves, or the file with them.

    columns: the names of x and y, in the file and on the screen. checksum: of the file, which must not have changed.
    Points are given before standardising; a seed means that they were generated from the other settings. Defaults are
    those of `gdviz.core.data.settings.DataSettings`.
    """

    rows: int | None = None
    noise: float | None = None
    slope: float | None = None
    intercept: float | None = None
    x_range: tuple[float, float] | None = None
    seed: int | None = None
    standardised: bool = False
    standardised_y: bool = False
    file: str | None = None
    checksum: str | None = None
    columns: tuple[str, str] | None = None
    x: list[float] | None = None
    y: list[float] | None = None


class ScheduleTable(Table):
    """The learning rate and its changes by step; `table_types` adds the settings of all schedules."""

    learning_rate: float | Literal["best"] | None = None
    name: str = "constant"
    changes: list[tuple[int, float]] = []


class RunTable(Table):
    """An additional run: its differences from the file's own, under the keys of the file and of its schedule.

    style: its colour, dash and marker, 1 to 4; by default the next free one. schedule: the name and settings of
    another one.
    """

    learning_rate: float | Literal["best"] | None = None
    changes: list[tuple[int, float]] | None = None
    optimizer: dict[str, Any] | None = None
    start: tuple[float, float] | None = None
    steps: int | None = None
    precision: Precision | None = None
    batch_size: BatchSize = None
    seed: int | None = None
    batch_order: BatchOrder | None = None
    style: int | None = None
    schedule: dict[str, Any] | None = None


class FileTable(Table):
    """The whole file. reduction: of the squared errors, "mean" by default. seed, batch_order: of the batches.

    style: the colour, dash and marker of its own run, 1 to 4. schedule: there is none with an optimizer that takes no
    learning rate.
    """

    title: str
    schedule: ScheduleTable | None = None
    question: str = ""
    proves: str = ""
    problem: str = "linear-regression"
    reduction: Reduction | None = None
    optimizer: dict[str, Any] = msgspec.field(default_factory=lambda: {"name": "gd"})
    start: tuple[float, float] | None = None
    steps: int | None = None
    precision: Precision = Precision.FLOAT32
    batch_size: BatchSize = None
    seed: int = 0
    batch_order: BatchOrder = BatchOrder.WITH_REPLACEMENT
    data: DataTable | None = None
    runs: list[RunTable] = []
    style: int | None = None


def table_types() -> Mapping[str, type[Any]]:
    """The tables by their places in the file, with keys for the settings of all registered schedules."""
    return _tables(tuple(SCHEDULES.items()))


@cache
def _tables(registered: tuple[tuple[str, type[Schedule]], ...]) -> dict[str, type[Any]]:
    """The tables for these schedules, which must be the registered ones: finding their types takes a millisecond."""
    names = tuple(dict(registered))
    types: dict[str, set[Any]] = {}  # a setting shared by schedules takes the types of each
    for name in names:
        for key, setting in schedule_settings(name).items():
            types.setdefault(key, set()).add(setting.kind)
    named = ("name", Literal[names], ScheduleTable.__struct_defaults__[1])
    settings = [(key, reduce(operator.or_, sorted(kinds, key=str)) | None, None) for key, kinds in types.items()]
    schedule = msgspec.defstruct("ScheduleTable", [named, *settings], bases=(ScheduleTable,))
    whole = msgspec.defstruct("FileTable", [("schedule", schedule | None, None)], bases=(FileTable,))
    return {"": whole, "data": DataTable, "schedule": schedule, "runs": RunTable}


def plain_message(message: str) -> str:
    """Rephrase an error of msgspec ("Expected `int`, got `str` - at `$.data.rows`") in one line with the remedy."""
    # Split at the last one: a quoted value may contain another.
    text, _, path = message.rpartition(" - at `$") if " - at `$" in message else (message, "", "")
    place = re.sub(r"\[(\d+)\]", lambda match: f", item {int(match[1]) + 1}", path.strip(".`"))
    kind = re.sub(r"^runs\[\d+\]", "runs", path.strip(".`"))
    name = re.findall("`(.*?)`", text)
    inside = f"{place}.{name[0]}".lstrip(".") if name else place
    choices = _ALLOWED | {"name": f"one of {', '.join(SCHEDULES)}"}
    choice = choices.get(kind.rpartition(".")[2])
    if text.startswith("Object contains unknown field"):
        keys = [field.name for field in msgspec.structs.fields(table_types()[kind])]
        if kind == "schedule":  # of all the settings that there are, no schedule has more than some
            keys = [*ScheduleTable.__struct_fields__, "and the settings of the schedule"]
        return f"{inside}: there is no such key; the keys here are {', '.join(keys)}"
    if text.startswith("Object missing required field"):
        return f"{inside}: is missing; {REQUIRED[inside]}"
    if text.startswith("Invalid enum value"):
        return f"{place}: there is no {text.removeprefix('Invalid enum value ')}; use {choice}"
    if match := re.fullmatch(r"Expected `array` of length (\d+), got (\d+)", text):
        return f"{place}: needs a list of {match[1]} values, found {match[2]}"
    if match := re.fullmatch(r"Expected `(\w+)(?: \| \w+)*`, got `(\w+)`", text):
        return f"{place}: needs {choice or _EXPECTED[match[1]]}, found {_FOUND.get(match[2], 'a ' + match[2])}"
    return f"{place}: {text[0].lower()}{text[1:]}"
