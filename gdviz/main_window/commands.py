"""All commands with their menus, texts and keys; the main window connects each to its slot."""

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from gdviz.core.errors import printable
from gdviz.core.frozen import frozen
from gdviz.panes.entry import Place
from gdviz.panes.registry import PANES, switches
from gdviz.widgets.plain import escape_mnemonic, set_tooltip


@frozen
class Command:
    """An action: its ``menu`` and ``text``, ``keys`` in Qt's notation (the first is shown), and a tooltip."""

    name: str
    menu: str
    text: str
    keys: tuple[str, ...]
    tip: str
    checkable: bool = False


MENUS = ("File", "Edit", "Play", "Run", "View", "Scenario", "Help")

NO_AUTO_REPEAT = {
    *("play", "range_test", "pin", "unpin", "choose_race", "race", "pane", "ghost", "inside", "multiples", "zoom"),
    *("keep_camera", "theme", "present", "black", "export_animation", "quit", "paste"),
}
"""Commands that a held key triggers only once, as with all that switch a pane."""
STANDARD_KEYS = {"undo": QKeySequence.StandardKey.Undo, "redo": QKeySequence.StandardKey.Redo}
"""Commands for which the platform may have additional keys."""
MAX_EDIT_NAME = 60
"""Characters of an edit's name in a menu."""

_COMMANDS: tuple[Command | Place, ...] = (
    Command("open", "File", "Open scenario or data…", ("Ctrl+O",), "Open a scenario, or a table of your own"),
    Command("save", "File", "Save scenario as…", ("Ctrl+S",), "Save the current recipe with its data points"),
    Command("export_picture", "File", "Export picture…", ("Ctrl+E",), "Save the stage as a picture: PNG, SVG or PDF"),
    Command(
        "export_animation",
        "File",
        "Export animation…",
        ("Ctrl+Shift+E",),
        "Save the run as a video, a GIF or a folder of pictures",
    ),
    Command("copy_picture", "File", "Copy picture", ("Ctrl+C",), "Copy the picture of the stage to the clipboard"),
    Command("quit", "File", "Quit", ("Ctrl+Q",), "Close the window"),
    Command("undo", "Edit", "Undo", ("Ctrl+Z",), "Undo the last change"),
    Command("redo", "Edit", "Redo", ("Ctrl+Shift+Z",), "Redo the last change that was undone"),
    Command("paste", "Edit", "Paste data", ("Ctrl+V",), "Open the table that was copied, as from a spreadsheet"),
    Command("play", "Play", "Play", ("Space",), "Play or pause"),
    Command("forward", "Play", "Step forward", ("Right",), "Go one step forward"),
    Command("back", "Play", "Step back", ("Left",), "Go one step back"),
    Command("forward_ten", "Play", "Ten steps forward", ("Shift+Right",), "Go ten steps forward"),
    Command("back_ten", "Play", "Ten steps back", ("Shift+Left",), "Go ten steps back"),
    Command("first", "Play", "First step", ("Home",), "Go to the start"),
    Command("last", "Play", "Last step", ("End",), "Go to the last step computed so far"),
    Command("faster", "Play", "Faster", ("]",), "Play faster"),
    Command("slower", "Play", "Slower", ("[",), "Play slower"),
    Command("stop", "Play", "Stop computing", ("Ctrl+.",), "Stop computing; the steps computed so far are kept"),
    Command("rate_up", "Run", "Larger learning rate", ("Up",), "Multiply the learning rate by 1.1"),
    Command("rate_down", "Run", "Smaller learning rate", ("Down",), "Divide the learning rate by 1.1"),
    Command("rate_up_ten", "Run", "Ten times larger rate", ("Shift+Up",), "Multiply the learning rate by 10"),
    Command("rate_down_ten", "Run", "Ten times smaller rate", ("Shift+Down",), "Divide the learning rate by 10"),
    Command(
        "from_here",
        "Run",
        "Change the rate from this step on",
        ("F",),
        "Apply a changed rate from the current step on",
        True,
    ),
    Command("range_test", "Run", "Range test", ("W",), "Which learning rate? Raise it at every step and watch", True),
    Command("pin", "Run", "Pin this run", ("P",), "Keep this run to compare with the next, up to four in all"),
    Command("unpin", "Run", "Unpin all runs", ("Shift+P",), "Show only the current run"),
    Command("choose_race", "Run", "Race…", ("Shift+R",), "Race learning rates, optimizers, schedules or starts"),
    Command("race", "Run", "Race of four rates", (), "Run this recipe with the rates 0.01, 0.1, 0.7 and 0.9"),
    Command("reset", "Run", "Reset", ("R",), "Go back to the scenario as it was loaded"),
    Command("pane", "View", "Surface or contour", ("V",), "Show the loss as a surface or from above as a contour"),
    Command(
        "data_pane",
        "View",
        "Data, histograms or effective rate",
        ("D",),
        "Show the data with the line, the histograms of x, y and the noise, or step length over gradient length",
    ),
    Command("loss_scale", "View", "Logarithmic or linear loss", ("L",), "Change the scale of the loss axis"),
    Command("step_scale", "View", "Linear or logarithmic steps", ("X",), "Change the scale of the axis of steps"),
    Command("view", "View", "Follow or hold", ("H",), "Let the view follow a path that leaves it, or hold it still"),
    Command("zoom", "View", "Zoom to the path", ("Z",), "Let the path so far fill the landscape, or zoom back", True),
    Command(
        "equal_axes",
        "View",
        "Equal axes",
        (),
        "Show both parameters in the same scale, even where the path is then hard to see",
        True,
    ),
    Place.LARGE,
    Command("multiples", "View", "Side by side", ("Shift+V",), "Show each run on its own surface", True),
    Command("same_view", "View", "Same view", (), "Side by side, show the same box in all, not each path's own", True),
    Place.LEADING,
    Command("ghost", "View", "Next steps ahead", ("G",), "Show the next 20 steps, dashed", True),
    Command(
        "inside",
        "View",
        "Inside the rule",
        ("I",),
        "Show gradient, rule and step as arrows, and play each step in its parts",
        True,
    ),
    Place.ABOVE,
    Place.BELOW,
    Command("reset_view", "View", "Reset the camera", ("0",), "Return the camera to its initial position"),
    Command("keep_camera", "View", "Keep camera position", ("K",), "Let an animation pass this view at this step"),
    Command("forget_cameras", "View", "Forget camera positions", (), "Forget all kept camera positions"),
    Command("theme", "View", "Light or dark", ("Ctrl+D",), "Light for projectors, dark for recordings"),
    Command("larger", "View", "Larger text", ("Ctrl++", "Ctrl+="), "Make all text larger"),
    Command("smaller", "View", "Smaller text", ("Ctrl+-",), "Make all text smaller"),
    Command("normal_text", "View", "Normal text", ("Ctrl+0",), "Reset the text to its normal size"),
    Command("present", "View", "Present", ("F5",), "Full screen, without menus and panels; Esc leaves it", True),
    Command("black", "View", "Black screen", ("B",), "Black out the window; Esc or a click restores it", True),
    Command("next", "Scenario", "Next scenario", ("PgDown",), "Load the next scenario of the lecture"),
    Command("previous", "Scenario", "Previous scenario", ("PgUp",), "Load the previous scenario of the lecture"),
    Command("keys", "Help", "Keys", ("F1",), "List all keys"),
    Command("about", "Help", "About gdviz", (), "Show version and purpose"),
)
"""In menu order; a `Place` stands for the commands that switch its panes."""


def commands() -> list[Command]:
    """Return all commands in menu order."""
    found: list[Command] = []
    for listed in _COMMANDS:
        found += _pane_commands(listed) if isinstance(listed, Place) else [listed]
    return found


def _pane_commands(place: Place) -> list[Command]:
    """Return the commands that switch the panes of a place."""
    switched = [(pane.name, pane.switch) for pane in switches(place) if pane.switch is not None]
    return [Command(name, "View", switch.text, (switch.key,), switch.tip, True) for name, switch in switched]


def make_action(command: Command, parent: QWidget) -> QAction:
    """Return the Qt action of a command; its tooltip includes the key."""
    action = QAction(command.text, parent)
    action.setCheckable(command.checkable)
    keys = [QKeySequence(key) for key in command.keys]
    if command.name in STANDARD_KEYS:
        keys += [key for key in QKeySequence.keyBindings(STANDARD_KEYS[command.name]) if key not in keys]
    action.setShortcuts(keys)
    set_tooltip(action, f"{command.tip} ({key_text(command)})" if command.keys else command.tip)
    action.setStatusTip(command.tip)
    action.setAutoRepeat(command.name not in NO_AUTO_REPEAT and command.name not in PANES)
    return action


def undo_text(command: str, edit: str) -> str:
    """Return the menu text of undo or redo with the name of the edit: "Undo learning rate 0.9"."""
    return escape_mnemonic(f"{command.capitalize()} {printable(edit, MAX_EDIT_NAME)}".rstrip())


def key_text(command: Command) -> str:
    """Return the first key in the platform's notation."""
    return QKeySequence(command.keys[0]).toString(QKeySequence.SequenceFormat.NativeText) if command.keys else ""
