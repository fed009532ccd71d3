"""An export in its process: what it writes, and that it leaves nothing where it ends before."""

import io
import logging
import os
import re
import signal
import subprocess
import sys
from dataclasses import replace

import av
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QProcess
from PySide6.QtGui import QImage

from gdviz.animation.animation import AnimationSettings, make_animation
from gdviz.animation.formats import FORMATS
from gdviz.animation.pace import EveryStep
from gdviz.core.data.creation import from_points, generate
from gdviz.core.data.settings import DataSettings
from gdviz.core.descent.recording import record
from gdviz.core.problems.regression import LinearRegression
from gdviz.core.scenarios.library import load_scenario
from gdviz.core.scenarios.races import Race
from gdviz.export.job import AnimationJob
from gdviz.export.messages import Cancelled, Done, Failed, Progress, decode, encode, pack, unpack
from gdviz.export.process import ExportProcess, TimeLeft
from gdviz.presentation.look import Look, TapeLook
from gdviz.scene.scene import Scene
from tests.recordings import EXPERIMENTS, equal, extend, partial, recorded

SIZE = (480, 300)
CONTOUR_INSTEAD = "drawn with the contour instead of the surface: disabled by GDVIZ_NO_OPENGL"


def make_job(target, last=3, pane="contour", recording=None, **fields):
    """A small job: the first steps of a run, each of them one frame."""
    settings = AnimationSettings(FORMATS["mp4"], SIZE, 20, (0, last), EveryStep())
    scene = Scene("Point nine", (recording or recorded("point-nine"),), Look(pane=pane))
    return AnimationJob(make_animation(scene, settings), FORMATS["mp4"], SIZE, target, **fields)


class ObservedExport:
    """An export process and everything that it has reported."""

    def __init__(self, **settings):
        self.process = ExportProcess(**settings)
        self.frames, self.ends = [], []
        self.process.progress.connect(lambda done, frames, left: self.frames.append((done, frames, left)))
        self.process.finished.connect(lambda job, notes: self.ends.append(("finished", job, notes)))
        self.process.failed.connect(lambda line: self.ends.append(("failed", line)))
        self.process.cancelled.connect(lambda: self.ends.append(("cancelled",)))

    @property
    def pid(self):
        return self.process.findChild(QProcess).processId()


@pytest.fixture
def export(qapp):
    observed = ObservedExport()
    yield observed
    observed.process.close()


def wait_until_it_draws(qtbot, export):
    qtbot.waitUntil(lambda: bool(export.ends or (export.frames and export.frames[-1][0])), timeout=60_000)
    assert not export.ends


def wait_for_end(qtbot, export):
    qtbot.waitUntil(lambda: bool(export.ends), timeout=60_000)
    assert len(export.ends) == 1
    assert not export.process.is_running
    return export.ends[0]


def test_a_clip_is_written_and_reported_without_opengl_too(qtbot, export, tmp_path, monkeypatch):
    monkeypatch.setenv("GDVIZ_NO_OPENGL", "1")
    target = tmp_path / "clip.mp4"
    job = make_job(target, pane="surface", poster=tmp_path / "clip.png", captions=tmp_path / "clip.vtt")
    export.process.start(job)
    with pytest.raises(RuntimeError, match="already"):
        export.process.start(job)
    assert wait_for_end(qtbot, export) == ("finished", job, (CONTOUR_INSTEAD,))
    assert sorted(os.listdir(tmp_path)) == ["clip.mp4", "clip.png", "clip.vtt"]
    with av.open(str(target)) as clip:
        pictures = list(clip.decode(video=0))
    assert len(pictures) == 4
    assert {(picture.width, picture.height) for picture in pictures} == {SIZE}
    told = [done for done, _, _ in export.frames]
    assert told == sorted(told)
    assert told[-1] == 4  # the first, 0, is left out where more has come by the time it is read


def test_a_race_and_a_lit_tape_are_written_as_on_the_stage(qtbot, export, still, tmp_path):
    runs = tuple(record(experiment) for experiment in Race("learning-rate").runs(EXPERIMENTS["point-nine"]))
    settings = AnimationSettings(FORMATS["png"], SIZE, 20, (3, 4), EveryStep())
    for name, look in (("race", Look(multiples=True)), ("tape", Look(tape=TapeLook(lit=15, checked=True)))):
        scene = Scene("Race", runs, look)
        job = AnimationJob(make_animation(scene, settings), FORMATS["png"], SIZE, tmp_path / name)
        export.process.start(job)
        assert wait_for_end(qtbot, export) == ("finished", job, ())
        export.ends.clear()
        first, last = sorted((tmp_path / name).glob("*.png"))
        for step, path in ((3, first), (4, last)):
            picture = QImage(str(path)).convertToFormat(QImage.Format.Format_RGB32)
            assert picture == still.picture(scene.frame(step), *SIZE), (name, step)


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="this system has no SIGSTOP")
def test_an_export_that_does_not_react_is_killed(qtbot, tmp_path):
    export = ObservedExport(grace=200)
    export.process.start(make_job(tmp_path / "clip.mp4", last=200))
    wait_until_it_draws(qtbot, export)
    os.kill(export.pid, signal.SIGSTOP)
    export.process.close()
    assert export.ends == [("cancelled",)]
    assert os.listdir(tmp_path) == []


def test_a_terminated_export_cleans_up(qtbot, export, tmp_path):
    export.process.start(make_job(tmp_path / "clip.mp4", last=200))
    wait_until_it_draws(qtbot, export)
    os.kill(export.pid, signal.SIGTERM)
    assert wait_for_end(qtbot, export) == ("failed", "the export was terminated; nothing was written")
    assert os.listdir(tmp_path) == []


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="needs a folder into which nobody can write")
def test_a_folder_that_cannot_be_written_to_is_one_line(qtbot, export, tmp_path):
    target = tmp_path / "sealed" / "clip.mp4"
    (tmp_path / "sealed").symlink_to("/proc/self")
    export.process.start(make_job(target))
    kind, line = wait_for_end(qtbot, export)
    assert kind == "failed"
    assert line.startswith(f"{target}: cannot be written: ")
    assert "\n" not in line


def test_a_process_that_cannot_be_started_is_a_failure(qtbot, tmp_path):
    export = ObservedExport(command=[str(tmp_path / "no python")])
    export.process.start(make_job(tmp_path / "clip.mp4"))
    kind, line = wait_for_end(qtbot, export)
    assert kind == "failed"
    assert line.startswith("the export could not be started: ")


def test_an_export_ends_with_its_window_and_leaves_nothing(tmp_path):
    job = make_job(tmp_path / "clip.mp4", last=200)
    with subprocess.Popen(
        [sys.executable, "-m", "gdviz.export.worker"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        child.stdin.write(pack(job))
        child.stdin.flush()
        while decode(child.stdout.readline()) == Progress(0):
            pass
        child.stdin.close()
        words = [decode(line) for line in child.stdout.readlines()]
    assert words[-1] == Cancelled()
    assert child.returncode == 0
    assert os.listdir(tmp_path) == []


def test_an_export_without_a_job_ends():
    ended = subprocess.run(
        [sys.executable, "-m", "gdviz.export.worker"], input=b"\x01", capture_output=True, check=True
    )
    assert (ended.stdout, ended.stderr) == (b"", b"")


@given(
    st.builds(Progress, st.integers(0, 10**9))
    | st.builds(Done, st.lists(st.text()).map(tuple))
    | st.builds(Failed, st.text())
    | st.just(Cancelled())
)
def test_a_message_is_one_line_and_comes_back(message):
    line = encode(message)
    assert line.count(b"\n") == 1
    assert line.endswith(b"\n")
    assert decode(line) == message


def test_a_job_comes_back_and_nothing_behind_it_is_read(tmp_path):
    recording = partial(recorded("point-nine"), 50)
    job = make_job(tmp_path / "clip.mp4", recording=recording)
    content = pack(job)
    stream = io.BytesIO(content + b"more")
    back = unpack(stream)
    assert stream.read() == b"more"
    assert (back.target, back.format, back.size) == (job.target, job.format, job.size)
    assert equal(back.animation.frame(2), job.animation.frame(2))
    # It is a copy: nothing that happens in the window afterwards is in it.
    extend(recording, recorded("point-nine"), 60)
    assert (len(job.scene.recordings[0]), len(unpack(io.BytesIO(content)).scene.recordings[0])) == (60, 50)
    for length in (0, 3, 8, len(content) - 1):
        assert unpack(io.BytesIO(content[:length])) is None


@given(st.integers(1, 250), st.integers(3, 40), st.integers(0, 10**6))
def test_at_an_even_pace_the_time_left_is_right(rate, seconds, frames):
    remaining = TimeLeft()
    for quarter in range(4 * seconds):
        remaining.add(1000.0 + quarter / 4, quarter * rate)
    done = (4 * seconds - 1) * rate
    assert remaining.seconds(done + frames) == pytest.approx(frames / (4 * rate))


def test_only_the_last_seconds_tell_the_pace():
    remaining = TimeLeft()
    assert remaining.seconds(100) is None
    remaining.add(0.0, 1)
    assert remaining.seconds(100) is None
    for second in range(1, 21):
        remaining.add(float(second), 1)
    assert remaining.seconds(100) is None
    for second in range(21, 31):
        remaining.add(float(second), 1 + 4 * (second - 20))
    assert remaining.seconds(101) == pytest.approx(15.0)


def big_data(rows, standardised=False):
    """A short run on so many generated rows."""
    experiment = load_scenario("big-data").experiment
    data = generate(DataSettings(rows=rows, standardised=standardised))
    return replace(experiment, problem=LinearRegression(data), steps=3)


@pytest.mark.parametrize("standardised", [False, True])
def test_of_many_generated_rows_only_the_settings_are_sent(tmp_path, standardised):
    experiment = big_data(200_000, standardised)
    runs = [record(replace(experiment, start=start)) for start in ((0.0, -1.0), (1.0, 1.0))]
    job = make_job(tmp_path / "clip.mp4").with_scene(Scene("Big data", tuple(runs), Look()))
    sent = pack(job)
    assert len(sent) < 100_000
    received = unpack(io.BytesIO(sent)).scene.recordings
    assert received[0].experiment.problem.data is received[1].experiment.problem.data
    for run, again in zip(runs, received, strict=True):
        assert again.experiment == run.experiment
        assert equal(again.losses, run.losses)


def test_rows_that_cannot_be_generated_again_are_sent(tmp_path):
    whole = big_data(30_000)
    data = whole.problem.data
    part = replace(data, x=data.x[:15_000], y=data.y[:15_000])
    file = from_points(part.y, part.x, whole.problem.data.settings, "points.csv")
    for data in (part, file):
        run = record(replace(whole, problem=LinearRegression(data)))
        job = make_job(tmp_path / "clip.mp4").with_scene(Scene("Points", (run,), Look()))
        again = unpack(io.BytesIO(pack(job))).scene.recordings[0].experiment
        assert again.problem.data == data


def test_what_the_process_logs_reaches_the_log_of_the_window(qtbot, export, tmp_path, caplog):
    target = tmp_path / "clip.mp4"
    job = make_job(target)
    with caplog.at_level(logging.INFO, logger="gdviz"):
        export.process.start(job)
        assert wait_for_end(qtbot, export)[0] == "finished"
    told = [(name, text) for name, level, text in caplog.record_tuples if level == logging.INFO]
    of_process = [(name, text.partition(": ")[2]) for name, text in told if re.match(r"process \d+: ", text)]
    assert ("gdviz.export.log", f"export started: {target}, frames: 4, size: 480x300") in of_process
    assert ("gdviz.core.atomic", f"file written: {target}, bytes: {target.stat().st_size}") in of_process
    name, text = of_process[-1]
    assert name == "gdviz.export.log"
    assert re.fullmatch(rf"export finished: {target}, frames: 4, \d+\.\d+ s", text)
    assert told[-1] == ("gdviz.export.process", f"export process exited with code 0: {target}")
    assert re.fullmatch(rf"export in process \d+: {target}", told[0][1])
