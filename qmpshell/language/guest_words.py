"""What stands behind ``/run``, ``/get`` and ``/put``: programs and files of a guest."""

from __future__ import annotations

import io
import shlex
from collections.abc import Iterator, Sequence

from qmpshell.errors import LineError
from qmpshell.language.options import OPTIONS
from qmpshell.language.shell_words import ShellWords, find_shell_option, read_shell_words
from qmpshell.language.tree import Style, Value
from qmpshell.named_tuple import NamedTuple

#: The options of each, with what they take.
RUN_OPTIONS = {"--input": "FILE", "--timeout": "SECONDS"}
GET_OPTIONS = {"--overwrite": None}
PUT_OPTIONS = {"--in-place": None, "--overwrite": None}

#: What stands for standard input, or standard output, in place of a file here.
STREAM = "-"


class Run(NamedTuple):
    """A program that is to be run.

    Attributes:
        program: its name.
        arguments: what it is given.
        input: the file here that it reads; ``None`` for nothing.
        timeout: how long it may take, in seconds; ``None`` without an end.
    """

    program: str
    arguments: tuple[str, ...]
    input: str | None = None
    timeout: float | None = None


class Copy(NamedTuple):
    """A file that is to be copied.

    Attributes:
        source: its path.
        target: where to.
        overwrite: whether it may be there already.
        in_place: whether it is to be written directly there.
    """

    source: str
    target: str
    overwrite: bool = False
    in_place: bool = False


def read_run(text: str) -> Run:
    """Read what stands behind ``/run``.

    Its words are read as a Unix shell reads them, brackets and all, since that is where
    people have them from; but nothing is substituted in them.

    Raises:
        LineError: it isn't understood.
    """
    words = list(_words_of_program(text))
    given: dict[str, Value] = {}
    while words and words[0].text.startswith("--"):
        name, value = _split_option(words.pop(0))
        takes = find_shell_option(name, RUN_OPTIONS, given)
        if value is None and not words:
            raise LineError(f"{name.text} takes {takes}", name.start, name.end)
        given[name.text] = value or words.pop(0)
    if not words:
        raise LineError("a program is expected: /run uname -a", len(text), len(text))
    program, *arguments = (word.text for word in words)
    file, timeout = given.get("--input"), given.get("--timeout")
    return Run(
        program,
        tuple(arguments),
        file.text if file else None,
        OPTIONS["--timeout"].read(timeout) if timeout else None,
    )


def read_get(text: str) -> Copy:
    """Read what stands behind ``/get``: a file of the guest, and where it goes here.

    Raises:
        LineError: it isn't understood.
    """
    given = read_shell_words(text, GET_OPTIONS)
    source, *target = _files(given, text, "a file of the guest is expected", least=1)
    return Copy(source.text, target[0].text if target else ".", "--overwrite" in given.options)


def read_put(text: str) -> Copy:
    """Read what stands behind ``/put``: a file here, and where it goes in the guest.

    Raises:
        LineError: it isn't understood.
    """
    given = read_shell_words(text, PUT_OPTIONS)
    needed = "a file here is expected, and where it goes in the guest"
    source, target = _files(given, text, needed, least=2)
    options = given.options
    return Copy(source.text, target.text, "--overwrite" in options, "--in-place" in options)


def written_run(words: Sequence[str]) -> str:
    """Write words so that :func:`read_run` reads them as they are."""
    return shlex.join(words)


def _words_of_program(text: str) -> Iterator[Value]:
    stream = io.StringIO(text)
    lexer = shlex.shlex(stream, posix=True)
    lexer.whitespace_split = True
    lexer.commenters = ""
    position = 0
    while True:
        start = len(text) - len(text[position:].lstrip())
        try:
            word = lexer.get_token()
        except ValueError:
            raise LineError("a quote in this is not closed", start, len(text)) from None
        if word is None:
            return
        position = stream.tell()
        yield Value(word, Style.BARE, start, start + len(text[start:position].rstrip()))


def _split_option(word: Value) -> tuple[Value, Value | None]:
    name, equals, value = word.text.partition("=")
    end = word.start + len(name)
    named = Value(name, Style.BARE, word.start, end)
    return named, Value(value, Style.BARE, end + 1, word.end) if equals else None


def _files(given: ShellWords, text: str, needed: str, least: int) -> tuple[Value, ...]:
    words = given.words
    if len(words) < least:
        raise LineError(needed, len(text), len(text))
    if len(words) > 2:
        message = "two files are expected at most; quote a name with blanks"
        raise LineError(message, words[2].start, len(text))
    for word in words:
        if not word.text:
            raise LineError("a file has a name", word.start, word.end)
    return words
