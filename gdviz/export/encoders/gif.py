"""Animated GIF files: one palette for all frames, and the changed rectangle of each frame."""

from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import partial
from os import SEEK_END
from typing import Self

import av
import numpy as np
from av.filter import Graph
from av.filter.context import FilterContext
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from gdviz.animation.formats import Size
from gdviz.export.encoders.container import ContainerFile
from gdviz.export.encoders.encoder import Output, Tags
from gdviz.export.encoders.pixels import PIXEL_FORMAT, frame_of

TRAILER = b";"
PALETTE_SIZE = (16, 16)
FREQUENT = 1e-3  # of the pixels of a frame: a run's line has twice as many
SAMPLED_ROWS, SAMPLED_COLUMNS = 8, 2  # so that counting takes a millisecond
TIME_BASE = Fraction(1, 100)
"""Required by the filters, though none of them uses it."""


def find_palette(images: Iterable[QImage], size: Size) -> av.VideoFrame:
    """The best palette for the images, of which there must be one, as a 16x16 frame; all are of this size.

    It has the frequent colours themselves: the filter would mix a thin line's with those around it.
    """
    graph = Graph()
    source = _buffer_source(graph, size)
    sink = graph.add("buffersink")
    graph.link_nodes(source, graph.add("palettegen"), sink).configure()
    frequent: set[int] = set()
    for index, image in enumerate(images):
        frame = frame_of(image, transparent=False)
        frequent |= _frequent_colours(frame)
        source.push(_with_timestamp(frame, index))
    source.push(None)
    palette = sink.pull()
    assert isinstance(palette, av.VideoFrame)
    return _with_colours(palette, np.array(sorted(frequent), np.uint32))


def _frequent_colours(frame: av.VideoFrame) -> set[int]:
    """The colours, as in memory, of at least FREQUENT of a sample of the pixels."""
    sample = np.ascontiguousarray(frame.to_ndarray(format=PIXEL_FORMAT)[::SAMPLED_ROWS, ::SAMPLED_COLUMNS])
    colours, counts = np.unique(sample.view(np.uint32), return_counts=True)
    return set(colours[counts >= FREQUENT * sample.size / 4].tolist())


def _with_colours(palette: av.VideoFrame, wanted: NDArray[np.uint32]) -> av.VideoFrame:
    """The palette with each of these colours in the place of the nearest that is not wanted itself."""
    entries = palette.to_ndarray(format=PIXEL_FORMAT).reshape(-1, 4)
    numbers = entries.view(np.uint32).ravel()
    for colour in wanted[~np.isin(wanted, numbers)]:
        away = np.abs(entries.astype(np.int64) - np.array([colour], np.uint32).view(np.uint8)).sum(axis=1)
        away[np.isin(numbers, wanted)] = len(entries) * 255
        numbers[int(away.argmin())] = colour
    return av.VideoFrame.from_ndarray(entries.reshape(*PALETTE_SIZE, 4), format=PIXEL_FORMAT)


class GifFile(ContainerFile):
    """A GIF that loops for ever; its frame rate must divide 100."""

    @classmethod
    def prepare(cls, output: Output) -> Callable[[], Self]:
        """Find the palette from the samples."""
        return partial(cls, output, find_palette(output.samples(), output.size))

    def __init__(self, output: Output, palette: av.VideoFrame) -> None:
        graph = Graph()
        self._source, colours = _buffer_source(graph, output.size), _buffer_source(graph, PALETTE_SIZE)
        # Dithering adds noise to flat colours, and bytes.
        mapper = graph.add("paletteuse", dither="none", diff_mode="rectangle")
        self._sink = graph.add("buffersink")
        self._source.link_to(mapper, 0, 0)
        colours.link_to(mapper, 0, 1)
        mapper.link_to(self._sink)
        graph.configure()
        colours.push(_with_timestamp(palette, 0))
        colours.push(None)
        self._graph = graph  # its filters do not keep it alive
        super().__init__(output, "gif", {"loop": "0"}, "gif", {})
        self._stream.pix_fmt = "pal8"

    def _frame_of(self, image: QImage) -> av.VideoFrame:
        """The frame as indices into the palette."""
        self._source.push(_with_timestamp(frame_of(image, transparent=False), self._written))
        frame = self._sink.pull()
        assert isinstance(frame, av.VideoFrame)
        return frame

    def finish(self) -> None:
        """Write the last frame's delay, and the comment, which FFmpeg does not support."""
        super().finish()
        self._file.seek(-len(TRAILER), SEEK_END)
        self._file.write(gif_comment(self._output.tags) + TRAILER)


def gif_comment(tags: Tags) -> bytes:
    """A comment extension (GIF89a specification, 24), to precede the trailer."""
    text = f"{tags.title}: {tags.description}".encode()
    blocks = (text[start : start + 255] for start in range(0, len(text), 255))
    return b"\x21\xfe" + b"".join(bytes([len(block)]) + block for block in blocks) + b"\x00"


def _buffer_source(graph: Graph, size: Size) -> FilterContext:
    return graph.add_buffer(width=size[0], height=size[1], format=av.VideoFormat(PIXEL_FORMAT), time_base=TIME_BASE)


def _with_timestamp(frame: av.VideoFrame, index: int) -> av.VideoFrame:
    frame.pts, frame.time_base = index, TIME_BASE
    return frame
