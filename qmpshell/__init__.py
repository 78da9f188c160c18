"""qmpshell: the shell for QEMU's machine protocol (QMP), and its Python client."""

__version__ = "0.1.0"
