"""`gdviz render` as a person meets it: files of each kind, what is printed, and what several at once do."""

import io
import os
import subprocess
import sys

import av
import numpy as np
import pytest
from PIL import Image, ImageSequence
from PySide6.QtGui import QColor, QImage

from gdviz.cli.main import run
from gdviz.core.descent.recording import record
from gdviz.core.scenarios.library import load_scenario, shipped
from gdviz.export.still import StillStage
from gdviz.presentation.look import BoxChoice, Look, TapeLook, Theme
from gdviz.presentation.palette import PALETTES
from gdviz.scene.scene import Scene

pytestmark = pytest.mark.usefixtures("qapp")

SMALL = ("--size", "480x300", "--steps", "0:3", "--pace", "every-step", "--samples", "0")


def decoded(path):
    """The frames of a video or of an animated picture as arrays."""
    if path.suffix == ".webp":  # FFmpeg reads only those that stand still
        with Image.open(path) as image:
            return [np.asarray(frame.convert("RGB")) for frame in ImageSequence.Iterator(image)]
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]


@pytest.mark.parametrize("ending", ["mp4", "webm", "gif", "webp", "mov"])
def test_the_ending_says_the_kind(gdviz, tmp_path, ending):
    target = tmp_path / f"clip.{ending}"
    code, printed, told = gdviz("render", "point-nine", "-o", target, *SMALL)
    assert (code, printed) == (0, "")
    assert told.splitlines()[-1] == f"clip.{ending}: frame 4 of 4"
    frames = decoded(target)
    assert len(frames) == 4
    assert frames[0].shape == (300, 480, 3)
    assert list(tmp_path.iterdir()) == [target]


def test_a_folder_gets_the_frames_of_the_stage_bit_for_bit(gdviz, tmp_path):
    target = tmp_path / "clip"
    code, _, _ = gdviz("render", "point-nine", "-o", target, *SMALL, "--beamer")
    assert code == 0
    pictures = sorted(target.glob("*.png"))
    assert len(pictures) == 4
    scenario = load_scenario("point-nine")
    scene = Scene(scenario.title, (record(scenario.experiment),), Look(), question=scenario.question)
    stage = StillStage(True)
    for step, path in enumerate(pictures):
        shown = stage.picture(scene.frame(step), 480, 300, 0).convertToFormat(QImage.Format.Format_RGB32)
        assert QImage(str(path)).convertToFormat(QImage.Format.Format_RGB32) == shown
    stage.close()
    (lines,) = target.glob("*.tex")
    assert r"\animategraphics" in lines.read_text()


def test_two_exports_are_the_same_bit_for_bit(gdviz, tmp_path):
    first, second = tmp_path / "first.mp4", tmp_path / "second.mp4"
    for target in (first, second):
        gdviz("render", "point-nine", "-o", target, *SMALL)
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize("pace", ["teach", "5", "every-step"])
def test_a_dry_run_announces_what_the_file_will_be(gdviz, tmp_path, pace):
    target = tmp_path / "clip.mp4"
    what = ("best", "-o", target, "--size", "480x300", "--steps", "0:4", "--pace", pace, "--fps", "10")
    code, printed, _ = gdviz("render", *what, "--dry-run")
    assert code == 0
    assert not target.exists()
    gdviz("render", *what)
    with av.open(str(target)) as container:
        stream = container.streams.video[0]
        seconds = float(stream.duration * stream.time_base)
        frames = stream.frames
    assert f"{frames} frames at 10 per second, {seconds:.2f} s, 480x300, about" in printed


def test_on_a_terminal_a_bar_grows(monkeypatch, tmp_path):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    assert run(["render", "-o", str(tmp_path / "clip.mp4"), *SMALL]) == 0
    assert "clip.mp4: 100%" in terminal.getvalue()
    assert "4/4" in terminal.getvalue()


def test_a_dry_run_needs_no_screen(tmp_path):
    variables = {key: value for key, value in os.environ.items() if key not in ("DISPLAY", "WAYLAND_DISPLAY")}
    command = [sys.executable, "-m", "gdviz", "render", "-o", str(tmp_path / "clip.webm"), "--dry-run"]
    done = subprocess.run(command, env={**variables, "PATH": "/nowhere"}, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    assert "frames at 30 per second" in done.stdout


def test_poster_and_captions_go_beside_it(gdviz, tmp_path):
    code, _, _ = gdviz("render", "point-nine", "-o", tmp_path / "clip.webp", *SMALL, "--poster", "--captions")
    assert code == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["clip.png", "clip.vtt", "clip.webp"]
    assert (tmp_path / "clip.vtt").read_text().startswith("WEBVTT")
    poster = QImage(str(tmp_path / "clip.png"))
    assert (poster.width(), poster.height()) == (480, 300)


@pytest.mark.parametrize("theme", list(Theme))
def test_a_picture_shows_one_step_in_its_theme(gdviz, tmp_path, theme):
    target = tmp_path / "picture.png"
    code, _, told = gdviz(
        "render", "point-nine", "-o", target, "--step", 4, "--size", "960x540", "--theme", theme.value
    )
    assert (code, told) == (0, "")
    image = QImage(str(target))
    assert (image.width(), image.height()) == (960, 540)
    assert image.pixelColor(2, 2) == QColor(PALETTES[theme].background)


def test_all_scenarios_at_once(gdviz, tmp_path):
    code, _, _ = gdviz("render", "--all", "-o", tmp_path / "clips", "--format", "mp4", *SMALL, "--steps", "0:1")
    assert code == 0
    assert {path.stem for path in (tmp_path / "clips").glob("*.mp4")} == set(shipped())


@pytest.fixture
def few(monkeypatch):
    """Of the shipped scenarios a few, one of each kind."""
    found = {name: shipped()[name] for name in ("point-nine", "one", "range-test", "race")}
    monkeypatch.setattr("gdviz.cli.render_options.shipped", lambda: found)
    return found


def test_one_that_cannot_be_written_does_not_stop_the_others(gdviz, tmp_path, few):
    folder = tmp_path / "clips"
    (folder / "one").mkdir(parents=True)
    (folder / "one" / "notes.txt").write_text("mine")
    code, _, told = gdviz("render", "--all", "-o", folder, "--format", "png", *SMALL, "--force")
    assert code == 2
    assert [line for line in told.splitlines() if line.startswith("gdviz:")] == [
        line for line in told.splitlines() if "one" in line and "frame" not in line
    ]
    assert (folder / "one" / "notes.txt").read_text() == "mine"
    assert {path.name for path in folder.iterdir()} == set(few)


def test_all_runs_of_a_scenario_are_drawn(jobs_of):
    scenario = load_scenario("race")
    for options, step in ((), 200), (("--step", "3"), 3):
        (job,) = jobs_of("render", "race", "-o", "a.png", *options)
        assert [one.experiment for one in job.scene.recordings] == [scenario.experiment, *scenario.others]
        assert job.step == step
    (job,) = jobs_of("render", "point-nine", "-o", "a.png")
    assert (len(job.scene.recordings), job.step) == (1, 200)


def test_side_by_side_in_the_same_view(jobs_of):
    own, same = (jobs_of("render", "race", "--multiples", *more, "-o", "a.png")[0] for more in ((), ("--same-view",)))
    assert [job.scene.look.same_view for job in (own, same)] == [False, True]


def test_side_by_side(jobs_of):
    (clip,) = jobs_of("render", "point-nine", "--race", "--multiples", "-o", "a.mp4")
    (picture,) = jobs_of("render", "race", "--multiples", "--pane", "contour", "-o", "a.svg")
    for scene in (clip.scene, picture.scene):
        assert (len(scene.recordings), scene.look.multiples) == (4, True)
    rates = [float(recording.learning_rates[0]) for recording in clip.scene.recordings]
    assert rates == pytest.approx([0.01, 0.1, 0.7, 0.9])


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("point-nine",), "--multiples: there is only one run; use a scenario with several, or add --race"),
        (("race", "--pane", "map"), "--multiples: is for surface and contour, not for the pane map; leave it out"),
    ],
)
def test_side_by_side_where_it_cannot_be(gdviz, tmp_path, options, told):
    code, _, said = gdviz("render", *options, "--multiples", "-o", tmp_path / "a.png")
    assert (code, said) == (2, f"gdviz: {told}\n")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("target", ["a.png", "a.mp4"])
def test_the_box_that_is_asked_for(jobs_of, target):
    def box_of(*options):
        (job,) = jobs_of("render", *options, "-o", target)
        look = job.scene.look if target == "a.png" else job.animation.scene.look
        return look.box, look.equal_axes

    assert box_of() == (BoxChoice.START, False)
    assert box_of("--box", "path", "--equal-axes") == (BoxChoice.PATH, True)


def test_the_tape_with_its_check(gdviz, jobs_of):
    (picture,) = jobs_of("render", "--tape", "-o", "a.png")
    (clip,) = jobs_of("render", "--tape", "--check", "-o", "a.mp4")
    assert (picture.scene.look.tape, clip.scene.look.tape) == (TapeLook(), TapeLook(checked=True))
    told = "gdviz: --check: is part of the tape; add --tape, or leave it out\n"
    assert gdviz("render", "--check", "-o", "a.png") == (2, "", told)


def test_of_all_scenarios_those_that_do_not_fit_are_left_out(gdviz, tmp_path, few):
    code, _, told = gdviz("render", "--all", "--race", "-o", tmp_path, "--format", "mp4", "--dry-run")
    assert code == 0
    assert "range-test is skipped: --race: a range test cannot race" in told
    code, printed, told = gdviz("render", "--all", "--multiples", "-o", tmp_path, "--format", "mp4", "--dry-run")
    assert code == 0
    assert "point-nine is skipped: --multiples: there is only one run" in told
    assert "race.mp4" in printed
    assert "point-nine.mp4" not in printed
    code, _, told = gdviz("render", "--all", "--pane", "nowhere", "-o", tmp_path, "--format", "mp4", "--dry-run")
    assert code == 2
    assert told.count("\n") == 1


def test_what_is_printed_of_a_name_is_printable(gdviz, tmp_path):
    target = tmp_path / "a\x1b]0;gone\x07\u202e.png"
    assert gdviz("render", "-o", target, "--dry-run")[1].rstrip("\n").isprintable()
    clip = target.with_suffix(".gif")
    code, _, told = gdviz("render", "point-nine", "-o", clip, *SMALL)
    assert code == 0
    assert all(line.isprintable() for line in told.splitlines())
    assert r"a\x1b]0;gone\x07\u202e.gif: frame 4 of 4" in told


def test_a_title_is_one_printable_line_in_every_file(gdviz, tmp_path):
    scenario = tmp_path / "a.toml"
    scenario.write_text('title = "a\\n\\n--> \\u0000\\u202e b \\\\input{x}%"\n[schedule]\nlearning_rate = 0.1\n')
    folder = tmp_path / "clip"
    code, _, _ = gdviz("render", scenario, "-o", folder, *SMALL, "--beamer", "--captions", tmp_path / "a.vtt")
    assert code == 0
    title = r"a --> \x00\u202e b \input{x}%"
    assert (folder / "animation.tex").read_text(encoding="utf-8").splitlines()[0] == f"% {title}"
    note = (tmp_path / "a.vtt").read_text(encoding="utf-8").splitlines()[2]
    assert note == "NOTE " + title.replace(">", "&gt;")
    with Image.open(folder / "frame-00001.png") as picture:
        assert picture.text["Title"] == title
