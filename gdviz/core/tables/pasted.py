"""Makes a table that was pasted as text one that can be read as a file."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from gdviz.core.errors import InputError

CLIPBOARD = "clipboard"
"""What stands for the name of a file where the table was pasted."""


@contextmanager
def pasted_file(text: str) -> Iterator[Path]:
    """The text in a file that is there for the block alone; an InputError of the block names the clipboard instead."""
    with TemporaryDirectory(prefix="gdviz-") as folder:
        path = Path(folder) / CLIPBOARD
        try:
            # Half of a surrogate pair, which a clipboard may hold, has no bytes in UTF-8.
            whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
            path.write_text(whole, encoding="utf-8", newline="")
            yield path
        except OSError as error:
            raise InputError(f"{CLIPBOARD}: cannot be read: {error.strerror}") from error
        except InputError as error:
            raise InputError(str(error).replace(str(path), CLIPBOARD)) from error
