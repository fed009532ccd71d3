"""All threads allocate from one heap."""

import subprocess
import sys

import pytest

PROGRAM = """
import ctypes, sys, threading
from gdviz.main_window.heap import share_heap
if "share" in sys.argv:
    share_heap()
library = ctypes.CDLL(None)
library.malloc.restype = library.fopen.restype = ctypes.c_void_p
threads = [threading.Thread(target=library.malloc, args=(10_000,)) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
file = ctypes.c_void_p(library.fopen(sys.argv[1].encode(), b"w"))
library.malloc_info(0, file)
library.fclose(file)
"""


def heaps(path, *options):
    subprocess.run([sys.executable, "-c", PROGRAM, path, *options], check=True)
    return path.read_text().count("<heap nr")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="malloc_info, as of glibc")
def test_threads_share_one_heap(tmp_path):
    path = tmp_path / "heaps.xml"
    assert heaps(path) > 1
    assert heaps(path, "share") == 1
