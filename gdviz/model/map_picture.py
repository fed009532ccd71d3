"""The map of rate and steps as it is drawn: colours, the line of 1 %, the wall, regions in words, and the run on it."""

from dataclasses import dataclass

from gdviz.core.phase_map import PhaseMap
from gdviz.core.recording import Recording


@dataclass(frozen=True, eq=False)
class MapPicture:
    """What the map shows."""


def build_map_picture(phase_map: PhaseMap | None, recordings: tuple[Recording, ...], step: int) -> MapPicture:
    """The map with the runs up to ``step`` on it; None for a map of which nothing is computed yet."""
    raise NotImplementedError
