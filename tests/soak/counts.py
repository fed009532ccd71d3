"""What a program holds on to: memory, widgets, threads, files and processes of its own."""

import ctypes
import gc
import os
import threading
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QWidget

MORE_MEMORY = 0.1  # of what there was
SPLITTER = "qt_qmainwindow_extended_splitter"
"""Qt leaves one of these behind, an empty widget, each time that all docks have gone and come back."""


@dataclass(frozen=True)
class Held:
    """Memory in bytes, and how many there are of the rest; widgets and files by their kind or name."""

    memory: int
    widgets: Counter[str]
    threads: Counter[str]
    files: Counter[str]
    children: int

    def faults_since(self, before: "Held") -> list[str]:
        """What there is more of, or less, one line each."""
        faults = []
        if self.memory > (1.0 + MORE_MEMORY) * before.memory:
            faults.append(f"memory: {self.memory / 1e6:.0f} MB after {before.memory / 1e6:.0f} MB")
        for name in ("widgets", "threads", "files"):
            new, old = getattr(self, name), getattr(before, name)
            if new != old:
                faults.append(f"{name}: more {dict(new - old)}, fewer {dict(old - new)}")
        if self.children != before.children:
            faults.append(f"children: {self.children} after {before.children}")
        return faults


def held() -> Held:
    """What is held now, after collecting what is not needed any more."""
    for _ in range(3):
        gc.collect()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    ctypes.CDLL(None).malloc_trim(0)  # what the allocator keeps is no leak
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return Held(
        pages * os.sysconf("SC_PAGE_SIZE"),
        Counter(_kind(widget) for widget in QApplication.allWidgets() if widget.objectName() != SPLITTER),
        Counter(thread.name for thread in threading.enumerate()),
        Counter(filter(None, map(_target, Path("/proc/self/fd").iterdir()))) - _pooled(),
        _children(),
    )


def _kind(widget: QWidget) -> str:
    parent, name = widget.parentWidget(), f"{type(widget).__name__} {widget.objectName()}".strip()
    return f"{name} in {type(parent).__name__}" if parent is not None else name


def _target(link: Path) -> str:
    """What an open file is, without the number of a pipe or a socket; empty for one closed meanwhile."""
    try:
        return os.readlink(link).partition(":[")[0]
    except OSError:
        return ""


def _pooled() -> Counter[str]:
    """What the threads hold in which Qt converts and scales large images, until half a minute after the last one."""
    names = ((task / "comm").read_text().strip() for task in Path("/proc/self/task").iterdir())
    return Counter(anon_inode=sum(name == "Thread (pooled)" for name in names))


def _children() -> int:
    tasks = Path("/proc/self/task").iterdir()
    return sum(len((task / "children").read_text().split()) for task in tasks)
