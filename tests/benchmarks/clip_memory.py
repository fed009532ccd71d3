"""Writes a small MP4 of as many frames as the argument says, and prints the most memory that it took, in megabytes."""

import sys
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from measuring import make_application

from gdviz.animation.animation import Animation
from gdviz.animation.formats import FORMATS
from gdviz.core.descent.recording import record
from gdviz.core.descent.schedules import Constant
from gdviz.core.scenarios.library import load_scenario
from gdviz.export.animate import write_animation
from gdviz.export.job import AnimationJob
from gdviz.scene.scene import Scene

SIZE, FRAME_RATE = (480, 300), 30
SLOW = Constant(1e-4)
"""The path goes on through all ten thousand steps."""


def peak_memory() -> float:
    """What this process has touched at the most. The system's ru_maxrss would begin with the parent's peak."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024


def main() -> None:
    """As many steps as frames, so that all that grows with the clip is counted."""
    frames = int(sys.argv[1])
    make_application()
    scenario = load_scenario("point-nine")
    recording = record(replace(scenario.experiment, schedule=SLOW, steps=frames - 1))
    animation = Animation(Scene(scenario.title, (recording,)), tuple(map(float, range(frames))), FRAME_RATE)
    with TemporaryDirectory() as folder:
        job = AnimationJob(animation, FORMATS["mp4"], SIZE, Path(folder) / "clip.mp4")
        write_animation(job, lambda drawn: None)
    print(peak_memory())


main()
