"""What the window and the process of its export say to each other: a job in, lines of JSON out."""

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
    """So many frames are drawn."""

    frames: int


@dataclass(frozen=True)
class Done:
    """All is written; ``notes`` are lines that a person should know."""

    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Failed:
    """Nothing is written, for the reason in this line."""

    line: str


@dataclass(frozen=True)
class Cancelled:
    """Nothing is written, as was asked."""


@dataclass(frozen=True)
class Logged:
    """What a module of the process has logged, one printable line."""

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
    """The job with its length in front: what it is made of is copied, and nothing done later changes it.

    Of many generated rows only the settings are copied, from which they are drawn again: ten million rows are 80 MB,
    and a window would stand still while it sends them.
    """
    content = io.BytesIO()
    content.write(bytes(_LENGTH.size))
    _Packer(content, pickle.HIGHEST_PROTOCOL).dump(job)
    length = content.tell() - _LENGTH.size
    content.seek(0)
    content.write(_LENGTH.pack(length))
    return content.getvalue()


def unpack(stream: BinaryIO) -> AnimationJob | None:
    """Read what `packed` gave, and nothing behind it; None where the stream ends before.

    Only for a stream that this program itself writes to: what is unpickled could run anything.
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
    """Replaces many rows of data by the settings that give the same ones again."""

    def reducer_override(self, obj: Any) -> Any:
        """How an object is copied; as usual for all that are no such data."""
        return (generate, (obj.settings,)) if isinstance(obj, Dataset) and _can_be_drawn_again(obj) else NotImplemented


def _can_be_drawn_again(data: Dataset) -> bool:
    """Whether these are many rows, and all that the generator gives; few are sent sooner than they are drawn."""
    if data.settings is None or data.source != GENERATED:
        return False
    return DIRECT_ROWS < data.x.size == data.settings.rows
