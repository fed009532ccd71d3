"""Several processes that write to one place at the same time, and what one that is killed leaves behind."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from gdviz.core.atomic import remove_temporaries, replacing, replacing_folder, write_atomically
from gdviz.core.errors import InputError
from tests.core.dying import dying_with_the_old_folder_aside
from tests.core.test_atomic import everything, fill

# ------------------------------------------------------------------------------------- at the same time


def test_of_two_files_at_the_same_time_the_last_one_stays(tmp_path):
    path = tmp_path / "a"
    with replacing(path) as one:
        one.write_bytes(b"one")
        write_atomically(path, b"two")
        assert path.read_bytes() == b"two"
    assert everything(tmp_path) == {"a": b"one"}


@pytest.mark.parametrize("is_old", [True, False])
def test_of_two_folders_at_the_same_time_the_last_one_stays(tmp_path, is_old):
    path = tmp_path / "clip"
    if is_old:
        fill(path, "f0")
    with replacing_folder(path, lambda name: name.startswith("f")) as one:
        (one / "f1").write_bytes(b"1")
        fill(path, "f2")
        assert everything(path) == {"f2": b"f2"}
    assert everything(tmp_path) == {"clip": None, "clip/f1": b"1"}


def goes_away(path):
    """Another export has just moved the old folder aside."""
    os.rename(path, path.with_name("away"))


def comes(path):
    """Another export has put its folder into the gap."""
    path.mkdir()
    (path / "f3").write_bytes(b"3")


def late(meanwhile, path, call, monkeypatch):
    """Let something happen to the path just before it is renamed, or something to it, for the so manieth time."""
    calls, rename = [], Path.rename

    def renamed(source, target):
        calls.append(target)
        if len(calls) == call:
            meanwhile(path)
        return rename(source, target)

    monkeypatch.setattr(Path, "rename", renamed)


@pytest.mark.parametrize(("call", "meanwhile"), [(2, goes_away), (3, comes)])
def test_even_where_the_other_is_faster_at_the_very_end(tmp_path, monkeypatch, call, meanwhile):
    path = tmp_path / "clip"
    fill(path, "f1")
    late(meanwhile, path, call, monkeypatch)
    fill(path, "f2")
    assert everything(path) == {"f2": b"f2"}
    assert set(os.listdir(tmp_path)) <= {"clip", "away"}


def test_what_somebody_puts_there_at_the_very_end_stays(tmp_path, monkeypatch):
    path = tmp_path / "clip"
    fill(path, "f1")
    late(lambda path: comes(path) or (path / "thesis").write_bytes(b"precious"), path, 3, monkeypatch)
    with pytest.raises(InputError, match="clip: is not replaced because it contains thesis"):
        fill(path, "f2")
    assert everything(tmp_path) == {"clip": None, "clip/f3": b"3", "clip/thesis": b"precious"}


# ------------------------------------------------------------------------------- what a killed process has left

DIES_IN_A_FILE = """
with replacing(path, mark) as temporary:
    temporary.write_bytes(b"half of the n")
    os._exit(1)
"""
WRITES_A_FOLDER = """
with replacing_folder(path, lambda name: True, mark) as temporary:
    (temporary / "f2").write_bytes(b"half of the n")
"""


def dead(path, mark, program):
    """Write with such a mark in a process that dies at it."""
    setting = (
        f"import os\nfrom pathlib import Path\nfrom gdviz.core.atomic import *\npath, mark = {str(path)!r}, {mark!r}"
    )
    ended = subprocess.run([sys.executable, "-c", f"{setting}\npath = Path(path)\n{program}"])
    assert ended.returncode == 1


def test_only_what_a_killed_process_left_is_removed(tmp_path):
    path = tmp_path / ("long" * 40 + ".mp4")
    path.write_bytes(b"old")
    dead(path, "one", DIES_IN_A_FILE)
    dead(path.with_name("long" * 40 + "er.mp4"), "two", DIES_IN_A_FILE)
    before = everything(tmp_path)
    assert len(before) == 3
    remove_temporaries(path, "another")
    assert everything(tmp_path) == before
    remove_temporaries(path, "one")
    assert len(everything(tmp_path)) == 2
    remove_temporaries(path, "two")
    assert everything(tmp_path) == {path.name: b"old"}


@pytest.mark.parametrize("is_link", [True, False])
def test_an_old_folder_moved_aside_by_a_killed_process_returns(tmp_path, is_link):
    path, place = tmp_path / "clip", tmp_path / ("far" if is_link else "clip")
    fill(place, "f1")
    if is_link:
        path.symlink_to(place)
    dead(path, "one", dying_with_the_old_folder_aside(place) + WRITES_A_FOLDER)
    assert not place.exists()
    remove_temporaries(path, "one")
    assert everything(place) == {"f1": b"f1"}
    assert set(os.listdir(tmp_path)) == {path.name, place.name}


def test_where_it_cannot_come_back_it_is_not_deleted(tmp_path, monkeypatch):
    path = tmp_path / "clip"
    fill(path, "f1")
    dead(path, "one", dying_with_the_old_folder_aside(path) + WRITES_A_FOLDER)

    def refused(source, target):
        raise PermissionError

    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", refused)
        remove_temporaries(path, "one")
    assert list(everything(tmp_path).values()) == [None, None, b"f1"]
    remove_temporaries(path, "one")
    assert everything(tmp_path) == {"clip": None, "clip/f1": b"f1"}


def test_where_nobody_may_look_any_more_nothing_is_said(tmp_path, monkeypatch):
    path, stat = tmp_path / "clip", os.stat

    def refused(place, *rest, **options):
        if str(place).startswith(str(tmp_path)):
            raise PermissionError
        return stat(place, *rest, **options)

    (tmp_path / ".clip.one").write_bytes(b"half")
    with monkeypatch.context() as patched:
        patched.setattr(os, "stat", refused)
        remove_temporaries(path, "one")
    assert everything(tmp_path) == {}
