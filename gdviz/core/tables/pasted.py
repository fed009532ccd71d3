"""Makes a pasted table readable as a file."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from gdviz.core.errors import InputError

CLIPBOARD = "clipboard"
"""The file name of a pasted table."""


@contextmanager
def pasted_file(text: str) -> Iterator[Path]:
    """Write the text to a file for the block; InputErrors of the block name the clipboard instead."""
    with TemporaryDirectory(prefix="gdviz-") as folder:
        path = Path(folder) / CLIPBOARD
        try:
            # A clipboard may hold lone surrogates, which UTF-8 cannot encode.
            whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
            path.write_text(whole, encoding="utf-8", newline="")
            yield path
        except OSError as error:
            raise InputError(f"{CLIPBOARD}: cannot be read: {error.strerror}") from error
        except InputError as error:
            raise InputError(str(error).replace(str(path), CLIPBOARD)) from error
