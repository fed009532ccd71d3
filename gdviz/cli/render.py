"""`gdviz render`, and the jobs of all commands that draw, with their progress on standard error."""

import argparse
import logging
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from gdviz.animation.animation import estimated_bytes, format_bytes
from gdviz.animation.formats import format_size
from gdviz.cli.arguments import Parser, named_as_typed
from gdviz.cli.options import add_experiment_options
from gdviz.cli.render_options import add_render_options, jobs, picture_job
from gdviz.core.errors import InputError, printable
from gdviz.export.job import Job, PictureJob, check_job
from gdviz.export.signals import held_signals
from gdviz.scene.scene import Scene

logger = logging.getLogger(__name__)

PLAIN_LINES = 10
"""The number of lines of progress if standard error is no terminal, or has the log too."""


def make_parser() -> Parser:
    """The parser of the options of `gdviz render`."""
    parser = Parser(prog="gdviz render", description="Make an animation or a picture of the stage.")
    add_experiment_options(parser, with_range=True)
    add_render_options(parser)
    return parser


def run(options: argparse.Namespace) -> list[str]:
    """`gdviz render`: draw and write everything that is asked for; see `carry_out`."""
    wanted = jobs(options)
    if options.dry_run:
        for job in wanted:
            print(printable(_summary(job)))
        return []
    if options.all:
        _make_folder(Path(options.output))
    return carry_out(wanted, options.force)


def draw(scene: Scene, options: argparse.Namespace) -> list[str]:
    """Draw one picture of a scene into ``options.output``; see `carry_out`."""
    with named_as_typed(options):
        job = picture_job(scene, options.output, options)
    return carry_out([job], options.force)


def carry_out(wanted: Sequence[Job], force: bool) -> list[str]:
    """Draw and write these; returns a line for each that could not be written.

    force: whether existing files may be replaced. InputError for what is known before anything is drawn.
    NoDisplayError without any screen.
    """
    for job in wanted:
        check_job(job, force)
    from gdviz.export.off_screen import off_screen

    with held_signals() as obey, off_screen() as opengl_problem:
        return [failure for job in wanted if (failure := _written(job, opengl_problem, obey)) is not None]


def _make_folder(folder: Path) -> None:
    if os.path.exists(folder):  # False of a name that is too long, where Path.exists raises
        return
    try:
        folder.mkdir()
    except OSError as error:
        raise InputError(f"{folder}: cannot be made: {error.strerror}") from error


def _summary(job: Job) -> str:
    target = printable(str(job.target))
    if isinstance(job, PictureJob):
        return f"{target}: one picture of step {job.step:,}, {format_size(job.size)}"
    animation = job.animation
    return (
        f"{target}: {len(animation):,} frames at {animation.frame_rate} a second, {animation.duration:.2f} s, "
        f"{format_size(job.size)}, about {format_bytes(estimated_bytes(animation, job.format, job.size))}"
    )


def _written(job: Job, opengl_problem: str | None, obey: Callable[[], None]) -> str | None:
    """Write a job's files; returns why that failed, if so: the jobs after it may still succeed."""
    from gdviz.export.off_screen import drawable

    try:
        if isinstance(job, PictureJob):
            from gdviz.export.picture_files import write_picture

            picture, notes = drawable(job, opengl_problem)
            write_picture(picture)
            obey()
        else:
            from gdviz.export.animate import write_animation

            animation, notes = drawable(job, opengl_problem)
            with _progress(printable(job.target.name), len(job.animation), obey) as on_frame:
                write_animation(animation, on_frame)
    except InputError as error:
        return str(error)
    for note in notes:
        print(printable(f"gdviz: {job.target}: {note}"), file=sys.stderr)
    return None


@contextmanager
def _progress(name: str, frames: int, obey: Callable[[], None]) -> Iterator[Callable[[int], None]]:
    """A bar on a terminal, else a line now and then; yields the function to call with the number of frames done.

    Where the log is printed there is no bar, since its lines would break it.
    """

    def print_progress(done: int) -> None:
        obey()
        if done and done * PLAIN_LINES // frames != (done - 1) * PLAIN_LINES // frames:
            print(f"{name}: frame {done} of {frames}", file=sys.stderr, flush=True)

    def move_bar(done: int) -> None:
        obey()
        bar.update(done - bar.n)

    if not sys.stderr.isatty() or logger.isEnabledFor(logging.INFO):
        yield print_progress
        return
    from tqdm import tqdm

    tqdm.monitor_interval = 0  # or it would start a thread that nobody stops
    with tqdm(total=frames, desc=name, unit="frame", dynamic_ncols=True) as bar:
        yield move_bar
