import os
import stat

import pytest

from gdviz.core.atomic import replacing, write_atomically
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


@pytest.mark.skipif(os.name == "nt", reason="Windows has no umask")
@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
def test_permissions_are_those_of_the_umask(tmp_path, umask, mode):
    before = os.umask(umask)
    try:
        write_atomically(tmp_path / "a", b"x")
        assert os.umask(umask) == umask
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == mode
