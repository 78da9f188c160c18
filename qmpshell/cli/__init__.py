"""The programs. Only this package imports click.

``shell`` and ``wrap`` are the programs' options and what they lead to; ``program`` runs
them and turns exceptions into statuses; ``session`` chooses between ``batch``, which runs
lines without a prompt, and ``interactive``, which opens one; ``launch`` and ``demo`` start
machines.
"""

from __future__ import annotations

import os
import sys

from qmpshell.cli.starting import begin_starting


def qmp_shell() -> None:
    """Run the program ``qmp-shell``."""
    begin_starting()
    try:
        from qmpshell.cli.shell import main

        status = main(sys.argv[1:], os.environ)
    except KeyboardInterrupt:
        # Ctrl-C while we were still being imported.
        status = 130
    sys.exit(status)


def qmp_shell_wrap() -> None:
    """Run the program ``qmp-shell-wrap``."""
    begin_starting()
    try:
        from qmpshell.cli.wrap import main

        status = main(sys.argv[1:], os.environ)
    except KeyboardInterrupt:
        status = 130
    sys.exit(status)
