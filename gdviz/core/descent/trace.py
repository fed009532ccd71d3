"""The numbers of every step of a recording as CSV or as NumPy's .npz."""

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

import numpy as np

from gdviz.core.atomic import check_target, replacing
from gdviz.core.descent.recording import Recording
from gdviz.core.errors import InputError
from gdviz.core.reading import ending_of


def columns(recording: Recording) -> dict[str, np.ndarray]:
    """The columns by their names: ``step,w,b,loss,gradient_w,gradient_b,learning_rate`` with the problem's names."""
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


def write_columns(file: TextIO, names: Iterable[str], values: Iterable[Iterable[object]]) -> None:
    """The columns as CSV; the shortest decimals that give the same number in its precision again."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(names)
    writer.writerows(map(str, row) for row in zip(*values, strict=True))


def write_csv(recording: Recording, file: TextIO) -> None:
    """One line a step, as `write_columns` does."""
    found = columns(recording)
    write_columns(file, found, found.values())


def check_trace_target(path: Path, replace_old: bool) -> None:
    """InputError for a name that a trace cannot have, and for what is there and may not be replaced."""
    _ending(path)
    check_target(path, replace_old)


def write_trace(recording: Recording, path: Path) -> None:
    """Write a CSV or, where the name ends in .npz, an archive with one array a column; InputError for other endings."""
    ending = _ending(path)
    with replacing(path) as temporary:
        if ending == ".npz":
            with temporary.open("wb") as archive:  # to a name that ends in .NPZ NumPy would add its own ending
                np.savez(archive, **columns(recording))  # type: ignore[arg-type]
        else:
            with temporary.open("w", newline="", encoding="ascii") as file:
                write_csv(recording, file)


def _ending(path: Path) -> str:
    ending = ending_of(path)
    if ending not in (".csv", ".npz"):
        raise InputError(f"{path}: a trace is written as .csv or .npz; take one of these endings")
    return ending
