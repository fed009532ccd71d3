"""What of a job can be drawn on a machine that cannot do everything."""

from pathlib import Path

import pytest

from gdviz.core.descent.recording import record
from gdviz.core.errors import InputError
from gdviz.core.scenarios.library import load_scenario
from gdviz.export.job import PictureJob
from gdviz.export.off_screen import adapt_job
from gdviz.panes.surface.opengl import setup
from gdviz.presentation.look import Look
from gdviz.scene.scene import Scene

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture(scope="module")
def recording():
    return record(load_scenario("best").experiment)


def job(recording, size=(640, 400), pane="surface", samples=4):
    return PictureJob(Scene("best", (recording,), Look(pane=pane)), 0, size, Path("a.png"), samples)


@pytest.fixture
def small_opengl(monkeypatch):
    """An OpenGL that draws 800 pixels on a side, with 2 samples."""
    monkeypatch.setattr(setup, "limits", lambda: setup.Limits(800, 2))


def test_what_can_be_drawn_stays_as_it_is(recording):
    wanted = job(recording)
    assert adapt_job(wanted, None) == (wanted, ())


def test_without_opengl_the_contour_is_drawn_with_a_note(recording):
    changed, (note,) = adapt_job(job(recording), "no driver")
    assert changed.scene.look.pane == "contour"
    assert note == "drawn with the contour instead of the surface: no driver"


def test_a_contour_needs_no_opengl(recording):
    wanted = job(recording, pane="contour")
    assert adapt_job(wanted, "no driver") == (wanted, ())


@pytest.mark.usefixtures("small_opengl")
def test_too_many_samples_are_reduced_with_a_note(recording):
    changed, (note,) = adapt_job(job(recording), None)
    assert changed.samples == 2
    assert "2 samples per pixel" in note


@pytest.mark.usefixtures("small_opengl")
def test_a_size_beyond_opengl_is_refused(recording):
    with pytest.raises(InputError, match="size: 1280x720 is larger than OpenGL can draw here"):
        adapt_job(job(recording, size=(1280, 720)), None)
