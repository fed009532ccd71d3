"""The commands, their dispatch, and the error line and exit code of each failure."""

import argparse
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

from gdviz import __version__
from gdviz.cli.arguments import Parser, file_path, given, one_of, whole_number
from gdviz.cli.options import add_box_options, add_experiment_options, add_inside_option, wanted_scenario
from gdviz.cli.standard_streams import guarded_streams
from gdviz.cli.verbose import verbose
from gdviz.core.descent.recording import record
from gdviz.core.descent.trace import check_trace_target, write_csv, write_trace
from gdviz.core.errors import InputError, locating, printable
from gdviz.core.scenarios.library import announcements
from gdviz.presentation.look import Theme

DONE, BAD_INPUT, NO_DISPLAY = 0, 2, 3
Command = tuple[Callable[[], Parser], Callable[[argparse.Namespace], int]]


def run(arguments: Sequence[str]) -> int:
    """Run a command line and return its exit code."""
    with guarded_streams():
        try:
            return _dispatch(arguments)
        except InputError as error:
            print(f"gdviz: {error}", file=sys.stderr)
            return BAD_INPUT
        except BrokenPipeError:
            return DONE  # the reader has closed the pipe (`gdviz trace | head`)


def _dispatch(arguments: Sequence[str]) -> int:
    name = arguments[0] if arguments and arguments[0] in COMMANDS else ""
    make_parser, command = COMMANDS[name]
    try:
        options = make_parser().read(arguments[1:] if name else arguments)
        with verbose(options.verbose):
            return command(options)
    finally:
        sys.stdout.flush()


def _window_parser() -> Parser:
    what = "Show how the learning rate affects gradient descent."
    commands = ", ".join(f"gdviz {name}" for name in COMMANDS if name)
    parser = Parser(prog="gdviz", description=what, epilog=f"Commands: {commands}; each has its own --help.")
    parser.add_argument("--version", action="version", version=f"gdviz {__version__}")
    add_experiment_options(parser)
    parser.add_argument("--theme", type=one_of(Theme), metavar="NAME", help="light or dark")
    add_box_options(parser)
    add_inside_option(parser)
    return parser


def _window(options: argparse.Namespace) -> int:
    scenario = wanted_scenario(options.scenario, options, COMMANDS)
    from gdviz.export.display import reachable_display
    from gdviz.main_window.app import run_window

    with reachable_display() as problem:
        if problem is not None:
            print(printable(f"gdviz: {problem}; `gdviz render` makes pictures without one"), file=sys.stderr)
            return NO_DISPLAY
        return run_window(scenario, options.scenario, given(options, "theme", "box", "equal_axes", "inside"))


def _trace_parser() -> Parser:
    parser = Parser(prog="gdviz trace", description="Print the values at every step.")
    add_experiment_options(parser)
    add = parser.add_argument
    what = "a .csv or .npz file, the latter with the names of the data's columns; standard output by default"
    add("-o", "--output", type=file_path, metavar="FILE", help=what)
    add("--force", action="store_true", help="replace an existing file")
    add("--state", action="store_true", help="also the rule's own quantities, such as its buffer, and the steps")
    add("--run", type=whole_number(1), default=1, metavar="N", help="which run of a scenario with several; default 1")
    return parser


def _trace(options: argparse.Namespace) -> int:
    if options.output is not None:
        with locating("--output"):
            check_trace_target(options.output, options.force)
    scenario = wanted_scenario(options.scenario, options)
    runs = (scenario.experiment, *scenario.others)
    if not 1 <= options.run <= len(runs):
        possible = f"use 1 to {len(runs)}" if scenario.others else "there is only run 1"
        raise InputError(f"--run: there is no run {options.run} here; {possible}")
    recording = record(runs[options.run - 1])
    if options.output is None:
        write_csv(recording, sys.stdout, options.state)
    else:
        with locating("--output"):
            write_trace(recording, options.output, options.state)
    return DONE


def _lazy_command(module: str) -> Command:
    """A command in a module that is imported on demand, since the import takes longer than a trace.

    The module defines ``make_parser()`` and ``run(options)``, which returns one line per failure.
    """

    def command(options: argparse.Namespace) -> int:
        from gdviz.export.virtual_screen import NoDisplayError

        try:
            failures = import_module(module).run(options)
        except NoDisplayError as error:
            print(printable(f"gdviz: {error}"), file=sys.stderr)
            return NO_DISPLAY
        for failure in failures:
            print(f"gdviz: {failure}", file=sys.stderr)
        return BAD_INPUT if failures else DONE

    return lambda: import_module(module).make_parser(), command


def _scenarios(options: argparse.Namespace) -> int:
    for name, announcement in announcements().items():
        print(f"{name:12}  {announcement.title}: {announcement.question}")
    return DONE


COMMANDS: dict[str, Command] = {
    "": (_window_parser, _window),
    "trace": (_trace_parser, _trace),
    "render": _lazy_command("gdviz.cli.render"),
    "range-test": _lazy_command("gdviz.cli.range_test"),
    "map": _lazy_command("gdviz.cli.maps"),
    "scenarios": (lambda: Parser(prog="gdviz scenarios", description="List the built-in scenarios."), _scenarios),
}
"""The parser factory and the implementation of each command; the one that opens the window has no name."""
