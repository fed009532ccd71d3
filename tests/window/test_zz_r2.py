import numpy as np
from PySide6.QtCore import Qt
from tests.window.test_exports import *
from gdviz.model.look import Pane
from gdviz.model.charts import with_charts

def test_a_clip_of_the_map_has_the_fine_one_although_the_window_has_the_coarse_one(qtbot, window, target, small):
    press(qtbot, window, Qt.Key.Key_M)
    charts = window.session.charts
    qtbot.waitUntil(lambda: window.session.scene().phase_map is not None)
    there = window.session.scene().phase_map
    print(there.is_complete, there.losses.shape)
    scene = window.session.scene()
    dialog = open_dialog(qtbot, window)
    type_number(qtbot, dialog.form.last, "3") if hasattr(dialog.form,"last") else None
    click(qtbot, dialog.export)
    wait_for_end(qtbot, window)
    print(target.exists(), window.statusBar().currentMessage())
    import glob; print(glob.glob(str(target.parent)+"/*"))
    pics = decoded(target)
    print(len(pics), pics[0].shape)
    from PIL import Image
    Image.fromarray(pics[0]).save("/tmp/r2/win.png")
