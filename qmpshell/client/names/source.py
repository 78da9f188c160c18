"""A question to the machine, and how names are taken out of the answer.

An answer comes from a server and may be anything: what has the wrong shape is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from qmpshell.client.hmp import hmp_request
from qmpshell.named_tuple import NamedTuple

#: Each name, with what stands beside it in a menu.
Names = list[tuple[str, str]]


class Question(NamedTuple):
    """A command whose answer has names in it.

    Attributes:
        command: its name.
        arguments: its arguments.
        lasting: whether the answer stays the same as long as the machine runs.
    """

    command: str
    arguments: tuple[tuple[str, Any], ...] = ()
    lasting: bool = False

    @property
    def members(self) -> dict[str, Any]:
        """The request that asks it."""
        request: dict[str, Any] = {"execute": self.command}
        if self.arguments:
            request["arguments"] = {
                name: dict(value) if isinstance(value, tuple) else value
                for name, value in self.arguments
            }
        return request


class Source(NamedTuple):
    """Where names come from.

    Attributes:
        question: what the machine is asked.
        read: takes the names out of the answer.
    """

    question: Question
    read: Callable[[Any], Iterable[tuple[str, str]]]


def ask(command: str, *, lasting: bool = False, **arguments: Any) -> Question:
    """Return a question. In an argument's name, ``_`` stands for ``-``."""
    named = ((name.replace("_", "-"), value) for name, value in arguments.items())
    return Question(command, tuple(named), lasting)


def ask_hmp(line: str, *, lasting: bool = False) -> Question:
    """Return a question to the human monitor."""
    request = hmp_request(line)
    return Question(request["execute"], tuple(request["arguments"].items()), lasting)


#: A question that isn't asked: only we know under which names QEMU has descriptors of ours.
OWN_DESCRIPTORS = ask("getfd", lasting=True)


def entries(answer: Any, *path: str) -> Iterator[dict[str, Any]]:
    """Return the objects of a list, and below each, those at a path of members that are lists."""
    found = answer if isinstance(answer, list) else [answer]
    for entry in found:
        if not isinstance(entry, dict):
            continue
        if path:
            yield from entries(entry.get(path[0]) or [], *path[1:])
        else:
            yield entry


def members(*names: str, below: tuple[str, ...] = (), beside: str = "") -> Callable[[Any], Names]:
    """Return a reader of a list of objects: certain members of each are names.

    Parameters:
        names: the members; those that aren't there are passed over.
        below: the path to the objects, where they are not the answer's own.
        beside: a member with what stands beside the name.
    """

    def read(answer: Any) -> Names:
        return [
            (str(entry[name]), _text(entry.get(beside)))
            for entry in entries(answer, *below)
            for name in names
            if isinstance(entry.get(name), str | int) and entry[name] != ""
        ]

    return read


def matches(pattern: str) -> Callable[[Any], Names]:
    """Return a reader of a text: each match of a pattern has a ``name``, and text ``beside``."""
    compiled = re.compile(pattern, re.MULTILINE)

    def read(answer: Any) -> Names:
        found = compiled.finditer(answer) if isinstance(answer, str) else ()
        return [(match["name"], match["beside"] or "") for match in found]

    return read


def children(pattern: str = "", *, prefix: str = "") -> Callable[[Any], Names]:
    """Return a reader of ``qom-list``: the nodes below a path.

    Parameters:
        pattern: what the whole name of their type has to match.
        prefix: what stands before their names.
    """

    def read(answer: Any) -> Names:
        return [(prefix + name, type_) for name, type_ in _nodes(answer, pattern)]

    return read


def properties(answer: Any) -> Names:
    """Read ``qom-list`` and ``device-list-properties``: what is no node."""
    return [
        (name, type_)
        for name, type_ in members("name", beside="type")(answer)
        if not type_.startswith("child<")
    ]


def keys(*path: str) -> Callable[[Any], Names]:
    """Return a reader of an object of objects: the names of the members at a path."""

    def read(answer: Any) -> Names:
        found = answer
        for name in path:
            found = found.get(name) if isinstance(found, dict) else None
        return [(name, _text(value)) for name, value in found.items()] if _is_object(found) else []

    return read


def _nodes(answer: Any, pattern: str) -> Iterator[tuple[str, str]]:
    for name, type_ in members("name", beside="type")(answer):
        node = re.fullmatch(r"(?:child|link)<(.*)>", type_)
        if node and (not pattern or re.fullmatch(pattern, node[1])):
            yield name, node[1]


def _is_object(value: Any) -> bool:
    return isinstance(value, dict)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, str | int) else ""
