"""Every format decoded again, by PyAV and independently by Pillow, and compared with the pictures it was made of."""

import subprocess
import sys
from fractions import Fraction
from functools import cache

import av
import numpy as np
import pytest
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc
from PySide6.QtGui import QColor

from gdviz.animation.formats import FORMATS
from gdviz.core.descent.recording import record
from gdviz.core.errors import InputError
from gdviz.core.scenarios.library import load_scenario
from gdviz.export.still import StillStage
from gdviz.scene.scene import Scene
from tests.export.clips import (
    SIZE,
    TRANSPARENT,
    content,
    decoded,
    limited_bt709,
    picture,
    pillow_frames,
    rgba,
    seconds,
    video_frames,
    write,
)

pytestmark = pytest.mark.usefixtures("qapp")

VIDEOS = ["mp4", "webm", "mov"]
KINDS = [
    (name, transparent) for name in FORMATS for transparent in (False, True) if FORMATS[name].transparent >= transparent
]
COLOURS = ["#FFFFFF", "#000000", "#FF0000", "#00FF00", "#0000FF", "#D55E00", "#0072B2", "#009E73"]


@pytest.fixture(scope="module")
def stage_pictures(qapp):
    """The lecture's run on the stage: the start, in the well, out of it, and the end."""
    scenario = load_scenario("point-nine")
    scene = Scene(scenario.title, (record(scenario.experiment),))
    stage = StillStage(True)
    pictures = [stage.picture(scene.frame(step), 640, 360, 0) for step in (0, 2, 5, 160)]
    stage.close()
    return pictures


@pytest.fixture(scope="module")
def stage_clip(stage_pictures, tmp_path_factory):
    """The path of the clip of these pictures in a format, written once."""

    @cache
    def clip(name, transparent=False):
        return write(tmp_path_factory.mktemp("stage"), name, stage_pictures, None, transparent)

    return clip


# ------------------------------------------------------------------------------------------ what the file says


@pytest.mark.parametrize(
    ("name", "transparent", "codec", "pixels"),
    [
        ("mp4", False, "h264", "yuv420p"),
        ("webm", False, "vp9", "yuv420p"),
        # The decoder gives two bits more than there are.
        ("mov", False, "prores", "yuv444p12le"),
        ("mov", True, "prores", "yuva444p12le"),
    ],
)
@pytest.mark.parametrize("frame_rate", [7, 30])
def test_a_video_has_the_frames_size_rate_and_colours_announced(tmp_path, name, transparent, codec, pixels, frame_rate):
    images = [picture(place) for place in range(11)]
    with av.open(str(write(tmp_path, name, images, frame_rate, transparent))) as container:
        stream = container.streams.video[0]
        assert stream.average_rate == frame_rate
        assert stream.codec_context.name == codec
        described = stream.codec_context
        frames = list(container.decode(stream))
        assert {frame.format.name for frame in frames} == {pixels}
        assert {(frame.width, frame.height) for frame in frames} == {SIZE}
        assert described.colorspace == Colorspace.ITU709
        assert described.color_primaries == ColorPrimaries.BT709
        assert described.color_trc == ColorTrc.BT709
        assert described.color_range == ColorRange.MPEG
        # WebM counts milliseconds.
        grain = Fraction(1, 1000) if name == "webm" else 0
        for place, frame in enumerate(frames):
            assert abs(frame.pts * frame.time_base - Fraction(place, frame_rate)) <= grain
        lasts = Fraction(container.duration, av.time_base) if name == "webm" else seconds(stream)
        assert abs(lasts - Fraction(11, frame_rate)) <= grain
        assert abs(container.duration - 11 * av.time_base / frame_rate) <= (1000 if name == "webm" else 1)
    assert len(frames) == 11


def test_a_transparent_webm_has_a_plane_of_alpha(tmp_path):
    path = write(tmp_path, "webm", [picture(place, background=TRANSPARENT) for place in range(5)], transparent=True)
    assert [frame.format.name for frame in video_frames(path, "libvpx-vp9")] == ["yuva420p"] * 5


@pytest.mark.parametrize("frame_rate", [20, 25, 50])
def test_a_gif_has_exact_delays_and_plays_for_ever(tmp_path, frame_rate):
    path = write(tmp_path, "gif", [picture(place) for place in range(9)], frame_rate)
    frames = pillow_frames(path)
    assert [lasts for _, lasts in frames] == [1000 // frame_rate] * 9
    assert {pixels.shape[1::-1] for pixels, _ in frames} == {SIZE}
    assert b"NETSCAPE2.0\x03\x01\x00\x00\x00" in path.read_bytes()


@pytest.mark.parametrize("frame_rate", [7, 30, 60])
def test_a_webp_lasts_as_announced_and_plays_for_ever(tmp_path, frame_rate):
    path = write(tmp_path, "webp", [picture(place) for place in range(9)], frame_rate)
    durations = [lasts for _, lasts in pillow_frames(path)]
    assert len(durations) == 9
    assert sum(durations) == round(9000 / frame_rate)
    assert max(durations) - min(durations) <= 1
    data = path.read_bytes()
    assert data[data.index(b"ANIM") + 12 : data.index(b"ANIM") + 14] == b"\0\0"
    assert int.from_bytes(data[4:8], "little") == len(data) - 8


def test_pictures_are_numbered_from_one(tmp_path):
    folder = write(tmp_path, "png", [picture(place) for place in range(3)])
    assert sorted(path.name for path in folder.iterdir()) == ["frame-00001.png", "frame-00002.png", "frame-00003.png"]


@pytest.mark.parametrize(("name", "transparent"), KINDS)
def test_the_same_clip_twice_is_the_same_file(tmp_path, name, transparent, stage_pictures, stage_clip):
    again = write(tmp_path, name, stage_pictures, None, transparent)
    assert content(again) == content(stage_clip(name, transparent))


def test_an_mp4_can_be_played_before_all_of_it_is_there(tmp_path):
    data = write(tmp_path, "mp4", [picture(place) for place in range(9)]).read_bytes()
    assert 0 < data.index(b"moov") < data.index(b"mdat")


@pytest.mark.parametrize("name", VIDEOS)
def test_one_can_jump_to_a_frame_every_two_seconds(tmp_path, name):
    path = write(tmp_path, name, [picture(place) for place in range(50)], frame_rate=10)
    keys = [place for place, frame in enumerate(video_frames(path)) if frame.key_frame]
    assert keys[0] == 0
    assert max(np.diff([*keys, 50])) <= 20


# ------------------------------------------------------------------------------------------ what is seen


@pytest.mark.parametrize("background", ["#FFFFFF", TRANSPARENT])
@pytest.mark.parametrize("name", ["png", "webp"])
def test_lossless_formats_are_exact(tmp_path, name, background):
    images = [picture(place, (97, 65), background) for place in (0, 1, 1, 2, 5)]
    frames = decoded(write(tmp_path, name, images, transparent=background is TRANSPARENT))
    assert len(frames) == 5
    for found, image in zip(frames, images, strict=True):
        wanted = rgba(image)
        assert np.array_equal(found[..., 3], wanted[..., 3])
        assert np.array_equal(found[found[..., 3] > 0], wanted[found[..., 3] > 0])


@pytest.mark.parametrize("name", ["png", "webp"])
def test_the_stage_is_exact_in_lossless_formats(name, stage_pictures, stage_clip):
    frames = decoded(stage_clip(name))
    for found, image in zip(frames, stage_pictures, strict=True):
        assert np.array_equal(found, rgba(image))


# Of 255: the mean over the picture, and the share of values that are off by more than 32: one in a thousand of them
# are thin coloured lines, which lose their colour where it is stored at half the size.
TOLERANCES = {"mp4": (2.5, 0.015), "webm": (2.0, 0.015), "mov": (0.3, 0.0), "gif": (1.0, 0.003)}


@pytest.mark.parametrize("name", TOLERANCES)
def test_the_stage_is_near_enough_in_the_other_formats(name, stage_pictures, stage_clip):
    mean, share = TOLERANCES[name]
    frames = decoded(stage_clip(name))
    for found, image in zip(frames, stage_pictures, strict=True):
        error = np.abs(found.astype(int) - rgba(image))[..., :3]
        assert error.mean() < mean
        assert (error > 32).mean() <= share
        wrong = np.abs(found.astype(int) - np.roll(rgba(image), 3, axis=1))[..., :3]
        assert error.mean() < wrong.mean() / 3, "a picture that is shifted by three pixels is not near"


@pytest.mark.parametrize("name", VIDEOS)
def test_colours_are_those_of_bt709(tmp_path, name):
    bits = 12 if name == "mov" else 8
    for colour in COLOURS:
        frame = video_frames(write(tmp_path, name, [picture(0, background=colour, square=colour)] * 2))[0]
        for plane, wanted in zip(_planes(frame), limited_bt709(colour, bits), strict=True):
            assert np.abs(plane.astype(float) - wanted).max() <= 1.6 * (1 << (bits - 8)), colour


def _planes(frame):
    kind = np.dtype("<u2") if "12le" in frame.format.name else np.uint8
    return [
        np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size).view(kind)[: plane.height, : plane.width]
        for plane in frame.planes
    ]


@pytest.mark.parametrize("name", ["mov", "webm", "png", "webp"])
def test_colours_are_not_multiplied_by_alpha(tmp_path, name):
    images = [picture(0, background=TRANSPARENT, square=QColor(230, 90, 40, 128))] * 2
    found = decoded(write(tmp_path, name, images, transparent=True))[1].astype(int)
    assert np.abs(found[50:60, 60:90, 3]).max() <= 2, "nothing is there"
    assert np.abs(found[18:34, 12:28] - [230, 90, 40, 128]).max() <= 6


def test_a_gif_has_the_important_colours_exactly(stage_pictures, stage_clip):
    frames = decoded(stage_clip("gif"))
    for found, image in zip(frames, stage_pictures, strict=True):
        wanted = rgba(image)
        colours, counts = np.unique(wanted.view(np.uint32), return_counts=True)
        important = colours[counts > 0.002 * wanted.size / 4]
        assert len(important) > 3
        places = np.isin(wanted.view(np.uint32)[..., 0], important)
        assert np.abs(found[places].astype(int) - wanted[places]).max() <= 2


@pytest.mark.parametrize(("name", "most"), [("gif", 700), ("webp", 150), ("mp4", 1500), ("webm", 200)])
def test_a_frame_that_is_held_takes_hardly_any_room(tmp_path, name, most, stage_pictures):
    short = len(content(write(tmp_path, name, stage_pictures[:1])))
    held = len(content(write(tmp_path, name, stage_pictures[:1] * 11)))
    assert (held - short) / 10 < most


# ------------------------------------------------------------------------------------------ refused


def test_what_a_format_cannot_hold_is_refused_at_once(tmp_path):
    with pytest.raises(InputError, match="gif cannot keep 30 exactly"):
        write(tmp_path, "gif", [picture(0)], frame_rate=30)
    with pytest.raises(InputError, match="needs an even width"):
        write(tmp_path, "mp4", [picture(0, (97, 65))])
    assert list(tmp_path.iterdir()) == []


def test_a_picture_of_another_size_is_a_mistake(tmp_path):
    with pytest.raises(ValueError, match="a frame of 97x65 in a clip of"):
        write(tmp_path, "webp", [picture(0), picture(1, (97, 65))])
    assert list(tmp_path.iterdir()) == []


def test_ffmpeg_is_loaded_only_when_needed():
    code = "import sys, gdviz.export.encoders.encoder; sys.exit('av' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
