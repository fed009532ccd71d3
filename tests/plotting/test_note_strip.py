"""The strip in which notes stand."""

from PySide6.QtCore import QRectF

from gdviz.plotting.note_strip import note_strip
from gdviz.plotting.text import text_font

PLACE = QRectF(5.0, 4.0, 400.0, 400.0)
WIDEST = ("loss −8.889e−88", "distance to the minimum −8.889e−88", "left at step 200; now b = −8.89e−88")


def strip(*notes, widest=WIDEST, place=PLACE):
    return note_strip(notes, widest, place, text_font(20), "#000000", 24.0)


def test_its_height_is_that_of_the_widest_notes(qapp):
    heights = {strip(*notes).height for notes in ((), ("loss 1",), ("loss 22.15", "distance to the minimum 4.161"))}
    assert heights == {4.0 + 3 * 24.0}
    assert strip(widest=()).height == 0.0


def test_what_follows_stands_still_while_digits_change(qapp):
    lefts = {strip(f"loss {loss}", "at 4").words[1].rect.left() for loss in ("22.15", "67.46", "205.5")}
    assert len(lefts) == 1


def test_a_long_note_is_broken_and_no_text_leaves_the_strip(qapp):
    long = "a note that is much too long for a single line of the strip in so narrow a pane as this one is"
    found = strip("loss 1", long, widest=("loss 1", long))
    assert " ".join(words.text for words in found.words) == f"loss 1 {long}"
    assert all(PLACE.left() <= words.rect.left() and words.rect.right() <= PLACE.right() for words in found.words)
    assert all(words.rect.bottom() <= found.height for words in found.words)
