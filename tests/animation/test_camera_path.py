import math
import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdviz.animation.camera_path import FIXED_CAMERA, CameraKey, CameraPath, cameras, parse_camera_key
from gdviz.core.errors import InputError, printable
from gdviz.presentation.look import DISTANCES, ELEVATIONS, Camera

HERE = Camera(-60.0, 30.0, 4.0)
THERE = Camera(120.0, 60.0, 8.0)
STEPS = tuple(map(float, range(11)))


def keys(*steps_and_cameras):
    return CameraPath(tuple(CameraKey(step, camera) for step, camera in steps_and_cameras))


def test_a_camera_that_stands():
    assert cameras(FIXED_CAMERA, HERE, STEPS) == (HERE,) * 11


@pytest.mark.parametrize("turn", [360.0, -360.0, 90.0])
def test_a_turn_is_even_and_leads_on_to_its_beginning(turn):
    seen = cameras(CameraPath(turn=turn), HERE, STEPS)
    assert seen[0] == HERE
    assert {(camera.elevation, camera.distance) for camera in seen} == {(30.0, 4.0)}
    moved = [math.remainder(behind.azimuth - before.azimuth, 360.0) for before, behind in pairwise(seen)]
    assert moved == pytest.approx([turn / 11] * 10)
    assert all(-180.0 <= camera.azimuth <= 180.0 for camera in seen)
    if abs(turn) == 360.0:  # after the last frame comes the first one again
        assert math.remainder(HERE.azimuth - seen[-1].azimuth, 360.0) == pytest.approx(turn / 11)


def test_between_two_keys_the_camera_starts_and_arrives_gently():
    seen = cameras(keys((2, HERE), (6, Camera(-20.0, 50.0, 8.0))), THERE, STEPS)
    assert seen[:3] == (HERE,) * 3
    assert seen[6:] == (Camera(-20.0, 50.0, 8.0),) * 5
    # Smoothstep of a quarter is 5/32; the distance has the geometric mean in the middle.
    assert seen[3].azimuth == pytest.approx(-60 + 40 * 5 / 32)
    assert seen[4] == Camera(-40.0, 40.0, pytest.approx(math.sqrt(32.0)))
    assert seen[5].elevation == pytest.approx(30 + 20 * 27 / 32)


def test_the_camera_goes_the_shorter_way_round():
    seen = cameras(keys((0, Camera(170.0)), (10, Camera(-170.0))), HERE, STEPS)
    assert seen[5].azimuth == pytest.approx(180.0)
    assert [round(camera.azimuth) for camera in seen[::10]] == [170, -170]
    assert all(abs(camera.azimuth) >= 170 for camera in seen)


def test_a_key_is_reached_when_its_step_is_first_shown():
    moments = (0.0, 0.0, 3.0, 4.0, 4.5, 5.0, 8.0, 8.0)
    seen = cameras(keys((4, HERE), (7, THERE)), Camera(), moments)
    assert seen[3] == HERE
    assert seen[2] == HERE
    assert seen[5] not in (HERE, THERE)
    assert seen[6:] == (THERE, THERE)


def test_of_several_keys_at_one_frame_the_last_one_counts():
    assert cameras(keys((1, HERE), (2, THERE)), Camera(), (0.0, 3.0, 4.0)) == (THERE,) * 3
    assert cameras(keys((8, THERE), (1, HERE)), Camera(), (10.0, 11.0)) == (THERE, THERE)  # both were before the clip


def test_a_key_behind_the_last_step_is_reached_at_the_end():
    seen = cameras(keys((0, HERE), (20, THERE), (30, Camera())), Camera(), STEPS)
    assert (seen[0], seen[-1]) == (HERE, THERE)
    assert seen[5].distance == pytest.approx(math.sqrt(32.0))
    # Not if one of a shown step is.
    assert cameras(keys((10, HERE), (20, THERE)), Camera(), STEPS) == (HERE,) * 11


def test_a_turn_is_added_to_the_keys():
    path = keys((2, HERE), (6, Camera(-20.0, 50.0, 8.0)))
    turned = cameras(CameraPath(path.keys, 110.0), THERE, STEPS)
    for index, (with_turn, without) in enumerate(zip(turned, cameras(path, THERE, STEPS), strict=True)):
        assert with_turn.azimuth == pytest.approx(math.remainder(without.azimuth + 10.0 * index, 360.0))
        assert with_turn.distance == without.distance


positions = st.builds(Camera, st.floats(-180, 180), st.floats(*ELEVATIONS), st.floats(*DISTANCES))


@settings(deadline=None)
@given(
    st.lists(st.builds(CameraKey, st.integers(0, 40), positions), max_size=6),
    st.lists(st.floats(0, 30), min_size=1, max_size=30).map(sorted),
    st.floats(-3600, 3600),
)
def test_any_path_stays_within_what_the_mouse_can_do(found, moments, turn):
    seen = cameras(CameraPath(tuple(found), turn), HERE, tuple(moments))
    assert len(seen) == len(moments)
    for camera in seen:
        assert -180.0 <= camera.azimuth <= 180.0
        assert ELEVATIONS[0] - 1e-9 <= camera.elevation <= ELEVATIONS[1] + 1e-9
        assert DISTANCES[0] - 1e-9 <= camera.distance <= DISTANCES[1] + 1e-9


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("20:-60,32,4.6", CameraKey(20, Camera(-60.0, 32.0, 4.6))),
        ("0:270,5,9", CameraKey(0, Camera(-90.0, 5.0, 9.0))),
        ("7:-725.5, 89, 2.5", CameraKey(7, Camera(-5.5, 89.0, 2.5))),
    ],
)
def test_camera_keys_as_they_are_typed(text, key):
    assert parse_camera_key(text) == key


@pytest.mark.parametrize(
    "text",
    [
        "",
        "20",
        "20:",
        ":1,30,4",
        "20:1,30",
        "20:1,30,4,5",
        "-1:1,30,4",
        "1.5:1,30,4",
        "²:1,30,4",
        "a:1,30,4",
        "1:b,30,4",
        "1:nan,30,4",
        "1:inf,30,4",
        "1:0,30,nan",
        "9" * 5000 + ":1,30,4",
    ],
)
def test_camera_keys_that_are_none(text):
    message = (
        f"camera key: {text!r} is not a camera position; use step:azimuth,elevation,distance, such as 20:-60,32,4.6"
    )
    with pytest.raises(InputError, match=f"^{re.escape(printable(message))}$"):
        parse_camera_key(text)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("0:0,4.9,4", "the elevation 4.9 is not possible; use 5 to 89"),
        ("0:0,90,4", "the elevation 90 is not possible; use 5 to 89"),
        ("0:0,30,2.4", "the distance 2.4 is not possible; use 2.5 to 9"),
        ("0:0,30,1e9", "the distance 1e+09 is not possible; use 2.5 to 9"),
    ],
)
def test_cameras_where_the_mouse_cannot_go(text, problem):
    with pytest.raises(InputError, match=f"^camera key: {re.escape(problem)}$"):
        parse_camera_key(text)


@pytest.mark.parametrize("turn", [math.nan, math.inf, 3601.0, -1e300])
def test_turns_that_cannot_be(turn):
    with pytest.raises(InputError, match=r"^orbit: \S+ degrees are not possible; use -3600 to 3600$"):
        CameraPath(turn=turn)
