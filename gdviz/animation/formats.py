"""The formats into which an animation can be written, what each of them can hold, and the sizes of its pictures."""

from dataclasses import dataclass
from pathlib import Path

from gdviz.core.errors import InputError
from gdviz.core.reading import ending_of

Size = tuple[int, int]
"""Width and height in pixels."""

MIN_SIZE, MAX_SIZE = (480, 300), (7680, 4320)
NAMED_SIZES: dict[str, Size] = {
    "720p": (1280, 720),
    "1080p": (1920, 1080),
    "1440p": (2560, 1440),
    "4K": (3840, 2160),
    "square": (1080, 1080),
}


def parse_size(text: str) -> Size:
    """``1280x720`` or ``720p`` as (1280, 720); InputError for anything that is no size of a picture."""
    for name, size in NAMED_SIZES.items():
        if text.lower() == name.lower():
            return size
    width, _, height = text.lower().partition("x")
    if not (width.isascii() and width.isdigit() and height.isascii() and height.isdigit()):
        names = ", ".join(NAMED_SIZES)
        raise InputError(f"size: {text!r} is no size; take width x height in pixels, such as 1280x720, or {names}")
    size = (int(width), int(height))
    if not (MIN_SIZE[0] <= size[0] <= MAX_SIZE[0] and MIN_SIZE[1] <= size[1] <= MAX_SIZE[1]):
        least, most = (in_words(pair) for pair in (MIN_SIZE, MAX_SIZE))
        raise InputError(f"size: {text} is not possible; take {least} to {most} pixels")
    return size


def in_words(size: Size) -> str:
    """``1280x720``."""
    return f"{size[0]}x{size[1]}"


PICTURE_ENDINGS = (".png", ".svg", ".pdf")
"""Of single pictures."""
FRAME_RATES = (1, 120)
"""The least and the most frames a second that are written."""


@dataclass(frozen=True)
class Format:
    """A kind of file.

    ending: of the file's name, with the dot; empty for a folder of pictures.
    label, tip: its name in a list, and where it works.
    transparent: whether its background can be.
    halved_colour: whether colour is stored at half the size, for which width and height have to be even.
    frame_rates: the only frames a second it can keep exactly; empty where any whole number will do.
    """

    name: str
    ending: str
    label: str
    tip: str
    transparent: bool = True
    halved_colour: bool = False
    frame_rates: tuple[int, ...] = ()

    @property
    def usual_frame_rate(self) -> int:
        """30 frames a second where it can, else the nearest below."""
        return 30 if not self.frame_rates else max(rate for rate in self.frame_rates if rate <= 30)

    def check(self, size: Size, frame_rate: int, transparent: bool) -> None:
        """InputError, in one line that says what to take instead, for what this format cannot hold."""
        least, most = FRAME_RATES
        if not least <= frame_rate <= most:
            raise InputError(f"frames a second: {frame_rate} is not possible; take {least} to {most}")
        if self.frame_rates and frame_rate not in self.frame_rates:
            # The delays of a GIF are whole hundredths of a second.
            rates = ", ".join(str(rate) for rate in self.frame_rates)
            raise InputError(f"frames a second: {self.name} cannot keep {frame_rate} exactly; take one of {rates}")
        if self.halved_colour and (size[0] % 2 or size[1] % 2):
            even = in_words((size[0] + size[0] % 2, size[1] + size[1] % 2))
            raise InputError(f"size: {self.name} needs an even width and height; take {even}")
        if transparent and not self.transparent:
            others = ", ".join(format.name for format in FORMATS.values() if format.transparent)
            raise InputError(f"transparent: {self.name} has no transparency; take one of {others}")


FORMATS = {
    format.name: format
    for format in (
        Format("mp4", ".mp4", "MP4 video (H.264)", "PowerPoint, Keynote, Google Slides, Moodle", False, True),
        Format("webm", ".webm", "WebM video (VP9)", "reveal.js and other web pages; small files", True, True),
        Format("gif", ".gif", "Animated GIF", "everywhere, also in e-mail; large files", False, False, (20, 25, 50)),
        Format("webp", ".webp", "Animated WebP", "web pages and Jupyter; every pixel exact"),
        Format("mov", ".mov", "QuickTime video (ProRes 4444)", "Keynote and video editors; may be transparent"),
        Format("png", "", "Folder of PNG pictures", "LaTeX beamer with the animate package"),
    )
}


def format_of(path: Path) -> Format:
    """The format that a target's ending names; a name without an ending is a folder of pictures. InputError else."""
    ending = ending_of(path)
    for known in (ending, path.suffix):  # a name that begins with a dot may be that of a hidden folder
        for format in FORMATS.values():
            if known == format.ending:
                return format
    endings = ", ".join(format.ending for format in FORMATS.values() if format.ending)
    pictures = ", ".join(PICTURE_ENDINGS)
    told = f"{ending} is no ending known here; take {endings}, none for a folder, or for a picture {pictures}"
    raise InputError(f"{path}: {told}")
