"""The programs. Only this package imports click.

``shell`` and ``wrap`` are the programs' options and what they lead to; ``program`` runs
them and turns exceptions into statuses; ``batch`` runs lines without a prompt,
``interactive`` opens the prompt; ``launch`` and ``demo`` start machines.
"""

from __future__ import annotations

import os
import sys


def qmp_shell() -> None:
    """Run the program ``qmp-shell``."""
    from qmpshell.cli.shell import main

    sys.exit(main(sys.argv[1:], os.environ))


def qmp_shell_wrap() -> None:
    """Run the program ``qmp-shell-wrap``."""
    from qmpshell.cli.wrap import main

    sys.exit(main(sys.argv[1:], os.environ))
