"""The entry point: ``gdviz`` and ``python -m gdviz``."""

import os
import signal
import sys

INTERRUPTED = 130


def main() -> None:
    """Run the command line and exit with its code; Ctrl+C exits silently at any time."""
    has_default_handler = signal.getsignal(signal.SIGINT) is signal.default_int_handler  # not if inherited as ignored
    if has_default_handler:
        # KeyboardInterrupt in the middle of an import would be lost or end in a traceback.
        signal.signal(signal.SIGINT, _exit_now)
    from gdviz.cli.main import run

    try:
        if has_default_handler:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        code = run(sys.argv[1:])
    except KeyboardInterrupt:
        code = INTERRUPTED
    if has_default_handler:
        signal.signal(signal.SIGINT, _exit_now)
    sys.exit(code)


def _exit_now(*_: object) -> None:
    os._exit(INTERRUPTED)


if __name__ == "__main__":
    main()
