"""What `gdviz render` refuses: one line that says what to do, exit code 2, and nothing is written."""

import pytest

from gdviz.animation.formats import FORMATS
from gdviz.panes.surface.opengl import setup
from tests.export.typed import SHORT, complaint, listing, render

pytestmark = pytest.mark.usefixtures("qapp")

SEE_THROUGH = ", ".join(format.name for format in FORMATS.values() if format.transparent)
BAD = [
    ("-o clip.mp4 --size 481x300", "size: mp4 needs an even width and height; use 482x300"),
    ("-o clip.webm --size 480x301", "size: webm needs an even width and height; use 480x302"),
    ("-o clip.mp4 --size 8000x4320", "size: 8000x4320 is not possible; use 480x300 to 7680x4320"),
    ("-o clip.gif --size 1000000x1000000", "size: 1000000x1000000 is not possible"),
    ("-o clip.mp4 --size 0x0", "size: 0x0 is not possible"),
    ("-o clip.mp4 --size 8K", "size: '8K' is not a size"),
    ("-o clip.mp4 --fps 0", "--fps: 0 is not possible; use 1 to 120"),
    ("-o clip.mp4 --fps -1", "--fps: -1 is not possible"),
    ("-o clip.mp4 --fps 1000", "--fps: 1000 is not possible"),
    ("-o clip.mp4 --fps 29.97", "--fps: '29.97' is not a whole number; use one such as 30"),
    ("-o clip.gif --fps 30", "gif cannot keep 30 exactly; use one of 20, 25, 50"),
    ("-o clip.gif --fps 0", "--fps: 0 is not possible"),
    ("-o clip.mp4 --steps 5:2", "steps: 5:2 is not a range of this run's steps; use one in 0:200"),
    ("-o clip.mp4 --steps 300:400", "steps: 300:400 is not a range of this run's steps"),
    ("-o clip.mp4 --steps 0:201", "steps: 0:201 is not a range of this run's steps"),
    ("-o clip.mp4 --steps=-3:5", "steps: -3:5 is not a range of this run's steps"),
    ("-o clip.mp4 --steps a:b", "--steps: 'a:b' is no range of steps; use one such as 0:50"),
    ("-o clip.mp4 --steps 1:2:3", "--steps: '1:2:3' is no range of steps; use one such as 0:50"),
    ("-o clip.mp4 --steps 0", "steps: 0 is not possible"),
    ("-o clip.avi", "clip.avi: .avi is not a known ending; use .mp4, .webm, .gif, .webp, .mov"),
    ("-o clip.mp4.part", "clip.mp4.part: .part is not a known ending"),
    ("-o clip.mp4 --transparent", f"transparent: mp4 has no transparency; use one of {SEE_THROUGH}"),
    ("-o clip.gif --transparent", "transparent: gif has no transparency"),
    ("-o clip.mp4 --beamer", "--beamer: is for a folder of pictures"),
    ("-o clip.png --beamer", "--beamer: is for animations"),
    ("-o clip.mp4 --step 0", "--step: is for pictures"),
    ("-o clip.mp4 --step 5", "--step: is for pictures"),
    ("-o clip.png --step 201", "--step: 201 is not in this run; use 0 to 200"),
    ("-o clip.png --steps 0:5", "--steps: a range is for animations"),
    ("-o clip.png --poster", "--poster: is for animations"),
    ("-o clip.webp --poster clip.webp", "--poster: clip.webp does not end in .png"),
    ("-o clip.mp4 --captions clip.txt", "--captions: clip.txt does not end in .vtt"),
    ("-o clip.mp4 --poster no/such/clip.png", "no/such/clip.png: there is no folder no/such"),
    ("-o no/such/clip.mp4", "no/such/clip.mp4: there is no folder no/such"),
    ("-o no/such/clip", "no/such/clip: there is no folder no/such"),
    ("-o /dev/null/clip.mp4", "/dev/null/clip.mp4: there is no folder /dev/null"),
    ("-o . --force", ".: does not name a file or a folder"),
    ("-o clips/.. --force", "clips/..: does not name a file or a folder"),
    ("-o clip.mp4 --pace 0", "pace: '0' is not a pace"),
    ("-o clip.mp4 --pace nan", "pace: 'nan' is not a pace"),
    ("-o clip.mp4 --pace 0.01", "frames; use a faster pace or fewer steps"),
    ("-o clip.mp4 --text-scale nan", "--text-scale: nan is not possible; use 0.7 to 1.8"),
    ("-o clip.mp4 --orbit inf", "inf"),
    ("-o clip.mp4 --camera-key 5", "5"),
    ("-o clip.mp4 --samples 99", "--samples: 99 is not possible; use 0 to 8"),
    ("-o clip.mp4 --format mp4", "--format: is for --all"),
    ("-o clips --all", "--format: is missing; use one of mp4, webm"),
    ("-o clips --all --format avi", "--format: there is no 'avi'; use one of mp4, webm"),
    ("-o no/such/clips --all --format mp4", "no/such/clips: cannot be created"),
    (
        "-o clip.mp4 --overwrite",
        "--overwrite: there is no such option; gdviz render --help lists the options",
    ),
]


@pytest.mark.parametrize(("typed", "expected"), BAD)
def test_what_is_not_possible_is_refused_in_one_line(capsys, tmp_path, monkeypatch, typed, expected):
    monkeypatch.chdir(tmp_path)
    code, told = render(capsys, *typed.split())
    assert code == 2
    assert expected in complaint(told)
    assert listing(tmp_path) == []


@pytest.mark.parametrize("spelling", ["clip/first.png", "folder/../clip/first.png"])
def test_a_poster_inside_of_the_folder_of_pictures_is_refused(capsys, tmp_path, monkeypatch, spelling):
    monkeypatch.chdir(tmp_path)
    for name in ("clip", "folder"):
        (tmp_path / name).mkdir()
    code, told = render(capsys, "-o", "clip", "--force", "--poster", spelling, *SHORT)
    assert code == 2
    assert "first.png" in complaint(told)
    assert listing(tmp_path / "clip") == []


def test_a_size_that_opengl_cannot_draw_is_one_line(capsys, tmp_path, monkeypatch):
    monkeypatch.setattr(setup, "limits", lambda: setup.Limits(side=200, samples=4))
    code, told = render(capsys, "-o", tmp_path / "clip.mp4", *SHORT, "--poster")
    assert code == 2
    assert "larger than OpenGL can draw here (200)" in complaint(told)
    assert listing(tmp_path) == []
