"""The protocol between the window and its export process: a job in, lines of JSON out."""

import io
import json
import pickle
import struct
from dataclasses import asdict, dataclass
from typing import Any, BinaryIO

from gdviz.core.problems.dataset import GENERATED, Dataset, generate
from gdviz.core.problems.large_regression import DIRECT_ROWS
from gdviz.export.job import AnimationJob

_LENGTH = struct.Struct("<Q")


@dataclass(frozen=True)
class Progress:
    """The number of frames drawn so far."""

    frames: int


@dataclass(frozen=True)
class Done:
    """All is written; ``notes`` are lines for the user."""

    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Failed:
    """Nothing is written, for the reason in this line."""

    line: str


@dataclass(frozen=True)
class Cancelled:
    """Nothing is written, as requested."""


@dataclass(frozen=True)
class Logged:
    """A record that a module of the process has logged, as one printable line."""

    name: str
    level: int
    text: str


Message = Progress | Done | Failed | Cancelled | Logged
_KINDS: dict[str, type[Message]] = {kind.__name__: kind for kind in (Progress, Done, Failed, Cancelled, Logged)}


def encode(message: Message) -> bytes:
    """The message as a line."""
    return json.dumps([type(message).__name__, asdict(message)]).encode() + b"\n"


def decode(line: bytes) -> Message:
    """The message that a line holds."""
    kind, fields = json.loads(line)
    if "notes" in fields:
        fields["notes"] = tuple(fields["notes"])
    return _KINDS[kind](**fields)


def packed(job: AnimationJob) -> bytes:
    """A copy of the job, preceded by its length.

    Large generated data are sent as their settings, from which they are generated again: ten million rows are 80 MB,
    and the window would freeze while it sends them.
    """
    content = io.BytesIO()
    _Packer(content, pickle.HIGHEST_PROTOCOL).dump(job)
    return _LENGTH.pack(content.tell()) + content.getbuffer()


def unpack(stream: BinaryIO) -> AnimationJob | None:
    """Read what `packed` returned, and nothing beyond it; None where the stream ends before.

    Only for a stream that this program itself writes to: unpickling can run anything.
    """
    header = stream.read(_LENGTH.size)
    if len(header) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(header)
    content = stream.read(length)
    if len(content) < length:
        return None
    job = pickle.loads(content)
    assert isinstance(job, AnimationJob)
    return job


class _Packer(pickle.Pickler):
    """Replaces large generated data with their settings."""

    def reducer_override(self, obj: Any) -> Any:
        """How an object is copied: as usual, unless it is such data."""
        return (generate, (obj.settings,)) if isinstance(obj, Dataset) and _is_regenerable(obj) else NotImplemented


def _is_regenerable(data: Dataset) -> bool:
    """Whether these are all the rows of a generator, and so many that generating is faster than sending."""
    if data.settings is None or data.source != GENERATED:
        return False
    return DIRECT_ROWS < data.x.size == data.settings.rows
