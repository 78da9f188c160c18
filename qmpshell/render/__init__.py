"""Values → styled text: what came from the machine, made safe and readable.

Everything here is pure. What is small is :data:`Styled`, a list of pieces of text with their
roles; what can be large is a :class:`Rendering`, which makes its text while it is written.
``styled.plain`` and ``theme.Theme.paint`` make a string of either, ``theme.painted`` many.
"""

import importlib
from typing import TYPE_CHECKING, Any

from qmpshell.render.diagnostics import caret_line, caret_lines, columns, error_line
from qmpshell.render.escape import escape, escape_lines
from qmpshell.render.styled import Rendering, Role, Styled, plain

if TYPE_CHECKING:
    from qmpshell.render.event import event_line
    from qmpshell.render.json import compact_json, pretty_json

__all__ = [
    "Rendering",
    "Role",
    "Styled",
    "caret_line",
    "caret_lines",
    "columns",
    "compact_json",
    "error_line",
    "escape",
    "escape_lines",
    "event_line",
    "plain",
    "pretty_json",
]

#: What neither the first prompt nor a program without events or JSON needs, by its module.
_LATER = {"compact_json": "json", "event_line": "event", "pretty_json": "json"}

if not TYPE_CHECKING:  # pragma: no branch - a type checker would take any name for known

    def __getattr__(name: str) -> Any:
        """Import what is asked for only then."""
        if name not in _LATER:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(importlib.import_module(f"{__name__}.{_LATER[name]}"), name)
