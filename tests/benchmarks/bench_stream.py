"""The bare descent loop against the same steps streamed into a window that redraws."""

from dataclasses import replace

from measuring import counted_paints, make_application, make_window, median, report, seconds, wait_until

from gdviz.core.descent.loop import descend
from gdviz.core.descent.recording import Recording
from gdviz.core.descent.schedules import Constant
from gdviz.core.scenarios.library import load_scenario

STEPS = 200_000
ROUNDS = 3


def bare(experiment) -> None:
    """The loop with nothing around it but the recording."""
    recording = Recording(experiment)
    for chunk in descend(experiment):
        recording.append(chunk)


def main() -> None:
    """Alternate both, so that a slow moment of the machine meets both."""
    make_application()
    experiment = replace(load_scenario("point-nine").experiment, schedule=Constant(0.1), steps=STEPS)
    window = make_window()
    window.start()
    wait_until(lambda: window.session.runs.live.is_complete)
    ratios, rates = [], []
    for _ in range(ROUNDS):
        alone = seconds(lambda: bare(experiment))
        window.session.open(replace(window.session.state.scenario, experiment=experiment))
        window.session.player.set_speed(float("inf"))
        window.session.player.toggle_play()
        with counted_paints(window.stage.surface) as frames:
            streamed = seconds(lambda: wait_until(lambda: window.session.runs.live.is_complete))
        ratios.append(alone / streamed)
        rates.append(len(frames) / streamed)
        speeds = f"bare {STEPS / alone:,.0f} steps/s, streamed {STEPS / streamed:,.0f} steps/s"
        print(f"      {speeds}, {rates[-1]:.0f} frames/s")
    report("streamed against bare steps", median(ratios), "of bare", "at least 0.5", median(ratios) >= 0.5)
    report("frames meanwhile", median(rates), "a second", "at least 33", median(rates) >= 33)
    window.close()


main()
