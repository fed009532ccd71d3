"""The map of starting points as it is drawn: a colour for each minimum, lighter where it takes fewer steps."""

from dataclasses import dataclass

from gdviz.core.basins import BasinMap
from gdviz.core.recording import Recording


@dataclass(frozen=True, eq=False)
class BasinPicture:
    """What the map of starting points shows."""


def build_basin_picture(basins: BasinMap | None, recordings: tuple[Recording, ...], step: int) -> BasinPicture:
    """The map with the runs up to ``step`` on it; None for a map of which nothing is computed yet."""
    raise NotImplementedError
