"""Imports hundreds of modules without what slows their import down."""

import builtins
import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def quick_imports() -> Iterator[None]:
    """Import PySide6, and then what the block imports, without searching source code and without collecting garbage.

    PySide6 replaces `__import__`, to read the source of every module imported later and find out whether it asks for
    another way of naming methods (`from __feature__ import snake_case`), which none does here. Modules stay, so that
    the garbage collector, which looks at all of them time and again, finds nothing; later it leaves them out.
    """
    plain_import = builtins.__import__
    gc.disable()
    try:
        import PySide6.QtCore  # noqa: F401 (for what it does to `__import__`)

        builtins.__import__ = plain_import
        yield
    finally:
        gc.freeze()
        gc.enable()
