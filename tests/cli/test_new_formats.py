"""Formats that are registered for the test: the whole command line offers, tells, refuses and writes them."""

import numpy as np
import pytest

from gdviz.animation.formats import FORMATS, PICTURES
from gdviz.cli.main import COMMANDS
from gdviz.core.descent.recording import record
from gdviz.core.scenarios.library import load_scenario, shipped
from gdviz.export.still import StillStage
from gdviz.presentation.look import Look
from gdviz.scene.scene import Scene
from tests.new_formats import decoded, register, rgb

pytestmark = pytest.mark.usefixtures("qapp")

TRANSPARENT = ", ".join(format.name for format in FORMATS.values() if format.transparent)
ENDINGS = [format.ending for format in FORMATS.values() if format.ending]
SMALL = ("--size", "480x300", "--steps", "0:3", "--pace", "every-step", "--samples", "0")


@pytest.fixture(autouse=True)
def new_formats(monkeypatch):
    register(monkeypatch)


@pytest.fixture
def stage_pictures(qapp):
    """The first four steps of `point-nine` as the stage shows them."""
    scenario = load_scenario("point-nine")
    recordings, stage = (record(scenario.experiment),), StillStage(True)
    scene = Scene(scenario.title, recordings, Look(), question=scenario.question)
    yield [rgb(stage.picture(scene.frame(step), 480, 300, 0)) for step in range(4)]
    stage.close()


def test_the_help_names_them():
    texts = {name: " ".join(make_parser().format_help().split()) for name, (make_parser, _) in COMMANDS.items()}
    names = dict.fromkeys([*FORMATS, *(ending[1:] for ending in PICTURES)])
    assert {"ppm", "raw"} < set(names)
    assert f"with --all: {', '.join(names)}" in texts["render"]
    assert ", 24 for a PPM" in texts["render"]
    for command in ("map", "range-test"):
        assert f"({', '.join(PICTURES)})" in texts[command]


def test_a_dry_run_estimates_the_size(gdviz, tmp_path):
    code, printed, _ = gdviz("render", "point-nine", "-o", tmp_path / "clip.ppm", *SMALL, "--dry-run")
    assert (code, printed) == (0, f"{tmp_path}/clip.ppm: 4 frames at 24 per second, 0.17 s, 480x300, about 3.4 MB\n")
    code, printed, _ = gdviz("render", "--all", "-o", tmp_path, "--format", "ppm", "--dry-run")
    assert code == 0
    assert [line.partition(":")[0] for line in printed.splitlines()] == [f"{tmp_path}/{name}.ppm" for name in shipped()]


def test_a_clip_has_the_pixels_of_the_stage(gdviz, tmp_path, stage_pictures):
    target = tmp_path / "clip.ppm"
    code, _, told = gdviz("render", "point-nine", "-o", target, *SMALL, "--poster", "--captions")
    assert (code, told.splitlines()[-1]) == (0, "clip.ppm: frame 4 of 4")
    found = decoded(target)
    assert len(found) == 4
    assert all(map(np.array_equal, found, stage_pictures))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["clip.png", "clip.ppm", "clip.vtt"]


def test_a_picture_has_the_pixels_of_the_stage(gdviz, tmp_path, stage_pictures):
    target = tmp_path / "picture.raw"
    code, _, told = gdviz("render", "point-nine", "-o", target, "--step", 3, "--size", "480x300", "--samples", 0)
    assert (code, told) == (0, "")
    assert target.read_bytes() == stage_pictures[3].tobytes() + b"Point nine"


@pytest.mark.parametrize("command", ["map", "range-test"])
def test_other_commands_draw_into_them(gdviz, tmp_path, command):
    target = tmp_path / "picture.raw"
    rates = ("--rates", "0.01:1:5")
    code, _, told = gdviz(command, "point-nine", "-o", target, "--size", "480x300", *rates)
    assert (code, told) == (0, "")
    assert len(target.read_bytes()) > 3 * 480 * 300


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("-o", "a.ppm", "--fps", 30), "--fps: ppm cannot keep 30 exactly; use one of 12, 24"),
        (("-o", "a.ppm", "--transparent"), f"--transparent: ppm has no transparency; use one of {TRANSPARENT}"),
        (("-o", "a.ppm", "--beamer"), "--beamer: is for a folder of pictures, and a.ppm is not one; leave it out"),
        (("-o", "a.raw", "--fps", 20), "--fps: is for animations, and a.raw is not one; leave it out"),
        (
            ("-o", "a.avi"),
            f"--output: a.avi: .avi is not a known ending; use {', '.join(ENDINGS)}, .ppm, "
            f"none for a folder, or for a picture {', '.join(PICTURES)}, .raw",
        ),
    ],
)
def test_what_they_cannot_hold_is_refused(gdviz, arguments, told):
    assert gdviz("render", *arguments) == (2, "", f"gdviz: {told}\n")
