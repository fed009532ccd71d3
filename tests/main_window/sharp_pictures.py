"""Writes pictures of all panes as they are on this screen: ``python -m tests.main_window.sharp_pictures FOLDER``.

Qt takes the scale of the screen from QT_SCALE_FACTOR when it starts, so that each scale needs a process of its own.
"""

import sys
from pathlib import Path

from PySide6.QtCore import Qt

from gdviz.core.descent.recording import record
from gdviz.core.scenarios.library import load_scenario
from gdviz.export.off_screen import off_screen
from gdviz.presentation.look import DataPane, Look, TapeLook, Theme
from gdviz.scene.scene import Scene
from gdviz.session.maps import with_charts

SIZE = (960, 540)
"""In device-independent pixels, of which a screen of scale 2 has four for each."""
PICTURES = {
    "surface": ("just-right", 10, Look(inside=True)),
    "contour": ("point-nine", 4, Look(theme=Theme.DARK, pane="contour", inside=True, ghost=True)),
    "ends": ("one", 200, Look(data_pane=DataPane.HISTOGRAMS)),
    "effective-rate": ("adam", 40, Look(theme=Theme.DARK, data_pane=DataPane.RATE)),
    "map": ("point-nine", 30, Look(pane="map")),
    "basins": ("two-wells", 20, Look(pane="basins")),
    "range-test": ("range-test", 174, Look()),
    "formula": ("best", 20, Look(switched_on=frozenset({"formula"}))),
    "tape": ("point-nine", 2, Look(theme=Theme.DARK, tape=TapeLook(lit=15, checked=True))),
    "race": ("race", 12, Look()),
    "side-by-side": ("race", 12, Look(theme=Theme.DARK, multiples=True)),
    "side-by-side-contour": ("race", 12, Look(pane="contour", multiples=True)),
    "mini-batch": ("mini-batch", 200, Look()),
    "big-data": ("big-data", 20, Look()),
    "rates": ("one-cycle", 40, Look()),
}
"""By name: the scenario, the moment and the look."""


def write_pictures(folder: Path) -> None:
    """Write each as the window shows it, in the screen's pixels."""
    with off_screen() as problem:
        from gdviz.stage.stage import Stage

        assert problem is None, problem
        stage = Stage(with_surface=True)
        stage.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        stage.show()
        stage.resize(*SIZE)
        for name, (scenario, moment, look) in PICTURES.items():
            loaded = load_scenario(scenario)
            runs = tuple(record(experiment) for experiment in (loaded.experiment, *loaded.others))
            stage.show_frame(with_charts(Scene(loaded.title, runs, look)).frame(moment))
            stage.picture().save(str(folder / f"{name}.png"))
        stage.close()
        stage.deleteLater()


if __name__ == "__main__":
    write_pictures(Path(sys.argv[1]))
