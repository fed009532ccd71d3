"""The tables of a scenario file: their keys, of which type these are, and what holds where one is left out."""

from typing import Any, Literal

import msgspec

from gdviz.core.precision import Precision

BatchSize = int | Literal["all"] | None
"""How many rows each step sees; "all" is for a run beside another one that sees a part of them."""


class Table(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A table of the file; an unknown key in it is an error."""


class DataTable(Table):
    """Of a problem that uses data: how they are generated, or the points themselves, or the file with them.

    Points are given as they were before they were standardised; with a seed, they were generated as the rest says. What
    is left out has the usual value of `gdviz.core.problems.dataset.DataSettings`.
    """

    rows: int | None = None
    noise: float | None = None
    slope: float | None = None
    intercept: float | None = None
    x_range: tuple[float, float] | None = None
    seed: int | None = None
    standardised: bool = False
    file: str | None = None
    x: list[float] | None = None
    y: list[float] | None = None


class ScheduleTable(Table):
    """The learning rate and its changes by step, or the settings of a range test."""

    learning_rate: float | Literal["best"] | None = None
    name: Literal["constant", "range-test"] = "constant"
    changes: list[tuple[int, float]] = []
    start: float | None = None
    end: float | None = None
    number: int | None = None
    fresh_steps: int | None = None
    smoothed: bool | None = None
    stops: bool | None = None


class RunTable(Table):
    """A run beside that of the file: what differs from it, in the words of its own keys and those of its schedule.

    style: its colour, dash and marker, 1 to 4; the next free one where it is left out.
    """

    learning_rate: float | Literal["best"] | None = None
    changes: list[tuple[int, float]] | None = None
    optimizer: dict[str, Any] | None = None
    start: tuple[float, float] | None = None
    steps: int | None = None
    precision: Precision | None = None
    batch_size: BatchSize = None
    seed: int | None = None
    style: int | None = None


class FileTable(Table):
    """The whole file. reduction: of the squared errors, "mean" where it is left out. seed: that of the batches.

    style: the colour, dash and marker of its own run, 1 to 4.
    """

    title: str
    schedule: ScheduleTable
    question: str = ""
    proves: str = ""
    problem: str = "linear-regression"
    reduction: Literal["mean", "sum"] | None = None
    optimizer: dict[str, Any] = msgspec.field(default_factory=lambda: {"name": "gd"})
    start: tuple[float, float] | None = None
    steps: int | None = None
    precision: Precision = Precision.FLOAT32
    batch_size: BatchSize = None
    seed: int = 0
    data: DataTable | None = None
    runs: list[RunTable] = []
    style: int | None = None


TABLES: dict[str, type[Table]] = {"": FileTable, "data": DataTable, "schedule": ScheduleTable, "runs": RunTable}
"""The tables by their places in the file."""
