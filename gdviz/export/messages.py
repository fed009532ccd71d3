"""The protocol between the window and its export process: a job in, lines of JSON out."""

import io
import json
import pickle
import struct
from dataclasses import asdict, dataclass
from typing import Any, BinaryIO, get_args

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
_KINDS: dict[str, type[Message]] = {kind.__name__: kind for kind in get_args(Message)}


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
    def reducer_override(self, obj: Any) -> Any:
        """Replace all the rows of a generator with its settings, if generating so many is faster than sending them."""
        is_generated = isinstance(obj, Dataset) and obj.source == GENERATED and obj.settings is not None
        if is_generated and DIRECT_ROWS < obj.x.size == obj.settings.rows:
            return generate, (obj.settings,)
        return NotImplemented
