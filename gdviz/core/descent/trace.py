"""The numbers of every step of a recording as CSV, or with the names of the data's columns as NumPy's .npz."""

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

import numpy as np

from gdviz.core.atomic import check_target, replacing
from gdviz.core.descent.quantities import quantities
from gdviz.core.descent.recording import Recording
from gdviz.core.errors import InputError
from gdviz.core.problems.capabilities import HasData
from gdviz.core.reading import ending_of


def columns(recording: Recording) -> dict[str, np.ndarray]:
    """The columns by name: ``step,w,b,loss,gradient_w,gradient_b,learning_rate`` with the problem's parameter names."""
    first, second = recording.experiment.problem.parameters
    return {
        "step": np.arange(len(recording)),
        first: recording.points[:, 0],
        second: recording.points[:, 1],
        "loss": recording.losses,
        f"gradient_{first}": recording.gradients[:, 0],
        f"gradient_{second}": recording.gradients[:, 1],
        "learning_rate": recording.learning_rates,
    }


def column_names(recording: Recording) -> dict[str, np.ndarray]:
    """What x and y are called, ``x_name`` and ``y_name``, as strings of shape (); empty where there are no data."""
    problem = recording.experiment.problem
    if not isinstance(problem, HasData):
        return {}
    return {key: np.array(name) for key, name in zip(("x_name", "y_name"), problem.data.names, strict=True)}


def write_columns(file: TextIO, names: Iterable[str], values: Iterable[Iterable[object]]) -> None:
    """Write the columns as CSV, with the shortest decimals that round-trip in their precision."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(names)
    writer.writerows(map(str, row) for row in zip(*values, strict=True))


def write_csv(recording: Recording, file: TextIO, with_state: bool = False) -> None:
    """Write one line per step, as `write_columns` does; ``with_state``: with the `quantities` of the rule."""
    table = _table(recording, with_state)
    write_columns(file, table, table.values())


def _table(recording: Recording, with_state: bool) -> dict[str, np.ndarray]:
    return columns(recording) | (quantities(recording) if with_state else {})


def check_trace_target(path: Path, replace_old: bool) -> None:
    """Raise InputError for a file name without a known ending, or an existing file that must not be replaced."""
    _checked_ending(path)
    check_target(path, replace_old)


def write_trace(recording: Recording, path: Path, with_state: bool = False) -> None:
    """Write a CSV file or, for .npz, an archive with one array per column and the names of the data's columns.

    ``with_state``: with the `quantities` of the rule. InputError for any other ending.
    """
    ending = _checked_ending(path)
    with replacing(path) as temporary:
        if ending == ".npz":
            with temporary.open("wb") as archive:  # NumPy would append .npz to a name that ends in .NPZ
                np.savez(archive, **_table(recording, with_state), **column_names(recording))  # type: ignore[arg-type]
        else:
            with temporary.open("w", newline="", encoding="ascii") as file:
                write_csv(recording, file, with_state)


def _checked_ending(path: Path) -> str:
    ending = ending_of(path)
    if ending not in (".csv", ".npz"):
        raise InputError(f"{path}: a trace can be written as .csv or .npz; use one of these endings")
    return ending
