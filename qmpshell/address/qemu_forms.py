"""The forms that QEMU's own options take, ``tcp:HOST:PORT,server=on`` and their like. Pure."""

from __future__ import annotations

import os
import re
from collections.abc import Callable

from qmpshell.address.kinds import (
    AbstractAddress,
    Address,
    DeviceAddress,
    PipeAddress,
    TCPAddress,
    TLSAddress,
    UnixAddress,
    VsockAddress,
)
from qmpshell.errors import AddressError

SocketAddress = TCPAddress | TLSAddress | UnixAddress | AbstractAddress

#: QEMU's options behind an address, by their names.
Options = dict[str, str]

_HOST_AND_PORT = r"(?:\[(?P<v6>[^\]]*)\]|(?P<host>[^:/\[\]]*)):(?P<port>[^:/]*)"

#: What nobody calls a socket, but an IPv6 address that lacks its brackets or its port.
_IPV6_LIKE = r"\[.*\]|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*:[^/]*"

#: The kernel's highest number of a virtual machine, and of a port of one; it means "any".
_VSOCK_ANY = 0xFFFFFFFF


def split_options(text: str) -> tuple[str, Options]:
    """Cut QEMU's options off. A doubled comma is one in the value, as QEMU has it."""
    first, *others = text.replace(",,", "\0").split(",")
    options: Options = {}
    for option in others:
        name, equals, value = option.partition("=")
        options[name] = value.replace("\0", ",") if equals else "on"
    return first.replace("\0", ","), options


def read_qemu_form(text: str) -> Address:
    """Read an address with a scheme of QEMU's or without one.

    Parameters:
        text: what was written.

    Raises:
        AddressError: it is none.
    """
    scheme, colon, behind = text.partition(":")
    if colon and scheme in _READERS:
        return _READERS[scheme](*split_options(behind), text)
    return read_socket(*split_options(text))


def read_socket(rest: str, options: Options) -> SocketAddress:
    """Read an address without a scheme: a host and a port, an abstract name, or a path.

    Parameters:
        rest: what was written, without options.
        options: what stood behind it.

    Raises:
        AddressError: it is none of them, or what can't be reached.
    """
    if rest.startswith("@"):
        return _abstract(rest[1:], options)
    if re.fullmatch(_HOST_AND_PORT, rest) or re.fullmatch(_IPV6_LIKE, rest):
        return _tcp(rest, options, rest)
    return _unix(rest, options, rest)


def _switched_on(options: Options, name: str) -> bool:
    return options.get(name, "off") in ("on", "yes", "true", "y")


def _refuse_unreachable(options: Options) -> None:
    if _switched_on(options, "websocket"):
        raise AddressError("QEMU's WebSocket monitors greet and never answer; use a plain one")


def _tcp(rest: str, options: Options, text: str) -> TCPAddress | TLSAddress:
    _refuse_unreachable(options)
    address = read_tcp(rest, text)
    return TLSAddress(*address) if "tls-creds" in options else address


def read_tcp(rest: str, text: str) -> TCPAddress:
    """Read a host and a port.

    Parameters:
        rest: what was written for them.
        text: the address in which it stands.

    Raises:
        AddressError: it is none.
    """
    found = re.fullmatch(_HOST_AND_PORT, rest)
    if found is None:
        hint = "; an IPv6 address stands in brackets" if rest.count(":") > 1 else ""
        raise AddressError(f"{text}: HOST:PORT is expected{hint}")
    # QEMU's own "tcp::4444" listens everywhere, so also here.
    host = found["v6"] or found["host"] or "localhost"
    return TCPAddress(host, read_port(found["port"], text))


def read_port(port: str, text: str) -> int:
    """Read the number of a TCP port.

    Parameters:
        port: what was written for it.
        text: the address in which it stands.

    Raises:
        AddressError: it is none.
    """
    if not (port.isascii() and port.isdigit() and 0 < int(port[:6]) < 65536):
        raise AddressError(f"{text}: {port!a} is no port; a port is a number from 1 to 65535")
    return int(port)


def _unix(rest: str, options: Options, _text: str) -> UnixAddress | AbstractAddress:
    if _switched_on(options, "abstract"):
        return _abstract(_path(rest), options)
    _refuse_unreachable(options)
    return UnixAddress(_path(rest))


def _path(rest: str) -> str:
    if not rest:
        raise AddressError("a path is missing, as in unix:/run/web1.sock")
    return rest


def _abstract(name: str, options: Options) -> AbstractAddress:
    _refuse_unreachable(options)
    if not name:
        raise AddressError("an abstract socket needs a name behind the @")
    if len(os.fsencode(name)) > 107:
        raise AddressError("the name of an abstract socket has at most 107 bytes")
    return AbstractAddress(
        name, tight=options.get("tight", "on") not in ("off", "no", "false", "n")
    )


def _vsock(rest: str, _options: Options, text: str) -> VsockAddress:
    found = re.fullmatch(r"([0-9]{1,10}):([0-9]{1,10})", rest)
    if found is None or max(int(found[1]), int(found[2])) >= _VSOCK_ANY:
        raise AddressError(f"{text}: vsock:CID:PORT is expected, two numbers")
    return VsockAddress(int(found[1]), int(found[2]))


_READERS: dict[str, Callable[[str, Options, str], Address]] = {
    "tcp": _tcp,
    "unix": _unix,
    "vsock": _vsock,
    "pty": lambda rest, _options, _text: DeviceAddress(_path(rest)),
    "pipe": lambda rest, _options, _text: PipeAddress(_path(rest)),
}
