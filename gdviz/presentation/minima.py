"""The names of what is lowest: a minimum or a line of them, and the best line through the data."""

from gdviz.core.problems.minimum_line import flat_direction
from gdviz.core.problems.problem import Problem

ANY_POINT, LINE_OF_MINIMA = "any point of this line is a minimum", "line of minima"


def best_fit_name(problem: Problem) -> str:
    """The name of the line of the known minimum, which is one of many where any point of a line is a minimum."""
    return "best fit" if flat_direction(problem) is None else "one best fit"
