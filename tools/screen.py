"""Run a command on its own virtual screen, so that it needs no display and no windows flash up.

    python tools/screen.py COMMAND [ARG ...]

So that pictures are the same on every machine, the command also gets software OpenGL, the C locale, and neither the
user's Qt settings nor the desktop's. Its exit status is passed on. Without Xvfb (macOS, Windows) it runs on the
existing display.
"""

import os
import secrets
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from gdviz.export import virtual_screen as shared

SIZE = "1920x1200x24"
DESKTOP = ("QT_", "KDE_", "GNOME_", "GTK_", "XDG_CURRENT_DESKTOP", "DESKTOP_SESSION", "DBUS_SESSION_BUS_ADDRESS")
DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY")


def stop(process: subprocess.Popen[bytes]) -> None:
    """Stop a process that may have exited already."""
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextmanager
def virtual_screen(room: Path) -> Iterator[dict[str, str]]:
    """Run an X server, and yield the environment variables by which programs find it."""
    authority = room / "Xauthority"
    name, cookie = b"MIT-MAGIC-COOKIE-1", secrets.token_bytes(16)
    any_address = struct.pack(">HHH", 0xFFFF, 0, 0)
    authority.write_bytes(any_address + struct.pack(f">H{len(name)}sH16s", len(name), name, len(cookie), cookie))
    arguments = ["-screen", "0", SIZE, "-dpi", "96", "+extension", "GLX", "-noreset", "-nolisten", "tcp"]
    with shared.virtual_screen([*arguments, "-auth", str(authority)]) as display:
        if display is None:
            raise SystemExit("screen: Xvfb did not start")
        yield {"DISPLAY": display, "XAUTHORITY": str(authority)}


def plain_environment(room: Path) -> dict[str, str]:
    """Return the environment without the variables of the user's desktop."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith((*DESKTOP, *DISPLAYS))}
    for name in ("config", "runtime"):
        (room / name).mkdir(mode=0o700)
    return kept | {
        "LC_ALL": "C.UTF-8",
        "LIBGL_ALWAYS_SOFTWARE": "1",
        "QT_QPA_PLATFORM": "xcb",
        "XDG_CONFIG_HOME": str(room / "config"),
        "XDG_RUNTIME_DIR": str(room / "runtime"),
        "XDG_SESSION_TYPE": "x11",
    }


def run(command: list[str], environment: dict[str, str]) -> int:
    """Run the command and return its exit status as a shell would."""
    process = subprocess.Popen(command, env=environment)
    try:
        status = process.wait()
    except KeyboardInterrupt:  # which the command received too
        status = process.wait()
    finally:
        stop(process)
    return status if status >= 0 else 128 - status


def leave(number: int, _: FrameType | None) -> None:
    """Turn a signal into an exception, so that everything started here is stopped."""
    raise SystemExit(128 + number)


def main() -> int:
    """Run the command given as arguments."""
    command = sys.argv[1:]
    if not command:
        print(__doc__, file=sys.stderr)
        return 2
    if not sys.platform.startswith("linux"):
        return run(command, dict(os.environ))
    if not shutil.which("Xvfb"):
        if not any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY")):
            raise SystemExit("screen: there is neither a display nor Xvfb; install Xvfb")
        print("screen: no Xvfb, so windows open on your display and pictures may differ", file=sys.stderr)
        return run(command, dict(os.environ))
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, leave)
    with tempfile.TemporaryDirectory(prefix="gdviz-screen-", ignore_cleanup_errors=True) as room:
        environment = plain_environment(Path(room))
        with virtual_screen(Path(room)) as screen:
            return run(command, environment | screen)


if __name__ == "__main__":
    sys.exit(main())
