"""Video files: MP4 with H.264, WebM with VP9, QuickTime with ProRes 4444.

The settings were measured on the clip of ``point-nine`` at 1280x720. H.264: for the same error, "superfast" takes a
third less time than "veryfast" for a tenth more bytes, if it too plans with a macroblock tree over some frames ahead;
threads for whole frames instead of slices save 2 % of the bytes. VP9: for the same error, the real-time mode for screen
content takes a sixth of the time of the "good" mode and fewer bytes. ProRes: a fixed quantiser takes a fifth of the
time of a fixed bit rate, and unlike it keeps the edges of letters sharp.
"""

from typing import ClassVar

import av
from av.codec.context import ThreadType
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc, Interpolation, VideoReformatter
from PySide6.QtGui import QImage

from gdviz.export.encoders.container import ContainerFile
from gdviz.export.encoders.encoder import Output
from gdviz.export.encoders.pixels import frame_of

KEY_FRAME_SECONDS = 2
"""The longest time between key frames, so that players can seek."""
THREADS = 4
"""Fixed, not the number of processors: the split into threads affects the bytes of the file."""
PRORES_QUALITY = 4 * 118
"""A quantiser of 4 in FFmpeg's units of quality (FF_QP2LAMBDA)."""


class VideoFile(ContainerFile):
    """A video file; subclasses name the container, the codec, its options and the pixel formats as FFmpeg does.

    Colours are limited-range YCbCr by ITU-R BT.709, items 3.2 to 3.5 and 4.6.
    """

    container: ClassVar[str]
    container_options: ClassVar[str] = "movie_timescale={timescale}"
    codec: ClassVar[str]
    options: ClassVar[str]
    pixel_format: ClassVar[str]
    transparent_pixel_format: ClassVar[str] = ""
    thread_type: ClassVar[ThreadType] = ThreadType.SLICE

    def __init__(self, output: Output) -> None:
        # In milliseconds, the default, the duration would be rounded.
        container_options = self.container_options.format(timescale=1000 * output.frame_rate)
        super().__init__(output, self.container, _as_dict(container_options), self.codec, _as_dict(self.options))
        title, description = output.tags.title, output.tags.description
        # Players show the comment; search engines and editors show the description.
        self._container.metadata.update(title=title, description=description, comment=description)
        self._pixel_format = self.transparent_pixel_format if output.transparent else self.pixel_format
        self._stream.pix_fmt = self._pixel_format
        codec = self._stream.codec_context
        codec.gop_size = KEY_FRAME_SECONDS * output.frame_rate
        codec.thread_count, codec.thread_type = THREADS, self.thread_type
        codec.colorspace, codec.color_range = Colorspace.ITU709, ColorRange.MPEG
        codec.color_primaries, codec.color_trc = ColorPrimaries.BT709, ColorTrc.BT709
        self._reformatter = VideoReformatter()  # reused, since setting up its tables takes longer than a frame

    def _frame_of(self, image: QImage) -> av.VideoFrame:
        converted = self._reformatter.reformat(
            frame_of(image, self._output.transparent),
            format=self._pixel_format,
            dst_colorspace=Colorspace.ITU709,
            src_color_range=ColorRange.JPEG,
            dst_color_range=ColorRange.MPEG,
            interpolation=Interpolation.BILINEAR,
            threads=1,
        )
        # Tagged, not converted: the values stay sRGB, as is usual. ProRes reads the tags from the frame.
        converted.color_primaries, converted.color_trc = ColorPrimaries.BT709, ColorTrc.BT709
        return converted


class Mp4File(VideoFile):
    """H.264 in an MP4 file."""

    container = "mp4"
    container_options = "movflags=+faststart:movie_timescale={timescale}"
    codec = "libx264"
    options = "preset=superfast:mbtree=1:rc-lookahead=10:crf=18:profile=high"
    pixel_format = "yuv420p"
    thread_type = ThreadType.FRAME


class WebmFile(VideoFile):
    """VP9 in a WebM file."""

    container = "webm"
    container_options = ""
    codec = "libvpx-vp9"
    options = "crf=24:b=0:deadline=realtime:cpu-used=6:tune-content=screen:row-mt=1"
    pixel_format = "yuv420p"
    transparent_pixel_format = "yuva420p"


class MovFile(VideoFile):
    """ProRes 4444 in a QuickTime file."""

    container = "mov"
    codec = "prores_ks"
    options = f"profile=4444:vendor=ap10:alpha_bits=16:flags=+qscale:global_quality={PRORES_QUALITY}"
    pixel_format = "yuv444p10le"
    transparent_pixel_format = "yuva444p10le"


def _as_dict(options: str) -> dict[str, str]:
    return dict(option.split("=") for option in options.split(":") if option)
