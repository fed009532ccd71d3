import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest

from gdviz.panes.surface.geometry import heightfield as field
from gdviz.panes.surface.geometry.camera import to_world
from tests.frames import show_frame
from tests.panes.surface import frames
from tests.panes.surface.conftest import UNIT, state_of

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def shown(view, qtbot):
    surf = frames.surface()
    frame = frames.frame(surf, [frames.path(surf, frames.descend(0.7, 3))])
    view.set_unit(UNIT)
    show_frame(view, frame)
    with qtbot.waitExposed(view):
        view.show()
    return view, frame


def pixel(frame, place):
    return QPoint(*np.round(state_of(frame).lens.project(to_world(place))).astype(int).tolist())


def drag(view, start, *way):
    QTest.mousePress(view, LEFT, Qt.KeyboardModifier.NoModifier, start)
    for point in way:
        QTest.mouseMove(view, point)
    QTest.mouseRelease(view, LEFT, Qt.KeyboardModifier.NoModifier, way[-1])


def heard(signal):
    said = []
    signal.connect(lambda *values: said.append(values))
    return said


def test_dragging_beside_the_start_asks_for_another_camera(shown):
    view, frame = shown
    cameras, starts = heard(view.camera_changed), heard(view.start_dragged)
    before = view.render_image(740, 500, 0)
    drag(view, QPoint(600, 400), QPoint(620, 410), QPoint(650, 420))
    camera = cameras[-1][0]
    assert camera.azimuth == pytest.approx(frame.look.camera.azimuth - 0.4 * 50)
    assert camera.elevation == pytest.approx(frame.look.camera.elevation + 0.4 * 20)
    assert camera.distance == frame.look.camera.distance
    assert not starts
    assert view.render_image(740, 500, 0) == before


def test_elevation_stays_between_its_limits(shown):
    view, _ = shown
    cameras = heard(view.camera_changed)
    drag(view, QPoint(600, 10), QPoint(600, 490))
    assert cameras[-1][0].elevation == 89.0
    drag(view, QPoint(600, 490), QPoint(600, 10))
    assert cameras[-1][0].elevation == 5.0


@pytest.mark.parametrize(("turns", "expected"), [(1, 4.6 * 0.999**120), (-300, 9.0), (300, 2.5)])
def test_the_wheel_asks_for_another_distance(shown, turns, expected):
    view, _ = shown
    cameras = heard(view.camera_changed)
    at = QPointF(300, 200)
    event = QWheelEvent(
        at,
        view.mapToGlobal(at),
        QPoint(),
        QPoint(0, 120 * turns),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    view.wheelEvent(event)
    assert cameras[0][0].distance == pytest.approx(expected)


def test_dragging_the_start_says_where_it_should_be(shown):
    view, frame = shown
    surf = frame.landscape.surface
    cameras, starts, ends = heard(view.camera_changed), heard(view.start_dragged), heard(view.start_released)
    goal = np.array([0.3, -0.4])
    grabbed = pixel(frame, frame.landscape.paths[0].start)
    dropped = pixel(frame, (*goal, field.height(surf, goal)))
    drag(view, grabbed, (grabbed + dropped) / 2, dropped)
    assert not cameras
    assert len(ends) == 1
    np.testing.assert_allclose(surf.box.normalised(starts[-1]), goal, atol=0.01)


def test_taken_beside_its_middle_the_start_does_not_jump(shown):
    view, frame = shown
    starts = heard(view.start_dragged)
    grabbed = pixel(frame, frame.landscape.paths[0].start) + QPoint(6, 5)
    drag(view, grabbed, grabbed + QPoint(1, 0))
    np.testing.assert_allclose(starts[-1], (0.0, -1.0), atol=0.06)


def test_beside_the_surface_the_start_stays(shown):
    view, frame = shown
    starts = heard(view.start_dragged)
    drag(view, pixel(frame, frame.landscape.paths[0].start), QPoint(2, 2))
    assert not starts


def test_the_cursor_tells_what_can_be_taken(shown, qtbot):
    view, frame = shown
    start = pixel(frame, frame.landscape.paths[0].start)

    def becomes(shape):
        # The pointer is moved on the screen too, and what the screen says of it may come late and out of order.
        qtbot.waitUntil(lambda: view.cursor().shape() == shape)

    QTest.mouseMove(view, QPoint(30, 30))
    becomes(Qt.CursorShape.ArrowCursor)
    QTest.mouseMove(view, start)
    becomes(Qt.CursorShape.OpenHandCursor)
    QTest.mousePress(view, LEFT, Qt.KeyboardModifier.NoModifier, start)
    becomes(Qt.CursorShape.ClosedHandCursor)
    QTest.mouseRelease(view, LEFT, Qt.KeyboardModifier.NoModifier, start)
    becomes(Qt.CursorShape.OpenHandCursor)


def test_keys_are_left_to_the_window(shown, qtbot):
    view, _ = shown
    cameras = heard(view.camera_changed)
    before = view.render_image(200, 150, 0)
    qtbot.keyClick(view, Qt.Key.Key_Left)
    assert view.render_image(200, 150, 0) == before
    assert not cameras


def test_a_view_without_a_frame_ignores_the_mouse(view, qtbot):
    with qtbot.waitExposed(view):
        view.show()
    cameras = heard(view.camera_changed)
    drag(view, QPoint(100, 100), QPoint(150, 120))
    assert not cameras
