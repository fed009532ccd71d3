import math
from dataclasses import replace

import pytest

from gdviz.animation.animation import MAX_FRAMES, AnimationSettings, make_animation
from gdviz.animation.camera_path import CameraKey, CameraPath
from gdviz.animation.formats import FORMATS
from gdviz.animation.pace import EveryStep, Steady
from gdviz.core.errors import InputError
from gdviz.presentation.look import Camera, Look, Theme
from gdviz.scene.scene import Scene
from tests.recordings import invented, recorded

SCENE = Scene("Title", (recorded("tenth"),), Look(pane="contour", camera=Camera(1.0, 20.0, 3.0)))
TRANSPARENT = ", ".join(format.name for format in FORMATS.values() if format.transparent)


def test_an_animation_is_of_the_whole_run_unless_told_otherwise():
    clip = make_animation(SCENE, AnimationSettings())
    assert clip.steps == (0, 200)
    assert len(clip) == round(18.1657 * 30)
    assert clip.frame_rate == 30
    assert clip.scene == replace(SCENE, look=replace(SCENE.look, theme=Theme.LIGHT))


def test_the_choices_are_in_the_animation():
    path = CameraPath((CameraKey(3, Camera()),), 90.0)
    settings = AnimationSettings(
        FORMATS["mov"], (640, 480), 24, (10, 20), EveryStep(), Theme.DARK, 1.3, transparent=True, camera_path=path
    )
    clip = make_animation(SCENE, settings)
    assert clip.moments == tuple(map(float, range(10, 21)))
    assert (clip.frame_rate, clip.camera_path) == (24, path)
    look = clip.scene.look
    assert (look.theme, look.text_scale, look.transparent) == (Theme.DARK, 1.3, True)
    assert (look.pane, look.camera) == (SCENE.look.pane, SCENE.look.camera)


def test_the_longest_of_several_runs_is_shown_to_its_end():
    scene = Scene("", (invented(losses=[1.0] * 5), recorded("tenth"), invented(losses=[1.0] * 9)))
    assert make_animation(scene, AnimationSettings()).steps == (0, 200)


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        (AnimationSettings(frame_rate=0), "frames a second: 0 is not possible; use 1 to 120"),
        (
            AnimationSettings(format=FORMATS["gif"]),
            "frames a second: gif cannot keep 30 exactly; use one of 20, 25, 50",
        ),
        (AnimationSettings(size=(1281, 720)), "size: mp4 needs an even width and height; use 1282x720"),
        (AnimationSettings(transparent=True), f"transparent: mp4 has no transparency; use one of {TRANSPARENT}"),
        (AnimationSettings(text_scale=0.69), "text size: 0.69 is not possible; use 0.7 to 1.8"),
        (AnimationSettings(text_scale=math.nan), "text size: nan is not possible; use 0.7 to 1.8"),
        (AnimationSettings(steps=(3, 2)), "steps: 3:2 is not a range of this run's steps; use one in 0:200"),
        (AnimationSettings(steps=(-1, 2)), "steps: -1:2 is not a range of this run's steps; use one in 0:200"),
        (AnimationSettings(steps=(0, 201)), "steps: 0:201 is not a range of this run's steps; use one in 0:200"),
        (AnimationSettings(pace=Steady(0.01)), "pace: that would be 603,000 frames; use a faster pace or fewer steps"),
    ],
)
def test_settings_that_are_not_possible(settings, problem):
    with pytest.raises(InputError) as raised:
        make_animation(SCENE, settings)
    assert str(raised.value) == problem


def test_billions_of_frames_are_refused_before_they_are_made():
    scene = Scene("", (invented(losses=[1.0] * 1_000_001),))
    for pace in (Steady(0.01), EveryStep()):
        with pytest.raises(InputError, match=r"^pace: that would be [\d,]+ frames; use a faster pace or fewer steps$"):
            make_animation(scene, AnimationSettings(pace=pace))
    some = AnimationSettings(pace=EveryStep(), steps=(5, 4 + MAX_FRAMES))
    assert len(make_animation(scene, some)) == MAX_FRAMES
