"""`make fuzz`: tries many cases of each kind, and keeps those that break something."""

import argparse
import sys
import time
from pathlib import Path
from random import SystemRandom

from tests.fuzz.engine import KINDS, Fault, hunt

KEPT = Path("build", "fuzz")


def main() -> int:
    """Hunt for faults; 1 where any was found, else 0."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description="Try what nobody would think of.")
    parser.add_argument("kinds", nargs="*", metavar="KIND", help=f"of {', '.join(KINDS)}; all by default")
    parser.add_argument("--count", type=int, default=10_000, help="how many of each kind; 10,000 by default")
    parser.add_argument("--seed", type=int, help="another one each time by default")
    parser.add_argument("--case", type=int, help="only the one with this number")
    options = parser.parse_args()
    if not set(options.kinds) <= set(KINDS):
        parser.error(f"kinds are {', '.join(KINDS)}")
    seed = options.seed if options.seed is not None else SystemRandom().randrange(10**6)
    numbers = range(options.count) if options.case is None else range(options.case, options.case + 1)
    found = 0
    for kind in options.kinds or KINDS:
        begin, of_kind = time.monotonic(), 0
        for fault in hunt(kind, seed, numbers):
            of_kind += 1
            print(f"{fault}\n    kept in {_kept(fault)}", flush=True)
        took = time.monotonic() - begin
        print(f"{kind}: {len(numbers):,} cases with the seed {seed} in {took:.0f} s, {of_kind} faults", flush=True)
        found += of_kind
    return 1 if found else 0


def _kept(fault: Fault) -> Path:
    """The file in which the case stands now, as it is where it is the content of a file."""
    KEPT.mkdir(parents=True, exist_ok=True)
    path = KEPT / f"{fault.kind}-{fault.seed}-{fault.number}"
    path.write_bytes(fault.case if isinstance(fault.case, bytes) else repr(fault.case).encode())
    return path


if __name__ == "__main__":
    sys.exit(main())
