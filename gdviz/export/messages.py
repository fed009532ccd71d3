"""What the window and the process of its export say to each other: a job in, lines of JSON out."""

import json
import pickle
import struct
from dataclasses import asdict, dataclass
from typing import BinaryIO

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


Message = Progress | Done | Failed | Cancelled
_KINDS: dict[str, type[Message]] = {kind.__name__: kind for kind in (Progress, Done, Failed, Cancelled)}


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
    """The job with its length in front: what it is made of is copied, and nothing done later changes it."""
    content = pickle.dumps(job)
    return _LENGTH.pack(len(content)) + content


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
