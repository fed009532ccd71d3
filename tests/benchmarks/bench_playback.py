"""Ordinary playback in the window: frames a second and processor time a frame, in a still box and a growing one."""

import time
from dataclasses import replace

from measuring import counted_paints, make_application, make_window, median, report, wait_until

from gdviz.core.descent.schedules import Constant
from gdviz.core.precision import Precision
from gdviz.core.scenarios.library import load_scenario

RATES = {"still": 0.3, "growing": 0.9}
"""Below and above the limit of stability, 0.7755."""
SIZES = {(1280, 720): 55, (1920, 1080): 40}
"""The frames a second to reach in each size of the window."""
MILLISECONDS = {"still": 9.0, "growing": 15.0}
"""The processor time a frame to reach in the smaller one."""
SPEEDS, SECONDS = (16.0, 64.0), 3.0


def play(window, rate: float, speed: float) -> tuple[float, float]:
    """Frames a second and milliseconds of processor time a frame."""
    session = window.session
    experiment = load_scenario("point-nine").experiment
    steps = round(4.0 * speed * SECONDS)
    experiment = replace(experiment, schedule=Constant(rate), steps=steps, precision=Precision.FLOAT64)
    session.open(replace(session.state.scenario, experiment=experiment))
    wait_until(lambda: session.runs.live.is_complete and not session.is_busy)
    session.player.seek(0)
    session.player.set_speed(speed)
    with counted_paints(window.stage.surface) as paints:
        began, processor = time.perf_counter(), time.process_time()
        session.player.toggle_play()
        wait_until(lambda: not session.player.playback.playing)
        took, processor = time.perf_counter() - began, time.process_time() - processor
    return len(paints) / took, 1e3 * processor / len(paints)


def main() -> None:
    """Each size twice over, so that a slow moment of the machine meets one round only."""
    make_application()
    window = make_window()
    window.start()
    for size, bar in SIZES.items():
        window.resize(*size)
        for box, rate in RATES.items():
            rounds = [play(window, rate, speed) for _ in range(2) for speed in SPEEDS]
            frames, processor = (median([each[index] for each in rounds]) for index in (0, 1))
            what = f"playback at {size[0]}x{size[1]}, box {box}"
            report(what, frames, "frames a second", f"at least {bar}", frames >= bar)
            most = MILLISECONDS[box] if size == (1280, 720) else float("inf")
            report(f"{what}, processor", processor, "ms a frame", f"at most {most:g}", processor <= most)
    window.close()


main()
