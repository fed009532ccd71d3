import errno
import os
from pathlib import Path

import pytest

from gdviz.core.atomic import replacing, replacing_folder, write_atomically
from gdviz.core.errors import InputError


def test_writes_and_leaves_nothing_else(tmp_path):
    path = tmp_path / "a.txt"
    write_atomically(path, b"one")
    write_atomically(path, b"two")
    assert path.read_bytes() == b"two"
    assert os.listdir(tmp_path) == ["a.txt"]


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
@pytest.mark.parametrize("old", [b"old", None])
def test_what_is_interrupted_leaves_the_old_file_or_none(tmp_path, error, old):
    path = tmp_path / "a.mp4"
    if old is not None:
        path.write_bytes(old)

    def interrupted():
        with replacing(path) as temporary:
            assert temporary.parent == path.parent
            assert temporary.suffix == ".mp4"
            temporary.write_bytes(b"half of the n")
            raise error

    with pytest.raises(error):
        interrupted()
    assert os.listdir(tmp_path) == ([] if old is None else ["a.mp4"])
    assert old is None or path.read_bytes() == old


def test_an_input_error_inside_passes_as_it_is(tmp_path):
    with pytest.raises(InputError, match=r"^mine$"), replacing(tmp_path / "a"):
        raise InputError("mine")


def test_others_do_not_see_it_before_it_is_whole(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"old")
    with replacing(path) as temporary:
        temporary.write_bytes(b"new")
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new"


@pytest.mark.parametrize("name", ["a_file/new", "missing/new"])
def test_a_folder_that_cannot_be_written_to(tmp_path, name):
    (tmp_path / "a_file").write_bytes(b"")
    path = tmp_path / name
    with pytest.raises(InputError) as caught:
        write_atomically(path, b"x")
    assert str(caught.value).startswith(f"{path}: cannot be written: ")
    assert os.listdir(tmp_path) == ["a_file"]


def test_a_folder_in_the_place_of_the_file(tmp_path):
    path = tmp_path / "folder"
    path.mkdir()
    with pytest.raises(InputError, match=r"folder: cannot be written: \w"):
        write_atomically(path, b"x")
    assert os.listdir(tmp_path) == ["folder"]


def test_an_error_without_a_number_still_says_why(tmp_path):
    with pytest.raises(InputError, match="cannot be written: the disk is gone"), replacing(tmp_path / "a"):
        raise OSError("the disk is gone")


@pytest.mark.parametrize(("number", "words"), [(errno.ENOSPC, "the disk is full"), (errno.EFBIG, "would be larger")])
def test_a_full_disk_is_told_in_plain_words(tmp_path, number, words):
    with pytest.raises(InputError, match=f"a: cannot be written: .*{words}"), replacing(tmp_path / "a"):
        raise OSError(number, "as the system says it")
    assert os.listdir(tmp_path) == []


def test_a_disk_that_finds_out_late_leaves_the_old_file(tmp_path, monkeypatch):
    def fails(descriptor):
        raise OSError(errno.EDQUOT, "late")

    path = tmp_path / "a"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, "fsync", fails)
    with pytest.raises(InputError, match="your share of the disk is full"):
        write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["a"]


@pytest.mark.parametrize("name", ["a" * 251 + ".mp4", "a." + "b" * 253, "🎓" * 42 + "." + "🎓" * 21, "." + "a" * 254])
def test_a_long_name_is_as_good_as_a_short_one(tmp_path, name):
    write_atomically(tmp_path / name, b"x")
    assert (tmp_path / name).read_bytes() == b"x"
    fill(tmp_path / name[::-1], "f1")
    fill(tmp_path / name[::-1], "f2")
    assert os.listdir(tmp_path / name[::-1]) == ["f2"]


# ------------------------------------------------------------------------------------------ folders


def fill(path, *names):
    """Replace the folder by one with these files; those whose name begins with an "f" are ours."""
    with replacing_folder(path, lambda name: name.startswith("f")) as temporary:
        for name in names:
            (temporary / name).write_bytes(name.encode())


def everything(folder):
    """All that is in a folder, hidden or not, with the content of the files."""
    found = sorted(folder.rglob("*"))
    return {str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None for path in found}


def test_a_folder_is_there_when_it_is_whole(tmp_path):
    path = tmp_path / "clip"
    with replacing_folder(path, lambda name: True) as temporary:
        assert temporary.parent == tmp_path
        (temporary / "f1").write_bytes(b"1")
        assert not path.exists()
    assert everything(tmp_path) == {"clip": None, "clip/f1": b"1"}


def test_a_folder_of_ours_and_an_empty_one_are_replaced(tmp_path):
    path = tmp_path / "clip"
    path.mkdir()
    fill(path, "f1", "f2", "f3")
    fill(path, "f4")
    assert everything(tmp_path) == {"clip": None, "clip/f4": b"f4"}


@pytest.mark.parametrize("precious", ["thesis.tex", "f-folder/points.csv"])
def test_a_folder_with_other_things_is_not_replaced(tmp_path, precious):
    path = tmp_path / "clip"
    fill(path, "f1")
    (path / precious).parent.mkdir(exist_ok=True)
    (path / precious).write_bytes(b"precious")
    before = everything(tmp_path)
    with pytest.raises(InputError, match=f"clip: is not replaced because it contains {Path(precious).parts[0]}"):
        fill(path, "f2")
    assert everything(tmp_path) == before


def test_nor_is_one_into_which_something_comes_meanwhile(tmp_path):
    path = tmp_path / "clip"
    fill(path, "f1")
    with pytest.raises(InputError, match="it contains thesis"), replacing_folder(path, lambda name: name == "f1"):
        (path / "thesis").write_bytes(b"precious")
    assert everything(tmp_path) == {"clip": None, "clip/f1": b"f1", "clip/thesis": b"precious"}


def test_nor_is_a_file(tmp_path):
    path = tmp_path / "clip"
    path.write_bytes(b"precious")
    with pytest.raises(InputError, match="clip: is a file"):
        fill(path, "f1")
    assert everything(tmp_path) == {"clip": b"precious"}


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_what_is_interrupted_leaves_the_old_folder(tmp_path, error):
    path = tmp_path / "clip"
    fill(path, "f1")

    def interrupted():
        with replacing_folder(path, lambda name: True) as temporary:
            (temporary / "f2").write_bytes(b"half of the n")
            raise error

    with pytest.raises(error):
        interrupted()
    assert everything(tmp_path) == {"clip": None, "clip/f1": b"f1"}


@pytest.mark.parametrize("failing", [1, 2, 3])
@pytest.mark.parametrize("error", [OSError(errno.EACCES, "in use"), KeyboardInterrupt()])
def test_the_old_folder_comes_back_where_the_new_one_fails(tmp_path, monkeypatch, failing, error):
    path = tmp_path / "clip"
    fill(path, "f1")
    calls, rename = [], Path.rename

    def fails(source, target):
        calls.append(target)
        if len(calls) == failing:
            raise error
        return rename(source, target)

    monkeypatch.setattr(Path, "rename", fails)
    with pytest.raises((InputError, KeyboardInterrupt)):
        fill(path, "f2")
    assert everything(tmp_path) == {"clip": None, "clip/f1": b"f1"}


def test_what_cannot_come_back_is_not_deleted(tmp_path, monkeypatch):
    path = tmp_path / "clip"
    fill(path, "f1")
    calls, rename = [], Path.rename

    def fails(source, target):
        calls.append(target)
        if len(calls) > 2:
            raise OSError(errno.EIO, "the disk is going")
        return rename(source, target)

    monkeypatch.setattr(Path, "rename", fails)
    with pytest.raises(InputError, match="the disk is going"):
        fill(path, "f2")
    assert b"f1" in everything(tmp_path).values()


@pytest.mark.skipif(os.name == "nt", reason="Windows lets only some make links")
def test_what_a_link_leads_to_is_replaced_and_the_link_stays(tmp_path):
    (tmp_path / "far").mkdir()
    link = tmp_path / "clip"
    link.symlink_to(tmp_path / "far")
    fill(link, "f1")
    assert link.is_symlink()
    assert everything(tmp_path / "far") == {"f1": b"f1"}


@pytest.mark.parametrize("name", ["a_file/new", "missing/new"])
def test_a_place_where_no_folder_can_be_made(tmp_path, name):
    (tmp_path / "a_file").write_bytes(b"")
    with pytest.raises(InputError, match=r"new: cannot be written: \w"):
        fill(tmp_path / name, "f1")
    assert os.listdir(tmp_path) == ["a_file"]
