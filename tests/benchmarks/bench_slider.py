"""A moved slider until all views have been given the new frame: everything but the drawing by OpenGL."""

import time

from measuring import make_application, make_window, median, report, wait_until

MOVES = 40


def main() -> None:
    """Each move goes the way of a hand: intent, worker, recording, frame, all views."""
    make_application()
    window = make_window()
    window.start()
    session = window.session
    wait_until(lambda: session.runs.live.is_complete)
    session.player.seek_end()
    waited, composed = [], []
    for move in range(MOVES):
        begin = time.perf_counter()
        session.set_learning_rate(0.05 + 0.02 * move)
        wait_until(
            lambda: session.runs.live.is_complete and session.player.playback.step == session.state.experiment.steps
        )
        waited.append(time.perf_counter() - begin)
        begin = time.perf_counter()
        window.stage.show_frame(session.player.scene().frame(session.player.playback.step))
        composed.append(time.perf_counter() - begin)
    print(f"      from the move to all 200 steps shown {median(waited) * 1e3:.1f} ms, the clock's tick and GL included")
    report(
        "frame composed and given to all views", median(composed) * 1e3, "ms", "33 or less", median(composed) <= 0.033
    )
    window.close()


main()
