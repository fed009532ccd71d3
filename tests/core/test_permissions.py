"""What takes the place of a file or a folder has its permissions; what is read-only stays. As root and as anyone."""

import os
import stat
from contextlib import contextmanager, suppress
from pathlib import Path
from types import SimpleNamespace

import pytest

from gdviz.core.atomic import copy_permissions, is_read_only, replacing, replacing_folder, write_atomically
from gdviz.core.errors import InputError

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def file(path, permissions):
    path.write_bytes(b"old")
    path.chmod(permissions)
    return path


def fill(path, *names):
    """Replace the folder by one with these files."""
    with replacing_folder(path, lambda name: name.startswith("f")) as temporary:
        for name in names:
            (temporary / name).write_bytes(b"new")


@contextmanager
def umask(mask):
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


@pytest.mark.parametrize(("mask", "permissions"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
def test_what_is_new_has_those_of_the_umask(tmp_path, mask, permissions):
    with umask(mask):
        write_atomically(tmp_path / "a", b"x")
        fill(tmp_path / "clip", "f1")
        assert os.umask(mask) == mask
    assert mode(tmp_path / "a") == mode(tmp_path / "clip" / "f1") == permissions
    assert mode(tmp_path / "clip") == permissions | (permissions & 0o444) >> 2


@pytest.mark.parametrize("permissions", [0o600, 0o640, 0o664, 0o666, 0o200, 0o755])
def test_a_file_passes_its_own_on(tmp_path, permissions):
    path = file(tmp_path / "a", permissions)
    with umask(0o022):
        write_atomically(path, b"new")
    assert mode(path) == permissions
    path.chmod(0o600)
    assert path.read_bytes() == b"new"


@pytest.mark.parametrize("permissions", [0o700, 0o750, 0o775, 0o2770])
def test_a_folder_passes_its_own_and_those_of_its_files_on(tmp_path, permissions):
    path = tmp_path / "clip"
    fill(path, "f1", "f2")
    (path / "f1").chmod(0o660)
    (path / "f2").chmod(0o604)
    path.chmod(permissions)
    with umask(0o022):
        fill(path, "f1", "f2", "f3")
    assert mode(path) == permissions
    assert {mode(path / name) for name in ("f1", "f2", "f3")} == {0o600}, "none is for more people than each was"


def test_a_private_file_is_private_while_it_is_written(tmp_path, monkeypatch):
    path, seen, chmod = file(tmp_path / "a", 0o600), [], Path.chmod
    monkeypatch.setattr(Path, "chmod", lambda new, wanted: seen.append((mode(new), wanted)) or chmod(new, wanted))
    with umask(0), replacing(path) as temporary:
        assert mode(temporary) == 0o600
        temporary.write_bytes(b"new")
    assert seen == [(0o600, 0o600)]
    fill(tmp_path / "clip", "f1")
    (tmp_path / "clip").chmod(0o700)
    with umask(0), replacing_folder(tmp_path / "clip", lambda name: True) as temporary:
        assert mode(temporary) == 0o700


def test_what_changes_meanwhile_counts(tmp_path):
    path = file(tmp_path / "a", 0o644)
    with replacing(path) as temporary:
        temporary.write_bytes(b"new")
        path.chmod(0o600)
    assert mode(path) == 0o600
    with pytest.raises(InputError, match="it is read-only"), replacing(path) as temporary:
        path.chmod(0o400)
    assert path.read_bytes() == b"new"
    path.chmod(0o600)
    with replacing(path) as temporary:
        path.unlink()
    assert mode(path) == 0o600


@pytest.mark.parametrize("permissions", [0o400, 0o444, 0o577, 0o066])
def test_a_read_only_file_is_refused(tmp_path, permissions):
    path = file(tmp_path / "a", permissions)
    with pytest.raises(InputError) as told:
        write_atomically(path, b"new")
    assert str(told.value) == f"{path}: cannot be written: it is read-only; make it writable or use another name"
    assert os.listdir(tmp_path) == ["a"]
    assert mode(path) == permissions
    path.chmod(0o600)
    assert path.read_bytes() == b"old"


def test_so_is_a_folder_and_one_with_such_a_file_in_it(tmp_path):
    path = tmp_path / "clip"
    fill(path, "f1")
    path.chmod(0o555)
    try:
        with pytest.raises(InputError, match="clip: cannot be written: it is read-only; make it writable"):
            fill(path, "f2")
    finally:
        path.chmod(0o755)
    (path / "f1").chmod(0o444)
    with pytest.raises(InputError, match="clip: is not replaced because f1 in it is read-only"):
        fill(path, "f2")
    assert os.listdir(path) == ["f1"]
    assert os.listdir(tmp_path) == ["clip"]


def test_on_windows_the_attribute_of_a_folder_does_not_count(tmp_path, monkeypatch):
    path = file(tmp_path / "a", 0o444)
    tmp_path.chmod(0o555)
    found = [each.stat() for each in (path, tmp_path)]
    tmp_path.chmod(0o755)
    assert [is_read_only(tmp_path, each) for each in found] == [True, True]
    monkeypatch.setattr("gdviz.core.atomic.os", SimpleNamespace(name="nt", access=os.access, W_OK=os.W_OK))
    assert [is_read_only(tmp_path, each) for each in found] == [True, False]


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="only the administrator gives files away")
def test_the_administrator_leaves_owner_and_group_as_they_were(tmp_path):
    path = file(tmp_path / "a", 0o640)
    os.chown(path, 12345, 54321)
    write_atomically(path, b"new")
    fill(tmp_path / "clip", "f1")
    for each in (tmp_path / "clip", tmp_path / "clip" / "f1"):
        os.chown(each, 12345, 54321)
    fill(tmp_path / "clip", "f1", "f2")
    for each in (path, tmp_path / "clip", tmp_path / "clip" / "f1", tmp_path / "clip" / "f2"):
        assert (each.stat().st_uid, each.stat().st_gid) == (12345, 54321)
    assert mode(path) == 0o640


@pytest.mark.parametrize(("before", "after"), [(0o660, 0o600), (0o664, 0o644), (0o606, 0o666)])
def test_another_group_may_do_what_others_could(tmp_path, monkeypatch, before, after):
    def refused(*_):
        raise PermissionError

    monkeypatch.setattr(os, "chown", refused)
    path = file(tmp_path / "a", before)
    group = path.stat().st_gid + 1
    copy_permissions(path, os.stat_result((stat.S_IFREG | before, 0, 0, 1, os.getuid(), group, 0, 0, 0, 0)))
    assert mode(path) == after


# ----------------------------------------------------------------------------------------------- links and devices


def test_a_link_stays_and_its_target_is_written(tmp_path):
    far, link = tmp_path / "far", tmp_path / "a"
    far.mkdir()
    file(far / "b", 0o600)
    link.symlink_to(far / "b")
    write_atomically(link, b"new")
    assert link.is_symlink()
    assert (far / "b").read_bytes() == b"new"
    assert mode(far / "b") == 0o600
    (far / "b").unlink()
    write_atomically(link, b"newer")
    assert (far / "b").read_bytes() == b"newer"
    assert os.listdir(far) == ["b"]
    (far / "b").chmod(0o400)
    with pytest.raises(InputError, match="a: cannot be written: it is read-only"):
        write_atomically(link, b"newest")


def test_a_link_in_a_circle_is_said(tmp_path):
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    with pytest.raises(InputError, match=r"a: cannot be written: \w"):
        write_atomically(tmp_path / "a", b"new")
    with pytest.raises(InputError, match=r"a: cannot be written: \w"):
        fill(tmp_path / "a", "f1")
    assert sorted(os.listdir(tmp_path)) == ["a", "b"]


def test_devices_and_pipes_are_not_replaced(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "null").symlink_to(os.devnull)
    for name in ("pipe", "null"):
        with pytest.raises(InputError, match=f"{name}: cannot be written: it is a device or a pipe"):
            write_atomically(tmp_path / name, b"new")
        with suppress(InputError):
            fill(tmp_path / name, "f1")
    assert (tmp_path / "pipe").is_fifo()
    assert Path(os.devnull).is_char_device()
