"""Looks for cases that break something: each is tried in another process, which is ended if it hangs."""

import json
import os
import select
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from random import Random
from types import ModuleType

from gdviz.core.frozen import frozen

KINDS = ("scenarios", "tables", "command_lines")
"""What there is to try: the names of the modules here that make cases and check them."""
SECONDS, START_SECONDS = 5.0, 60.0
"""No case takes longer, and no process until its first case."""
HERE = Path(__file__).resolve().parents[2]


@frozen
class Fault:
    """A case, by its kind, the seed and its number, and what broke."""

    kind: str
    seed: int
    number: int
    told: str

    def __str__(self) -> str:
        again = f"python -m tests.fuzz {self.kind} --seed {self.seed} --case {self.number}"
        return f"{again}\n    {self.told}\n    {repr(self.case)[:300]}"

    @property
    def case(self) -> object:
        """What was tried."""
        return case_of(self.kind, self.seed, self.number)


def module_of(kind: str) -> ModuleType:
    """What makes the cases of a kind and checks them."""
    return import_module(f".{kind}", __package__)


def case_of(kind: str, seed: int, number: int) -> object:
    """The case with that number; always the same."""
    return module_of(kind).make(Random(f"{kind} {seed} {number}"))


def hunt(kind: str, seed: int, numbers: range, twice: bool = True) -> Iterator[Fault]:
    """Try the cases with these numbers. ``twice``: one at which the process hangs or ends is tried again, alone.

    The machine may have been busy, and a process in which much memory has been used ends by itself.
    """
    at = numbers.start
    while at < numbers.stop:
        command = [
            sys.executable,
            "-W",
            "error",
            "-m",
            "tests.fuzz.worker",
            kind,
            str(seed),
            str(at),
            str(numbers.stop),
        ]
        path = os.pathsep.join(filter(None, (str(HERE), os.environ.get("PYTHONPATH"))))
        with subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": path}
        ) as process:
            told = f"hangs for more than {SECONDS:g} s"
            try:
                for number, fault in _results(process):
                    at = number + 1
                    if fault:
                        yield Fault(kind, seed, number, fault)
                if at < numbers.stop:
                    told = f"the process ended with {process.wait()}"
            except TimeoutError:
                pass
            finally:
                process.kill()
        if at < numbers.stop:
            # Alone it says itself what breaks, if it comes to that.
            yield from hunt(kind, seed, range(at, at + 1), twice=False) if twice else [Fault(kind, seed, at, told)]
            at += 1


def _results(process: "subprocess.Popen[bytes]") -> Iterator[tuple[int, str]]:
    """The cases that are done with what broke in each; TimeoutError where one takes too long."""
    assert process.stdout is not None
    seconds, rest = START_SECONDS, b""
    while select.select([process.stdout], [], [], seconds)[0]:
        read = os.read(process.stdout.fileno(), 65536)
        if not read:
            return
        *lines, rest = (rest + read).split(b"\n")
        for line in lines:
            number, fault, seconds = json.loads(line)
            if fault is not None:
                yield number, fault
    raise TimeoutError
