"""How much memory the system has left."""

from pathlib import Path

MEMORY_FILE = Path("/proc/meminfo")


def free_memory() -> int | None:
    """Bytes that can be taken without swapping, as Linux estimates them; None where the system does not tell."""
    try:
        lines = MEMORY_FILE.read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    found = [line.split() for line in lines if line.startswith("MemAvailable:")]
    return int(found[0][1]) * 1024 if found else None
