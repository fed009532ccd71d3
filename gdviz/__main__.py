"""The entry point: ``gdviz`` and ``python -m gdviz``."""

import sys


def main() -> None:
    """Run the command line and end the process with its exit code."""
    from gdviz.cli import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
