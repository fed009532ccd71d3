"""`gdviz render`, and the drawing part of the other commands, with progress on standard error."""

import argparse
import logging
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from gdviz.animation.animation import estimated_bytes, format_bytes
from gdviz.animation.formats import format_size
from gdviz.cli.arguments import Parser, naming_options
from gdviz.cli.options import add_experiment_options
from gdviz.cli.render_options import add_render_options, make_jobs, picture_job
from gdviz.core.errors import InputError, printable
from gdviz.export.job import Job, PictureJob, check_job
from gdviz.export.signals import deferred_signals
from gdviz.scene.scene import Scene

logger = logging.getLogger(__name__)

PROGRESS_LINES = 10
"""Progress lines per export when standard error is not a terminal, or carries the log."""


def make_parser() -> Parser:
    """Return the parser of `gdviz render`."""
    parser = Parser(prog="gdviz render", description="Render an animation or a picture of the stage.")
    add_experiment_options(parser, with_range=True)
    add_render_options(parser)
    return parser


def run(options: argparse.Namespace) -> list[str]:
    """Run the command; see `write_jobs`."""
    jobs = make_jobs(options)
    if options.dry_run:
        for job in jobs:
            print(printable(_summary(job)))
        return []
    if options.all:
        _make_folder(Path(options.output))
    return write_jobs(jobs, options.force)


def draw(scene: Scene, options: argparse.Namespace) -> list[str]:
    """Draw a picture of the scene into ``options.output``; see `write_jobs`."""
    with naming_options(options):
        job = picture_job(scene, options.output, options)
    return write_jobs([job], options.force)


def write_jobs(jobs: Sequence[Job], force: bool) -> list[str]:
    """Draw and write the jobs; returns one line per job that failed.

    force: whether existing files may be replaced. InputError for problems known before anything is drawn,
    NoDisplayError if there is neither a real nor a virtual display.
    """
    for job in jobs:
        check_job(job, force)
    from gdviz.export.off_screen import off_screen

    with deferred_signals() as raise_deferred, off_screen() as opengl_problem:
        return [failure for job in jobs if (failure := _write_job(job, opengl_problem, raise_deferred)) is not None]


def _make_folder(folder: Path) -> None:
    if os.path.exists(folder):  # unlike Path.exists, False if the name is too long
        return
    try:
        folder.mkdir()
    except OSError as error:
        raise InputError(f"{folder}: cannot be created: {error.strerror}") from error


def _summary(job: Job) -> str:
    target = printable(str(job.target))
    if isinstance(job, PictureJob):
        return f"{target}: a picture of step {job.step:,}, {format_size(job.size)}"
    animation = job.animation
    return (
        f"{target}: {len(animation):,} frames at {animation.frame_rate} per second, {animation.duration:.2f} s, "
        f"{format_size(job.size)}, about {format_bytes(estimated_bytes(animation, job.format, job.size))}"
    )


def _write_job(job: Job, opengl_problem: str | None, raise_deferred: Callable[[], None]) -> str | None:
    """Write a job's files; returns the error message if that failed, since later jobs may still succeed."""
    from gdviz.export.off_screen import adapt_job

    try:
        if isinstance(job, PictureJob):
            from gdviz.export.picture_files import write_picture

            picture, notes = adapt_job(job, opengl_problem)
            write_picture(picture)
            raise_deferred()
        else:
            from gdviz.export.animate import write_animation

            animation, notes = adapt_job(job, opengl_problem)
            with _progress(printable(job.target.name), len(job.animation), raise_deferred) as on_frame:
                write_animation(animation, on_frame)
    except InputError as error:
        return str(error)
    for note in notes:
        print(printable(f"gdviz: {job.target}: {note}"), file=sys.stderr)
    return None


@contextmanager
def _progress(name: str, frames: int, raise_deferred: Callable[[], None]) -> Iterator[Callable[[int], None]]:
    """Show progress; yields the function to call with the number of frames done.

    A bar on a terminal, unless the log would break it; otherwise an occasional line.
    """

    def print_progress(done: int) -> None:
        raise_deferred()
        if done and done * PROGRESS_LINES // frames != (done - 1) * PROGRESS_LINES // frames:
            print(f"{name}: frame {done} of {frames}", file=sys.stderr, flush=True)

    def move_bar(done: int) -> None:
        raise_deferred()
        bar.update(done - bar.n)

    if not sys.stderr.isatty() or logger.isEnabledFor(logging.INFO):
        yield print_progress
        return
    from tqdm import tqdm

    tqdm.monitor_interval = 0  # otherwise tqdm starts a thread that nobody stops
    with tqdm(total=frames, desc=name, unit="frame", dynamic_ncols=True) as bar:
        yield move_bar
