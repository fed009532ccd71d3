"""Sizes of pictures as people type them."""

from gdviz.core.errors import InputError

MIN_SIZE, MAX_SIZE = (480, 300), (7680, 4320)


def parse_size(text: str) -> tuple[int, int]:
    """``1280x720`` as (1280, 720); InputError for anything that is no size of a picture."""
    width, _, height = text.lower().partition("x")
    if not (width.isascii() and width.isdigit() and height.isascii() and height.isdigit()):
        raise InputError(f"size: {text!r} is no size; take width x height in pixels, such as 1280x720")
    size = (int(width), int(height))
    if not (MIN_SIZE[0] <= size[0] <= MAX_SIZE[0] and MIN_SIZE[1] <= size[1] <= MAX_SIZE[1]):
        least, most = (f"{pair[0]}x{pair[1]}" for pair in (MIN_SIZE, MAX_SIZE))
        raise InputError(f"size: {text} is not possible; take {least} to {most} pixels")
    return size
