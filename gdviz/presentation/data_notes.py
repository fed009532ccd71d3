"""Notes on the user's own data: what was left out or rounded."""

from gdviz.core.data.dataset import Dataset
from gdviz.core.descent.experiment import Experiment
from gdviz.core.precision import Precision
from gdviz.core.problems.capabilities import HasData
from gdviz.presentation.numbers import join_words

MAX_UNUSED = 4
"""The most columns named that are not used; the chooser of columns shows all."""


def data_notes(experiment: Experiment) -> tuple[str, ...]:
    """Notes on the data, one sentence each; none for generated data."""
    problem = experiment.problem
    if not isinstance(problem, HasData):
        return ()
    notes = (_left_out(problem.data), _unused(problem.data), _merged(problem.data, experiment.precision))
    return tuple(note for note in notes if note)


def _left_out(data: Dataset) -> str:
    """How many rows of the table were left out."""
    reading = data.reading
    if reading is None or not reading.left_out:
        return ""
    have, are = ("has", "is") if reading.left_out == 1 else ("have", "are")
    of_all = f"{reading.left_out:,} of {data.rows + reading.left_out:,} rows"
    return f"{of_all} {have} no value in {data.names[0]} or {data.names[1]} and {are} left out"


def _unused(data: Dataset) -> str:
    """Which columns are used, if others could have been."""
    reading = data.reading
    if reading is None or not reading.unused:
        return ""
    named, more = reading.unused[:MAX_UNUSED], len(reading.unused) - MAX_UNUSED
    unused = join_words([*named, f"{more} more"] if more > 0 else named)
    are = "is" if len(reading.unused) == 1 else "are"
    return f"x is {data.names[0]}, y is {data.names[1]}; {unused} {are} not used"


def _merged(data: Dataset, precision: Precision) -> str:
    """How many distinct values of x coincide in single precision."""
    if precision is not Precision.FLOAT32 or not data.is_double:
        return ""
    distinct = data.distinct_x
    if distinct.in_single == distinct.in_double:
        return ""
    among = f" in the first {distinct.rows:,} rows" if distinct.rows < data.rows else ""
    values = f"{distinct.in_double:,} distinct values of {data.names[0]}{among}"
    return f"of {values} single precision keeps {distinct.in_single:,}; float64 keeps all"
