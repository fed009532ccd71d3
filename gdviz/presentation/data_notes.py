"""Says in words what was done to the user's own data before a run sees them."""

from gdviz.core.data.dataset import Dataset
from gdviz.core.descent.experiment import Experiment
from gdviz.core.precision import Precision
from gdviz.core.problems.capabilities import HasData
from gdviz.presentation.numbers import join_words


def data_notes(experiment: Experiment) -> tuple[str, ...]:
    """A sentence for each thing that a person should know of the data; empty for generated ones."""
    problem = experiment.problem
    if not isinstance(problem, HasData):
        return ()
    notes = (_left_out(problem.data), _unused(problem.data), _merged(problem.data, experiment.precision))
    return tuple(note for note in notes if note)


def _left_out(data: Dataset) -> str:
    """How many rows of the table are not there."""
    reading = data.reading
    if reading is None or not reading.left_out:
        return ""
    have, are = ("has", "is") if reading.left_out == 1 else ("have", "are")
    of_all = f"{reading.left_out:,} of {data.rows + reading.left_out:,} rows"
    return f"{of_all} {have} no value in {data.names[0]} or {data.names[1]} and {are} left out"


def _unused(data: Dataset) -> str:
    """Which columns were taken where others could have been."""
    reading = data.reading
    if reading is None or not reading.unused:
        return ""
    are = "is" if len(reading.unused) == 1 else "are"
    return f"x is {data.names[0]}, y is {data.names[1]}; {join_words(reading.unused)} {are} not used"


def _merged(data: Dataset, precision: Precision) -> str:
    """What single precision does to values of x that differ in double."""
    if precision is not Precision.FLOAT32 or not data.is_double:
        return ""
    distinct = data.distinct_x
    if distinct.in_single == distinct.in_double:
        return ""
    among = f" in the first {distinct.rows:,} rows" if distinct.rows < data.rows else ""
    values = f"{distinct.in_double:,} distinct values of {data.names[0]}{among}"
    return f"of {values} single precision keeps {distinct.in_single:,}; float64 keeps all"
