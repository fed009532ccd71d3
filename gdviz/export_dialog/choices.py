"""What is chosen in the export dialog, as one value: what an animation is made of, and what is remembered of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from gdviz.animation.animation import AnimationSettings
from gdviz.animation.camera_path import MOST_DEGREES, STANDING, CameraKey, CameraPath
from gdviz.animation.formats import FORMATS, NAMED_SIZES, Format, Size, in_words, parse_size
from gdviz.animation.pace import EveryStep, Pace, Steady, Teach, parse_pace
from gdviz.presentation.look import TEXT_SCALES, Theme


class CameraChoice(StrEnum):
    """What the camera does during the clip."""

    STANDING = "standing"
    TURN = "turn"
    KEYS = "keys"


@dataclass(frozen=True)
class ExportChoices:
    """Every choice as it was made; what the format cannot do is left out of ``settings`` and stays chosen here.

    theme: None for that of the window. text_scale: as in `Look`. turn: degrees over the clip.
    """

    format: Format = FORMATS["mp4"]
    size: Size = NAMED_SIZES["720p"]
    frame_rate: int = 30
    steps: tuple[int, int] = (0, 0)
    pace: Pace = field(default_factory=Teach)
    theme: Theme | None = None
    text_scale: float = 1.0
    camera: CameraChoice = CameraChoice.STANDING
    turn: float = 90.0
    transparent: bool = False
    poster: bool = False
    captions: bool = False
    beamer: bool = True

    @property
    def possible_frame_rate(self) -> int:
        """The chosen rate, or where the format cannot keep it the one that it usually has."""
        rates = self.format.frame_rates
        return self.frame_rate if not rates or self.frame_rate in rates else self.format.usual_frame_rate

    @property
    def writes_beamer(self) -> bool:
        """Whether LaTeX lines go with it: only pictures in a folder need them."""
        return self.beamer and not self.format.ending

    def settings(self, theme: Theme, keys: tuple[CameraKey, ...]) -> AnimationSettings:
        """What the animation is made with; ``theme`` is the window's, ``keys`` the kept camera positions."""
        return AnimationSettings(
            self.format,
            self.size,
            self.possible_frame_rate,
            self.steps,
            self.pace,
            self.theme or theme,
            self.text_scale,
            self.transparent and self.format.transparent,
            self._camera_path(keys),
        )

    def _camera_path(self, keys: tuple[CameraKey, ...]) -> CameraPath:
        if self.camera is CameraChoice.TURN:
            return CameraPath(turn=self.turn)
        return CameraPath(keys) if self.camera is CameraChoice.KEYS else STANDING


def _pace_text(pace: Pace) -> str:
    if isinstance(pace, Steady):
        return repr(pace.steps_per_second)
    return "every-step" if isinstance(pace, EveryStep) else "teach"


def _scale(text: str) -> float:
    low, high = TEXT_SCALES
    scale = float(text)
    if not low <= scale <= high:
        raise ValueError(f"{text} is beyond what fits")
    return scale


def _turn(text: str) -> float:
    turn = float(text)
    if not -MOST_DEGREES <= turn <= MOST_DEGREES:
        raise ValueError(f"{text} is no turn")
    return turn


_WRITERS: dict[str, Callable[[Any], str]] = {
    "format": lambda format: format.name,
    "size": in_words,
    "frame_rate": str,
    "pace": _pace_text,
    "theme": lambda theme: theme.value if theme is not None else "window",
    "text_scale": repr,
    "turn": repr,
    "transparent": str,
    "poster": str,
    "captions": str,
    "beamer": str,
}
_READERS: dict[str, Callable[[str], Any]] = {
    "format": lambda text: FORMATS[text],
    "size": parse_size,
    "frame_rate": int,
    "pace": parse_pace,
    "theme": lambda text: None if text == "window" else Theme(text),
    "text_scale": _scale,
    "turn": _turn,
    "transparent": lambda text: text == "True",
    "poster": lambda text: text == "True",
    "captions": lambda text: text == "True",
    "beamer": lambda text: text == "True",
}


def remembered(choices: ExportChoices) -> dict[str, str]:
    """What is kept until the next time, as texts: everything but the range of steps and the camera."""
    return {name: write(getattr(choices, name)) for name, write in _WRITERS.items()}


def recalled(texts: Mapping[str, str], otherwise: ExportChoices) -> ExportChoices:
    """The choices of `remembered`; what is missing or damaged is as in ``otherwise``."""
    choices = otherwise
    for name, read in _READERS.items():
        try:
            choices = replace(choices, **{name: read(texts[name])})
        except (KeyError, ValueError):
            continue
    return choices
