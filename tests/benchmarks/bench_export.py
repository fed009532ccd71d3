"""An export against matplotlib drawing and writing the same frames, and the memory that a long clip takes."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from matplotlib_animation import gif_writer, mp4_writer, write_with_matplotlib
from measuring import make_application, report, seconds

from gdviz.animation.animation import Animation
from gdviz.animation.formats import FORMATS
from gdviz.core.descent.recording import record
from gdviz.core.scenarios.library import load_scenario
from gdviz.export.animate import write_animation
from gdviz.export.encoders.encoder import Output, Tags, frame_writer
from gdviz.export.job import DEFAULT_SAMPLES, AnimationJob
from gdviz.export.still import StillStage
from gdviz.panes.surface.opengl.setup import opengl_problem
from gdviz.scene.scene import Scene

SIZE, STEPS = (1280, 720), 200
MP4_RATE, GIF_RATE = 30, 20
ENCODED = 50
"""So many pictures are kept in memory to measure the encoder alone."""
SHORT, LONG = 100, 10_000


def animation_at(frame_rate: int) -> Animation:
    """The first 200 steps of the lecture's run, one frame a step."""
    scenario = load_scenario("point-nine")
    scene = Scene(scenario.title, (record(scenario.experiment),))
    return Animation(scene, tuple(map(float, range(STEPS))), frame_rate)


class Cost(NamedTuple):
    """Seconds by the clock, and seconds of all processors, which what else runs on the machine does not lengthen."""

    clock: float
    processors: float

    def __str__(self) -> str:
        return f"{self.clock:.1f} s, {self.clock / STEPS * 1e3:.1f} ms a frame ({self.processors:.1f} s of processors)"


def cost(action: Callable[[], object]) -> Cost:
    """What one call takes, with the processes that it starts and ends."""
    before = sum(os.times()[:4])
    clock = seconds(action)
    return Cost(clock, sum(os.times()[:4]) - before)


def mean(first: Cost, second: Cost) -> Cost:
    """Of two calls of the same."""
    return Cost((first.clock + second.clock) / 2, (first.processors + second.processors) / 2)


def ours(animation: Animation, target: Path, samples: int = DEFAULT_SAMPLES) -> Cost:
    """Our export."""
    format = FORMATS[target.suffix.removeprefix(".")]
    job = AnimationJob(animation, format, SIZE, target, samples=samples)
    return cost(lambda: write_animation(job, lambda drawn: None))


def theirs(animation: Animation, target: Path, make_writer: Callable) -> Cost:
    """Matplotlib's, which is given the composed frames."""
    frames = [animation.frame(index) for index in range(len(animation))]
    return cost(lambda: write_with_matplotlib(frames, target, make_writer(animation.frame_rate)))


def compare_mp4(folder: Path) -> None:
    """Ours before and after matplotlib's, so that a slow moment of the machine meets both."""
    animation, target = animation_at(MP4_RATE), folder / "ours.mp4"
    smooth, plain = ours(animation, target), ours(animation, target, samples=0)
    matplotlib = theirs(animation, folder / "matplotlib.mp4", mp4_writer)
    smooth, plain = mean(smooth, ours(animation, target)), mean(plain, ours(animation, target, samples=0))
    for name, took in (("matplotlib", matplotlib), ("gdviz", smooth), ("gdviz without antialiasing", plain)):
        print(f"      MP4, {name}: {took}")
    faster = matplotlib.clock / smooth.clock
    report("MP4 with antialiasing against matplotlib", faster, "times as fast", "at least 5.5", faster >= 5.5)
    faster = matplotlib.clock / plain.clock
    report("MP4 without antialiasing against matplotlib", faster, "times as fast", "at least 8", faster >= 8)


def compare_gif(folder: Path) -> None:
    """Ours before and after, as above; and the sizes of both files."""
    animation, mine, other = animation_at(GIF_RATE), folder / "ours.gif", folder / "pillow.gif"
    before = ours(animation, mine)
    pillow = theirs(animation, other, gif_writer)
    took = mean(before, ours(animation, mine))
    for name, each, path in (("matplotlib and Pillow", pillow, other), ("gdviz", took, mine)):
        print(f"      GIF, {name}: {each}, {path.stat().st_size:,} bytes")
    faster = pillow.clock / took.clock
    report("GIF against Pillow's writer", faster, "times as fast", "at least 8", faster >= 8)
    part = mine.stat().st_size / other.stat().st_size
    report("GIF's size against Pillow's", part, "of its bytes", "smaller", part < 1)


def print_stages(folder: Path) -> None:
    """What a frame of ours is made of: the drawing, and for each format the encoding of what was drawn."""
    animation = animation_at(MP4_RATE)
    stage = StillStage(opengl_problem() is None)
    for samples in (DEFAULT_SAMPLES, 0):
        composed, drawn = draw_all(animation, stage, samples)
        print(f"      {samples} samples: composed in {composed * 1e3:.1f}, drawn in {drawn * 1e3:.1f} ms a frame")
    pictures = [stage.picture(animation.frame(index), *SIZE) for index in range(ENCODED)]
    stage.close()
    for name in ("mp4", "gif"):
        took = encode(pictures, folder / f"encoded.{name}") / ENCODED
        print(f"      {name}: encoded in {took * 1e3:.1f} ms a frame alone; an export encodes while it draws")


def draw_all(animation: Animation, stage: StillStage, samples: int) -> tuple[float, float]:
    """Seconds a frame to compose and to draw."""
    composed = drawn = 0.0
    for index in range(len(animation)):
        begin = time.perf_counter()
        frame = animation.frame(index)
        composed += time.perf_counter() - begin
        drawn += seconds(lambda frame=frame: stage.picture(frame, *SIZE, samples))
    return composed / len(animation), drawn / len(animation)


def encode(pictures: list, target: Path) -> float:
    """Seconds to write pictures that are there already."""
    format = FORMATS[target.suffix.removeprefix(".")]

    def write() -> None:
        output = Output(target, SIZE, format.default_frame_rate, Tags("", ""), False, lambda: pictures[::3])
        with frame_writer(format, output) as add_frame:
            for picture in pictures:
                add_frame(picture)

    return seconds(write)


def compare_memory() -> None:
    """The peak of a process for a short clip and of another for a long one."""
    script = str(Path(__file__).with_name("clip_memory.py"))
    peaks: Iterator[float] = (
        float(subprocess.run([sys.executable, script, str(frames)], check=True, capture_output=True, text=True).stdout)
        for frames in (SHORT, LONG)
    )
    short, long = peaks
    print(f"      {SHORT} frames: {short:.0f} MB; {LONG:,} frames: {long:.0f} MB")
    more = long - short
    report(f"memory of {LONG:,} frames, more than of {SHORT}", more, "MB", "within 50", more <= 50)


def main() -> None:
    """The same frames for both; Qt and matplotlib are loaded before the clock starts."""
    make_application()
    with TemporaryDirectory() as folder:
        compare_mp4(Path(folder))
        compare_gif(Path(folder))
        print_stages(Path(folder))
    compare_memory()


main()
