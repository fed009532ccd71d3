"""Video files: MP4 with H.264, WebM with VP9, QuickTime with ProRes 4444.

The settings were chosen by measurement, on the clip of ``point-nine`` at 1280x720. H.264: "veryfast" takes half of the
time of "medium" for a sixth more bytes. VP9: the encoder's real-time mode for screens takes a sixth of the time of its
good mode, and fewer bytes, for the same error. ProRes: a fixed quantiser takes a fifth of the time of a fixed bit rate,
and keeps the edges of the letters, which the bit rate does not.
"""

from dataclasses import dataclass, field

import av
from av.video.reformatter import VideoReformatter
from PySide6.QtGui import QImage

from gdviz.export.encoders.container import ContainerFile
from gdviz.export.encoders.encoder import Output
from gdviz.export.encoders.metadata import container_metadata
from gdviz.export.encoders.pixels import describe_colours, frame_of, in_video_colours, pixels_of

KEY_FRAME_SECONDS = 2
"""The longest time between frames that need no other, so that players can jump about in the clip."""
THREADS = 4
"""Not the number of processors: where the picture is cut between threads is seen in the bytes of the file."""
PRORES_QUANTISER = 4
LAMBDA = 118
"""FFmpeg's scale of quality per unit of a quantiser (FF_QP2LAMBDA)."""


@dataclass(frozen=True)
class VideoKind:
    """FFmpeg's names: of the container, of the codec and its options, of the pixels without and with transparency."""

    container: str
    codec: str
    pixel_format: str
    transparent_pixel_format: str
    options: dict[str, str]
    container_options: dict[str, str] = field(default_factory=dict)


VIDEO_KINDS = {
    "mp4": VideoKind(
        "mp4",
        "libx264",
        "yuv420p",
        "",
        {"preset": "veryfast", "crf": "18", "profile": "high"},
        {"movflags": "+faststart"},
    ),
    "webm": VideoKind(
        "webm",
        "libvpx-vp9",
        "yuv420p",
        "yuva420p",
        {"crf": "24", "b": "0", "deadline": "realtime", "cpu-used": "6", "tune-content": "screen", "row-mt": "1"},
    ),
    "mov": VideoKind(
        "mov",
        "prores_ks",
        "yuv444p10le",
        "yuva444p10le",
        {
            "profile": "4444",
            "vendor": "ap10",
            "alpha_bits": "16",
            "flags": "+qscale",
            "global_quality": str(PRORES_QUANTISER * LAMBDA),
        },
    ),
}


class VideoFile(ContainerFile):
    """A video file that is being written."""

    def __init__(self, output: Output, kind: VideoKind) -> None:
        """OSError where it cannot be opened."""
        self._transparent = output.transparent
        options = dict(kind.container_options)
        if kind.container != "webm":
            options["movie_timescale"] = str(1000 * output.frame_rate)  # milliseconds would round the duration
        super().__init__(output, kind.container, options, kind.codec, dict(kind.options))
        self._container.metadata.update(container_metadata(output.tags))
        self._pixel_format = kind.transparent_pixel_format if output.transparent else kind.pixel_format
        self._stream.pix_fmt = self._pixel_format
        codec = self._stream.codec_context
        codec.gop_size = KEY_FRAME_SECONDS * output.frame_rate
        codec.thread_count = THREADS
        describe_colours(codec)
        self._reformatter = VideoReformatter()  # one for all frames: its tables take longer than a frame

    def _frame_of(self, image: QImage) -> av.VideoFrame:
        return in_video_colours(frame_of(pixels_of(image, self._transparent)), self._pixel_format, self._reformatter)
