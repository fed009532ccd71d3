"""Where `gdviz render` writes: what is there already is replaced only when asked, and other people's things never."""

import os
import sys
from pathlib import Path

import av
import pytest

from .typed import OLD, QUICK, SHORT, complaint, listing, render

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
    assert f"{target}: is there already; add --force" in complaint(told)
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
    assert f"{old}: is there already" in complaint(told)
    assert listing(tmp_path) == [old.name]
    assert old.read_bytes() == OLD


def test_a_folder_of_pictures_is_replaced_only_when_asked(capsys, tmp_path):
    target = tmp_path / "clip"
    assert render(capsys, "-o", target, *SHORT, "--beamer")[0] == 0
    assert len(list(target.glob("*.png"))) == 6
    fewer = (*QUICK, "--steps", "0:2")
    code, told = render(capsys, "-o", target, *fewer)
    assert code == 2
    assert f"{target}: is there already; add --force" in complaint(told)
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
