"""What every command and every control of the main window does: a line for each."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from gdviz.model.look import Pane
from gdviz.views.dialogs import about_html, keys_html, open_text

if TYPE_CHECKING:
    from gdviz.main_window.window import MainWindow


def connect_controls(window: "MainWindow") -> None:
    """Let what is done in the stage, the bars and the panels reach the session."""
    _connect_stage(window)
    _connect_panel(window)
    session, editor, player = window.session, window.session.editor, window.session.player
    window.rate_bar.from_here_toggled.connect(editor.set_changes_from_here)
    window.playback_bar.seek.connect(player.seek)
    window.playback_bar.speed_changed.connect(player.set_speed)
    for source in (window.rate_bar, window.control_panel):
        source.learning_rate_changed.connect(editor.set_learning_rate)
        source.rejected.connect(session.refuse)
    window.scenario_panel.scenario_chosen.connect(window.load)
    window.unpin_menu.chosen.connect(session.race_editor.unpin)


def _connect_stage(window: "MainWindow") -> None:
    session, editor = window.session, window.session.editor
    window.stage.camera_changed.connect(lambda camera: session.set_look(camera=camera))
    window.stage.start_dragged.connect(lambda first, second: editor.change(start=(first, second)))
    window.stage.step_clicked.connect(session.player.seek)
    window.stage.rate_clicked.connect(editor.take_rate)
    window.stage.cell_clicked.connect(editor.go_to)
    window.stage.charts.tape_row_hovered.connect(window.appearance.light_row)
    window.stage.charts.tape_check_clicked.connect(window.appearance.toggle_check)


def _connect_panel(window: "MainWindow") -> None:
    panel, editor = window.control_panel, window.session.editor
    panel.problem_chosen.connect(editor.set_problem)
    panel.data_changed.connect(editor.set_data)
    panel.reduction_changed.connect(editor.set_reduction)
    panel.batch_size_changed.connect(lambda size: editor.change(batch_size=size))
    panel.batch_seed_changed.connect(lambda seed: editor.change(seed=seed))
    panel.optimizer_changed.connect(editor.set_optimizer)
    panel.steps_changed.connect(editor.set_steps)
    panel.start_changed.connect(lambda first, second: editor.change(start=(first, second)))
    panel.precision_chosen.connect(editor.set_precision)
    panel.range_test_changed.connect(editor.set_range_test)


def slots(window: "MainWindow") -> dict[str, Callable[[], object]]:
    """What each of the commands does, by their names."""
    session, appearance, files = window.session, window.appearance, window.files
    editor, races, player = session.editor, session.race_editor, session.player
    return {
        "open": files.open,
        "save": files.save,
        "export_picture": files.export_picture,
        "export_animation": window.exports.choose,
        "copy_picture": files.copy_picture,
        "quit": window.close,
        "play": player.toggle_play,
        "forward": lambda: player.step_by(1),
        "back": lambda: player.step_by(-1),
        "forward_ten": lambda: player.step_by(10),
        "back_ten": lambda: player.step_by(-10),
        "first": lambda: player.seek(0),
        "last": player.seek_end,
        "faster": lambda: player.change_speed(1),
        "slower": lambda: player.change_speed(-1),
        "stop": session.stop_computing,
        "rate_up": lambda: editor.scale_learning_rate(1.1),
        "rate_down": lambda: editor.scale_learning_rate(1 / 1.1),
        "rate_up_ten": lambda: editor.scale_learning_rate(10.0),
        "rate_down_ten": lambda: editor.scale_learning_rate(0.1),
        "from_here": lambda: editor.set_changes_from_here(not editor.changes_from_here),
        "range_test": editor.toggle_range_test,
        "pin": races.pin,
        "unpin": races.unpin_all,
        "race": races.race,
        "reset": session.reset,
        "pane": appearance.toggle_pane,
        "data_pane": appearance.toggle_data_pane,
        "loss_scale": appearance.toggle_loss_scale,
        "view": appearance.toggle_view,
        "map": lambda: session.toggle_chart(Pane.MAP),
        "basins": lambda: session.toggle_chart(Pane.BASINS),
        "tape": appearance.toggle_tape,
        "multiples": appearance.toggle_multiples,
        "ghost": appearance.toggle_ghost,
        "formula": appearance.toggle_formula,
        "reset_view": appearance.reset_camera,
        "keep_camera": session.keep_camera,
        "forget_cameras": session.forget_cameras,
        "theme": appearance.toggle_theme,
        "larger": lambda: appearance.scale_text(1.1),
        "smaller": lambda: appearance.scale_text(1 / 1.1),
        "normal_text": lambda: session.set_look(text_scale=1.0),
        "present": lambda: appearance.present(not window.isFullScreen()),
        "black": window.black_screen.toggle,
        "next": lambda: window.next_scenario(1),
        "previous": lambda: window.next_scenario(-1),
        "keys": lambda: open_text("Keys", keys_html(window.screen().size().width()), window, wraps=False),
        "about": lambda: open_text("About gdviz", about_html(), window),
    }
