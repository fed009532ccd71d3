import pytest
from OpenGL import GL
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QMainWindow, QVBoxLayout, QWidget

from gdviz.panes.surface.opengl.program import Program, ShaderError
from gdviz.panes.surface.view import LandscapeView
from tests.frames import show_frame
from tests.panes.surface import frames
from tests.panes.surface.conftest import pixels


def flush():
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def frame():
    surf = frames.surface()
    return frames.frame(surf, [frames.path(surf, frames.descend(0.7, 5))], notes=("view ×1",))


@pytest.mark.parametrize("on_screen", [True, False])
def test_views_can_be_made_and_deleted_again_and_again(qtbot, qapp, on_screen):
    for _ in range(20):
        view = LandscapeView()
        show_frame(view, frame())
        if on_screen:
            with qtbot.waitExposed(view):
                view.show()
            view.close()
        view.render_image(120, 90, 0)
        view.deleteLater()
        flush()


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
    view.grabFramebuffer()
    assert (pixels(view.render_image(400, 300, 0)) == before).all()
    for window in (first, second):
        window.close()
        window.deleteLater()
    flush()


@pytest.mark.parametrize("on_screen", [True, False])
def test_opengl_objects_are_freed(qtbot, qapp, on_screen):
    view = LandscapeView()
    show_frame(view, frame())
    if on_screen:
        with qtbot.waitExposed(view):
            view.show()
        view.close()
    view.render_image(120, 90, 0)
    items = list(view.items)
    assert any(item._owned for item in items)
    view.deleteLater()
    flush()
    assert not any(item._owned for item in items)


def test_a_shader_that_does_not_compile_is_told_with_the_log(view):
    view.render_image(20, 20, 0)
    view._gpu.enter_studio(view.format())
    with pytest.raises(ShaderError, match="nonsense"):
        Program("void main() { nonsense(); }", "out vec4 c; void main() { c = vec4(1.0); }")
    assert GL.glGetError() == GL.GL_NO_ERROR
    view._gpu.leave_studio()
