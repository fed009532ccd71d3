"""Title and description come out of every kind of file again, whatever is in them."""

from xml.etree import ElementTree

import av
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from gdviz.export.encoders.encoder import Tags
from gdviz.export.encoders.gif import gif_comment
from gdviz.export.encoders.sequence import png_chunks
from gdviz.export.encoders.webp import xmp_packet
from tests.export.clips import TAGS, picture, write

RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.mark.parametrize("name", ["mp4", "mov", "webm"])
def test_a_video_has_them(tmp_path, name):
    with av.open(str(write(tmp_path, name, [picture(0)] * 2))) as container:
        found = {key.lower(): text for key, text in container.metadata.items()}
    wanted = {"title": TAGS.title, "description": TAGS.description, "comment": TAGS.description}
    if name == "mov":
        del wanted["description"]  # QuickTime has a comment for it
    assert {key: found.get(key) for key in wanted} == wanted


def test_pictures_have_them(tmp_path):
    with Image.open(write(tmp_path, "png", [picture(0)]) / "frame-00001.png") as image:
        image.load()
        assert image.text == {"Title": TAGS.title, "Description": TAGS.description}


def test_a_gif_has_them_as_a_comment(tmp_path):
    path = write(tmp_path, "gif", [picture(0), picture(1)])
    with Image.open(path) as image:
        image.seek(1)
        assert image.n_frames == 2
    assert path.read_bytes().endswith(gif_comment(TAGS) + b";")


def test_a_webp_has_them_as_xmp(tmp_path):
    path = write(tmp_path, "webp", [picture(0), picture(1)])
    data = path.read_bytes()
    assert data[20] & 0x04, "the header says that there is XMP"
    with Image.open(path) as image:
        found = ElementTree.fromstring(image.info["xmp"])
    assert [element.text for element in found.iter(f"{RDF}li")] == [TAGS.title, TAGS.description]


def test_lines_become_one_line():
    assert Tags(" a\nb\x00c ", "\t").title == "a b c"
    assert Tags("a", "\t").description == ""


@given(st.text(max_size=600), st.text(max_size=600))
def test_any_text_can_be_written(title, description):
    tags = Tags(title, description)
    both = f"{tags.title}: {tags.description}".encode()
    assert tags.title.encode() in png_chunks(tags)
    comment, found = gif_comment(tags)[2:], b""
    while comment[0]:
        found, comment = found + comment[1 : comment[0] + 1], comment[comment[0] + 1 :]
    assert (found, comment) == (both, b"\x00")
    texts = [element.text or "" for element in ElementTree.fromstring(xmp_packet(tags)).iter(f"{RDF}li")]
    assert texts == [tags.title, tags.description]
