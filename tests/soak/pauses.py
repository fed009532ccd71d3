"""Notes when the whole machine stood still, as a virtual one does, in a process of its own that only sleeps."""

import subprocess
import sys
import threading

WATCH = """
import time
def delayed():
    with open("/proc/self/schedstat") as told:
        return 1e-9 * int(told.read().split()[1])
began, before = time.monotonic(), delayed()
while True:
    time.sleep(0.005)
    now, waited = time.monotonic(), delayed()
    if now - began - (waited - before) > 0.025:
        print(began, now, flush=True)
    began, before = now, waited
"""
"""Being late counts as a pause unless it waited for a processor, which is told apart for each thread elsewhere."""


class Pauses:
    """The times at which the machine stood still."""

    def __init__(self) -> None:
        """Start the process."""
        self.process = subprocess.Popen([sys.executable, "-c", WATCH], stdout=subprocess.PIPE, text=True)
        self._found: list[tuple[float, float]] = []
        self._reader = threading.Thread(target=self._read, name="soak pauses", daemon=True)
        self._reader.start()

    def within(self, begin: float, end: float) -> float:
        """The seconds of a time, by the monotonic clock, in which the machine stood still."""
        return sum(max(0.0, min(end, last) - max(begin, first)) for first, last in self._found)

    def stop(self) -> None:
        """End the process."""
        self.process.kill()
        self.process.wait()
        self._reader.join()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            for line in lines:
                first, last = map(float, line.split())
                self._found.append((first, last))
