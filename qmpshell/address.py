"""``"tcp:host:4444"`` → :class:`Address`: where a monitor listens, as a person writes it.

The forms are those that QEMU's own options take, so that what was given to ``-qmp`` can
be pasted, commas and all.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from typing import NamedTuple

from qmpshell.errors import AddressError

#: What is written where an address is taken for a machine to be started: a program's to do.
DEMO = "demo"

FORMS = "a socket's path, unix:PATH, @ABSTRACT-NAME, HOST:PORT, tcp:HOST:PORT or [IPv6]:PORT"

_SCHEME = r"(tcp|unix):"
_OTHER_SCHEME = (
    r"(ws|wss|websocket|telnet|tls|vsock|ssh|libvirt|exec|fd|listen|pipe|pty|http|https|file):"
)
_HOST_AND_PORT = r"(?:\[(?P<v6>[^\]]*)\]|(?P<host>[^:/\[\]]*)):(?P<port>[^:/]*)"

#: What nobody calls a socket, but an IPv6 address that lacks its brackets or its port.
_IPV6_LIKE = r"\[.*\]|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*:[^/]*"


class TCPAddress(NamedTuple):
    """A TCP port; ``host`` is a name, an IPv4 or an IPv6 address without brackets."""

    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"tcp:{host}:{self.port}"


class UnixAddress(NamedTuple):
    """A Unix socket in the file system."""

    path: str

    def __str__(self) -> str:
        return f"unix:{self.path.replace(',', ',,')}"


class AbstractAddress(NamedTuple):
    """A Unix socket in Linux's abstract namespace.

    Attributes:
        name: the name, without the NUL byte in front.
        tight: ``False`` for a server that fills the name up with NULs (QEMU's
            ``tight=off``): that is another socket.
    """

    name: str
    tight: bool = True

    def __str__(self) -> str:
        return (
            f"unix:{self.name.replace(',', ',,')},abstract=on{'' if self.tight else ',tight=off'}"
        )


Address = TCPAddress | UnixAddress | AbstractAddress


def short_text(address: Address) -> str:
    """Return the shortest text that is read as an address while its socket is there."""
    match address:
        case UnixAddress(path):
            return path
        case TCPAddress():
            return str(address).removeprefix("tcp:")
        case AbstractAddress(name, tight=True) if "," not in name:
            return f"@{name}"
    return str(address)


def parse_address(text: str, *, exists: Callable[[str], bool] = os.path.lexists) -> Address:
    """Read an address.

    Parameters:
        text: one of the forms in ``FORMS``, with QEMU's ``,server=on,wait=off`` or not.
        exists: says whether a path exists: a file that is really called ``@x`` or
            ``host:1`` wins over what its name could also mean.

    Raises:
        AddressError: it is none of them.
    """
    if not text:
        raise AddressError(f"the address is empty; write {FORMS}")
    if "\0" in text:
        raise AddressError("an address can't hold a NUL character")
    if exists(text):
        return UnixAddress(text)
    scheme = re.match(_SCHEME, text)
    if scheme is None and (other := re.match(_OTHER_SCHEME, text)):
        raise AddressError(f"{other[1]}: is no kind of address that works here; write {FORMS}")
    rest, options = _split_options(text[scheme.end() :] if scheme else text)
    _refuse_unreachable(options)
    match scheme and scheme[1]:
        case "tcp":
            return _tcp(rest, text)
        case "unix":
            return _unix(rest, options)
    return UnixAddress(rest) if exists(rest) else _without_scheme(rest, options)


def _without_scheme(rest: str, options: dict[str, str]) -> Address:
    if rest.startswith("@"):
        return _abstract(rest[1:], options)
    if re.fullmatch(_HOST_AND_PORT, rest) or re.fullmatch(_IPV6_LIKE, rest):
        return _tcp(rest, rest)
    return _unix(rest, options)


def _split_options(text: str) -> tuple[str, dict[str, str]]:
    """Cut QEMU's options off. A doubled comma is one in the value, as QEMU has it."""
    first, *others = text.replace(",,", "\0").split(",")
    options: dict[str, str] = {}
    for option in others:
        name, equals, value = option.partition("=")
        options[name] = value.replace("\0", ",") if equals else "on"
    return first.replace("\0", ","), options


def _switched_on(options: dict[str, str], name: str) -> bool:
    return options.get(name, "off") in ("on", "yes", "true", "y")


def _refuse_unreachable(options: dict[str, str]) -> None:
    if "tls-creds" in options:
        raise AddressError("this monitor speaks TLS (tls-creds=), which qmp-shell can't yet")
    if _switched_on(options, "websocket"):
        raise AddressError("QEMU's WebSocket monitors greet and never answer; use a plain one")


def _tcp(rest: str, text: str) -> TCPAddress:
    found = re.fullmatch(_HOST_AND_PORT, rest)
    if found is None:
        hint = "; an IPv6 address stands in brackets" if rest.count(":") > 1 else ""
        raise AddressError(f"{text}: HOST:PORT is expected{hint}")
    port = found["port"]
    if not (port.isascii() and port.isdigit() and 0 < int(port[:6]) < 65536):
        raise AddressError(f"{text}: {port!a} is no port; a port is a number from 1 to 65535")
    # QEMU's own "tcp::4444" listens everywhere, so also here.
    return TCPAddress(found["v6"] or found["host"] or "localhost", int(port))


def _unix(rest: str, options: dict[str, str]) -> Address:
    if not rest:
        raise AddressError(f"a path is missing; write {FORMS}")
    if _switched_on(options, "abstract"):
        return _abstract(rest, options)
    return UnixAddress(rest)


def _abstract(name: str, options: dict[str, str]) -> AbstractAddress:
    if not name:
        raise AddressError("an abstract socket needs a name behind the @")
    if len(os.fsencode(name)) > 107:
        raise AddressError("the name of an abstract socket has at most 107 bytes")
    return AbstractAddress(
        name, tight=options.get("tight", "on") not in ("off", "no", "false", "n")
    )
