"""An export in a process of its own, so that the window stays fluid: the window's end of it."""

import logging
import os
import sys
import time
from collections import deque
from dataclasses import dataclass, field

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, QTimer, Signal

from gdviz.core.atomic import remove_temporaries
from gdviz.core.printable import printable
from gdviz.export.job import AnimationJob
from gdviz.export.messages import Cancelled, Done, Failed, Logged, Message, Progress, decode, packed

logger = logging.getLogger(__name__)

PATIENCE_MILLISECONDS = 5000
"""How long a cancelled export may take to tidy up before it is killed."""
RATE_SECONDS = (1.0, 6.0)
"""The time left is told from that long on, and from the rate of that long."""


class Remaining:
    """The time left, from how fast the last seconds went."""

    def __init__(self) -> None:
        """Nothing is known yet."""
        self._seen: deque[tuple[float, int]] = deque()

    def add(self, now: float, done: int) -> None:
        """So many frames were done at that time in seconds."""
        self._seen.append((now, done))
        while len(self._seen) > 2 and now - self._seen[1][0] >= RATE_SECONDS[1]:
            self._seen.popleft()

    def seconds(self, frames: int) -> float | None:
        """Until so many frames are done; None while too little is known."""
        if not self._seen:
            return None
        (began, first), (now, done) = self._seen[0], self._seen[-1]
        if now - began < RATE_SECONDS[0] or done <= first:
            return None
        return (frames - done) * (now - began) / (done - first)


@dataclass
class _Run:
    """One export on its way; ``last`` is the last message that came."""

    job: AnimationJob
    process: QProcess
    remaining: Remaining = field(default_factory=Remaining)
    last: Message | None = None
    is_cancelled: bool = False


class ExportProcess(QObject):
    """One export at a time. It ends with exactly one of ``finished``, ``failed`` and ``cancelled``."""

    progress = Signal(int, int, object)
    """The frames done, all frames, and the seconds left, None where nobody knows yet."""
    finished = Signal(object, object)
    """The `AnimationJob`, and a tuple of lines that a person should know."""
    failed = Signal(str)
    """One line. Nothing was written, and what was there before is there still."""
    cancelled = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        """Nothing is running."""
        super().__init__(parent)
        self._run: _Run | None = None
        self._killer = QTimer(self, singleShot=True, interval=PATIENCE_MILLISECONDS)
        self._killer.timeout.connect(self._kill)

    @property
    def is_running(self) -> bool:
        """Whether an export has been started and has not ended."""
        return self._run is not None

    def start(self, job: AnimationJob) -> None:
        """Begin; what the job holds is copied at once. RuntimeError while another one is running."""
        if self._run is not None:
            raise RuntimeError("an export is running already")
        process = QProcess(self)
        self._run = _Run(job, process)
        process.setProcessEnvironment(_environment())
        process.readyReadStandardOutput.connect(self._read)
        process.finished.connect(self._end)
        process.errorOccurred.connect(self._look_at_error)
        # Without -P a file in the current folder could be taken for a module of the same name.
        process.start(sys.executable, ["-P", "-m", "gdviz.export.worker", *_flags()])
        logger.info("export in process %d: %s", process.processId(), job.target)
        process.write(packed(job))

    def cancel(self) -> None:
        """Let it end soon and leave nothing; `cancelled` follows, or `finished` where it was done already."""
        if self._run is not None and not self._run.is_cancelled:
            self._run.is_cancelled = True
            self._run.process.closeWriteChannel()
            self._killer.start()

    def close(self) -> None:
        """Cancel and wait for the end, at most some seconds."""
        self.cancel()
        if self._run is not None and not self._run.process.waitForFinished(PATIENCE_MILLISECONDS):
            self._kill()
            if self._run is not None:
                self._run.process.waitForFinished(PATIENCE_MILLISECONDS)

    # Inside

    def _read(self) -> None:
        run = self._run
        while run is not None and run.process.canReadLine():
            message = decode(bytes(run.process.readLine().data()))
            if isinstance(message, Logged):
                logging.getLogger(message.name).log(message.level, "%s", message.text)
                continue
            run.last = message
            if isinstance(run.last, Progress):
                self._tell(run, run.last.frames)
            else:
                # Its last word; it waits for this before it goes.
                run.process.closeWriteChannel()

    def _tell(self, run: _Run, done: int) -> None:
        frames = len(run.job.animation)
        if done:
            # Before the first frame it starts and prepares, which says nothing about the rate.
            run.remaining.add(time.monotonic(), done)
        if not run.is_cancelled:
            self.progress.emit(done, frames, run.remaining.seconds(frames))

    def _kill(self) -> None:
        if self._run is not None:
            self._run.process.kill()

    def _look_at_error(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart and self._run is not None:
            self._run.last = Failed(f"the export could not be started: {self._run.process.errorString()}")
            self._end()

    def _end(self) -> None:
        self._read()
        run, self._run = self._run, None
        if run is None:
            return
        logger.info("export process ended with the code %d: %s", run.process.exitCode(), run.job.target)
        self._killer.stop()
        run.process.deleteLater()
        if isinstance(run.last, Done):
            self.finished.emit(run.job, run.last.notes)
            return
        for path in run.job.files:
            # What a process that has crashed could not: its own and nothing else, which the job's mark tells.
            remove_temporaries(path, run.job.mark)
        if run.is_cancelled or isinstance(run.last, Cancelled):
            self.cancelled.emit()
        elif isinstance(run.last, Failed):
            self.failed.emit(run.last.line)
        else:
            self.failed.emit(f"the export has crashed, and nothing was written: {_reason(run.process)}")


def _flags() -> list[str]:
    """What the process is told beside its job: whether anybody reads its log."""
    return ["--verbose"] if logger.isEnabledFor(logging.INFO) else []


def _environment() -> QProcessEnvironment:
    """The window's, with its modules: the export must find the same ones, installed or not."""
    environment = QProcessEnvironment.systemEnvironment()
    environment.insert("PYTHONPATH", os.pathsep.join(place for place in sys.path if place))
    return environment


def _reason(process: QProcess) -> str:
    """The last line that it has printed, or how it ended."""
    lines = bytes(process.readAllStandardError().data()).decode(errors="replace").strip().splitlines()
    if lines:
        return printable(lines[-1])
    if process.exitStatus() is QProcess.ExitStatus.CrashExit:
        return "the system has ended its process"
    return f"its process ended with the code {process.exitCode()}"
