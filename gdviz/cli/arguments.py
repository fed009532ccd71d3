"""Parsing of command lines: the parser of all commands, the readers of values, and their error messages.

Each message is one line, ``--option: what was found; what to take``.
"""

import argparse
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from gdviz.core.errors import InputError, did_you_mean
from gdviz.core.reading import check_file_name

Name = TypeVar("Name", bound=str)
Value = TypeVar("Value")

KEYS: dict[str, tuple[str, ...]] = {
    "data": ("standardised", "standardised_y"),
    "seed": ("batch_seed",),
    "frames a second": ("fps",),
    "range test": ("rates", "steps"),
    "map": ("rates", "steps"),
    "map of starts": ("steps",),
}
"""The options that set the subject of a message of the core, if they are called otherwise."""


class Parser(argparse.ArgumentParser):
    """Reads a command line; InputError for what it cannot read, which says what to take instead.

    Options cannot be abbreviated: what is unique today could become ambiguous with the next option.
    """

    def __init__(self, **settings: Any) -> None:
        """``settings`` are those of argparse."""
        super().__init__(allow_abbrev=False, exit_on_error=False, **settings)
        self.known = self._actions  # argparse appends each option to this list
        self.add_argument("--verbose", action="store_true", help="tell on standard error what is being done")
        # No option looks like a number, but argparse would take -1e-3, -1. and -inf for options.
        self._negative_number_matcher = re.compile(r"-(\.?\d|inf|nan)", re.IGNORECASE)

    def read(self, arguments: Sequence[str]) -> argparse.Namespace:
        """The values of all options; InputError for what cannot be read."""
        try:
            options, left = self.parse_known_args(arguments)
        except argparse.ArgumentError as error:
            raise InputError(self._message(error)) from error
        if left:
            raise InputError(self._unknown_message(left[0].partition("=")[0]))
        return options

    def _get_values(self, action: argparse.Action, arg_strings: list[str]) -> Any:
        # The value of an option is "--" only if joined to it, and then some versions of Python drop it.
        if action.option_strings and arg_strings == ["--"]:
            return self._get_value(action, "--")
        return super()._get_values(action, arg_strings)

    def error(self, message: str) -> NoReturn:
        """Called for a missing option by some versions of Python; others raise ArgumentError themselves."""
        raise argparse.ArgumentError(None, message)

    def _message(self, error: argparse.ArgumentError) -> str:
        names = {"/".join(action.option_strings): action for action in self.known}
        if error.argument_name not in names:
            for name, action in names.items():
                if action.required and name in error.message:
                    return f"{_long_name(action)}: is missing; take {_usage(action)}"
            return error.message
        action = names[error.argument_name]
        if isinstance(error.__context__, argparse.ArgumentTypeError):
            return f"{_long_name(action)}: {error.message}"
        if action.nargs == 0:
            return f"{_long_name(action)}: takes no value; leave out what is joined to it"
        return f"{_long_name(action)}: a value is missing; take {_usage(action)}"

    def _unknown_message(self, word: str) -> str:
        if not word.startswith("-"):
            return f"{word!r} is one word too many; take those that {self.prog} --help lists"
        near = did_you_mean(word, (name for action in self.known for name in action.option_strings))
        return f"{word}: there is no such option; {near or f'take one of those that {self.prog} --help lists'}"


def _long_name(action: argparse.Action) -> str:
    return next(name for name in action.option_strings if name.startswith("--"))


def _usage(action: argparse.Action) -> str:
    shown = action.metavar if isinstance(action.metavar, tuple) else (action.metavar or "",)
    return f"{' '.join(shown)}: {action.help}"


def number(example: float, within: tuple[float, float] | None = None) -> Callable[[str], float]:
    """The reader of a number within bounds, or if there are none, of whatever float() reads."""

    def read(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"{text!r} is no number; take one such as {example:g}") from None
        if within is not None and not within[0] <= value <= within[1]:
            raise argparse.ArgumentTypeError(f"{value:g} is not possible; take {within[0]:g} to {within[1]:g}")
        return value

    return read


def whole_number(example: object, within: tuple[int, int] | None = None) -> Callable[[str], int]:
    """The reader of a whole number, within bounds if any are given."""

    def read(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            raise argparse.ArgumentTypeError(_not_whole_message(text, example)) from None
        if within is not None and not within[0] <= value <= within[1]:
            raise argparse.ArgumentTypeError(f"{value} is not possible; take {within[0]:,} to {within[1]:,}")
        return value

    return read


def _not_whole_message(text: str, example: object) -> str:
    try:
        value = float(text)
    except ValueError:
        value = 0.5
    if value.is_integer() and abs(value) < 2**53:
        return f"{text!r} is not written as a whole number; take {value:.0f}"
    if text.strip().lstrip("+-").isdecimal():
        return f"{text!r} has too many digits; take one such as {example}"
    return f"{text!r} is no whole number; take one such as {example}"


def one_of(names: Iterable[Name]) -> Callable[[str], Name]:
    """The reader of one of these names."""
    known = {str(name): name for name in names}

    def read(text: str) -> Name:
        if text not in known:
            raise argparse.ArgumentTypeError(f"there is no {text!r}; take one of {', '.join(known)}")
        return known[text]

    return read


def read_by(parse: Callable[[str], Value]) -> Callable[[str], Value]:
    """A reader made of a function whose InputError may begin with its subject, which is then left out."""

    def read(text: str) -> Value:
        try:
            return parse(text)
        except InputError as error:
            subject, _, message = str(error).partition(": ")
            raise argparse.ArgumentTypeError(message or subject) from None

    return read


file_path = read_by(lambda text: Path(check_file_name(text)))
"""The reader of the name of a file to be written."""


def option_of(name: str) -> str:
    """The option whose value has this name in an argparse namespace."""
    return f"--{name.replace('_', '-')}"


def is_given(options: argparse.Namespace, name: str) -> bool:
    """Whether an option has been given that by default is off or has no value; 0 is a value."""
    value = getattr(options, name, None)
    return value is not None and value is not False


def given(options: argparse.Namespace, *names: str) -> dict[str, Any]:
    """The values of these options, without those that have none."""
    return {name: value for name in names if (value := getattr(options, name)) is not None}


@contextmanager
def named_as_typed(options: argparse.Namespace) -> Iterator[None]:
    """Let an InputError about a key of a file (``data.rows: …``) name the option that was given for it."""
    try:
        yield
    except InputError as error:
        key, _, message = str(error).partition(": ")
        names = (re.sub(r"[. ]", "_", key), key.rpartition(".")[2].replace(" ", "_"))
        for name in KEYS.get(key, names):
            if is_given(options, name):
                raise InputError(f"{option_of(name)}: {message}") from error
        raise
