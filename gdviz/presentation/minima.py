"""The names of what is lowest: a minimum or a line of them, and the best line through the data; both in numbers."""

from gdviz.core.problems.capabilities import HasData
from gdviz.core.problems.minimum_line import flat_direction
from gdviz.core.problems.problem import Problem
from gdviz.presentation.numbers import format_number

ANY_POINT, LINE_OF_MINIMA = "any point of this line is a minimum", "line of minima"


def best_fit_name(problem: Problem) -> str:
    """The name of the line of the known minimum, which is one of many where any point of a line is a minimum."""
    return "best fit" if flat_direction(problem) is None else "one best fit"


def known_lines(problem: Problem) -> tuple[str, ...]:
    """The minimum's and the true parameters in numbers, the longest first; only where the run has the data's units."""
    if not isinstance(problem, HasData) or any(problem.data.are_standardised) or not problem.minima:
        return ()
    lowest, true = (
        [format_number(value, 3) for value in line or ()] for line in (problem.minima[0], problem.data.true_line)
    )
    named, truly = (", ".join(map("{} = {}".format, problem.parameters, values)) for values in (lowest, true))
    if not true:
        return (f"minimum {named}",)
    pairs = f"({', '.join(lowest)}), true ({', '.join(true)})"
    return f"minimum {named}; true {truly}", f"minimum {pairs}", f"min {pairs}", f"minimum {named}"
