"""The interactive shell. Only this package imports prompt_toolkit.

``shell`` is the loop around a ``session``; ``prompt`` asks for a line, ``printer`` shows
what there is to show, ``watch`` lets the prompt's event loop read the connection, and
``machine`` knows the name and the run state. What a line means is up to a mode,
``qmp_mode`` or ``hmp_mode``; ``commands`` are those with a slash.
"""

from qmpshell.shell.printer import Printer
from qmpshell.shell.session import Session, ShellOptions
from qmpshell.shell.shell import Shell

__all__ = ["Printer", "Session", "Shell", "ShellOptions"]
