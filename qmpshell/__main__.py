"""``python -m qmpshell`` is ``qmp-shell``."""

from qmpshell.cli import qmp_shell

qmp_shell()
