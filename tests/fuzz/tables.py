"""CSV files of data by chance, and what has to hold of each."""

from pathlib import Path
from random import Random

from gdviz.core.scenarios.library import load_scenario
from tests.fuzz import hostile, scenarios

Case = bytes | str
"""The content of a file, or the name of one of `hostile.FILES`."""


def make(rng: Random) -> Case:
    """A file; most are near to what can be read."""
    if rng.random() < 0.02:
        return rng.choice([name for name in hostile.FILES if name.endswith(".csv")])
    separator = rng.choice((*"," * 12, ";", "\t", " ", ", "))
    names = rng.choice((*[["x", "y"]] * 8, ["y", "x"], ["a", "x", "y"], ["x", "y", "x"], ["X", "Y"], ["x"], []))
    lines = [separator.join(_quoted(name, rng) for name in names)]
    for _ in range(rng.choice((0, 1, 2, 5, 30, 30, 3000))):
        lines.append(separator.join(_cell(rng) for _ in range(_width(len(names), rng))))
    if rng.random() < 0.1:
        lines.insert(
            rng.randrange(len(lines)), rng.choice(("", '"', separator * 20_000, "9" * 200_000, hostile.text(rng)))
        )
    return hostile.mutated("\n".join(lines).encode("utf-8", "surrogatepass"), rng)


def check(case: Case, folder: Path) -> None:
    """Reading raises nothing but InputError; what was read can be run, written, and read again as it was."""
    path = folder / "case.csv"
    if isinstance(case, bytes):
        path.write_bytes(case)
    scenarios.hold(load_scenario(case if isinstance(case, str) else str(path)), folder)


def _width(usual: int, rng: Random) -> int:
    return usual if rng.random() < 0.998 else rng.randint(0, usual + 2)


def _cell(rng: Random) -> str:
    chance = rng.random()
    if chance < 0.993:
        return f"{rng.uniform(-5, 5):.3g}"
    return hostile.number(rng) if chance < 0.997 else _quoted(hostile.text(rng), rng)


def _quoted(value: str, rng: Random) -> str:
    return rng.choice((*[value] * 20, f'"{value}"', f" {value}", f'"{value}', value.upper()))
