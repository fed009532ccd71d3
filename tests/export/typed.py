"""`gdviz render` as a person types it, in this process, and what it leaves behind."""

from gdviz.cli.main import run

QUICK = ("--size", "480x300", "--pace", "every-step", "--samples", "0")
SHORT = (*QUICK, "--steps", "0:5")
OLD = b"an old file"


def render(capsys, *arguments):
    """Exit code and standard error; nothing is ever printed on standard output."""
    code = run(["render", *map(str, arguments)])
    printed = capsys.readouterr()
    assert printed.out == ""
    return code, printed.err


def complaint(told):
    """The only line that is not about progress."""
    lines = [line for line in told.splitlines() if ": frame " not in line]
    assert len(lines) == 1, told
    assert lines[0].startswith("gdviz: ")
    return lines[0]


def listing(folder):
    """The names in a folder, hidden ones as well."""
    return sorted(path.name for path in folder.iterdir())
