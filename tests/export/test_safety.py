"""What can go wrong while an export is written: nothing half is left, nothing old is lost, and one line says why."""

import os
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager

import pytest

from gdviz.animation.animation import Animation
from gdviz.animation.formats import FORMATS
from gdviz.core.descent.recording import record
from gdviz.core.scenarios.library import load_scenario
from gdviz.export.animate import write_animation
from gdviz.export.job import AnimationJob
from gdviz.scene.scene import Scene
from tests.export.typed import OLD, QUICK, SHORT, complaint, listing, render

resource = pytest.importorskip("resource", reason="this system has no limits on the size of files")
pytestmark = pytest.mark.usefixtures("qapp")

TARGETS = [f"clip{format.ending}" for format in FORMATS.values()]


# ------------------------------------------------------------------------------------------------------ signals


@contextmanager
def rendering(target, *arguments, **environment):
    """A `gdviz render` of the whole run as a terminal starts it, in its own process group; given when it is under way.

    A variable that is None is not in its environment.
    """
    variables = {key: value for key, value in {**os.environ, **environment}.items() if value is not None}
    command = [sys.executable, "-m", "gdviz", "render", "-o", str(target), *QUICK, *arguments]
    with subprocess.Popen(
        command, env=variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        try:
            assert ": frame " in process.stderr.readline()
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupted_export_leaves_only_the_old_files(tmp_path, number, code):
    target = tmp_path / "clip.mp4"
    for path in (target, target.with_suffix(".png"), target.with_suffix(".vtt")):
        path.write_bytes(OLD)
    before = listing(tmp_path)
    with rendering(target, "--force", "--poster", "--captions") as process:
        assert len(listing(tmp_path)) > len(before), "it is under way"
        process.send_signal(number)
        _, told = process.communicate(timeout=30)
    assert process.returncode == code
    assert "Traceback" not in told
    assert listing(tmp_path) == before
    assert {path.read_bytes() for path in tmp_path.iterdir()} == {OLD}


@pytest.mark.skipif(shutil.which("Xvfb") is None, reason="there is no Xvfb")
def test_ctrl_c_with_a_virtual_screen_leaves_nothing(tmp_path):
    nowhere = dict.fromkeys(("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))
    with rendering(tmp_path / "clip", **nowhere) as process:
        os.killpg(process.pid, signal.SIGINT)
        _, told = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Traceback" not in told
    assert listing(tmp_path) == []


def test_a_killed_export_leaves_no_half_file_under_the_name(tmp_path):
    target = tmp_path / "clip.mp4"
    target.write_bytes(OLD)
    with rendering(target, "--force", "--poster") as process:
        process.kill()
    assert process.returncode == -signal.SIGKILL
    assert target.read_bytes() == OLD
    assert [name for name in listing(tmp_path) if not name.startswith(".")] == ["clip.mp4"]


def animation_of(steps):
    """The first steps of the lecture's run, one frame a step."""
    scenario = load_scenario("point-nine")
    scene = Scene(scenario.title, (record(scenario.experiment),))
    return Animation(scene, tuple(map(float, range(steps))), 25)


class CancelError(Exception):
    """What the window raises between two frames."""


def cancelled_export(folder, format, frame):
    """Export four frames with poster and captions, and cancel when so many are drawn."""

    def cancel(drawn):
        if drawn == frame:
            raise CancelError

    files = (folder / f"clip{format.ending}", folder / "poster.png", folder / "clip.vtt")
    with pytest.raises(CancelError):
        write_animation(AnimationJob(animation_of(4), format, (480, 300), *files, samples=0), cancel)


@pytest.mark.parametrize("format", FORMATS.values(), ids=list(FORMATS))
def test_a_cancelled_export_leaves_nothing(tmp_path, format):
    cancelled_export(tmp_path, format, 3)
    assert listing(tmp_path) == []


def test_a_gif_cancelled_while_sampling_colours_leaves_nothing(tmp_path):
    cancelled_export(tmp_path, FORMATS["gif"], 0)
    assert listing(tmp_path) == []


# ------------------------------------------------------------------------------------------------------ full disk


@contextmanager
def files_of_at_most(size):
    """Let no file of this process become larger, as on a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("name", TARGETS)
def test_a_full_disk_is_one_line_and_nothing_is_left(capsys, tmp_path, name):
    with files_of_at_most(4096):
        code, told = render(capsys, "-o", tmp_path / name, *SHORT)
    assert code == 2
    assert str(tmp_path / name) in complaint(told)
    assert listing(tmp_path) == []


@pytest.mark.parametrize("name", ["clip.mp4", "clip.webm", "clip.gif", "clip.webp", "clip.mov"])
def test_a_disk_that_has_room_for_all_but_the_last_byte_is_full(capsys, tmp_path, name):
    target = tmp_path / name
    assert render(capsys, "-o", target, *SHORT)[0] == 0
    whole = target.read_bytes()
    with files_of_at_most(len(whole) - 1):
        code, told = render(capsys, "-o", target, *SHORT, "--force", "--captions")
    assert code == 2
    assert str(target) in complaint(told)
    assert listing(tmp_path) == [name]
    assert target.read_bytes() == whole


def test_no_room_for_the_poster_is_no_animation_either(capsys, tmp_path):
    with files_of_at_most(4096):
        code, told = render(capsys, "-o", tmp_path / "clip.mp4", *SHORT, "--poster")
    assert code == 2
    assert str(tmp_path / "clip.png") in complaint(told)
    assert listing(tmp_path) == []


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 64 kilobytes, where we may make one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "none", str(folder)], capture_output=True, text=True
    )
    if made.returncode:
        pytest.skip(f"no disk can be made here: {made.stderr.strip()}")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.skipif(shutil.which("mount") is None, reason="there is no program that makes a disk")
@pytest.mark.parametrize("name", ["clip.mp4", "clip"])
def test_a_disk_that_is_really_full_says_so(capsys, small_disk, name):
    code, told = render(capsys, "-o", small_disk / name, "--size", "480x300", "--samples", "0", "--steps", "0:12")
    assert code == 2
    assert f"{small_disk / name}: cannot be written: the disk is full" in complaint(told)
    assert listing(small_disk) == []
