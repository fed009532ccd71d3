"""The texts of the data pane's tooltips for points and bars."""

from gdviz.core.data.dataset import Dataset
from gdviz.panes.data.density import Histogram
from gdviz.presentation.column_names import in_sentence
from gdviz.presentation.numbers import MINUS, format_number, quantity

DIGITS = 7


def point_text(data: Dataset, row: int) -> str:
    """A row of the data, counted from 0, in the columns' own units: "row 12: size = 2,150, price = 312,450"."""
    values = (value_text(float(column[row])) for column in data.drawn)
    pairs = (f"{in_sentence(name)} = {value}" for name, value in zip(data.names, values, strict=True))
    return f"row {row + 1:,}: {', '.join(pairs)}"


def bar_text(histogram: Histogram, place: int) -> str:
    """A bar of a histogram, counted from 0: "12 rows: size from 1,000 to 1,200"."""
    low, high = (value_text(float(edge)) for edge in histogram.edges[place : place + 2])
    return f"{quantity(int(histogram.counts[place]), 'row')}: {in_sentence(histogram.title)} from {low} to {high}"


def value_text(value: float) -> str:
    """A value as in a table, with thousands separated; very large and small ones as `format_number`."""
    if value == 0 or 1e-3 <= abs(value) < 10**DIGITS - 0.5:  # larger ones round up to more digits
        return f"{value + 0.0:,.{DIGITS}g}".replace("-", MINUS)
    return format_number(value, DIGITS)
