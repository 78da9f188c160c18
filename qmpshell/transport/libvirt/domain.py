"""A domain of libvirt's: found by name, UUID or number, or a sentence that says why not."""

from __future__ import annotations

import difflib
import re
import shlex
from collections.abc import Callable
from typing import NoReturn

import libvirt

from qmpshell.errors import ConnectError, NobodyListens, WrongAddress
from qmpshell.transport.libvirt.refusal import Refusal

_UUID = r"[0-9a-fA-F]{8}(-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}"

#: How often the other host is asked whether it is there, in seconds, and how often in vain.
_ALIVE_SECONDS, _ALIVE_TIMES = 5, 3

#: What libvirt says when it can't be reached, and what helps.
_NO_DAEMON = r"Failed to connect socket to '[^']*': (No such file|Connection refused)"
_MAY_NOT = r"Failed to connect socket to '[^']*': Permission denied"
_NO_LOGIN = r"Permission denied \(|Host key verification failed"


def open_connection(uri: str) -> libvirt.virConnect:
    """Connect to libvirt.

    Parameters:
        uri: where; ``""`` for what libvirt takes by itself.

    Raises:
        Refusal: it can't be reached, or looks after no QEMU.
    """
    try:
        connection = libvirt.open(uri or None)
    except libvirt.libvirtError as error:
        raise _no_connection(uri, error) from None
    if connection.getType() != "QEMU":
        _refuse(
            WrongAddress,
            f"{connection.getURI()} is for {connection.getType()}, not for QEMU",
            "write the URI as well, as in libvirt:qemu:///system#NAME",
        )
    try:
        connection.setKeepAlive(_ALIVE_SECONDS, _ALIVE_TIMES)
    except libvirt.libvirtError:
        # Some transports have no need of it.
        return connection
    return connection


def find_domain(connection: libvirt.virConnect, uri: str, name: str) -> libvirt.virDomain:
    """Find a domain that runs.

    Parameters:
        connection: where.
        uri: how that was asked for, for what ``virsh`` is told.
        name: its name, UUID or number.

    Raises:
        Refusal: there is none, or it doesn't run.
    """
    domain = _look_up(connection, name)
    if domain is None:
        others = _others(connection, uri, name)
        _refuse(NobodyListens, f"no such domain in {connection.getURI()}", others)
    if not domain.isActive():
        start = _virsh(uri, "start", domain.name())
        _refuse(NobodyListens, "the domain isn't running", f"`{start}` starts it")
    return domain


def is_tainted(domain: libvirt.virDomain) -> bool:
    """Say whether libvirt has already noted that others use the domain's monitor."""
    try:
        messages = domain.messages(libvirt.VIR_DOMAIN_MESSAGE_TAINTING)
    except (libvirt.libvirtError, AttributeError):
        # Before libvirt 7.1 nobody can know.
        return False
    return any("custom monitor" in message for message in messages)


def _look_up(connection: libvirt.virConnect, name: str) -> libvirt.virDomain | None:
    ways: list[Callable[[], libvirt.virDomain]] = [lambda: connection.lookupByName(name)]
    if re.fullmatch(_UUID, name):
        ways.append(lambda: connection.lookupByUUIDString(name))
    if re.fullmatch("[0-9]{1,9}", name):
        ways.append(lambda: connection.lookupByID(int(name)))
    for way in ways:
        try:
            return way()
        except libvirt.libvirtError as error:
            if error.get_error_code() != libvirt.VIR_ERR_NO_DOMAIN:
                _refuse(ConnectError, error_text(error))
    return None


def _others(connection: libvirt.virConnect, uri: str, name: str) -> str:
    """Say what there is instead of a domain that isn't there."""
    names = [domain.name() for domain in connection.listAllDomains()]
    if near := difflib.get_close_matches(name, names, 1):
        return f"nearest: {near[0]}"
    shown = _virsh(uri, "list", "--all")
    if names:
        return f"`{shown}` shows those that are there"
    if connection.getURI() == "qemu:///session":
        return "there is none; those of the whole host are libvirt:qemu:///system#NAME"
    return "there is none"


def _no_connection(uri: str, error: libvirt.libvirtError) -> Refusal:
    text = error_text(error)
    socket = re.search("socket to '([^']*)'", text)
    place = socket[1] if socket else uri or "libvirt"
    if re.search(_NO_DAEMON, text):
        return Refusal(
            NobodyListens,
            f"no libvirtd listens at {place}",
            "`systemctl start libvirtd` or `virtqemud` starts it",
        )
    if re.search(_MAY_NOT, text) or error.get_error_code() in (
        libvirt.VIR_ERR_AUTH_FAILED,
        libvirt.VIR_ERR_AUTH_CANCELLED,
        libvirt.VIR_ERR_AUTH_UNAVAILABLE,
    ):
        advice = "mostly, members of the group libvirt may connect"
        return Refusal(ConnectError, f"permission denied: {text}", advice)
    if re.search(_NO_LOGIN, text):
        advice = "ssh can't ask anything here: log in with a key, and once by hand"
        return Refusal(WrongAddress, text, advice)
    if error.get_error_code() in (libvirt.VIR_ERR_NO_CONNECT, libvirt.VIR_ERR_INVALID_ARG):
        return Refusal(WrongAddress, text, "is the URI spelled right?")
    return Refusal(ConnectError, text)


def _virsh(uri: str, *words: str) -> str:
    return shlex.join(["virsh", *(["-c", uri] if uri else []), *words])


def error_text(error: libvirt.libvirtError) -> str:
    """Return what libvirt says of an error."""
    return " ".join(str(error.get_error_message() or error).split())


def _refuse(kind: type[ConnectError], what: str, advice: str = "") -> NoReturn:
    raise Refusal(kind, what, advice)
