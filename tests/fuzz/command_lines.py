"""Command lines by chance, from the options that the commands have; and what has to hold of each."""

import contextlib
import io
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from random import Random
from unittest.mock import patch

from gdviz.cli.arguments import option_name
from gdviz.cli.main import COMMANDS, run
from gdviz.cli.schedule_options import schedule_options
from gdviz.core.descent.schedules import selectable_schedules
from gdviz.core.problems.registry import PROBLEMS
from gdviz.core.scenarios.library import shipped
from gdviz.export.job import check_job
from gdviz.panes.registry import large_panes
from gdviz.presentation.look import DataPane, LossScale, Theme, View
from tests.fuzz import hostile

Case = list[str]

QUICK = ("point-nine", "ten", "race", "range-test", "two-wells", "points.csv", "good.toml", "two.toml")
VALUES: dict[str, tuple[str, ...]] = {
    "--problem": tuple(PROBLEMS),
    "--data": ("points.csv",),
    "--rows": ("1", "2", "50", "3000"),
    "--seed": ("0", "7"),
    "--reduction": ("mean", "sum"),
    "--batch-size": ("all", "1", "2", "3"),
    "--batch-seed": ("0", "7"),
    "--optimizer": ("gd", "momentum", "nesterov"),
    "--momentum": ("0", "0.5", "0.99"),
    "--learning-rate": ("0.1", "-1e-3", "10", "0"),
    "--start": ("0 -1", "-1e-3 2", "-1. -.5"),
    "--steps": ("1", "2", "30", "200", "0:4", "2:", ":5"),
    "--dtype": ("float32", "float64"),
    "--theme": tuple(Theme),
    "--run": ("1", "2", "4"),
    "--rates": ("0.01:1:9", "0.1:0.1:1", "1e-4:10:20", "-1:1:5", "1:0.1:5"),
    "--fresh-steps": ("0", "1", "3"),
    "--output": (
        "a.csv",
        "a.npz",
        "a.png",
        "a.svg",
        "a.mp4",
        "a.gif",
        "a.webm",
        "clip",
        "missing/a.png",
        "-1.png",
        ".",
        "a\udcff.mp4",
        "a\x1b[2J.gif",
        "a\u202e.mp4",
    ),
    "--size": ("720p", "480x300", "481x301", "4K", "-1x2"),
    "--step": ("0", "1", "30"),
    "--text-scale": ("1", "0.7", "1.8"),
    "--samples": ("0", "4", "8"),
    "--pane": tuple(large_panes()),
    "--view": tuple(View),
    "--data-pane": tuple(DataPane),
    "--loss-scale": tuple(LossScale),
    "--format": ("mp4", "png", "svg"),
    "--fps": ("30", "25", "1", "120"),
    "--pace": ("teach", "every-step", "5", "0.01", "1e6"),
    "--orbit": ("90", "-1e2", "3600"),
    "--camera-key": ("0:-60,32,4.6", "9:1e2,5,9", "-1:0,32,4"),
    "--poster": ("p.png", ""),
    "--captions": ("c.vtt", ""),
}
VALUES["--schedule"] = tuple(selectable_schedules())
VALUES |= {option_name(name): (str(setting.default), "1", "-1") for name, setting in schedule_options().items()}
LONG = (
    ["trace", "--steps", "1000000"],
    ["trace", "--rows", "10000000", "--steps", "2"],
    ["map", "--rates", "1e-4:10:5000", "--steps", "2000", "-o", "a.csv"],
    ["render", "-o", "a.mp4", "--steps", "100000", "--dry-run"],
)
"""Limits themselves, which take their time; each is tried now and then."""
LONGEST = 300 + len("gdviz: ")
"""Characters of a line on standard error."""
LONG_SECONDS, LONG_SHARE = 300.0, 0.0004


def make(rng: Random) -> Case:
    """A command line; most could be carried out but for one of its words."""
    if rng.random() < LONG_SHARE:
        return list(rng.choice(LONG))
    command = rng.choice(("", "trace", "trace", "render", "render", "render", "map", "range-test", "scenarios"))
    words = [command] if command else []
    if rng.random() < 0.4:
        words.append(rng.choice(QUICK))
    for option in rng.sample(_options(command), k=min(len(_options(command)), rng.choice((0, 1, 2, 3, 5)))):
        words += _given(option, rng)
    if command == "render" and rng.random() < 0.95:
        words += ["-o", rng.choice(VALUES["--output"]), "--dry-run"]
    for _ in range(rng.choice((0, 0, 0, 1, 1, 1, 1, 2, 4))):
        _hurt(words, rng)
    return words


def seconds(case: Case) -> float | None:
    """How long it may take, if longer than others."""
    return LONG_SECONDS if case in LONG else None


def check(case: Case, folder: Path) -> None:
    """It ends with one of the exit codes, and of what is wrong it says one line."""
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", errors) for errors in ("strict", "backslashreplace"))
    with _nothing_drawn(), patch.object(sys, "stdout", out), patch.object(sys, "stderr", err):
        try:
            code = run(case)
        except SystemExit as ended:  # --help and --version
            code = ended.code or 0
        out.flush()
        err.flush()
    printed, told = (stream.buffer.getvalue().decode() for stream in (out, err))
    lines = told.splitlines()
    assert code in (0, 2, 3), f"exit code {code}"
    assert all(line.isprintable() for line in printed.split("\n")), "control characters are printed"
    for line in told.split("\n")[:-1]:
        assert line.isprintable(), f"no line for a person: {line!r}"
        assert len(line) <= LONGEST, f"too long: {line!r}"
    if code == 2:
        assert lines[-1].startswith("gdviz: "), told
        # Each of many scenarios has its own line, and what is logged comes before.
        assert len(lines) == 1 or {"--all", "--verbose"} & set(case), f"more than one line: {told!r}"


@contextlib.contextmanager
def _nothing_drawn() -> Iterator[None]:
    """What would open a window or draw only checks what it is given; and few cells make a map."""

    def checked(jobs, force):
        for job in jobs:
            check_job(job, force)
        return []

    few = {name: path for name, path in shipped().items() if name in QUICK}
    with contextlib.ExitStack() as patches:
        for place, stub in (
            ("gdviz.main_window.app.run_window", lambda *_: 0),
            ("gdviz.export.display.reachable_display", contextlib.nullcontext),
            ("gdviz.cli.render.write_jobs", checked),
            ("gdviz.cli.render._make_folder", lambda folder: None),
            ("gdviz.cli.render_options.shipped", lambda: few),
            ("gdviz.cli.maps.FINE_SIDE", 16),
            ("gdviz.cli.maps.FINE_COLUMNS", 16),
        ):
            patches.enter_context(patch(place, stub))
        for name, (make_parser, carry_out) in COMMANDS.items():
            patches.enter_context(patch.dict(COMMANDS, {name: (_cached(make_parser), carry_out)}))
        yield


_cached = cache(cache)


@cache
def _options(command: str) -> list[str]:
    """All names of its options that have one."""
    names = [name for action in COMMANDS[command][0]().known for name in action.option_strings]
    return [name for name in names if name.startswith("--") and name not in ("--help", "--version")]


def _given(option: str, rng: Random) -> list[str]:
    value = rng.choice(VALUES.get(option, ("",)))
    if not value:
        return [option]
    if option == "--start":
        return [option, *value.split()]
    return [f"{option}={value}"] if rng.random() < 0.3 else [option, value]


def _hurt(words: list[str], rng: Random) -> None:
    """Change one word, or their order or number."""
    place = rng.randint(0, len(words))
    word = words[place] if place < len(words) else ""
    bad = rng.choice((hostile.number, hostile.text, lambda rng: rng.choice(hostile.FILES)))(rng)
    changed = rng.choice(
        (
            [bad],
            [bad],
            [bad],
            [word, bad],
            [],
            [word, word],
            [word + bad],
            [bad + word],
            [word[:-1]],
            [f"{word.partition('=')[0]}={bad}"],
            [word[: len(word) // 2] + bad + word[len(word) // 2 :]],
            [f"{bad}:{bad}:9"],
            [f"{word.partition('=')[0]}=--"],
            [rng.choice(("--", "-", "--=", "-=", "---", "--help", "--version", "-h", "--all", "trace", "map"))],
            ["".join(rng.sample(word, k=len(word)))],
        )
    )
    words[place : place + 1] = [part for part in changed if part != "big-data"]
