"""The protocol between the window and its export process: a pickled job in, lines of JSON out."""

import io
import json
import pickle
import struct
from dataclasses import asdict
from typing import Any, BinaryIO, get_args

from gdviz.core.data.creation import generate
from gdviz.core.data.dataset import GENERATED, Dataset
from gdviz.core.data.least_squares import DIRECT_ROWS
from gdviz.core.frozen import frozen
from gdviz.export.job import AnimationJob

_LENGTH = struct.Struct("<Q")


@frozen
class Progress:
    """The number of frames drawn so far."""

    frames: int


@frozen
class Done:
    """Everything was written; ``notes`` are lines for the user."""

    notes: tuple[str, ...] = ()


@frozen
class Failed:
    """Nothing was written; ``line`` says why."""

    line: str


@frozen
class Cancelled:
    """Nothing was written, as requested."""


@frozen
class Logged:
    """A log record of the export process, as one printable line."""

    name: str
    level: int
    text: str


Message = Progress | Done | Failed | Cancelled | Logged
_KINDS: dict[str, type[Message]] = {kind.__name__: kind for kind in get_args(Message)}


def encode(message: Message) -> bytes:
    """Encode a message as a line."""
    return json.dumps([type(message).__name__, asdict(message)]).encode() + b"\n"


def decode(line: bytes) -> Message:
    """Decode a line."""
    kind, fields = json.loads(line)
    if "notes" in fields:
        fields["notes"] = tuple(fields["notes"])
    return _KINDS[kind](**fields)


def pack(job: AnimationJob) -> bytes:
    """Pickle the job, prefixed with its length.

    Large generated data are sent as their settings and generated again: sending the 80 MB of ten million rows would
    freeze the window.
    """
    content = io.BytesIO()
    _JobPickler(content, pickle.HIGHEST_PROTOCOL).dump(job)
    return _LENGTH.pack(content.tell()) + content.getbuffer()


def unpack(stream: BinaryIO) -> AnimationJob | None:
    """Read a job that `pack` has encoded, and nothing beyond it; None if the stream ends early.

    Only for streams written by this program: unpickling can execute arbitrary code.
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


class _JobPickler(pickle.Pickler):
    def reducer_override(self, obj: Any) -> Any:
        """Replace a complete generated dataset with its settings if generating it again is faster than sending it."""
        is_generated = isinstance(obj, Dataset) and obj.source == GENERATED and obj.settings is not None
        if is_generated and DIRECT_ROWS < obj.x.size == obj.settings.rows:
            return generate, (obj.settings,)
        return NotImplemented
