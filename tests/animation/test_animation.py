import pickle
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from gdviz.animation.animation import Animation, AnimationSettings, estimated_bytes, format_bytes, make_animation
from gdviz.animation.camera_path import CameraKey, CameraPath
from gdviz.animation.captions import alternative_text, captions
from gdviz.animation.formats import FORMATS
from gdviz.animation.pace import EveryStep, Steady, Teach, moments
from gdviz.core.descent.optimizers import Momentum
from gdviz.core.descent.recording import record
from gdviz.core.problems.regression import LinearRegression
from gdviz.panes.landscape import zoom
from gdviz.presentation.look import Camera, Look, Theme, View
from gdviz.scene.scene import Scene
from tests.recordings import EXPERIMENTS, LECTURE, equal, lecture, recorded, same_columns

POINT_NINE = Scene("Point nine", (recorded("point-nine"),))


def animation(scene=POINT_NINE, pace=None, first=0, last=200, frame_rate=30, **camera_path):
    return Animation(
        scene, moments(scene, pace or Teach(), first, last, frame_rate), frame_rate, CameraPath(**camera_path)
    )


def test_an_animation_knows_its_frames():
    clip = animation(pace=EveryStep(), first=3, last=52, frame_rate=25)
    assert (len(clip), clip.duration, clip.steps) == (50, 2.0, (3, 52))
    assert equal(clip.frame(7), POINT_NINE.frame(10))
    assert clip.shown_at(4) == 0.04


def test_a_step_is_shown_from_its_first_frame_on():
    clip = animation(pace=Steady(2.0))
    assert [clip.shown_at(step) for step in (0, 1, 4, 200)] == [0.0, 0.5, 2.0, 100.0]
    skipping = animation(pace=Steady(300.0))
    for step in range(201):
        index = round(skipping.shown_at(step) * 30)
        assert skipping.moments[index] >= step
        assert index == 0 or skipping.moments[index - 1] < step


def test_the_camera_is_that_of_the_path():
    standing = animation()
    assert {id(camera) for camera in standing.cameras} == {id(POINT_NINE.look.camera)}
    turning = animation(turn=360.0, keys=(CameraKey(5, Camera(10.0, 20.0, 3.0)),))
    assert len(turning.cameras) == len(turning)
    assert turning.frame(0).look.camera == Camera(10.0, 20.0, 3.0)
    assert turning.frame(100).look == replace(POINT_NINE.look, camera=turning.cameras[100])
    assert len(set(turning.cameras)) == len(turning)


@pytest.mark.parametrize("name", [*EXPERIMENTS, "changed"])
def test_an_animation_can_be_sent_to_another_process(name):
    recording = (
        record(lecture(0.9, optimizer=Momentum()).with_learning_rate(0.1, 9)) if name == "changed" else recorded(name)
    )
    scene = Scene("Title", (recording,), Look(theme=Theme.DARK, view=View.FOLLOW))
    clip = animation(scene, turn=90.0, keys=(CameraKey(0, Camera()), CameraKey(50, Camera(30.0))))
    scene.frame(60)  # what is remembered for speed is no obstacle
    assert clip.cameras
    sent = pickle.loads(pickle.dumps(clip))
    assert (sent.moments, sent.frame_rate, sent.camera_path) == (clip.moments, clip.frame_rate, clip.camera_path)
    for index in (0, 107, 108, 300, len(clip) - 1):
        assert equal(sent.frame(index), clip.frame(index))
    assert captions(sent) == captions(clip)
    assert alternative_text(sent) == alternative_text(clip)


def test_what_is_sent_is_as_unchangeable_as_what_was():
    recording = pickle.loads(pickle.dumps(POINT_NINE)).recordings[0]
    assert same_columns(recording, recorded("point-nine"))
    for column in (recording.points, recording.losses, recording.gradients):
        with pytest.raises(ValueError, match="read-only"):
            column[0] = 1.0


def test_what_was_found_out_about_a_recording_stays_with_it():
    Scene("", (record(lecture(0.9)),)).frame(100)  # what is found out about the problem they share goes with it
    scene = Scene("", (record(lecture(0.9)),))
    plain = pickle.dumps(scene)
    scene.frame(100)
    assert len(pickle.dumps(scene)) == len(plain)
    sent = pickle.loads(pickle.dumps(scene))
    levels, again = (
        [zoom.zoom_level_at(each.recordings[0], step, LECTURE.box) for step in range(201)] for each in (scene, sent)
    )
    assert levels == again
    climbing = [step for step, (a, b) in enumerate(pairwise(again)) if a < b]
    assert climbing == [step for step in zoom.zoom_steps(sent.recordings[0], LECTURE.box) if 0 < step < 200]


# How large the file will be


@pytest.mark.parametrize("format", FORMATS.values(), ids=lambda format: format.name)
def test_the_size_grows_with_pixels_and_with_what_changes(format):
    clip = animation()
    small, large = (estimated_bytes(clip, format, size) for size in ((1280, 720), (1920, 1080)))
    assert 1.5 * small < large < 2.25 * small
    quiet = animation(Scene("", (record(lecture(0.9, problem=LinearRegression(), steps=200)),), Look(view=View.HOLD)))
    assert len(quiet) == len(clip)
    compressed = format.frame_bytes.turned > format.frame_bytes.held
    assert (estimated_bytes(quiet, format, (1280, 720)) < small) == compressed
    assert (estimated_bytes(animation(turn=360.0), format, (1280, 720)) > small) == compressed
    standing = animation(first=7, last=7)
    assert (estimated_bytes(standing, format, (1280, 720)) < small / 3) == compressed


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "1 kB"),
        (999, "1 kB"),
        (1_234, "1.2 kB"),
        (834_000, "830 kB"),
        (994_000, "990 kB"),
        (996_000, "1 MB"),
        (2_440_000, "2.4 MB"),
        (345_678_901, "350 MB"),
        (999_999_999, "1 GB"),
        (23_456_000_000, "23 GB"),
    ],
)
def test_sizes_as_people_read_them(count, text):
    assert format_bytes(count) == text


def test_a_job_can_be_sent():
    from gdviz.export.job import AnimationJob

    job = AnimationJob(animation(), FORMATS["mp4"], (1280, 720), Path("a.mp4"), Path("a.png"), Path("a.vtt"))
    sent = pickle.loads(pickle.dumps(job))
    assert (sent.format, sent.size, sent.files) == (job.format, job.size, job.files)
    assert equal(sent.animation.frame(44), job.animation.frame(44))


@pytest.mark.parametrize(("speed", "grow"), [(0.5, True), (4.0, False)])
def test_in_a_clip_too_fast_for_the_parts_of_a_step_the_box_still_grows(speed, grow):
    scene = replace(POINT_NINE, look=Look(inside=True, pane="contour"))
    clip = make_animation(scene, AnimationSettings(pace=Steady(speed), steps=(3, 6)))
    shown = [clip.frame(index).landscape for index in range(len(clip))]
    assert len({landscape.surface.box for landscape in shown}) > 5
    assert any(one.grown < 1.0 for landscape in shown for one in landscape.inside.directions) == grow
