"""What a row of the tape refers to, and the rows of the data that it shows."""

from enum import Enum, auto

from gdviz.core.frozen import frozen


class Meaning(Enum):
    """What a row refers to, highlighted in the other panes while the pointer is on the row."""

    DATA = auto()
    PREDICTIONS = auto()
    RESIDUALS = auto()
    LOSS = auto()
    FIRST = auto()
    """The first parameter's axis: the parameter and what depends on it alone."""
    SECOND = auto()
    POINT = auto()
    """The run's current point, over both parameters."""


@frozen
class Sample:
    """A row of the data shown by the tape, counted from 1; predicted: by the line, None if outside the plot."""

    row: int
    x: float
    y: float
    predicted: float | None


@frozen
class DataHighlight:
    """What the tape highlights in the data: its sample rows, and the meaning of the row under the pointer, if any."""

    meaning: Meaning | None
    samples: tuple[Sample, ...]


@frozen
class Highlight:
    """What a pane asks the others to highlight.

    samples: the rows of the data that it shows, counted from 1. is_of_batch: whether it refers to a batch of rows.
    """

    meaning: Meaning | None = None
    samples: tuple[int, ...] = ()
    is_of_batch: bool = False
