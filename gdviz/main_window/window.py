"""The main window: it puts stage, bars and panels in their places and wires them to the session."""

from collections.abc import Callable

from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QAction, QCloseEvent, QGuiApplication, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QDockWidget,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QVBoxLayout,
    QWidget,
)

from gdviz.core.errors import InputError
from gdviz.core.library import load_scenario, shipped
from gdviz.core.scenario import Scenario
from gdviz.main_window.appearance import Appearance
from gdviz.main_window.exports import Exports
from gdviz.main_window.files import Files
from gdviz.model.controls import Controls
from gdviz.model.look import Pane, Theme
from gdviz.model.session import Session
from gdviz.views.black_screen import BlackScreen
from gdviz.views.buttons import BarButton
from gdviz.views.commands import COMMANDS, MENUS, make_action
from gdviz.views.control_panel import ControlPanel
from gdviz.views.dialogs import TextDialog, about_html, keys_html
from gdviz.views.error_dialog import ErrorDialog
from gdviz.views.panel_area import PanelArea
from gdviz.views.playback_bar import PlaybackBar
from gdviz.views.rate_bar import RateBar
from gdviz.views.scenario_panel import ScenarioPanel
from gdviz.views.stage import Stage

NOTICE_MILLISECONDS = 8000


class MainWindow(QMainWindow):
    """Stage in the middle, learning rate and playback under it, scenarios and control panel beside it."""

    def __init__(
        self,
        scenario: Scenario,
        name: str,
        settings: QSettings,
        no_surface: str | None = None,
        theme: Theme | None = None,
    ) -> None:
        """``name``: the scenario's name in the list, if it is there. ``no_surface``: why there is no OpenGL, if so."""
        super().__init__()
        self.setWindowTitle("gdviz")
        self.setMinimumSize(960, 560)
        self._scenario_name = name
        self._has_ended = False
        self.session = Session(scenario, self)
        self.commands: dict[str, QAction] = {command.name: make_action(command, self) for command in COMMANDS}
        self._build(no_surface)
        self.files = Files(self.session, self.stage, self)
        self.exports = Exports(self.session, settings, no_surface, self)
        self.statusBar().addPermanentWidget(self.exports.progress)
        self.appearance = Appearance(self, self.session, settings, no_surface)
        self._build_menus()
        self._connect_session()
        self._connect_controls()
        for command, slot in self._slots().items():
            self.commands[command].triggered.connect(lambda checked=False, slot=slot: slot())
        self.appearance.restore(theme)
        # Ctrl+C in the terminal ends the program whatever the window answers.
        application = QGuiApplication.instance()
        assert application is not None
        application.aboutToQuit.connect(self._end)

    def start(self) -> None:
        """Compute and show the scenario that the window was made for."""
        self.session.open(self.session.scenario)
        self._show_name()
        self.stage.setFocus()

    # Building

    def _build(self, no_surface: str | None) -> None:
        self.stage = Stage(no_surface is None)
        self.rate_bar = RateBar()
        self.playback_bar = PlaybackBar(self.commands)
        self.control_panel = ControlPanel()
        self.panel_area = PanelArea(self.control_panel)
        self.scenario_panel = ScenarioPanel({name: load_scenario(name) for name in shipped()})
        reset = BarButton()
        reset.setDefaultAction(self.commands["reset"])
        rate_row = QHBoxLayout()
        rate_row.setContentsMargins(0, 0, 8, 0)
        rate_row.addWidget(self.rate_bar, 1)
        rate_row.addWidget(reset)
        central = QWidget()
        layout = QVBoxLayout(central)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.stage, 1)
        layout.addLayout(rate_row)
        layout.addWidget(self.playback_bar)
        self.setCentralWidget(central)
        self.docks = [
            self._dock("Scenarios", "scenarios", self.scenario_panel),
            self._dock("Control panel", "controls", self.panel_area),
        ]
        # One behind the other, so that the control panel is whole on a projector.
        self.tabifyDockWidget(*self.docks)
        self.docks[-1].raise_()
        self.black_screen = BlackScreen(self)
        self.statusBar().setSizeGripEnabled(False)
        if no_surface is not None:
            self.statusBar().addPermanentWidget(QLabel(f"Contour in the place of the surface: {no_surface}"))

    def _dock(self, title: str, name: str, widget: QWidget) -> QDockWidget:
        dock = QDockWidget(title, self)
        dock.setObjectName(name)
        dock.setWidget(widget)
        self.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, dock)
        return dock

    def _build_menus(self) -> None:
        menus = {title: self.menuBar().addMenu(title) for title in MENUS}
        for menu in menus.values():
            menu.setToolTipsVisible(True)
        for command in COMMANDS:
            menus[command.menu].addAction(self.commands[command.name])
            # Also the window's own, so that the key works while the menu bar is hidden.
            self.addAction(self.commands[command.name])
        menus["View"].addSeparator()
        for dock in self.docks:
            menus["View"].addAction(dock.toggleViewAction())
        menus["Scenario"].addSeparator()
        for name in shipped():
            menus["Scenario"].addAction(name).triggered.connect(lambda checked=False, name=name: self.load(name))

    # Wiring

    def _connect_session(self) -> None:
        session = self.session
        session.frame_changed.connect(self.stage.show_frame)
        session.controls_changed.connect(self._show_controls)
        session.noticed.connect(self.notice)
        session.failed.connect(self.show_error)
        self.files.noticed.connect(self.notice)
        self.files.chosen.connect(self.load)
        self.exports.noticed.connect(self.notice)

    def _connect_controls(self) -> None:
        session, editor, panel = self.session, self.session.editor, self.control_panel
        self.stage.camera_changed.connect(lambda camera: session.set_look(camera=camera))
        self.stage.start_dragged.connect(lambda first, second: editor.change(start=(first, second)))
        self.stage.step_clicked.connect(session.seek)
        self.stage.rate_clicked.connect(editor.take_rate)
        self.stage.cell_clicked.connect(editor.go_to)
        self.rate_bar.from_here_toggled.connect(editor.set_changes_from_here)
        self.playback_bar.seek.connect(session.seek)
        self.playback_bar.speed_changed.connect(session.set_speed)
        panel.problem_chosen.connect(editor.set_problem)
        panel.data_changed.connect(editor.set_data)
        panel.optimizer_changed.connect(editor.set_optimizer)
        panel.steps_changed.connect(editor.set_steps)
        panel.start_changed.connect(lambda first, second: editor.change(start=(first, second)))
        panel.precision_chosen.connect(editor.set_precision)
        panel.range_test_changed.connect(editor.set_range_test)
        for source in (self.rate_bar, panel):
            source.learning_rate_changed.connect(editor.set_learning_rate)
            source.rejected.connect(session.refuse)
        self.scenario_panel.scenario_chosen.connect(self.load)

    def _slots(self) -> dict[str, Callable[[], object]]:
        session, appearance, files = self.session, self.appearance, self.files
        editor = session.editor
        return {
            "open": files.open,
            "save": files.save,
            "export_picture": files.export_picture,
            "export_animation": self.exports.choose,
            "copy_picture": files.copy_picture,
            "quit": self.close,
            "play": session.toggle_play,
            "forward": lambda: session.step_by(1),
            "back": lambda: session.step_by(-1),
            "forward_ten": lambda: session.step_by(10),
            "back_ten": lambda: session.step_by(-10),
            "first": lambda: session.seek(0),
            "last": session.seek_end,
            "faster": lambda: session.change_speed(1),
            "slower": lambda: session.change_speed(-1),
            "stop": session.stop_computing,
            "rate_up": lambda: editor.scale_learning_rate(1.1),
            "rate_down": lambda: editor.scale_learning_rate(1 / 1.1),
            "rate_up_ten": lambda: editor.scale_learning_rate(10.0),
            "rate_down_ten": lambda: editor.scale_learning_rate(0.1),
            "from_here": lambda: editor.set_changes_from_here(not editor.changes_from_here),
            "range_test": editor.toggle_range_test,
            "reset": session.reset,
            "pane": appearance.toggle_pane,
            "data_pane": appearance.toggle_data_pane,
            "loss_scale": appearance.toggle_loss_scale,
            "view": appearance.toggle_view,
            "map": lambda: session.toggle_chart(Pane.MAP),
            "basins": lambda: session.toggle_chart(Pane.BASINS),
            "ghost": appearance.toggle_ghost,
            "formula": appearance.toggle_formula,
            "reset_view": appearance.reset_camera,
            "keep_camera": session.keep_camera,
            "forget_cameras": session.forget_cameras,
            "theme": appearance.toggle_theme,
            "larger": lambda: appearance.scale_text(1.1),
            "smaller": lambda: appearance.scale_text(1 / 1.1),
            "normal_text": lambda: session.set_look(text_scale=1.0),
            "present": lambda: appearance.present(not self.isFullScreen()),
            "black": self.black_screen.toggle,
            "next": lambda: self._next_scenario(1),
            "previous": lambda: self._next_scenario(-1),
            "keys": lambda: TextDialog("Keys", keys_html(), self).open(),
            "about": lambda: TextDialog("About gdviz", about_html(), self).open(),
        }

    # Showing

    def _show_controls(self, controls: Controls) -> None:
        self._apply_style()
        for widget in (self.rate_bar, self.playback_bar, self.control_panel):
            widget.show_controls(controls)
        self.commands["play"].setText("Pause" if controls.playing else "Play")
        for command, is_on in controls.switched.items():
            self.commands[command].setChecked(is_on)
        self.commands["stop"].setEnabled(controls.computing)

    def _apply_style(self) -> None:
        self.appearance.apply((self.rate_bar, self.playback_bar, self.panel_area, self.scenario_panel))

    def notice(self, line: str) -> None:
        """Show one line in the status bar for some seconds."""
        self.statusBar().showMessage(line, NOTICE_MILLISECONDS)

    def show_error(self, text: str) -> None:
        """Show the traceback of an exception that nobody thought of; one that is shown already is not shown twice."""
        for dialog in self.findChildren(ErrorDialog):
            if dialog.text == text and dialog.isVisible():
                return
        dialog = ErrorDialog(text, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.show()

    # Scenarios

    def load(self, name: str) -> None:
        """Load a scenario by its name or its file; what cannot be loaded is said, and what was there stays."""
        try:
            scenario = load_scenario(name)
        except InputError as error:
            self.notice(str(error))
            return
        self._scenario_name = name
        self.session.open(scenario)
        self._show_name()
        self.notice(scenario.question)

    def _show_name(self) -> None:
        self.scenario_panel.show_current(self._scenario_name, self.session.scenario)
        self.setWindowTitle(f"{self.session.scenario.title} – gdviz")

    def _next_scenario(self, direction: int) -> None:
        names = list(shipped())
        here = names.index(self._scenario_name) if self._scenario_name in names else -1
        place = here + direction
        if 0 <= place < len(names):
            self.load(names[place])
        else:
            self.notice("this is the last scenario" if direction > 0 else "this is the first scenario")

    # Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves the black screen, then Present."""
        if event.key() == Qt.Key.Key_Escape and self.black_screen.isVisible():
            self.black_screen.hide()
        elif event.key() == Qt.Key.Key_Escape and self.isFullScreen():
            self.appearance.present(False)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the text grow with the window."""
        super().resizeEvent(event)
        self._apply_style()
        self.black_screen.setGeometry(self.rect())

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask while an export is running, else end."""
        if self.exports.may_close():
            self._end()
            super().closeEvent(event)
        else:
            event.ignore()

    def _end(self) -> None:
        """Stop what is running and remember how the window looked; once."""
        if not self._has_ended:
            self._has_ended = True
            self.exports.close()
            self.appearance.remember()
            self.session.close()
