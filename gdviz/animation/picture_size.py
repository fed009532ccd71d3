"""Sizes of pictures as people type and choose them."""

from gdviz.core.errors import InputError

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
