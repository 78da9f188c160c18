"""The forms that QEMU doesn't know, such as ``ssh://``, ``exec:`` and ``libvirt:``. Pure.

Another one is a function here, a line in ``OWN_READERS``, its word in ``reading.OWN_FORM`` and
``FORMS``, and what it is read as in ``kinds``.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from qmpshell.address.kinds import (
    AbstractAddress,
    Address,
    CommandAddress,
    DescriptorAddress,
    LibvirtAddress,
    ListenAddress,
    SSHAddress,
    TCPAddress,
    TLSAddress,
    UnixAddress,
)
from qmpshell.address.qemu_forms import read_port, read_qemu_form, read_tcp
from qmpshell.errors import AddressError

_SSH = (
    r"//(?:(?P<user>[^@/]*)@)?(?:\[(?P<v6>[^\]/]+)\]|(?P<host>[^:/\[\]@]+))"
    r"(?::(?P<port>[^:/]*))?(?P<far>/.+)"
)


def _ssh(rest: str) -> SSHAddress:
    text = f"ssh:{rest}"
    found = re.fullmatch(_SSH, rest, re.DOTALL)
    if found is None:
        raise AddressError(
            f"{text}: ssh://[USER@]HOST[:PORT]/PATH is expected, or ssh://HOST/tcp:ADDRESS:PORT"
        )
    user, host, port = found["user"], found["v6"] or found["host"], found["port"]
    # To OpenSSH this would be an option.
    if host.startswith("-") or (user or "").startswith("-"):
        raise AddressError(f"{text}: no host and no user begins with a dash")
    if user == "" or any(character.isspace() for character in f"{user}{host}"):
        raise AddressError(f"{text}: a user or a host without blanks is expected")
    return SSHAddress(
        host,
        _far(found["far"], text),
        user or "",
        None if port is None else read_port(port, text),
    )


def _far(path: str, text: str) -> UnixAddress | TCPAddress:
    """Read the socket on the other host."""
    named = path.startswith(("/tcp:", "/unix:"))
    far = read_qemu_form(path[1:] if named else f"unix:{path}")
    if isinstance(far, TCPAddress):
        return far
    if not isinstance(far, UnixAddress) or far.path.startswith("/@"):
        raise AddressError(
            f"{text}: OpenSSH doesn't reach abstract sockets;"
            " exec:ssh HOST socat - ABSTRACT-CONNECT:NAME does, where socat is installed"
        )
    if not far.path.startswith("/") or far.path.startswith("/~"):
        raise AddressError(f"{text}: the path on the other host has to be whole, from its /")
    if "${" in far.path or not far.path.isprintable():
        raise AddressError(f"{text}: OpenSSH can't be told a path with ${{ or a line's end in it")
    return far


def _exec(rest: str) -> CommandAddress:
    if not rest.strip():
        raise AddressError("a command is missing, as in exec:socat - UNIX:/run/web1.sock")
    return CommandAddress(rest)


def _fd(rest: str) -> DescriptorAddress:
    found = re.fullmatch(r"([0-9]{1,7})(?:,([0-9]{1,7}))?", rest)
    if found is None:
        raise AddressError(f"fd:{rest}: fd:N is expected, or fd:N,M to read from N and write to M")
    numbers = DescriptorAddress(int(found[1]), int(found[2] or found[1]))
    if min(numbers) < 3:
        raise AddressError(f"{numbers}: 0, 1 and 2 are for what is typed and shown; take another")
    return numbers


def _listen(rest: str) -> ListenAddress:
    place = read_qemu_form(rest)
    if not isinstance(place, TCPAddress | UnixAddress | AbstractAddress):
        raise AddressError(f"listen:{rest}: listen:PATH or listen:HOST:PORT is expected")
    return ListenAddress(place)


def _tls(rest: str) -> TLSAddress:
    from qmpshell.address.tls_options import read_options

    place, _, query = rest.partition("?")
    return TLSAddress(*read_tcp(place, f"tls:{place}"), **read_options(query))


def _libvirt(rest: str) -> LibvirtAddress:
    # A URI has two slashes in it. A domain's name has no slash, and may have a # in it.
    uri, _, domain = rest.partition("#") if "://" in rest else ("", "", rest)
    if not domain:
        raise AddressError(
            f"libvirt:{rest}: a domain is missing: libvirt:NAME, or libvirt:URI#NAME as in"
            " libvirt:qemu:///system#web1"
        )
    return LibvirtAddress(domain, uri)


OWN_READERS: dict[str, Callable[[str], Address]] = {
    "ssh": _ssh,
    "exec": _exec,
    "fd": _fd,
    "listen": _listen,
    "tls": _tls,
    "libvirt": _libvirt,
}
