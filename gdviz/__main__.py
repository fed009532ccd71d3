"""The entry point: ``gdviz`` and ``python -m gdviz``."""

import os
import signal
import sys

INTERRUPTED = 130


def main() -> None:
    """Run the command line and end the process with its exit code; Ctrl+C ends it silently at any time."""
    is_usual = signal.getsignal(signal.SIGINT) is signal.default_int_handler  # else the parent process ignores it
    if is_usual:
        # An exception in the middle of an import would be lost there, or end in a traceback.
        signal.signal(signal.SIGINT, _end)
    from gdviz.cli.main import run

    try:
        if is_usual:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        code = run(sys.argv[1:])
    except KeyboardInterrupt:
        code = INTERRUPTED
    if is_usual:
        signal.signal(signal.SIGINT, _end)
    sys.exit(code)


def _end(*_: object) -> None:
    os._exit(INTERRUPTED)


if __name__ == "__main__":
    main()
