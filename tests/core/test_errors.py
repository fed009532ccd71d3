"""Messages are one printable line whatever they hold."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdviz.core.errors import ELLIPSIS, MAX_MESSAGE_LENGTH, InputError, escape_controls, printable

ANY_TEXT = st.text(st.characters(codec=None), max_size=2000)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain words, 1 < 2 & μ ± σ", "plain words, 1 < 2 & μ ± σ"),
        ("a\nb\r\tc", r"a\nb\r\tc"),
        ("\x1b]0;title\x07", r"\x1b]0;title\x07"),
        ("\x00\x9b", r"\x00\x9b"),
        ("abc\u202ecba", r"abc\u202ecba"),
        ("line\u2028paragraph\u2029", r"line\u2028paragraph\u2029"),
        ("\udc80 is half a character", r"\udc80 is half a character"),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_control_characters_are_written_out(text: str, shown: str) -> None:
    assert printable(text) == escape_controls(text) == shown


@given(ANY_TEXT)
def test_any_text_becomes_one_short_printable_line(text: str) -> None:
    line = printable(text)
    assert len(line) <= MAX_MESSAGE_LENGTH
    assert len((line + "x").splitlines()) == 1
    assert not [character for character in line if unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"}]
    line.encode()
    assert printable(line) == line


def test_of_a_long_message_its_beginning_and_its_end_are_kept() -> None:
    line = printable(f"{'/long/path' * 1000}: title: is missing; give one")
    assert len(line) == MAX_MESSAGE_LENGTH
    assert line.startswith("/long/path/long/path")
    assert ELLIPSIS in line
    assert line.endswith("/path: title: is missing; give one")


def test_a_text_of_many_megabytes_is_cut_before_it_is_looked_at() -> None:
    assert printable("\x1b" * 50_000_000 + "the end").endswith(r"\x1bthe end")


def test_an_input_error_with_another_inside_is_printable() -> None:
    inner = InputError("x" * 500 + "\n: needs a number")
    outer = InputError(f"a\x07b.toml: {inner}")
    assert len(str(outer)) <= MAX_MESSAGE_LENGTH
    assert str(outer).startswith(r"a\x07b.toml: xxx")
    assert str(outer).endswith(r"\n: needs a number")
