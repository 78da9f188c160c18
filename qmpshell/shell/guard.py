"""Which commands a person is asked about: those of the table, as the configuration changes it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from qmpshell.named_tuple import NamedTuple
from qmpshell.shell.endings import HMP, Ending, ending_of, hmp_name

#: What can be said of a command that isn't in the table.
_GOES_TO = "goes to"


class Guard(NamedTuple):
    """What a person wants to be asked about.

    Attributes:
        ask: the names of commands that are asked about besides those of the table, or
            patterns with ``*`` and ``?``. A transaction goes by its actions as well.
        dont_ask: those that are not; ``ask`` wins over it.
    """

    ask: tuple[str, ...] = ()
    dont_ask: tuple[str, ...] = ()

    def ending_of(self, members: Mapping[str, Any]) -> Ending | None:
        """Return what a request does, if it is asked about.

        Parameters:
            members: the request, in band or out of band.
        """
        ending = ending_of(members)
        wanted = next((name for name in _names(members) if _fits(name, self.ask)), None)
        if wanted is not None:
            return ending or Ending(wanted, _GOES_TO)
        return None if ending and _fits(ending.name, self.dont_ask) else ending


def _fits(name: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def _names(members: Mapping[str, Any]) -> Iterator[str]:
    """Return the names of what a request runs: what is in its arguments, and its command."""
    for key in ("execute", "exec-oob"):
        match members.get(key), members.get("arguments"):
            case "human-monitor-command", {"command-line": str(line)} if name := hmp_name(line):
                yield name
            case "transaction", {"actions": [*actions]}:
                for action in actions:
                    match action:
                        case {"type": str(name)}:
                            yield name
        match members.get(key):
            case str(name):
                yield name


def split_yes(line: str, guard: Guard) -> tuple[str, bool]:
    """Take ``--yes`` from the end of a line of HMP that would be asked about.

    Parameters:
        line: it.
        guard: says what is asked about besides.

    Returns:
        The line that is sent, and whether it was answered.
    """
    words = line.split()
    name = hmp_name(line)
    if (name in HMP or _fits(name, guard.ask)) and words[-1:] == ["--yes"]:
        return line.rstrip().removesuffix("--yes").rstrip(), True
    return line, False
