"""JSON for people and for programs. What is shown on a terminal can be copied as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from qmpshell.named_tuple import NamedTuple
from qmpshell.render.json_layout import JSONLayout
from qmpshell.render.styled import Brush, Role, Styled


def compact_json(value: Any) -> str:
    """Write a value on one line, in ASCII: for programs, pipes and logs."""
    return json.dumps(value)


def pretty_json(value: Any, width: int = 80) -> Styled:
    """Write a value for a person: what fits on a line is on one, the rest is indented.

    Parameters:
        value: what :func:`json.loads` returned.
        width: the line's length to aim at, in characters.

    Returns:
        Valid JSON, in which no control character stands.
    """
    layout = JSONLayout(width, _with_role)
    return [piece for pieces in layout.batches(value) for styled in pieces for piece in styled]


class PrettyJSON(NamedTuple):
    """The same for a value of any size, made while it is written.

    Attributes:
        value: what :func:`json.loads` returned.
        width: the line's length to aim at, in characters.
    """

    value: Any
    width: int = 80

    def chunks(self, brush: Brush) -> Iterator[str]:
        """Yield the text, some tens of kilobytes at a time.

        Parameters:
            brush: paints it.
        """
        return map("".join, JSONLayout(self.width, brush).batches(self.value))


def _with_role(role: Role) -> Callable[[str], Styled]:
    return lambda text: [(role, text)]
