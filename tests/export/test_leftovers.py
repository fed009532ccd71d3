"""Exports that crash or are cancelled: what they leave is removed, and nothing of anybody else's."""

import os
import signal
import sys
from dataclasses import replace

import av
import pytest

from gdviz.animation.formats import FORMATS
from tests.core.dying import dying_with_the_old_folder_aside
from tests.export.test_process import ObservedExport, make_job, wait_for_end, wait_until_it_draws


@pytest.fixture
def exports(qapp):
    """Three that may run at the same time."""
    exports = [ObservedExport() for _ in range(3)]
    yield exports
    for export in exports:
        export.process.close()


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="this system has no SIGSTOP")
def test_cancelled_and_killed_exports_remove_only_their_files(qtbot, exports, tmp_path):
    # Temporary files must not be told by the names of the targets, nor by the first letters of them.
    target, like_it = (tmp_path / f"{'clip' * 15}{rest}.mp4" for rest in ("", " again"))
    target.write_bytes(b"old")
    cancelled, killed, left = exports
    jobs = [make_job(target, last=60), make_job(like_it, last=60), make_job(target, 60, poster=tmp_path / "poster.png")]
    for export, job in zip(exports, jobs, strict=True):
        export.process.start(job)
        wait_until_it_draws(qtbot, export)
        os.kill(export.pid, signal.SIGSTOP)  # so that all are under way at the same time
    os.kill(killed.pid, signal.SIGKILL)
    os.kill(cancelled.pid, signal.SIGCONT)
    cancelled.process.cancel()
    assert wait_for_end(qtbot, cancelled) == ("cancelled",)
    crash = "the export crashed, and nothing was written: its process was killed"
    assert wait_for_end(qtbot, killed) == ("failed", crash)
    assert target.read_bytes() == b"old"
    os.kill(left.pid, signal.SIGCONT)
    assert wait_for_end(qtbot, left)[0] == "finished"
    assert sorted(os.listdir(tmp_path)) == [target.name, "poster.png"]
    with av.open(str(target)) as clip:
        assert len(list(clip.decode(video=0))) == 61


def test_a_folder_that_a_crash_has_left_aside_comes_back(qtbot, tmp_path):
    target = tmp_path / ("clip" * 30)
    target.mkdir()
    (target / "frame-00001.png").write_bytes(b"old")
    job = replace(make_job(target), format=FORMATS["png"])
    worker = f"""{dying_with_the_old_folder_aside(target)}
from gdviz.core.atomic import replacing_folder
with replacing_folder(Path({str(target)!r}), lambda name: True, {job.token!r}) as temporary:
    (temporary / "new").write_bytes(b"new")
"""
    export = ObservedExport(command=[sys.executable, "-c", worker])
    export.process.start(job)
    assert wait_for_end(qtbot, export)[0] == "failed"
    assert os.listdir(tmp_path) == [target.name]
    assert (target / "frame-00001.png").read_bytes() == b"old"
