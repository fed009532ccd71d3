"""Command-line parsing: the argument parser, the types of arguments, and error messages.

Each message is one line, ``--option: what is wrong; what to do``.
"""

import argparse
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from gdviz.core.descent.settings import STEPS, Setting, sequence_from, text_of
from gdviz.core.errors import InputError, did_you_mean
from gdviz.core.reading import check_file_name
from gdviz.core.tables.numbers import form_of, with_decimal_point

Name = TypeVar("Name", bound=str)
Value = TypeVar("Value")

SUBJECT_OPTIONS: dict[str, tuple[str, ...]] = {
    "data": ("standardised", "standardised_y"),
    "seed": ("batch_seed",),
    "frames a second": ("fps",),
    "range test": ("rates", "steps"),
    "map": ("rates", "steps"),
    "map of starts": ("steps",),
}
"""The options behind the subject of a core error message, where their names differ from it."""


class Parser(argparse.ArgumentParser):
    """An argument parser that raises InputError, with a remedy, instead of exiting.

    Options cannot be abbreviated: a prefix that is unique today may become ambiguous with the next option.
    """

    def __init__(self, **settings: Any) -> None:
        """``settings`` are passed on to argparse."""
        super().__init__(allow_abbrev=False, exit_on_error=False, **settings)
        self.known = self._actions  # argparse appends each option to this list
        self.alone: dict[str, str] = {}
        """The values of options that may stand alone; any other one is joined to them with =."""
        self.add_argument("--verbose", action="store_true", help="log progress to standard error")
        # By default argparse takes -1e-3, -1. and -inf for options.
        self._negative_number_matcher = re.compile(r"-([.,]?\d|inf|nan)", re.IGNORECASE)

    def read(self, arguments: Sequence[str]) -> argparse.Namespace:
        """Parse the arguments; InputError if that fails."""
        end = arguments.index("--") if "--" in arguments else len(arguments)
        # argparse would take the argument behind such an option for its value.
        joined = [f"{word}={self.alone[word]}" if word in self.alone else word for word in arguments[:end]]
        try:
            options, left = self.parse_known_args([*joined, *arguments[end:]])
        except argparse.ArgumentError as error:
            raise InputError(self._message(error)) from error
        if left:
            raise InputError(self._unknown_message(left[0].partition("=")[0]))
        return options

    def _get_values(self, action: argparse.Action, arg_strings: list[str]) -> Any:
        # "--" can only come from `--option=--`; some versions of Python drop it.
        if action.option_strings and arg_strings == ["--"]:
            return self._get_value(action, "--")
        return super()._get_values(action, arg_strings)

    def error(self, message: str) -> NoReturn:
        """Raise ArgumentError for a missing option, as newer versions of Python do themselves."""
        raise argparse.ArgumentError(None, message)

    def _message(self, error: argparse.ArgumentError) -> str:
        names = {"/".join(action.option_strings): action for action in self.known}
        if error.argument_name not in names:
            for name, action in names.items():
                if action.required and name in error.message:
                    return f"{_long_name(action)}: is missing; use {_usage(action)}"
            return error.message
        action = names[error.argument_name]
        if isinstance(error.__context__, argparse.ArgumentTypeError):
            return f"{_long_name(action)}: {error.message}"
        if action.nargs == 0:
            return f"{_long_name(action)}: takes no value; leave out everything from = on"
        return f"{_long_name(action)}: a value is missing; use {_usage(action)}"

    def _unknown_message(self, word: str) -> str:
        if not word.startswith("-"):
            return f"{word!r} is an unexpected argument; {self.prog} --help lists the possible ones"
        near = did_you_mean(word, (name for action in self.known for name in action.option_strings))
        return f"{word}: there is no such option; {near or f'{self.prog} --help lists the options'}"


def _long_name(action: argparse.Action) -> str:
    return next(name for name in action.option_strings if name.startswith("--"))


def _usage(action: argparse.Action) -> str:
    shown = action.metavar if isinstance(action.metavar, tuple) else (action.metavar or "",)
    return f"{' '.join(shown)}: {action.help}"


def number(example: float, within: tuple[float, float] | None = None) -> Callable[[str], float]:
    """Return an argument type for numbers as float() reads them, or with a decimal comma, within inclusive bounds."""

    def read(text: str) -> float:
        try:
            value = float(with_decimal_point(text))
        except InputError as error:
            raise argparse.ArgumentTypeError(str(error)) from None
        except ValueError:
            raise argparse.ArgumentTypeError(f"{text!r} is not a number; use one such as {example:g}") from None
        if within is not None and not within[0] <= value <= within[1]:
            raise argparse.ArgumentTypeError(f"{value:g} is not possible; use {within[0]:g} to {within[1]:g}")
        return value

    return read


def whole_number(example: object, within: tuple[int, int] | None = None) -> Callable[[str], int]:
    """Return an argument type for whole numbers, within inclusive bounds if any are given."""

    def read(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            raise argparse.ArgumentTypeError(_not_whole_message(text, example)) from None
        if within is not None and not within[0] <= value <= within[1]:
            raise argparse.ArgumentTypeError(f"{value} is not possible; use {within[0]:,} to {within[1]:,}")
        return value

    return read


def _not_whole_message(text: str, example: object) -> str:
    if form_of(text) in ("comma_or_thousands", "thousands_comma") and "." not in text:
        return f"{text!r} is not written as a whole number; use {text.strip().replace(',', '')}"
    try:
        value = float(text)
    except ValueError:
        value = 0.5
    if value.is_integer() and abs(value) < 2**53:
        return f"{text!r} is not written as a whole number; use {value:.0f}"
    if text.strip().lstrip("+-").isdecimal():
        return f"{text!r} has too many digits; use one such as {example}"
    return f"{text!r} is not a whole number; use one such as {example}"


def sequence(setting: Setting) -> Callable[[str], tuple[Any, ...]]:
    """Return an argument type for a setting that is a sequence."""

    def read(text: str) -> tuple[Any, ...]:
        try:
            return sequence_from(text, setting.kind)
        except ValueError:
            what = "steps" if setting.kind == STEPS else "steps and rates"
            example = text_of(setting.default)
            raise argparse.ArgumentTypeError(f"{text!r} is no list of {what}; use one such as {example}") from None

    return read


def one_of(names: Iterable[Name]) -> Callable[[str], Name]:
    """Return an argument type for one of these names."""
    known = {str(name): name for name in names}

    def read(text: str) -> Name:
        if text not in known:
            raise argparse.ArgumentTypeError(f"there is no {text!r}; use one of {', '.join(known)}")
        return known[text]

    return read


def parsed_by(parse: Callable[[str], Value]) -> Callable[[str], Value]:
    """Return an argument type that calls ``parse`` and drops the ``subject:`` from its InputErrors."""

    def read(text: str) -> Value:
        try:
            return parse(text)
        except InputError as error:
            subject, _, message = str(error).partition(": ")
            raise argparse.ArgumentTypeError(message or subject) from None

    return read


file_path = parsed_by(lambda text: Path(check_file_name(text)))
"""Argument type for the name of an output file."""


def option_name(name: str) -> str:
    """The option that sets this attribute of an argparse namespace."""
    return f"--{name.replace('_', '-')}"


def is_given(options: argparse.Namespace, name: str) -> bool:
    """Whether an option that defaults to None or False was given; 0 counts as given."""
    value = getattr(options, name, None)
    return value is not None and value is not False


def given(options: argparse.Namespace, *names: str) -> dict[str, Any]:
    """The values of those of these options that were given."""
    return {name: value for name in names if (value := getattr(options, name)) is not None}


@contextmanager
def naming_options(options: argparse.Namespace) -> Iterator[None]:
    """Make an InputError about a scenario key (``data.rows: …``) name the option that set it."""
    try:
        yield
    except InputError as error:
        key, _, message = str(error).partition(": ")
        names = (re.sub(r"[. ]", "_", key), key.rpartition(".")[2].replace(" ", "_"))
        for name in SUBJECT_OPTIONS.get(key, names):
            if is_given(options, name):
                raise InputError(f"{option_name(name)}: {message}") from error
        raise
