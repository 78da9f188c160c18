"""Dotted names → nested objects and lists.

``file.driver=qcow2`` is a member of an object, ``server.0.host=a`` one of a list's element.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, NoReturn

from qmpshell.errors import LineError
from qmpshell.language.faults import shown
from qmpshell.language.tree import Argument, Name, Value

_INDEX = re.compile(r"[0-9]+")


class _Branch:
    """An object or a list that is being put together.

    Parameters:
        indexed: whether it is a list.
    """

    def __init__(self, *, indexed: bool) -> None:
        self.indexed = indexed
        self.children: dict[str, _Branch | Any] = {}
        self.names: dict[str, Name] = {}
        self.value: dict[str, Any] | list[Any] = {}

    def finish(self) -> None:
        """Put the value together, once those of all branches below are."""
        values = {
            key: child.value if isinstance(child, _Branch) else child
            for key, child in self.children.items()
        }
        if not self.indexed:
            self.value = values
            return
        wanted = [str(index) for index in range(len(values))]
        for position, index in enumerate(wanted):
            if index not in values:
                self._refuse_gap(index, set(wanted[:position]))
        self.value = [values[index] for index in wanted]

    def _refuse_gap(self, missing: str, below: set[str]) -> NoReturn:
        culprit = next(name for index, name in self.names.items() if index not in below)
        message = f"a list's indices are 0, 1, 2, ... without a gap: {missing} is missing"
        raise LineError(message, culprit.start, culprit.end)


def nest(arguments: Iterable[Argument], read: Callable[[Value], Any]) -> dict[str, Any]:
    """Put arguments together as the object that is sent.

    Parameters:
        arguments: all of them named.
        read: says what a value means.

    Raises:
        LineError: two of them contradict each other, a list has a gap, or ``read`` says so.
    """
    root = _Branch(indexed=False)
    branches = [root]
    for argument in arguments:
        branch = root
        for part, below in zip(argument.path, argument.path[1:], strict=False):
            branch = _descend(branch, part, below, branches)
        leaf = argument.path[-1]
        _check_kind(branch, leaf)
        if leaf.text in branch.children:
            raise _taken(branch, argument)
        branch.names[leaf.text] = leaf
        branch.children[leaf.text] = read(argument.value)
    # A branch comes after the one that it hangs from, so backwards all is ready in time.
    for branch in reversed(branches):
        branch.finish()
    assert isinstance(root.value, dict)
    return root.value


def _descend(branch: _Branch, part: Name, below: Name, branches: list[_Branch]) -> _Branch:
    _check_kind(branch, part)
    if part.text not in branch.children:
        child = _Branch(indexed=_INDEX.fullmatch(below.text) is not None)
        branches.append(child)
        branch.names[part.text] = part
        branch.children[part.text] = child
    found = branch.children[part.text]
    if isinstance(found, _Branch):
        return found
    message = f"{shown(part.text)} has a value already, so it can't have members"
    raise LineError(message, part.start, part.end)


def _check_kind(branch: _Branch, part: Name) -> None:
    indexed = _INDEX.fullmatch(part.text) is not None
    if indexed == branch.indexed:
        return
    if branch.indexed:
        message = f"an index is expected, not {shown(part.text)}: this was a list before"
    else:
        message = f"a name is expected, not {shown(part.text)}: this is no list"
    raise LineError(message, part.start, part.end)


def _taken(branch: _Branch, argument: Argument) -> LineError:
    leaf = argument.path[-1]
    if isinstance(branch.children[leaf.text], _Branch):
        message = f"{shown(leaf.text)} has members already, so it can't have a value"
    else:
        message = f"{shown('.'.join(part.text for part in argument.path))} is given twice"
    return LineError(message, argument.start, leaf.end)
