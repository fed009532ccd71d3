"""How long a thread could have run but had no processor, as Linux counts it; the X server is found by its socket."""

import os
import socket
import stat
import struct
from contextlib import suppress
from pathlib import Path

NANOSECOND = 1e-9


def delayed(task: Path) -> float:
    """The seconds for which a thread, by its folder in /proc, waited for a processor; 0 once it has ended."""
    try:
        return NANOSECOND * int((task / "schedstat").read_text().split()[1])
    except OSError:
        return 0.0


def display_server() -> Path | None:
    """The folder in /proc of the process at the other end of the first socket to one, the X server; None if none is."""
    for link in Path("/proc/self/fd").iterdir():
        with suppress(OSError):
            if stat.S_ISSOCK(link.stat().st_mode) and (process := _peer(int(link.name))) not in (0, os.getpid()):
                return Path(f"/proc/{process}")
    return None


def _peer(descriptor: int) -> int:
    """The process at the other end of a socket; 0 where that is unknown."""
    with socket.socket(fileno=os.dup(descriptor)) as connection:
        if connection.family != socket.AF_UNIX:
            return 0
        told = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
        return int(struct.unpack("3i", told)[0])
