"""The window's modules are imported without PySide6's search of their source, and without collecting garbage."""

import subprocess
import sys

IMPORTS = """
import builtins, gc, linecache, sys
plain = builtins.__import__
collections = []
gc.callbacks.append(lambda phase, info: collections.append(phase))
from gdviz.main_window.quick_imports import quick_imports
try:
    with quick_imports():
        collections.clear()
        import gdviz.panes.loss.plot
        assert not collections, "garbage was collected"
        raise KeyError
except KeyError:
    pass
assert builtins.__import__ is plain
assert "PySide6.QtCore" in sys.modules
searched = [file for file in linecache.cache if "/gdviz/panes/" in file]
assert not searched, searched
assert gc.isenabled() and gc.get_freeze_count() > 0
"""


def test_imports_search_no_source_and_collect_no_garbage_even_if_they_fail() -> None:
    """In a process of its own, since PySide6 replaces the import of modules once."""
    subprocess.run([sys.executable, "-c", IMPORTS], check=True)
