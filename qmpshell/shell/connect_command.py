"""``/connect``: leave this machine for another, or see which ones run here."""

from __future__ import annotations

import functools
import os
import time
from collections.abc import Mapping

from qmpshell.address import DEMO, Address, TLSAddress, UnixAddress
from qmpshell.client.machines import Language, find_machines
from qmpshell.client.machines.text import HEADER, addresses_of, aligned, rows
from qmpshell.errors import ConnectError, GivenUp, UsageError
from qmpshell.language.shell_words import read_shell_words
from qmpshell.render import Role
from qmpshell.shell.session import Session

#: How long what was found is offered for completion before we look again, in seconds.
_FRESH_SECONDS = 2.0


def connect(session: Session, rest: str) -> None:
    """Do what ``/connect`` was told.

    Parameters:
        session: what is connected to another machine.
        rest: what stands behind the command: an address, or nothing for a list.

    Raises:
        LineError: a quote is not closed.
        UsageError: it is no address, or the one that is connected to.
        ConnectError: no connection came about; the one there is stays.
        GivenUp: Ctrl-C; the connection there is stays.
    """
    words = read_shell_words(rest, {}, literal=True).words
    if not words:
        _list_machines(session)
        return
    text = os.path.expanduser(words[0].text.rstrip())
    if text == DEMO:
        raise UsageError("`qmp-shell demo` starts a machine to try, in a shell of its own")
    stays = "" if session.client.closed else f"still connected to {session.machine.name}"
    try:
        address = session.options.configuration.find_address(text)
        if stays and _is_same_place(address, session.connection.address):
            raise UsageError("that is where we are; /reconnect makes the connection anew")
        session.connection.connect_to(address)
    except ConnectError as error:
        raise type(error)(error.what, "; ".join(filter(None, (error.advice, stays)))) from None
    except GivenUp as error:
        raise GivenUp("; ".join(filter(None, (str(error), stays)))) from None


def running_addresses(language: Language) -> Mapping[str, str]:
    """Return the addresses of the machines that run here, and whose each is; neither escaped.

    Parameters:
        language: what is to be spoken there.
    """
    return _found(language, int(time.monotonic() / _FRESH_SECONDS))


@functools.lru_cache(maxsize=1)
def _found(language: Language, _moment: int) -> Mapping[str, str]:
    found = addresses_of(find_machines(), language)
    return {f'"{address}"' if " " in address else address: found[address] for address in found}


def _is_same_place(one: Address, other: Address | None) -> bool:
    if isinstance(one, UnixAddress) and isinstance(other, UnixAddress):
        return os.path.realpath(one.path) == os.path.realpath(other.path)
    ports = [a.place if isinstance(a, TLSAddress) else a for a in (one, other)]
    return ports[0] == ports[1]


def _list_machines(session: Session) -> None:
    machines = find_machines()
    if not machines:
        session.printer.note("no QEMU runs here, as far as this user can see")
        return
    lines = "\n".join(aligned([HEADER, *rows(machines)]))
    session.printer.show([(Role.TEXT, lines)])
    session.printer.note("/connect ADDRESS leaves this machine, which runs on, for another")
