"""A million steps, recorded and scrubbed."""

import random
import resource

from measuring import machine_speed, make_application, make_window, median, report, seconds, wait_until

from gdviz.core.descent.schedules import Constant
from gdviz.session import edits

STEPS = 1_000_000


def memory() -> float:
    """The memory that this process has really touched at the most, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """The columns are four bytes each: 8 numbers a step in single precision."""
    make_application()
    window = make_window()
    window.start()
    session = window.session
    wait_until(lambda: session.runs.live.is_complete)
    # The same with few steps first, so that what drawing needs once is not counted as the steps'.
    session.apply(edits.change, steps=5_000, schedule=Constant(0.77))
    wait_until(lambda: session.runs.live.is_complete and session.state.experiment.steps == 5_000)
    for place in range(0, 5_000, 100):
        session.player.seek(place)
        wait_until(lambda: True)
    before = memory()
    session.apply(edits.change, steps=STEPS)
    took = seconds(lambda: wait_until(lambda: session.runs.live.is_complete, 600))
    columns, recorded = STEPS * 8 * 4 / 2**20, memory() - before
    took *= machine_speed()  # as on the machine on which the bar was set
    report(f"{STEPS:,} steps in the window", took, "s", "6 or less", took <= 6.0)
    places = random.Random(1).sample(range(STEPS), 60)
    times = [seconds(lambda place=place: session.player.seek(place)) for place in places]
    report("memory once recorded", recorded / columns, "of the columns'", "1.15 or less", recorded <= 1.15 * columns)
    grown = memory() - before
    report("seek in a million steps, all views", median(times) * 1e3, "ms", "33 or less", median(times) <= 0.033)
    report("memory with what is drawn", grown / columns, "of the columns'", "1.2 or less", grown <= 1.2 * columns)
    window.close()


main()
