"""What all encoders have in common: what they are told about their file, and what can be asked of them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from PySide6.QtGui import QImage

from gdviz.animation.formats import Size
from gdviz.export.encoders.metadata import Tags


@dataclass(frozen=True)
class Output:
    """The file, or the folder, to write; ``frame_rate``: whole frames a second."""

    path: Path
    size: Size
    frame_rate: int
    tags: Tags
    transparent: bool


class Encoder(Protocol):
    """Writes one file, or the pictures of one folder. All of it is called in one thread."""

    def add(self, image: QImage) -> None:
        """Write the next frame."""

    def finish(self) -> None:
        """Write what comes after the last frame."""

    def close(self) -> None:
        """Give back what is open, also when something has failed; the file is whole only after `finish`."""
