"""The choices of the export dialog as one value, and their conversion to and from stored texts."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import field, replace
from enum import StrEnum
from typing import Any

from gdviz.animation.animation import AnimationSettings
from gdviz.animation.camera_path import FIXED_CAMERA, MAX_DEGREES, CameraKey, CameraPath
from gdviz.animation.formats import FORMATS, NAMED_SIZES, Format, Size, format_size, parse_size
from gdviz.animation.pace import EveryStep, Pace, Steady, Teach, parse_pace
from gdviz.core.frozen import frozen
from gdviz.presentation.look import TEXT_SCALES, Theme


class CameraChoice(StrEnum):
    """What the camera does during the clip."""

    FIXED = "fixed"
    TURN = "turn"
    KEYS = "keys"


@frozen
class ExportChoices:
    """All choices as made; ``settings`` drops those that the format does not support, which are remembered here.

    theme: None for the window's. text_scale: as in `Look`. turn: degrees over the clip.
    """

    format: Format = FORMATS["mp4"]
    size: Size = NAMED_SIZES["720p"]
    frame_rate: int = 30
    steps: tuple[int, int] = (0, 0)
    pace: Pace = field(default_factory=Teach)
    theme: Theme | None = None
    text_scale: float = 1.0
    camera: CameraChoice = CameraChoice.FIXED
    turn: float = 90.0
    transparent: bool = False
    poster: bool = False
    captions: bool = False
    beamer: bool = True

    @property
    def effective_frame_rate(self) -> int:
        """The chosen frame rate, or the format's default if it does not support that."""
        rates = self.format.frame_rates
        return self.frame_rate if not rates or self.frame_rate in rates else self.format.default_frame_rate

    @property
    def is_transparent(self) -> bool:
        """Whether the background is transparent, which the format must support."""
        return self.transparent and self.format.transparent

    @property
    def writes_beamer(self) -> bool:
        """Whether to write LaTeX code too, which is for folders of pictures only."""
        return self.beamer and not self.format.ending

    def settings(self, theme: Theme, keys: tuple[CameraKey, ...]) -> AnimationSettings:
        """The settings of the animation; ``theme`` is the window's, ``keys`` are the saved camera positions."""
        rate, shown, transparent = self.effective_frame_rate, self.theme or theme, self.is_transparent
        paths = {CameraChoice.TURN: CameraPath(turn=self.turn), CameraChoice.KEYS: CameraPath(keys)}
        path = paths.get(self.camera, FIXED_CAMERA)
        return AnimationSettings(
            self.format, self.size, rate, self.steps, self.pace, shown, self.text_scale, transparent, path
        )


def pace_text(pace: Pace) -> str:
    """The text from which `parse_pace` makes this pace."""
    if isinstance(pace, Steady):
        return repr(pace.steps_per_second)
    return "every-step" if isinstance(pace, EveryStep) else "teach"


def _bounded_number(low: float, high: float) -> Callable[[str], float]:
    def read(text: str) -> float:
        number = float(text)
        if not low <= number <= high:
            raise ValueError(f"{text} is not from {low} to {high}")
        return number

    return read


_STORED: dict[str, tuple[Callable[[Any], str], Callable[[str], Any]]] = {
    "format": (lambda format: format.name, FORMATS.__getitem__),
    "size": (format_size, parse_size),
    "frame_rate": (str, int),
    "pace": (pace_text, parse_pace),
    "theme": (lambda theme: theme.value if theme else "window", lambda text: None if text == "window" else Theme(text)),
    "text_scale": (repr, _bounded_number(*TEXT_SCALES)),
    "turn": (repr, _bounded_number(-MAX_DEGREES, MAX_DEGREES)),
    **dict.fromkeys(("transparent", "poster", "captions", "beamer"), (str, "True".__eq__)),
}
"""Writer and reader of the text of each stored choice."""


def to_texts(choices: ExportChoices) -> dict[str, str]:
    """The choices to store for the next export as texts: all but the range of steps and the camera."""
    return {name: write(getattr(choices, name)) for name, (write, _) in _STORED.items()}


def from_texts(texts: Mapping[str, str], defaults: ExportChoices) -> ExportChoices:
    """Restore choices from `to_texts`; missing or invalid ones come from ``defaults``."""
    found: dict[str, Any] = {}
    for name, (_, read) in _STORED.items():
        with suppress(KeyError, ValueError):
            found[name] = read(texts[name])
    return replace(defaults, **found)
