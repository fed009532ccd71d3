"""The encoder's thread when something fails, is cancelled or is slow: it never hangs, and never stays."""

import subprocess
import sys
import threading
from collections import deque

import numpy as np
import pytest
from PySide6.QtGui import QColor, QPainter

from gdviz.animation.formats import FORMATS
from gdviz.core.errors import InputError
from gdviz.export.encoders.encoder import QUEUE_SIZE, EncoderThread, Output, frame_writer, replacing_target
from tests.export.clips import SIZE, TAGS, decoded, picture, rgba, write

pytestmark = pytest.mark.usefixtures("qapp")


class Recorder:
    """An encoder that notes what it is asked, waits at a gate, and fails where it is told to."""

    def __init__(self, fails_at=None):
        self.asked, self.fails_at = [], fails_at
        self.gate, self.began = threading.Event(), threading.Event()

    def _note(self, what):
        self.asked.append(what)
        if what == self.fails_at:
            raise OSError(28, "No space left on device")

    def add(self, image):
        self.began.set()
        self.gate.wait(10)
        self._note("add")

    def finish(self):
        self._note("finish")

    def close(self):
        self.asked.append("close")


def test_writing_waits_while_too_many_pictures_are_queued():
    encoder = Recorder()
    thread = EncoderThread(lambda: encoder)
    for _ in range(QUEUE_SIZE):
        thread.write(picture(0))
    encoder.began.wait(10)
    thread.write(picture(0))  # one is being encoded, so there is room
    waiting = threading.Thread(target=thread.write, args=(picture(0),))
    waiting.start()
    waiting.join(0.05)
    assert waiting.is_alive()
    encoder.gate.set()
    waiting.join(10)
    thread.finish()
    assert encoder.asked == ["add"] * (QUEUE_SIZE + 2) + ["finish", "close"]


def test_a_writer_that_waits_is_told_that_the_thread_has_failed():
    encoder = Recorder(fails_at="add")
    thread = EncoderThread(lambda: encoder)

    def fail_soon():
        encoder.began.wait(10)
        encoder.gate.set()

    helper = threading.Thread(target=fail_soon)
    helper.start()
    with pytest.raises(OSError, match="No space left"):
        deque(map(thread.write, [picture(0)] * (QUEUE_SIZE + 3)), 0)
    helper.join()
    thread.stop()
    assert encoder.asked == ["add", "close"]


def test_what_fails_at_the_very_end_is_told():
    encoder = Recorder(fails_at="finish")
    encoder.gate.set()
    thread = EncoderThread(lambda: encoder)
    thread.write(picture(0))
    with pytest.raises(OSError, match="No space left"):
        thread.finish()
    assert encoder.asked == ["add", "finish", "close"]


def test_what_fails_at_the_very_beginning_is_told():
    def fail():
        raise PermissionError("not here")

    thread = EncoderThread(fail)
    with pytest.raises(PermissionError, match="not here"):
        thread.finish()
    with pytest.raises(PermissionError, match="not here"):
        thread.write(picture(0))


def test_stopping_lets_go_of_what_is_queued():
    encoder = Recorder()
    thread = EncoderThread(lambda: encoder)
    for _ in range(QUEUE_SIZE):
        thread.write(picture(0))
    encoder.began.wait(10)
    helper = threading.Timer(0.02, encoder.gate.set)
    helper.start()
    thread.stop()
    helper.join()
    assert encoder.asked == ["add", "close"], "what was queued behind the first is not encoded"


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError])
@pytest.mark.parametrize("format", FORMATS.values(), ids=list(FORMATS))
def test_cancelling_in_the_middle_leaves_no_file(tmp_path, format, error):
    images = [picture(place) for place in range(8)]
    target = tmp_path / f"clip{format.ending}"

    def cancelled():
        with replacing_target(target, format) as temporary:
            output = Output(temporary, SIZE, format.default_frame_rate, TAGS, False, lambda: images)
            with frame_writer(format, output) as add_frame:
                for image in images:
                    add_frame(image)
                raise error

    with pytest.raises(error):
        cancelled()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("format", FORMATS.values(), ids=list(FORMATS))
def test_a_place_that_is_gone_is_told_with_its_name(tmp_path, format):
    images = [picture(0)]
    target = tmp_path / f"clip{format.ending}"

    def export():
        with replacing_target(target, format) as temporary:
            gone = temporary / "gone" if not format.ending else temporary.parent / "gone" / temporary.name
            output = Output(gone, SIZE, format.default_frame_rate, TAGS, False, lambda: images)
            with frame_writer(format, output) as add_frame:
                add_frame(images[0])

    with pytest.raises(InputError, match=r"clip(\.\w+)?: cannot be written: No such file or directory"):
        export()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["webp", "png"])
def test_a_picture_may_be_painted_on_once_it_is_written(tmp_path, name):
    image = picture(0)
    wanted = [rgba(picture(0)), rgba(picture(0, background="#0072B2", square="#0072B2"))]

    class Painting(list):
        def __iter__(self):
            yield image
            painter = QPainter(image)
            painter.fillRect(image.rect(), QColor("#0072B2"))
            painter.end()
            yield image

    found = decoded(write(tmp_path, name, Painting([image])))
    assert len(found) == 2
    assert all(map(np.array_equal, found, wanted))


LIMITED = """
import os, resource, sys, threading
from pathlib import Path
import numpy as np
from PySide6.QtGui import QImage
from gdviz.core.errors import InputError
from gdviz.export.encoders.encoder import Output
from gdviz.export.encoders.encoder import Tags
from gdviz.export.encoders.encoder import frame_writer, replacing_target
from gdviz.animation.formats import FORMATS

noise = np.random.default_rng(5).integers(0, 256, (120, 160, 4), np.uint8)
images = [QImage(np.roll(noise, 40 * k).tobytes(), 160, 120, QImage.Format.Format_RGB32).copy() for k in range(8)]
files = len(os.listdir("/proc/self/fd")) if sys.platform == "linux" else 0
for format in FORMATS.values():
    target = Path(sys.argv[1]) / f"clip{format.ending}"
    for limit in (0, 30_000):
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
        try:
            with replacing_target(target, format) as temporary:
                output = Output(temporary, (160, 120), format.default_frame_rate, Tags("", ""), False, lambda: images)
                with frame_writer(format, output) as add_frame:
                    for image in images:
                        add_frame(image)
            print(format.name, limit, "was written")
        except InputError as error:
            print(format.name, limit, error)
        assert threading.active_count() == 1
        left = len(os.listdir("/proc/self/fd")) - files if sys.platform == "linux" else 0
        assert left <= 0, f"{left} files left open by {format.name}"
        assert not os.listdir(sys.argv[1]), os.listdir(sys.argv[1])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on the size of files")
def test_a_limit_on_file_sizes_is_one_line_and_nothing_is_left(tmp_path):
    done = subprocess.run([sys.executable, "-c", LIMITED, str(tmp_path)], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    assert len(lines) == 2 * len(FORMATS)
    for line in lines:
        assert "clip" in line, line
        assert "cannot be written: the file would be larger than is allowed here" in line


@pytest.fixture(scope="module")
def tiny_disk(tmp_path_factory):
    """A file system of 8 kB."""
    folder = tmp_path_factory.mktemp("tiny")
    command = ["mount", "-t", "tmpfs", "-o", "size=8k", "tmpfs", str(folder)]
    if not sys.platform.startswith("linux") or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("only the administrator of a Linux system may mount a small disk")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.parametrize("name", ["mp4", "png"])
def test_a_full_disk_is_one_line_and_nothing_is_left(tiny_disk, name):
    target = tiny_disk / f"clip{FORMATS[name].ending}"
    images = [picture(place, (640, 360), square=f"#{place * 70 % 256:02x}80ff") for place in range(40)]
    with pytest.raises(InputError) as caught:
        write(tiny_disk, name, images)
    assert str(caught.value) == f"{target}: cannot be written: the disk is full; make room or use another folder"
    assert list(tiny_disk.iterdir()) == []


MEMORY = """
import gc, resource, sys
from pathlib import Path
import numpy as np
from PySide6.QtGui import QImage
from gdviz.export.encoders.encoder import Output
from gdviz.export.encoders.encoder import Tags
from gdviz.export.encoders.encoder import frame_writer
from gdviz.animation.formats import FORMATS

noise = np.random.default_rng(5).integers(0, 256, (48, 64, 4), np.uint8)

def image(k):
    return QImage(np.roll(noise, 4 * k).tobytes(), 64, 48, QImage.Format.Format_RGB32).copy()

def write(format, count):
    path = Path(sys.argv[1]) / f"clip{count}{format.ending}"
    if not format.ending:
        path.mkdir()
    samples = lambda: map(image, range(8))
    output = Output(path, (64, 48), format.default_frame_rate, Tags("", ""), False, samples)
    with frame_writer(format, output) as add_frame:
        for k in range(count):
            add_frame(image(k))
    gc.collect()  # an encoder goes with a cycle of references

for format in FORMATS.values():
    write(format, 100)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
for format in FORMATS.values():
    write(format, 1000)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="memory is counted in other units elsewhere")
def test_memory_does_not_grow_with_the_clip(tmp_path):
    command = [sys.executable, "-c", MEMORY, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stderr
    before, *behind = map(int, done.stdout.split())
    assert len(behind) == len(FORMATS)
    # What is kept of each of the thousand frames, were it only the compressed one, would be more than a third of it.
    kilobytes = 1000 * 64 * 48 * 4 / 1024
    assert behind[-1] - before < kilobytes / 3, dict(zip(FORMATS, behind, strict=True))
