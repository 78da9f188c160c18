"""The interactive shell. Only this package imports prompt_toolkit.

``shell`` is the loop; ``prompt`` asks for a line, ``printer`` shows what there is to show,
``watch`` lets the prompt's event loop read the connection, ``machine`` knows the name and
the run state. What a line means is up to a mode: ``qmp_mode`` or ``hmp_mode``.
"""

from qmpshell.shell.shell import Shell, ShellOptions

__all__ = ["Shell", "ShellOptions"]
