"""Which of ``qmp-shell``'s words is the address, and where the command begins.

``qmp-shell [OPTIONS] [ADDRESS] [OPTIONS] [COMMAND [ARG...]]``: options may also stand
behind the address, but what stands behind the command is the command's own.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Container, Mapping, Sequence

from qmpshell.address import DEMO, Address, may_be_looked_at
from qmpshell.configuration import Configuration

_ADDRESS_VARIABLES = ("QMP_SOCKET", "QMP_PATH")


#: Of the shell's own commands, those that look like paths and can be run without a prompt.
_OWN_COMMANDS = ("/get", "/hmp", "/put", "/run", "/source")


def address_from(env: Mapping[str, str]) -> str | None:
    """Return the address that the environment gives, if it gives one."""
    return next((env[name] for name in _ADDRESS_VARIABLES if env.get(name)), None)


def read_address(text: str, configuration: Configuration) -> Address:
    """Return what is to be connected to; from now on, what that starts is ended with us.

    Parameters:
        text: the address, or a target's name.
        configuration: knows the targets.

    Raises:
        AddressError: it is neither.
    """
    address = configuration.find_address(text)
    if not may_be_looked_at(address):
        from qmpshell.cli.signals import end_on_signals

        end_on_signals()
    return address


def is_address(
    word: str, env: Mapping[str, str], find_targets: Callable[[], Container[str]] = tuple
) -> bool:
    """Say whether the first word is an address, rather than a command or JSON already.

    Without an address in the environment it has to be one. With one there, it is taken
    for one where it couldn't be a command's name, or is a target's.

    Parameters:
        word: what was typed.
        env: the environment.
        find_targets: returns the names of the targets, when they matter.
    """
    if word.startswith("{") or (word in _OWN_COMMANDS and address_from(env)):
        return False
    if address_from(env) is None or word == DEMO:
        return True
    return any(mark in word for mark in "/:@,") or word in find_targets() or os.path.lexists(word)


def has_options(args: Sequence[str]) -> bool:
    """Say whether there may be an option for ``qmp-shell`` among its arguments.

    Importing click takes longer than asking a machine for its status, so who gives nothing
    but an address and a command isn't kept waiting for it.
    """
    return any(word.startswith("-") for word in args[:2])
