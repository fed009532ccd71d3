"""pyqtgraph's functions give the same as with all of pyqtgraph, which is not imported for them."""

import subprocess
import sys

import numpy as np
import pyqtgraph
import pytest

from gdviz.plotting.array_paths import arrayToQPath, arrayToQPolygonF


@pytest.mark.parametrize("gaps", [0.0, 0.005, 0.3])
@pytest.mark.parametrize("connect", ["all", "finite", "pairs", "array"])
def test_paths_are_those_of_pyqtgraph(gaps, connect):
    random = np.random.default_rng(1)
    x, y = random.normal(size=500).cumsum(), random.normal(size=500)
    y[random.random(500) < gaps] = np.nan
    wanted = (random.random(500) < 0.5).astype(np.int32) if connect == "array" else connect
    path = arrayToQPath(x, y, connect=wanted)
    assert path == pyqtgraph.arrayToQPath(x, y, connect=wanted)
    assert path.elementCount() > 100


def test_polygons_are_those_of_pyqtgraph():
    x, y = np.random.default_rng(1).normal(size=(2, 50))
    polygon = arrayToQPolygonF(x, y)
    assert polygon == pyqtgraph.functions.arrayToQPolygonF(x, y)
    assert len(polygon) == 50


def test_pyqtgraph_is_left_to_be_imported_in_full():
    code = (
        "import sys, gdviz.plotting.array_paths as paths;"
        "assert not [name for name in sys.modules if name.startswith('pyqtgraph')];"
        "import pyqtgraph; assert pyqtgraph.PlotWidget and pyqtgraph.arrayToQPath is not paths.arrayToQPath"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_where_pyqtgraph_is_imported_already_its_functions_are_taken():
    code = "import pyqtgraph, gdviz.plotting.array_paths as paths; assert pyqtgraph.arrayToQPath is paths.arrayToQPath"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
