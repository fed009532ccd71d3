"""Runs an export in a separate process, so that the window stays responsive."""

import copy
import logging
import os
import sys
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, QTimer, Signal

from gdviz.core.atomic import remove_temporaries
from gdviz.core.errors import printable
from gdviz.export.job import AnimationJob
from gdviz.export.messages import Cancelled, Done, Failed, Logged, Message, Progress, decode, pack
from gdviz.session.latest_task import LatestTask

logger = logging.getLogger(__name__)

COMMAND = (sys.executable, "-P", "-m", "gdviz.export.worker")
"""Without -P a file in the current folder could shadow a module."""
GRACE_MILLISECONDS = 5000
"""How long a cancelled export may take to clean up before it is killed."""
POLL_MILLISECONDS = 10
RATE_SECONDS = (1.0, 6.0)
"""How long the frame rate must be observed before it is used, and the length of the window it is averaged over."""


class TimeLeft:
    """The remaining time, estimated from the rate of the last few seconds."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, int]] = deque()

    def add(self, now: float, done: int) -> None:
        """Record the number of frames done at time ``now``, in seconds."""
        self._seen.append((now, done))
        while len(self._seen) > 2 and now - self._seen[1][0] >= RATE_SECONDS[1]:
            self._seen.popleft()

    def seconds(self, frames: int) -> float | None:
        """Seconds until ``frames`` frames are done; None until there is enough data."""
        if not self._seen:
            return None
        (start, first), (now, done) = self._seen[0], self._seen[-1]
        if now - start < RATE_SECONDS[0] or done <= first:
            return None
        return (frames - done) * (now - start) / (done - first)


class JobPacker(LatestTask[AnimationJob, bytes]):
    """Packs a job in a thread: a million steps take a while."""

    def __init__(self) -> None:
        """Start no thread yet."""
        super().__init__("gdviz export")

    def work(self, request: AnimationJob) -> bytes:
        """What is sent to the process."""
        return pack(request)


def as_it_is_now(job: AnimationJob) -> AnimationJob:
    """The job with recordings that do not grow any more."""
    return job.with_scene(replace(job.scene, recordings=tuple(map(copy.copy, job.scene.recordings))))


@dataclass
class _RunningExport:
    """A running export; ``last`` is its latest message."""

    job: AnimationJob
    process: QProcess
    remaining: TimeLeft = field(default_factory=TimeLeft)
    last: Message | None = None
    is_cancelled: bool = False


class ExportProcess(QObject):
    """Runs one export at a time, which ends with exactly one of ``finished``, ``failed`` and ``cancelled``."""

    progress = Signal(int, int, object)
    """Frames done, total frames, and seconds left, None while unknown."""
    finished = Signal(object, object)
    """The `AnimationJob`, and a tuple of notes for the user."""
    failed = Signal(str)
    """The reason in one line. Nothing was written, and existing files are unchanged."""
    cancelled = Signal()

    def __init__(
        self, parent: QObject | None = None, command: Sequence[str] = COMMAND, grace: int = GRACE_MILLISECONDS
    ) -> None:
        """``command`` runs the worker; ``grace``: milliseconds before a cancelled one is killed."""
        super().__init__(parent)
        self._command, self._grace = command, grace
        self._run: _RunningExport | None = None
        self._kill_timer = QTimer(self, singleShot=True, interval=grace)
        self._kill_timer.timeout.connect(self._kill)
        self._packer = JobPacker()
        self._pack_timer = QTimer(self, interval=POLL_MILLISECONDS)
        self._pack_timer.timeout.connect(self._send)

    @property
    def is_running(self) -> bool:
        """Whether an export has been started and has not ended."""
        return self._run is not None

    def start(self, job: AnimationJob) -> None:
        """Begin, with the steps that are recorded by now. RuntimeError while another one is running."""
        if self._run is not None:
            raise RuntimeError("an export is running already")
        process = QProcess(self)
        self._run = _RunningExport(job, process)
        # The worker needs the window's module path: gdviz may not be installed.
        environment = QProcessEnvironment.systemEnvironment()
        environment.insert("PYTHONPATH", os.pathsep.join(place for place in sys.path if place))
        process.setProcessEnvironment(environment)
        process.readyReadStandardOutput.connect(self._read)
        process.finished.connect(self._end)
        process.errorOccurred.connect(self._on_error)
        program, *arguments = self._command
        # The worker sends its log only if somebody reads the window's.
        process.start(program, [*arguments, "--verbose"] if logger.isEnabledFor(logging.INFO) else arguments)
        logger.info("export in process %d: %s", process.processId(), job.target)
        self._packer.submit(as_it_is_now(job))
        self._pack_timer.start()

    def _send(self) -> None:
        packed = self._packer.take()
        if packed is None:
            return
        self._pack_timer.stop()
        if self._run is not None and packed.result is not None:
            self._run.process.write(packed.result)
        elif self._run is not None:
            told = packed.refusal or packed.error.splitlines()[-1]
            self._run.last = Failed(f"the export could not be started: {told}")
            self._run.process.closeWriteChannel()

    def cancel(self) -> None:
        """Ask the export to stop and leave nothing; emits `cancelled`, or `finished` if it was already done."""
        if self._run is not None and not self._run.is_cancelled:
            self._run.is_cancelled = True
            self._pack_timer.stop()
            self._packer.submit(None)
            self._run.process.closeWriteChannel()
            self._kill_timer.start()

    def close(self) -> None:
        """Cancel and wait for the end, a few seconds at most."""
        self.cancel()
        if self._run is not None and not self._run.process.waitForFinished(self._grace):
            self._kill()
            if self._run is not None:
                self._run.process.waitForFinished(GRACE_MILLISECONDS)

    def _read(self) -> None:
        run, newest = self._run, None
        while run is not None and run.process.canReadLine():
            message = decode(bytes(run.process.readLine().data()))
            if isinstance(message, Logged):
                logging.getLogger(message.name).log(message.level, "%s", message.text)
                continue
            run.last, newest = message, message if isinstance(message, Progress) else None
            if newest is None:
                # The final message; the process waits for this before it exits.
                run.process.closeWriteChannel()
            elif newest.frames:  # the time until the first frame says nothing about the rate
                run.remaining.add(time.monotonic(), newest.frames)
        # What came while the window was busy is painted once.
        if run is not None and newest is not None and not run.is_cancelled:
            frames = len(run.job.animation)
            self.progress.emit(newest.frames, frames, run.remaining.seconds(frames))

    def _kill(self) -> None:
        if self._run is not None:
            self._run.process.kill()

    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart and self._run is not None:
            self._run.last = Failed(f"the export could not be started: {self._run.process.errorString()}")
            self._end()

    def _end(self) -> None:
        self._read()
        run, self._run = self._run, None
        if run is None:
            return
        logger.info("export process exited with code %d: %s", run.process.exitCode(), run.job.target)
        self._kill_timer.stop()
        self._pack_timer.stop()
        self._packer.stop()
        self._packer = JobPacker()
        run.process.deleteLater()
        if isinstance(run.last, Done):
            self.finished.emit(run.job, run.last.notes)
            return
        for path in run.job.files:
            # A crashed process could not clean up; its token tells its files from those of other exports.
            remove_temporaries(path, run.job.token)
        if run.is_cancelled or isinstance(run.last, Cancelled):
            self.cancelled.emit()
        elif isinstance(run.last, Failed):
            self.failed.emit(run.last.line)
        else:
            self.failed.emit(f"the export crashed, and nothing was written: {_crash_reason(run.process)}")


def _crash_reason(process: QProcess) -> str:
    """The last line that the process printed, or else how it ended."""
    lines = bytes(process.readAllStandardError().data()).decode(errors="replace").strip().splitlines()
    if lines:
        return printable(lines[-1])
    if process.exitStatus() is QProcess.ExitStatus.CrashExit:
        return "its process was killed"
    return f"its process exited with code {process.exitCode()}"
