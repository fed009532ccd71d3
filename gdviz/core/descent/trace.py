"""The numbers of every step of a recording as CSV or as NumPy's .npz."""

import csv
from pathlib import Path
from typing import TextIO

import numpy as np

from gdviz.core.atomic import check_target, replacing
from gdviz.core.descent.recording import Recording
from gdviz.core.errors import InputError
from gdviz.core.reading import ending_of


def header(recording: Recording) -> list[str]:
    """The names of the columns: ``step,w,b,loss,gradient_w,gradient_b,learning_rate`` with the problem's names."""
    first, second = recording.experiment.problem.parameters
    return ["step", first, second, "loss", f"gradient_{first}", f"gradient_{second}", "learning_rate"]


def write_csv(recording: Recording, file: TextIO) -> None:
    """One line a step; the shortest decimals that give the same number in the run's precision again."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(header(recording))
    columns = (recording.points, recording.losses, recording.gradients, recording.learning_rates)
    for step, (point, loss, gradient, rate) in enumerate(zip(*columns, strict=True)):
        writer.writerow([step, *(str(value) for value in (*point, loss, *gradient, rate))])


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
                np.savez(archive, **_arrays(recording))  # type: ignore[arg-type]
        else:
            with temporary.open("w", newline="", encoding="ascii") as file:
                write_csv(recording, file)


def _ending(path: Path) -> str:
    ending = ending_of(path)
    if ending not in (".csv", ".npz"):
        raise InputError(f"{path}: a trace is written as .csv or .npz; take one of these endings")
    return ending


def _arrays(recording: Recording) -> dict[str, np.ndarray]:
    points, gradients = recording.points, recording.gradients
    values = (points[:, 0], points[:, 1], recording.losses, gradients[:, 0], gradients[:, 1], recording.learning_rates)
    return dict(zip(header(recording), (np.arange(len(recording)), *values), strict=True))
