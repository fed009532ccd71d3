"""Connects the controls and commands to the session, one line each."""

from collections.abc import Callable
from functools import partial

from gdviz.controls.panel import ControlPanel
from gdviz.controls.playback_bar import PlaybackBar
from gdviz.controls.rate_bar import RateBar
from gdviz.core.problems.batch_orders import BatchOrder
from gdviz.main_window.appearance import Appearance
from gdviz.panes.registry import switches
from gdviz.presentation.look import Camera
from gdviz.session import edits
from gdviz.session.session import Session
from gdviz.stage.stage import Stage


def connect_stage(stage: Stage, session: Session, appearance: Appearance) -> None:
    """Connect user actions on the stage to the session."""
    stage.camera_changed.connect(lambda camera: session.set_look(camera=camera))
    stage.start_pressed.connect(session.timeline.begin_drag)
    stage.start_dragged.connect(partial(session.apply, edits.set_start))
    stage.start_released.connect(session.timeline.end_drag)
    stage.step_clicked.connect(session.player.seek)
    stage.handle_pressed.connect(session.timeline.begin_drag)
    stage.handle_dragged.connect(partial(session.apply, edits.drag_handle))
    stage.handle_released.connect(session.timeline.end_drag)
    stage.run_chosen.connect(partial(session.apply, edits.make_live))
    stage.rate_clicked.connect(partial(session.apply, edits.adopt_rate))
    stage.cell_clicked.connect(session.show_run)
    stage.row_hovered.connect(appearance.highlight_row)
    stage.check_clicked.connect(appearance.toggle_check)


def connect_panel(panel: ControlPanel, session: Session) -> None:
    """Connect the control panel to the session."""
    panel.problem.chosen.connect(session.set_problem)
    panel.data.data_changed.connect(session.set_data)
    panel.data.columns_wanted.connect(session.choose_columns)
    panel.data.slider.pressed.connect(session.timeline.begin_drag)
    panel.data.slider.released.connect(session.timeline.end_drag)
    panel.batches.reduction.chosen.connect(partial(session.apply, edits.set_reduction))
    panel.batches.batch_size.committed.connect(lambda size: session.apply(edits.change, batch_size=size))
    panel.batches.seed.committed.connect(lambda seed: session.apply(edits.change, seed=seed))
    panel.batches.order.chosen.connect(lambda name: session.apply(edits.change, batch_order=BatchOrder(name)))
    panel.optimizer.kind.changed.connect(partial(session.apply, edits.set_optimizer))
    panel.optimizer.rate.committed.connect(session.set_learning_rate)
    panel.optimizer.schedule.changed.connect(partial(session.apply, edits.set_schedule))
    panel.range_test.range_test_changed.connect(partial(session.apply, edits.set_range_test))
    panel.run.steps.committed.connect(partial(session.apply, edits.set_steps))
    panel.run.start_changed.connect(partial(session.apply, edits.set_start))
    panel.run.precision.chosen.connect(partial(session.apply, edits.set_precision))
    panel.rejected.connect(session.report_error)


def connect_bars(rate_bar: RateBar, playback_bar: PlaybackBar, session: Session) -> None:
    """Connect the two bars below the stage to the session."""
    rate_bar.slider.pressed.connect(session.timeline.begin_drag)
    rate_bar.learning_rate_changed.connect(session.set_learning_rate)
    rate_bar.slider.released.connect(session.timeline.end_drag)
    rate_bar.field.rejected.connect(session.report_error)
    rate_bar.from_here_toggled.connect(partial(session.apply, edits.set_changes_from_here))
    playback_bar.seek.connect(session.player.seek)
    playback_bar.speed_changed.connect(session.player.set_speed)


def slots(session: Session, appearance: Appearance) -> dict[str, Callable[[], object]]:
    """Return the slots of the commands that act on the session and its look, by name."""
    return {
        "undo": session.undo,
        "redo": session.redo,
        "play": session.player.toggle_play,
        "forward": lambda: session.player.step_by(1),
        "back": lambda: session.player.step_by(-1),
        "forward_ten": lambda: session.player.step_by(10),
        "back_ten": lambda: session.player.step_by(-10),
        "first": lambda: session.player.seek(0),
        "last": session.player.seek_end,
        "faster": lambda: session.player.change_speed(1),
        "slower": lambda: session.player.change_speed(-1),
        "stop": session.stop_computing,
        "rate_up": lambda: session.scale_learning_rate(1.1),
        "rate_down": lambda: session.scale_learning_rate(1 / 1.1),
        "rate_up_ten": lambda: session.scale_learning_rate(10.0),
        "rate_down_ten": lambda: session.scale_learning_rate(0.1),
        "from_here": lambda: session.apply(edits.set_changes_from_here, not session.state.changes_from_here),
        "range_test": lambda: session.apply(edits.toggle_range_test, session.target_step),
        "pin": lambda: session.apply(edits.pin),
        "unpin": lambda: session.apply(edits.unpin_all),
        "race": lambda: session.apply(edits.race),
        "reset": session.reset,
        **{pane.name: partial(session.apply, edits.toggle_pane, pane.name) for pane in switches()},
        "keep_camera": lambda: session.apply(edits.keep_camera, session.target_step),
        "forget_cameras": lambda: session.apply(edits.forget_cameras),
        "reset_view": lambda: session.set_look(camera=Camera()),
        "normal_text": lambda: session.set_look(text_scale=1.0),
        "pane": appearance.toggle_pane,
        "data_pane": appearance.toggle_data_pane,
        "loss_scale": lambda: appearance.toggle("loss_scale"),
        "step_scale": lambda: appearance.toggle("step_scale"),
        "view": appearance.toggle_view,
        "zoom": appearance.toggle_zoom,
        "equal_axes": appearance.toggle_equal_axes,
        "multiples": appearance.toggle_multiples,
        "same_view": appearance.toggle_same_view,
        "ghost": appearance.toggle_ghost,
        "inside": appearance.toggle_inside,
        "theme": lambda: appearance.toggle("theme"),
        "larger": lambda: appearance.scale_text(1.1),
        "smaller": lambda: appearance.scale_text(1 / 1.1),
    }
