"""The configuration file: what a person wants, whatever program is started.

``keys`` is the table of what can stand in it, ``values`` reads the values, ``reading`` the
whole text, and ``lines`` finds where something stands. ``file`` reads the one file;
``settings`` says what holds in the end, and where it comes from. All but ``file`` is
computed from text alone. Without a file none but it and ``configuration`` is imported.
"""

from qmpshell.configuration.configuration import Configuration

__all__ = ["Configuration"]
