import gc
from collections import Counter

import pytest
from PySide6.QtOpenGL import QOpenGLFramebufferObject
from PySide6.QtWidgets import QMainWindow, QVBoxLayout, QWidget
from shiboken6 import isValid

from gdviz.panes.surface.opengl import gl
from gdviz.panes.surface.opengl.program import Program, ShaderError
from gdviz.panes.surface.view import LandscapeView
from tests.frames import show_frame
from tests.panes.surface import frames
from tests.panes.surface.conftest import delete, pixels


@pytest.fixture
def living(monkeypatch):
    """Counts the programs and buffers that were made and have not been freed."""
    counts = Counter()

    def counted(name, kind, change):
        function = getattr(gl, name)

        def call(*arguments):
            counts[kind] += change(*arguments)
            return function(*arguments)

        monkeypatch.setattr(gl, name, call)

    counted("glCreateProgram", "programs", lambda: 1)
    counted("glDeleteProgram", "programs", lambda _: -1)
    counted("glGenBuffers", "buffers", lambda count, _: count)
    counted("glDeleteBuffers", "buffers", lambda count, _: -count)
    return counts


def frame():
    surf = frames.surface()
    return frames.frame(surf, [frames.path(surf, frames.descend(0.7, 5))], notes=("view ×1",))


@pytest.mark.parametrize("on_screen", [True, False])
def test_views_can_be_made_and_deleted_again_and_again(qtbot, qapp, on_screen):
    for _ in range(20):
        view = LandscapeView()
        view.resize(160, 120)
        show_frame(view, frame())
        if on_screen:
            with qtbot.waitExposed(view):
                view.show()
            view.close()
        view.render_image(120, 90, 0)
        delete(view)
        assert not isValid(view)


def test_a_view_that_moves_to_another_window_is_drawn_there(qtbot, qapp):
    view = LandscapeView()
    show_frame(view, frame())
    first, second = QMainWindow(), QWidget()
    first.setCentralWidget(view)
    first.resize(400, 300)
    with qtbot.waitExposed(first):
        first.show()
    before = pixels(view.render_image(400, 300, 0))
    QVBoxLayout(second).addWidget(first.takeCentralWidget())
    second.resize(400, 300)
    with qtbot.waitExposed(second):
        second.show()
    view.grab().toImage()
    assert (pixels(view.render_image(400, 300, 0)) == before).all()
    first.close()
    second.close()
    delete(first, second)


@pytest.mark.parametrize("on_screen", [True, False])
def test_opengl_objects_are_freed(qtbot, qapp, living, on_screen):
    view = LandscapeView()
    show_frame(view, frame())
    if on_screen:
        with qtbot.waitExposed(view):
            view.show()
        view.close()
    view.render_image(120, 90, 0)
    assert min(living["programs"], living["buffers"]) > 5
    delete(view)
    assert not any(living.values())


def framebuffers():
    """How many there are, of any view."""
    gc.collect()
    return sum(isinstance(thing, QOpenGLFramebufferObject) for thing in gc.get_objects())


def test_a_view_keeps_no_framebuffer_while_it_is_hidden_but_its_shaders(qtbot, qapp, living):
    others, view = framebuffers(), LandscapeView()
    show_frame(view, frame())
    view.resize(400, 300)
    with qtbot.waitExposed(view):
        view.show()
    before = view.grab().toImage()
    for unit in (1.1, 1.2, 1.0):  # from the second picture of a surface on, it is cached
        view.set_unit(unit)
        view.grab()
        show_frame(view, frame())
        view.grab()
    assert framebuffers() > others + 1
    programs = living["programs"]
    view.hide()
    assert framebuffers() == others
    assert living["programs"] == programs > 0
    view.show()
    assert view.grab().toImage() == before
    delete(view)


def test_a_shader_that_does_not_compile_is_told_with_the_log(view):
    with view.opengl():
        with pytest.raises(ShaderError, match="nonsense"):
            Program("void main() { nonsense(); }", "out vec4 c; void main() { c = vec4(1.0); }")
        assert gl.glGetError() == gl.GL_NO_ERROR
