"""pyqtgraph's paths and polygons made of arrays, imported without its plots and widgets."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec, module_from_spec
from typing import Any

import PySide6.QtCore
import PySide6.QtGui
from shiboken6 import VoidPtr

OPTIONS = {"enableExperimental": False}
"""What pyqtgraph's own options are unless they are set, as far as paths depend on them."""


@contextmanager
def _only_functions() -> Iterator[None]:
    """Let ``pyqtgraph.functions`` be imported alone; afterwards pyqtgraph is as if it had not been imported.

    By itself it imports all of pyqtgraph first, and with that makes every class of Qt: a sixth of the time until the
    window is there.
    """
    if "pyqtgraph" in sys.modules:
        yield
        return
    _bare_package("pyqtgraph", getConfigOption=OPTIONS.__getitem__, debug=None, reload=None)
    _bare_package("pyqtgraph.Qt", QT_LIB="PySide6", QtCore=PySide6.QtCore, QtGui=PySide6.QtGui)
    try:
        yield
    finally:
        for name in [name for name in sys.modules if name.partition(".")[0] == "pyqtgraph"]:
            del sys.modules[name]


def _bare_package(name: str, **names: Any) -> None:
    """Import a package without running it: its modules can be imported, and it has just these names."""
    spec = find_spec(name)
    assert spec is not None
    package = module_from_spec(spec)
    vars(package).update(names)
    sys.modules[name] = package


with _only_functions():
    from pyqtgraph.functions import arrayToQPath, arrayToQPolygonF
    from pyqtgraph.Qt import compat, internals  # noqa: F401 (for the functions)

    compat.voidptr = VoidPtr

__all__ = ["arrayToQPath", "arrayToQPolygonF"]
