"""Scenario files by chance: from a grammar, and from the shipped ones; and what has to hold of each."""

from dataclasses import replace
from pathlib import Path
from random import Random

from gdviz.core.descent.recording import record
from gdviz.core.descent.schedules import RangeTest
from gdviz.core.problems.reductions import REDUCTIONS
from gdviz.core.problems.registry import PROBLEMS
from gdviz.core.scenarios.library import load_scenario, shipped
from gdviz.core.scenarios.scenario import Scenario, read_scenario, write_scenario
from tests.fuzz import hostile

KEYS = (
    *("title", "question", "proves", "problem", "reduction", "optimizer.name", "optimizer.momentum", "start", "steps"),
    *("precision", "batch_size", "seed", "style", "data.rows", "data.noise", "data.slope", "data.intercept"),
    *("data.x_range", "data.seed", "data.standardised", "data.file", "data.x", "data.y", "schedule.name"),
    *("schedule.learning_rate", "schedule.changes", "schedule.start", "schedule.end", "schedule.number"),
    *("schedule.fresh_steps", "schedule.smoothed", "schedule.stops", "schedule.fastai_rules", "runs", "a.b.c"),
    *('""', '"\\u0000"', "'a.b'"),
)
NAMES = (*PROBLEMS, "gd", "momentum", "nesterov", *REDUCTIONS, "float32", "float64", "constant", "range-test", "all")
MOST_STEPS = 60
Case = bytes | str
"""The content of a file, or the name of one of `hostile.FILES`."""


def make(rng: Random) -> Case:
    """A file; most are near to what can be read."""
    if rng.random() < 0.02:
        return rng.choice(hostile.FILES)
    text = _grammatical(rng)
    if rng.random() < 0.4:
        text = rng.choice(list(shipped().values())).read_text(encoding="utf-8").replace("../data", "data")
    lines = text.split("\n")
    for _ in range(rng.choice((0, 0, 1, 1, 2, 4))):
        place = rng.randrange(len(lines))
        key = lines[place].partition("=")[0].strip() or rng.choice(KEYS)
        lines[place : place + rng.randint(0, 1)] = rng.choice((_assigned, _deep, _twice))(key, lines[place], rng)
    return hostile.mutated("\n".join(lines).encode("utf-8", "surrogatepass"), rng)


def check(case: Case, folder: Path) -> None:
    """Reading raises nothing but InputError; what was read can be written, is read again as it was, and run."""
    path = folder / "case.toml"
    if isinstance(case, str):
        scenario = load_scenario(case)
    else:
        path.write_bytes(case)
        scenario = read_scenario(path)
    hold(scenario, folder)


def hold(scenario: Scenario, folder: Path) -> None:
    """What holds of each scenario that was read; AssertionError where it does not."""
    write_scenario(scenario, folder / "again.toml")
    assert read_scenario(folder / "again.toml") == scenario, "written and read again it is another scenario"
    for run in (scenario.experiment, *scenario.others):
        is_sweep = isinstance(run.schedule, RangeTest)
        if not is_sweep or run.steps < 500:
            record(run if is_sweep else replace(run, steps=min(run.steps, 3)))


OPTIONAL = ('question = "Q?"', "steps = 9", "start = [0, -1.5]", 'precision = "float64"', "seed = 7", "style = 2")
RATES = ("0.1", "0.9", "1e-4", "-10.0", "0", '"best"')
REDUCED = tuple(f'reduction = "{reduction}"' for reduction in REDUCTIONS[1:])
WITH_DATA = ("batch_size = 2", 'batch_size = 2\nbatch_order = "shuffled"', *REDUCED)
POINTS = (
    'file = "points.csv"',
    "x = [0, 1, 2]\ny = [1, 3, 2]",
    "rows = 7\nseed = 3",
    "noise = 0",
    "standardised = true",
)


def _grammatical(rng: Random) -> str:
    """What can be read, with few exceptions."""
    problem = rng.choice(list(PROBLEMS))
    has_data, is_sweep = problem == "linear-regression", rng.random() < 0.2
    some = [line for line in (*OPTIONAL, *(WITH_DATA if has_data else ())) if rng.random() < 0.3]
    lines = ['title = "T"', f'problem = "{problem}"', *(line for line in some if not (is_sweep and "steps" in line))]
    if is_sweep:
        lines += ["[schedule]", 'name = "range-test"', "start = 0.001", "end = 1.0", "number = 20"]
        settings = ("stops = false", "smoothed = true", "fastai_rules = true", "fresh_steps = 2")
        lines += [line for line in settings if rng.random() < 0.3]
    else:
        lines += ["[schedule]", f"learning_rate = {rng.choice(RATES)}"]
        lines += ["changes = [[2, 0.5], [4, 0.1]]"] if rng.random() < 0.3 else []
    if rng.random() < 0.3:
        lines += ["[optimizer]", rng.choice(('name = "momentum"', 'name = "nesterov"')), "momentum = 0.5"]
    if has_data and rng.random() < 0.6:
        lines += ["[data]", *rng.choice(POINTS).split("\n")]
    for run in range(0 if is_sweep else rng.choice((0, 0, 0, 1, 3, 4))):
        lines += ["[[runs]]", f"learning_rate = 0.{run + 2}"]
    return "\n".join(lines)


def _assigned(key: str, line: str, rng: Random) -> list[str]:
    return [f"{key} = {_value(rng)}"]


def _twice(key: str, line: str, rng: Random) -> list[str]:
    return [line] * rng.choice((0, 2, 2, 300))


def _deep(key: str, line: str, rng: Random) -> list[str]:
    """Names and values that nest, and more of them than anybody writes."""
    depth = rng.choice((2, 20, 400, 3000, 20_000))
    return [
        rng.choice(
            (
                ".".join(["a"] * depth) + " = 1",
                f"{key} = {'[' * depth}{']' * depth}",
                f"{key} = {'{a = ' * depth}1{'}' * depth}",
                f"[{'.'.join(['a'] * depth)}]",
                f"[[{'.'.join(['runs'] * depth)}]]",
                "\n".join(f"k{index} = 1" for index in range(depth)),
                f"{key} = [{'1, ' * depth}]",
                f'{key} = "{"x" * 100 * depth}"',
                f"{key} = {'9' * depth}",
                f"# {'c' * depth}",
            )
        )
    ]


def _value(rng: Random) -> str:
    quoted = rng.choice((*NAMES, *hostile.FILES)) if rng.random() < 0.6 else hostile.text(rng)
    return rng.choice(
        (
            hostile.number(rng),
            str(rng.randint(0, MOST_STEPS)),
            f'"{quoted}"',
            f"'{quoted}'",
            f'"""{quoted}"""',
            f"[{hostile.number(rng)}, {hostile.number(rng)}]",
            f"[[{rng.randint(0, 9)}, {hostile.number(rng)}], [{rng.randint(0, 9)}, 0.5]]",
            f"{{ name = '{rng.choice(NAMES)}', momentum = {hostile.number(rng)} }}",
            *("true", "false", "[]", "{}", "[{}]", "[[]]", "1979-05-27T07:32:00Z", "07:32:00", "", "best", "1 2"),
        )
    )
