"""Notes on the user's own data: what was left out or rounded."""

from gdviz.core.data.dataset import Dataset
from gdviz.core.descent.experiment import Experiment
from gdviz.core.precision import Precision
from gdviz.core.problems.capabilities import HasData
from gdviz.core.problems.first_precision import fault_in_single
from gdviz.core.problems.minimum_line import flat_direction
from gdviz.core.problems.problem import Problem
from gdviz.presentation.numbers import join_words

MAX_UNUSED = 4
"""The most columns named that are not used; the chooser of columns shows all."""


def data_notes(experiment: Experiment) -> tuple[str, ...]:
    """Notes on the data, one sentence each; none for generated data."""
    problem = experiment.problem
    if not isinstance(problem, HasData):
        return ()
    data, precision = problem.data, experiment.precision
    if data.settings is not None:
        return ()
    too_small = _too_small(problem, data)
    merged = "" if too_small else _merged(data, precision)
    notes = (_left_out(data), _unused(data), too_small, merged, _beyond_single(problem, precision))
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


def _too_small(problem: Problem, data: Dataset) -> str:
    """That x varies, but so little that nothing comes of it."""
    if flat_direction(problem) is None or data.distinct_x.in_double == 1:
        return ""
    name = data.names[0]
    return f"{name} varies so little that its variance is 0 in double precision, and w changes nothing; standardise it"


def _beyond_single(problem: Problem, precision: Precision) -> str:
    """What single precision cannot hold of a run on these data, whether it is in use or not."""
    fault = fault_in_single(problem)
    if not fault:
        return ""
    if precision is Precision.FLOAT64:
        return f"the run is in float64: in single precision {fault}"
    return f"in single precision {fault}; use float64, or standardise the data"


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
