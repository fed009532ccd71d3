"""What a row of the tape speaks of, and the rows of the data that it shows."""

from dataclasses import dataclass
from enum import Enum, auto


class Meaning(Enum):
    """What a row speaks of, which lights up in the other panes while the row is pointed at."""

    DATA = auto()
    PREDICTIONS = auto()
    RESIDUALS = auto()
    LOSS = auto()
    FIRST = auto()
    """The first parameter's axis: the parameter, and what depends on it alone."""
    SECOND = auto()
    POINT = auto()
    """Where the run stands, above both parameters."""


@dataclass(frozen=True)
class Sample:
    """A row of the data that the tape shows, counted from 1; predicted: by the line, None if outside of the plot."""

    row: int
    x: float
    y: float
    predicted: float | None


@dataclass(frozen=True)
class DataLight:
    """What the tape says of the data: its sample rows and, if one points at a row of it, what that means."""

    meaning: Meaning | None
    samples: tuple[Sample, ...]


@dataclass(frozen=True)
class Highlight:
    """What a pane asks the others to highlight.

    samples: the rows of the data that it shows, counted from 1. is_of_batch: whether it speaks of a batch of rows.
    """

    meaning: Meaning | None = None
    samples: tuple[int, ...] = ()
    is_of_batch: bool = False
