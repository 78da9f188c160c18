"""Where lines come from that are run without a prompt: options, files, standard input."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterable, Iterator

from qmpshell.files import opened_lines, read_lines
from qmpshell.language.whole_texts import whole_texts
from qmpshell.named_tuple import NamedTuple
from qmpshell.render import escape


class Source(NamedTuple):
    """Something that a person gave lines with.

    Attributes:
        is_file: whether it is a file.
        text: the file's path, ``-`` for standard input; otherwise the lines themselves.
    """

    is_file: bool
    text: str


class Text(NamedTuple):
    """What is run at once: a line, or several that belong together.

    Attributes:
        where: what a complaint about it begins with, such as ``disks.qmp:12: ``.
        text: itself.
    """

    where: str
    text: str


class _Opened(NamedTuple):
    lines: Iterable[str]
    where: Callable[[int], str]


STANDARD_INPUT = Source(is_file=True, text="-")


@contextlib.contextmanager
def opened(sources: Iterable[Source], *, lines_go_on: bool) -> Iterator[Iterator[Text]]:
    """Open sources, all of them before the first is read.

    Parameters:
        sources: what is read, one after the other.
        lines_go_on: whether a line goes on while a bracket in it is open.

    Yields:
        What is to be run.

    Raises:
        UsageError: a file can't be opened, or be read any more.
    """
    sources = list(sources)
    own = sum(not source.is_file for source in sources)
    with contextlib.ExitStack() as stack:
        all_opened: list[_Opened] = []
        for source in sources:
            number = 1 + sum(not before.is_file for before in sources[: len(all_opened)])
            name = "-c" if own == 1 else f"-c {number}"
            all_opened.append(_open(source, name, stack))
        yield (text for each in all_opened for text in _texts(each, lines_go_on=lines_go_on))


def _open(source: Source, name: str, stack: contextlib.ExitStack) -> _Opened:
    if not source.is_file:
        return _Opened(source.text.splitlines(keepends=True), lambda _: f"{name}: ")
    if source == STANDARD_INPUT:
        return _Opened(read_lines(sys.stdin, "standard input"), lambda number: f"line {number}: ")
    lines = stack.enter_context(opened_lines(source.text))
    return _Opened(lines, lambda number: f"{escape(source.text)}:{number}: ")


def _texts(source: _Opened, *, lines_go_on: bool) -> Iterator[Text]:
    for number, text in whole_texts(source.lines, lines_go_on=lines_go_on):
        yield Text(source.where(number), text)
