"""Where `gdviz render` writes: what is there already is replaced only when asked, and other people's things never."""

import os
import stat
import sys
from pathlib import Path

import av
import pytest

from gdviz.cli.main import run
from tests.export.typed import OLD, QUICK, SHORT, complaint, listing, render

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture
def unwritable_folder(tmp_path):
    """A folder in which this user may not make a file."""
    if os.getuid() != 0:
        tmp_path.chmod(0o555)
        yield tmp_path
        tmp_path.chmod(0o755)
    elif sys.platform.startswith("linux"):
        yield Path("/sys")  # the administrator may write everywhere else
    else:
        pytest.skip("the administrator may write everywhere")


@pytest.mark.parametrize("name", ["clip.mp4", "clip"])
def test_a_folder_without_write_permission_is_one_line(capsys, unwritable_folder, name):
    before = listing(unwritable_folder)
    code, told = render(capsys, "-o", unwritable_folder / name, *SHORT)
    assert code == 2
    assert f"{unwritable_folder / name}: cannot be written: " in complaint(told)
    assert listing(unwritable_folder) == before


def test_a_file_that_is_there_is_replaced_only_when_asked(capsys, tmp_path):
    target = tmp_path / "clip.mp4"
    target.write_bytes(OLD)
    code, told = render(capsys, "-o", target, *SHORT)
    assert code == 2
    assert f"{target}: already exists; add --force" in complaint(told)
    assert target.read_bytes() == OLD
    assert render(capsys, "-o", target, *SHORT, "--force")[0] == 0
    with av.open(str(target)) as container:
        assert container.streams.video[0].frames == 6
    assert listing(tmp_path) == ["clip.mp4"]


@pytest.mark.parametrize("option", ["--poster", "--captions"])
def test_what_goes_beside_it_is_replaced_only_when_asked(capsys, tmp_path, option):
    old = tmp_path / {"--poster": "clip.png", "--captions": "clip.vtt"}[option]
    old.write_bytes(OLD)
    code, told = render(capsys, "-o", tmp_path / "clip.mp4", *SHORT, option)
    assert code == 2
    assert f"{old}: already exists" in complaint(told)
    assert listing(tmp_path) == [old.name]
    assert old.read_bytes() == OLD


def test_a_folder_of_pictures_is_replaced_only_when_asked(capsys, tmp_path):
    target = tmp_path / "clip"
    assert render(capsys, "-o", target, *SHORT, "--beamer")[0] == 0
    assert len(list(target.glob("*.png"))) == 6
    fewer = (*QUICK, "--steps", "0:2")
    code, told = render(capsys, "-o", target, *fewer)
    assert code == 2
    assert f"{target}: already exists; add --force" in complaint(told)
    assert len(list(target.glob("*.png"))) == 6
    assert render(capsys, "-o", target, *fewer, "--force")[0] == 0
    assert len(listing(target)) == 3, "of the older export nothing is left among the new pictures"
    assert listing(tmp_path) == ["clip"]


@pytest.mark.parametrize("precious", ["thesis.tex", "holiday.png", "data/points.csv"])
def test_a_folder_with_other_things_in_it_is_never_replaced(capsys, tmp_path, precious):
    target = tmp_path / "clip"
    assert render(capsys, "-o", target, *QUICK, "--steps", "0:1")[0] == 0
    (target / precious).parent.mkdir(exist_ok=True)
    (target / precious).write_bytes(OLD)
    before = listing(target)
    code, told = render(capsys, "-o", target, *QUICK, "--steps", "0:1", "--force")
    assert code == 2
    assert str(target) in complaint(told)
    assert listing(target) == before
    assert (target / precious).read_bytes() == OLD
    assert listing(tmp_path) == ["clip"]


def test_a_folder_where_a_video_should_be_is_never_replaced(capsys, tmp_path):
    target = tmp_path / "clip.mp4"
    target.mkdir()
    code, told = render(capsys, "-o", target, *SHORT, "--force")
    assert code == 2
    assert str(target) in complaint(told)
    assert target.is_dir()
    assert listing(tmp_path) == ["clip.mp4"]


def test_a_file_where_a_folder_should_be_is_never_replaced(capsys, tmp_path):
    target = tmp_path / "clip"
    target.write_bytes(OLD)
    code, told = render(capsys, "-o", target, *SHORT, "--force")
    assert code == 2
    assert str(target) in complaint(told)
    assert target.read_bytes() == OLD
    assert listing(tmp_path) == ["clip"]


def test_a_poster_cannot_lead_to_the_file_of_the_captions(capsys, tmp_path):
    (tmp_path / "link.png").symlink_to("clip.vtt")
    poster = ("--poster", tmp_path / "link.png")
    code, told = render(capsys, "-o", tmp_path / "clip.mp4", *SHORT, "--captions", *poster, "--force")
    assert code == 2
    assert "two files would have this name" in complaint(told)


@pytest.mark.parametrize("name", [".", "..", "a" * 300 + ".mp4", "a" * 300, "circle.mp4", "circle"])
def test_a_name_that_is_not_possible_is_one_line(capsys, tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    for circle in ("circle.mp4", "circle"):
        Path(circle).symlink_to(circle)
    code, told = render(capsys, "-o", name, *SHORT, "--force", "--poster", "--captions")
    assert code == 2
    complaint(told)
    assert listing(tmp_path) == ["circle", "circle.mp4"]


# ------------------------------------------------------------------------- permissions, for everything that is written

CLIP = ("render", "point-nine", "--pane", "contour", *QUICK, "--steps", "0:1", "--poster", "--captions", "--force")
PICTURE = ("render", "point-nine", "--pane", "contour", "--size", "480x300", "--samples", "0", "--force")
COMMANDS = {
    "trace.csv": ("trace", "point-nine", "--force"),
    "trace.npz": ("trace", "point-nine", "--force"),
    "test.csv": ("range-test", "point-nine", "--force"),
    "map.csv": ("map", "point-nine", "--rates", "0.1:1:3", "--steps", "3", "--force"),
    "clip.mp4": CLIP,
    "clip": CLIP,
    "a.png": PICTURE,
    "a.svg": PICTURE,
}


def written(capsys, name):
    """Exit code and the only line, if any, of the command that writes such a file into the current folder."""
    code = run([*COMMANDS[name], "-o", name])
    told = [line for line in capsys.readouterr().err.splitlines() if ": frame " not in line]
    assert len(told) == (code != 0)
    return code, told[0] if told else ""


def permissions():
    """Those of everything in the current folder."""
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in Path().rglob("*")}


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
@pytest.mark.parametrize("name", COMMANDS)
def test_what_is_private_stays_so_and_what_is_read_only_stays(capsys, tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    assert written(capsys, name)[0] == 0
    before = permissions()
    for path in Path().rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)
    private = permissions()
    assert private != before
    assert written(capsys, name)[0] == 0
    assert permissions() == private
    number = Path(name).stat().st_ino
    Path(name).chmod(0o500 if Path(name).is_dir() else 0o400)
    code, told = written(capsys, name)
    assert code == 2
    assert told.endswith(f": {name}: cannot be written: it is read-only; make it writable or use another name")
    assert Path(name).stat().st_ino == number, "it is still the same file"
    Path(name).chmod(0o700)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
@pytest.mark.parametrize("option", ["--poster", "--captions"])
def test_a_read_only_poster_or_captions_are_not_replaced(capsys, tmp_path, option):
    old = tmp_path / {"--poster": "clip.png", "--captions": "clip.vtt"}[option]
    old.write_bytes(OLD)
    old.chmod(0o444)
    code, told = render(capsys, "-o", tmp_path / "clip.mp4", *SHORT, option, "--force")
    assert code == 2
    assert f"{old}: cannot be written: it is read-only" in complaint(told)
    assert listing(tmp_path) == [old.name]


MAGIC = {".mp4": b"ftyp", ".mov": b"ftypqt", ".gif": b"GIF89a", ".webp": b"WEBP", ".webm": b"\x1aE\xdf\xa3"}


@pytest.mark.parametrize("ending", MAGIC)
def test_an_ending_in_capitals_is_the_same(capsys, tmp_path, ending):
    target = tmp_path / f"CLIP{ending.upper()}"
    assert render(capsys, "-o", target, *QUICK, "--steps", "0:1", "--poster", "--captions")[0] == 0
    assert listing(tmp_path) == sorted([target.name, "CLIP.png", "CLIP.vtt"])
    assert MAGIC[ending] in target.read_bytes()[:16]
