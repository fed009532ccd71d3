"""The command line: what was typed becomes one call, and what went wrong one line and an exit code."""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from gdviz import __version__
from gdviz.core.errors import InputError
from gdviz.core.library import announcements, load_scenario
from gdviz.core.recording import record
from gdviz.core.trace import write_csv, write_trace
from gdviz.model.look import Theme
from gdviz.options import add_experiment_options, add_race_option, overridden, raced
from gdviz.standard_streams import guarded_streams

DONE, BAD_INPUT, NO_DISPLAY, INTERRUPTED = 0, 2, 3, 130


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        raise InputError(f"{message}; see {self.prog} --help")


def run(arguments: Sequence[str]) -> int:
    """Carry out a command line and return its exit code."""
    with guarded_streams():
        try:
            try:
                command, rest = _command(arguments)
                return command(rest)
            finally:
                sys.stdout.flush()
        except InputError as error:
            print(f"gdviz: {error}", file=sys.stderr)
            return BAD_INPUT
        except KeyboardInterrupt:
            return INTERRUPTED
        except BrokenPipeError:
            return DONE  # the reader of a pipe has had enough (`gdviz trace | head`)


def _command(arguments: Sequence[str]) -> tuple[Callable[[Sequence[str]], int], Sequence[str]]:
    if arguments and arguments[0] in COMMANDS:
        return COMMANDS[arguments[0]], arguments[1:]
    return _window, arguments


def _window(arguments: Sequence[str]) -> int:
    parser = _Parser(
        prog="gdviz",
        description="Show what the learning rate does to gradient descent.",
        epilog=f"Commands: {', '.join(f'gdviz {name}' for name in COMMANDS)}; each has a --help of its own.",
    )
    parser.add_argument("--version", action="version", version=f"gdviz {__version__}")
    add_experiment_options(parser)
    add_race_option(parser)
    _add_theme(parser)
    options = parser.parse_args(arguments)
    scenario = raced(overridden(load_scenario(options.scenario), options), options)
    theme = _theme(options.theme)
    from gdviz.app import run_window
    from gdviz.export.display import reachable_display

    with reachable_display() as problem:
        if problem is not None:
            print(f"gdviz: {problem}; `gdviz render` makes a picture without one", file=sys.stderr)
            return NO_DISPLAY
        return run_window(scenario, options.scenario, theme)


def _trace(arguments: Sequence[str]) -> int:
    parser = _Parser(prog="gdviz trace", description="Print the numbers of every step.")
    add_experiment_options(parser)
    add_race_option(parser)
    parser.add_argument("-o", "--output", metavar="FILE", help="a .csv or .npz file; standard output by default")
    parser.add_argument("--run", type=int, default=1, metavar="N", help="of a scenario with several runs; 1 by default")
    options = parser.parse_args(arguments)
    scenario = raced(overridden(load_scenario(options.scenario), options), options)
    runs = (scenario.experiment, *scenario.others)
    if not 1 <= options.run <= len(runs):
        possible = f"take 1 to {len(runs)}" if scenario.others else "there is but run 1"
        raise InputError(f"--run: there is no run {options.run} here; {possible}")
    recording = record(runs[options.run - 1])
    if options.output is None:
        write_csv(recording, sys.stdout)
    else:
        write_trace(recording, Path(options.output))
    return DONE


def _render(arguments: Sequence[str]) -> int:
    from gdviz.render_options import add_render_options
    from gdviz.rendering import render
    from gdviz.step_range import steps_or_range

    parser = _Parser(prog="gdviz render", description="Make an animation or a picture of the stage.")
    add_experiment_options(parser, steps_or_range)
    add_race_option(parser)
    add_render_options(parser)
    return _drawn(render, parser.parse_args(arguments))


def _range_test(arguments: Sequence[str]) -> int:
    from gdviz.range_test_command import add_range_test_options, range_test

    parser = _Parser(prog="gdviz range-test", description="Let the learning rate grow at every step and look.")
    add_range_test_options(parser)
    return _drawn(range_test, parser.parse_args(arguments))


def _map(arguments: Sequence[str]) -> int:
    from gdviz.map_command import add_map_options, phase_map

    parser = _Parser(prog="gdviz map", description="The loss at every learning rate after every number of steps.")
    add_map_options(parser)
    return _drawn(phase_map, parser.parse_args(arguments))


def _drawn(command: Callable[[argparse.Namespace], list[str]], options: argparse.Namespace) -> int:
    """Carry out a command that may need a display and returns what could not be done, in one line each."""
    from gdviz.export.virtual_screen import NoDisplayError

    try:
        failures = command(options)
    except NoDisplayError as error:
        print(f"gdviz: {error}", file=sys.stderr)
        return NO_DISPLAY
    for failure in failures:
        print(f"gdviz: {failure}", file=sys.stderr)
    return BAD_INPUT if failures else DONE


def _scenarios(arguments: Sequence[str]) -> int:
    _Parser(prog="gdviz scenarios", description="List the shipped scenarios.").parse_args(arguments)
    for name, says in announcements().items():
        print(f"{name:12}  {says.title}: {says.question}")
    return DONE


def _add_theme(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--theme", metavar="NAME", help="light or dark")


def _theme(name: str | None) -> Theme | None:
    if name is not None and name not in list(Theme):
        raise InputError(f"--theme: there is no {name!r}; take one of {', '.join(Theme)}")
    return Theme(name) if name is not None else None


COMMANDS: dict[str, Callable[[Sequence[str]], int]] = {
    "trace": _trace,
    "render": _render,
    "range-test": _range_test,
    "map": _map,
    "scenarios": _scenarios,
}
