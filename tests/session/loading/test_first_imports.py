"""DuckDB and PyAV, whose first import takes half a second, are not imported in the window's thread."""

import subprocess
import sys

import duckdb

SCRIPT = """
import sys, threading, time

class Noting:
    def find_spec(self, name, path=None, target=None):
        if name in ("duckdb", "av"):
            print(name, "in", threading.current_thread().name)

sys.meta_path.insert(0, Noting())
from PySide6.QtCore import QCoreApplication
from gdviz.core.scenarios.library import load_scenario
from gdviz.session.session import Session
import gdviz.main_window.window

application = QCoreApplication([])
session = Session(load_scenario("point-nine"))
session.start()
session.opening.refused.connect(lambda line: print("refused", line) if line else None)
session.opening.open_file(sys.argv[1])
while session.opening.is_busy:
    session.tick()
    time.sleep(0.005)
print(session.state.data_problem.data.rows, "rows")
session.close()
"""


def test_duckdb_is_imported_by_the_thread_that_reads_and_pyav_by_none(tmp_path):
    table = tmp_path / "points.parquet"
    duckdb.sql(f"COPY (SELECT i AS x, 2.0 * i AS y FROM range(10) t(i)) TO '{table}' (FORMAT parquet)")
    run = subprocess.run([sys.executable, "-c", SCRIPT, str(table)], capture_output=True, text=True, check=True)
    assert run.stdout.splitlines() == ["duckdb in gdviz tables", "10 rows"]
