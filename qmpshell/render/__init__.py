"""Values → styled text: what came from the machine, made safe and readable.

Everything here is pure. A rendering is :data:`Styled`, a list of pieces of text with
their roles; ``styled.plain`` and ``theme.Theme.paint`` make a string of it.
"""

from qmpshell.render.diagnostics import caret_line, caret_lines, columns, error_line
from qmpshell.render.escape import escape, escape_lines
from qmpshell.render.event import event_line
from qmpshell.render.json import compact_json, pretty_json
from qmpshell.render.styled import Role, Styled, plain

__all__ = [
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
