"""Title and description of an animation, in the form that each kind of file has for them."""

import struct
import zlib
from dataclasses import dataclass
from html import escape

XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{description}</rdf:li></rdf:Alt></dc:description>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""
GIF_TRAILER = b";"


@dataclass(frozen=True)
class Tags:
    """What is written into the file's metadata: a title, and a description for those who cannot see it."""

    title: str
    description: str

    def __post_init__(self) -> None:
        """Control characters become spaces: no format can hold them all, and XML none."""
        for name in ("title", "description"):
            text = "".join(letter if letter.isprintable() else " " for letter in getattr(self, name))
            object.__setattr__(self, name, " ".join(text.split()))


def container_metadata(tags: Tags) -> dict[str, str]:
    """For FFmpeg's containers. Players show the comment; search engines and editors show the description."""
    return {"title": tags.title, "description": tags.description, "comment": tags.description}


def xmp(tags: Tags) -> bytes:
    """An XMP packet with the two as Dublin Core properties (XMP specification part 1, 7.4 and 8.4)."""
    return XMP.format(title=escape(tags.title), description=escape(tags.description)).encode()


def png_chunks(tags: Tags) -> bytes:
    """Two chunks of international text (PNG specification, 11.3.3.4), which go in front of the pixels."""
    chunks = b""
    for key, text in ((b"Title", tags.title), (b"Description", tags.description)):
        content = b"iTXt" + key + bytes(5) + text.encode()
        chunks += struct.pack(">I", len(content) - 4) + content + struct.pack(">I", zlib.crc32(content))
    return chunks


def gif_comment(tags: Tags) -> bytes:
    """A comment extension (GIF89a specification, 24), which goes in front of the trailer."""
    text = f"{tags.title}: {tags.description}".encode()
    blocks = (text[start : start + 255] for start in range(0, len(text), 255))
    return b"\x21\xfe" + b"".join(bytes([len(block)]) + block for block in blocks) + b"\x00"
