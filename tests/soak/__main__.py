"""`make soak`: uses the window at random, and says what it held on to, how long it stood still, and what went wrong."""

import argparse
import os
import sys
from collections import Counter
from pathlib import Path
from random import SystemRandom
from tempfile import TemporaryDirectory

os.environ["PYOPENGL_ERROR_CHECKING"] = "1"  # before PyOpenGL is imported
SHOWN_STALLS, SHOWN_CALLS = 30, 20


def main() -> int:
    """Soak; 1 where anything is wrong, else 0."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description="Use the window at random for long.")
    parser.add_argument("--minutes", type=float, default=30.0, help="30 by default")
    parser.add_argument("--seed", type=int, help="another one each time by default")
    options = parser.parse_args()
    seed = options.seed if options.seed is not None else SystemRandom().randrange(10**6)
    print(f"seed {seed}, {options.minutes:g} minutes", flush=True)
    from PySide6.QtWidgets import QApplication

    from gdviz.main_window.heap import share_heap
    from gdviz.plotting.text import load_fonts
    from tests.soak.engine import soak

    share_heap()  # as the program does
    application = QApplication([])
    application.setStyle("Fusion")
    load_fonts()
    with TemporaryDirectory(prefix="gdviz-soak-") as folder:
        found = soak(seed, 60.0 * options.minutes, Path(folder))
    assert found.before is not None
    assert found.after is not None
    print(f"{found.acts:,} acts; memory {found.before.memory / 1e6:.0f} MB, then {found.after.memory / 1e6:.0f} MB")
    longest = sorted(found.stalls, key=lambda pair: -pair[1].seconds)
    for done, stall in longest[:SHOWN_STALLS]:
        print(f"stall: {stall}, after: {done}")
    print(f"{len(longest)} stalls too long")
    samples = [sample for _, stall in longest for sample in stall.samples]
    for call, count in Counter(call for sample in samples for call in {*sample}).most_common(SHOWN_CALLS):
        print(f"{count / len(samples):4.0%} of the samples of stalls in {call}")
    faults = [*found.left, *(f"{text} ({count} times)" for text, count in Counter(found.faults).items())]
    print(*faults, sep="\n")
    return 1 if faults or longest else 0


if __name__ == "__main__":
    sys.exit(main())
