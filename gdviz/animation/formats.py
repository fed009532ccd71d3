"""The formats of animations and pictures: what each can hold, its encoder, how large files get; and sizes in pixels."""

import math
from pathlib import Path

from gdviz.core.errors import InputError
from gdviz.core.frozen import frozen
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
    """``1280x720`` or ``720p`` as (1280, 720); InputError for anything that is not the size of a picture."""
    for name, size in NAMED_SIZES.items():
        if text.lower() == name.lower():
            return size
    width, _, height = text.lower().partition("x")
    if not (width.isascii() and width.isdigit() and height.isascii() and height.isdigit()):
        names = ", ".join(NAMED_SIZES)
        raise InputError(f"size: {text!r} is not a size; use width x height in pixels, such as 1280x720, or {names}")
    size = (int(width), int(height))
    if not (MIN_SIZE[0] <= size[0] <= MAX_SIZE[0] and MIN_SIZE[1] <= size[1] <= MAX_SIZE[1]):
        least, most = (format_size(pair) for pair in (MIN_SIZE, MAX_SIZE))
        raise InputError(f"size: {text} is not possible; use {least} to {most} pixels")
    return size


def format_size(size: Size) -> str:
    """``1280x720``."""
    return f"{size[0]}x{size[1]}"


FRAME_RATES = (1, 120)
"""The lowest and the highest frame rate."""


@frozen
class FrameBytes:
    """How many bytes a frame of a megapixel takes.

    whole: a complete frame, as the first one is and one every ``whole_seconds``. The other frames store what has
    changed; turned: the camera. growing: a step while the view grows, when everything changes. stepped: any other step.
    held: nothing.
    """

    whole: float
    turned: float
    growing: float
    stepped: float
    held: float
    whole_seconds: float = math.inf


@frozen
class Format:
    """A kind of animation, in one file or in a folder.

    ending: of the file's name, with the dot; empty for a folder of pictures.
    label, tip: its name in a list, and what can play it.
    encoder: "module:class", a `gdviz.export.encoders.encoder.Encoder`, which is imported when the first frame is drawn.
    frame_bytes: what the size of the file is estimated from.
    transparent: whether its background can be transparent.
    halved_colour: whether colour is stored at half the resolution, for which width and height must be even.
    frame_rates: the only frame rates that it can keep exactly; empty if any whole number will do.
    """

    name: str
    ending: str
    label: str
    tip: str
    encoder: str
    frame_bytes: FrameBytes
    transparent: bool = True
    halved_colour: bool = False
    frame_rates: tuple[int, ...] = ()

    @property
    def default_frame_rate(self) -> int:
        """30 frames a second if possible, else the nearest rate below, or its lowest."""
        rates = self.frame_rates or (30,)
        return max((rate for rate in rates if rate <= 30), default=min(rates))

    def check(self, size: Size, frame_rate: int, transparent: bool) -> None:
        """Raise InputError, in one line that says what to take instead, for what this format cannot hold."""
        least, most = FRAME_RATES
        if not least <= frame_rate <= most:
            raise InputError(f"frames a second: {frame_rate} is not possible; use {least} to {most}")
        if self.frame_rates and frame_rate not in self.frame_rates:
            # The delays of a GIF are whole hundredths of a second.
            rates = ", ".join(str(rate) for rate in self.frame_rates)
            raise InputError(f"frames a second: {self.name} cannot keep {frame_rate} exactly; use one of {rates}")
        if self.halved_colour and (size[0] % 2 or size[1] % 2):
            even = format_size((size[0] + size[0] % 2, size[1] + size[1] % 2))
            raise InputError(f"size: {self.name} needs an even width and height; use {even}")
        if transparent and not self.transparent:
            others = ", ".join(format.name for format in FORMATS.values() if format.transparent)
            raise InputError(f"transparent: {self.name} has no transparency; use one of {others}")


ENCODERS = "gdviz.export.encoders"
FORMATS = {
    format.name: format
    for format in (
        Format(
            "mp4",
            ".mp4",
            "MP4 video (H.264)",
            "PowerPoint, Keynote, Google Slides, Moodle",
            f"{ENCODERS}.video:Mp4File",
            FrameBytes(97_000, 4_100, 11_500, 1_900, 1_200, 2.0),
            transparent=False,
            halved_colour=True,
        ),
        Format(
            "webm",
            ".webm",
            "WebM video (VP9)",
            "reveal.js and other web pages; small files",
            f"{ENCODERS}.video:WebmFile",
            FrameBytes(132_000, 6_900, 12_700, 2_500, 450, 2.0),
            halved_colour=True,
        ),
        Format(
            "gif",
            ".gif",
            "Animated GIF",
            "everywhere, also in e-mail; large files",
            f"{ENCODERS}.gif:GifFile",
            FrameBytes(122_000, 47_000, 33_000, 5_500, 26),
            transparent=False,
            frame_rates=(20, 25, 50),
        ),
        Format(
            "webp",
            ".webp",
            "Animated WebP",
            "web pages and Jupyter; every pixel exact",
            f"{ENCODERS}.webp:WebpFile",
            FrameBytes(160_000, 120_000, 47_000, 8_000, 50),
        ),
        Format(
            "mov",
            ".mov",
            "QuickTime video (ProRes 4444)",
            "Keynote and video editors; may be transparent",
            f"{ENCODERS}.video:MovFile",
            FrameBytes(*[450_000.0] * 5),
        ),
        Format(
            "png",
            "",
            "Folder of PNG pictures",
            "LaTeX beamer with the animate package",
            f"{ENCODERS}.sequence:PngSequence",
            FrameBytes(*[267_000.0] * 5),
        ),
    )
}
"""The bytes were measured on the shipped scenarios at 1280x720 and 1920x1080, on the surface and the contour, with and
without a turn."""


@frozen
class PictureFormat:
    """A kind of file for a single picture.

    encoder: "module:function", which paints a `gdviz.export.picture_files.PictureSource` and returns its `Encoding`.
    """

    ending: str
    label: str
    encoder: str


PICTURES = {
    format.ending: format
    for format in (
        PictureFormat(".png", "Picture", "gdviz.export.picture_files:png"),
        PictureFormat(".svg", "Drawing for web pages and office programs", "gdviz.export.picture_files:svg"),
        PictureFormat(".pdf", "Drawing for LaTeX and print", "gdviz.export.picture_files:pdf"),
    )
}
"""By ending."""


def format_of(path: Path) -> Format:
    """The format named by a target's ending; without one, a folder of pictures. InputError for any other."""
    ending, formats = ending_of(path), {format.ending: format for format in FORMATS.values()}
    for known in (ending, path.suffix):  # a name that begins with a dot may be that of a hidden folder
        if known in formats:
            return formats[known]
    endings, pictures = ", ".join(filter(None, formats)), ", ".join(PICTURES)
    told = f"{ending} is not a known ending; use {endings}, none for a folder, or for a picture {pictures}"
    raise InputError(f"{path}: {told}")
