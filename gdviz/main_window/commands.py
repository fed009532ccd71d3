"""Everything a person can do with a key: its menu, its words, its keys; the main window gives each its slot."""

from dataclasses import dataclass

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from gdviz.core.errors import printable
from gdviz.panes.entry import Place
from gdviz.panes.registry import PANES, switches
from gdviz.widgets.plain import set_tooltip, without_mnemonic


@dataclass(frozen=True)
class Command:
    """One action: ``menu`` and ``text`` as shown, ``keys`` in Qt's notation (the first is shown), and a sentence."""

    name: str
    menu: str
    text: str
    keys: tuple[str, ...]
    tip: str
    checkable: bool = False


MENUS = ("File", "Edit", "Play", "Run", "View", "Scenario", "Help")

ONCE = {
    *("play", "range_test", "pin", "unpin", "race", "pane", "ghost", "multiples"),
    *("keep_camera", "theme", "present", "black", "export_animation", "quit"),
}
"""What a key that is held down does only once, as all that switches a pane."""
STANDARD_KEYS = {"undo": QKeySequence.StandardKey.Undo, "redo": QKeySequence.StandardKey.Redo}
"""The platform may have other keys for these too."""
MOST_LETTERS = 60
"""Of the name of an edit in a menu."""

_LISTED: tuple[Command | Place, ...] = (
    Command("open", "File", "Open scenario or data…", ("Ctrl+O",), "Open a scenario (.toml) or data (.csv)"),
    Command("save", "File", "Save scenario as…", ("Ctrl+S",), "Save the recipe as it stands, with its data points"),
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
    Command("undo", "Edit", "Undo", ("Ctrl+Z",), "Take the last change back"),
    Command("redo", "Edit", "Redo", ("Ctrl+Shift+Z",), "Make the change again that was taken back"),
    Command("play", "Play", "Play", ("Space",), "Play or pause"),
    Command("forward", "Play", "Step forward", ("Right",), "Go one step forward"),
    Command("back", "Play", "Step back", ("Left",), "Go one step back"),
    Command("forward_ten", "Play", "Ten steps forward", ("Shift+Right",), "Go ten steps forward"),
    Command("back_ten", "Play", "Ten steps back", ("Shift+Left",), "Go ten steps back"),
    Command("first", "Play", "First step", ("Home",), "Go to the start"),
    Command("last", "Play", "Last step", ("End",), "Go to the last step computed so far"),
    Command("faster", "Play", "Faster", ("]",), "Play faster"),
    Command("slower", "Play", "Slower", ("[",), "Play slower"),
    Command("stop", "Play", "Stop computing", ("Ctrl+.",), "Stop computing; the steps that are there stay"),
    Command("rate_up", "Run", "Larger learning rate", ("Up",), "Multiply the learning rate by 1.1"),
    Command("rate_down", "Run", "Smaller learning rate", ("Down",), "Divide the learning rate by 1.1"),
    Command("rate_up_ten", "Run", "Ten times larger rate", ("Shift+Up",), "Multiply the learning rate by 10"),
    Command("rate_down_ten", "Run", "Ten times smaller rate", ("Shift+Down",), "Divide the learning rate by 10"),
    Command(
        "from_here",
        "Run",
        "Change the rate from this step on",
        ("F",),
        "A changed rate counts from the current step on",
        True,
    ),
    Command("range_test", "Run", "Range test", ("W",), "Which learning rate? Let it grow at every step and look", True),
    Command("pin", "Run", "Pin this run", ("P",), "Keep this run and compare the next one with it, up to four in all"),
    Command("unpin", "Run", "Unpin all runs", ("Shift+P",), "Show the run as it stands alone"),
    Command("race", "Run", "Race of four rates", ("Shift+R",), "0.01, 0.1, 0.7 and 0.9 of this recipe together"),
    Command("reset", "Run", "Reset", ("R",), "Go back to the scenario as it was loaded"),
    Command("pane", "View", "Surface or contour", ("V",), "Show the loss as a surface or from above as a contour"),
    Command(
        "data_pane",
        "View",
        "Data or histograms",
        ("D",),
        "Show the data with the line, or the histograms of x, y and the noise",
    ),
    Command("loss_scale", "View", "Logarithmic or linear loss", ("L",), "Change the scale of the loss axis"),
    Command("view", "View", "Follow or hold", ("H",), "Let the view follow a path that leaves it, or hold it still"),
    Place.LARGE,
    Command("multiples", "View", "Side by side", ("Shift+V",), "Each of several runs on a surface of its own", True),
    Place.LEADING,
    Command("ghost", "View", "Next steps ahead", ("G",), "Show the next 20 steps, dashed", True),
    Place.ABOVE,
    Place.BELOW,
    Command("reset_view", "View", "Reset the camera", ("0",), "Look at the surface from where one looks at first"),
    Command("keep_camera", "View", "Keep camera position", ("K",), "Let an animation come by here at this step"),
    Command("forget_cameras", "View", "Forget camera positions", (), "Forget all camera positions that were kept"),
    Command("theme", "View", "Light or dark", ("Ctrl+D",), "Light for projectors, dark for recordings"),
    Command("larger", "View", "Larger text", ("Ctrl++", "Ctrl+="), "Make all text larger"),
    Command("smaller", "View", "Smaller text", ("Ctrl+-",), "Make all text smaller"),
    Command("normal_text", "View", "Normal text", ("Ctrl+0",), "Text in its usual size"),
    Command("present", "View", "Present", ("F5",), "Full screen, without menus and panels; Esc leaves it", True),
    Command("black", "View", "Black screen", ("B",), "Make the window black, until the next key", True),
    Command("next", "Scenario", "Next scenario", ("PgDown",), "Load the next scenario of the lecture"),
    Command("previous", "Scenario", "Previous scenario", ("PgUp",), "Load the scenario before"),
    Command("keys", "Help", "Keys", ("F1",), "List all keys"),
    Command("about", "Help", "About gdviz", (), "What this is"),
)
"""In the order of the menus; a place stands for the panes that are switched on there."""


def commands() -> list[Command]:
    """All commands in the order of the menus."""
    found: list[Command] = []
    for listed in _LISTED:
        found += _of_panes(listed) if isinstance(listed, Place) else [listed]
    return found


def _of_panes(place: Place) -> list[Command]:
    """Those that switch the panes of a place."""
    wanted = [(pane.name, pane.switch) for pane in switches(place) if pane.switch is not None]
    return [Command(name, "View", switch.text, (switch.key,), switch.tip, True) for name, switch in wanted]


def make_action(command: Command, parent: QWidget) -> QAction:
    """The Qt action of a command; its tooltip names the key."""
    action = QAction(command.text, parent)
    action.setCheckable(command.checkable)
    keys = [QKeySequence(key) for key in command.keys]
    if command.name in STANDARD_KEYS:
        keys += [key for key in QKeySequence.keyBindings(STANDARD_KEYS[command.name]) if key not in keys]
    action.setShortcuts(keys)
    set_tooltip(action, f"{command.tip} ({key_text(command)})" if command.keys else command.tip)
    action.setStatusTip(command.tip)
    action.setAutoRepeat(command.name not in ONCE and command.name not in PANES)
    return action


def named(command: str, edit: str) -> str:
    """The text of undo or redo, with the name of the edit: "Undo learning rate 0.9"."""
    # An ampersand would underline the letter behind it.
    return without_mnemonic(f"{command.capitalize()} {printable(edit, MOST_LETTERS)}".rstrip())


def key_text(command: Command) -> str:
    """The first key as the platform writes it."""
    return QKeySequence(command.keys[0]).toString(QKeySequence.SequenceFormat.NativeText) if command.keys else ""
