"""The monitors of the QEMUs that run on this machine, as their options say."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from qmpshell.address import Address, UnixAddress, parse_address
from qmpshell.errors import AddressError

_QEMU = re.compile(r"qemu-system-\w+|qemu-storage-daemon|qemu-kvm|kvm")

_PROCESSES = "/proc"


class Monitor(NamedTuple):
    """A monitor that speaks QMP.

    Attributes:
        address: where it listens.
        owner: the machine's name, as far as it has one, and the process.
    """

    address: Address
    owner: str


def running_monitors() -> Iterator[Monitor]:
    """Find those of all processes that may be looked at."""
    for number in _processes():
        try:
            with open(f"{_PROCESSES}/{number}/cmdline", "rb") as file:
                words = os.fsdecode(file.read()).split("\0")
            if not _QEMU.fullmatch(os.path.basename(words[0])):
                continue
            place = os.readlink(f"{_PROCESSES}/{number}/cwd")
        except OSError:
            continue  # it has ended, or is another's
        name = machine_name(words)
        owner = f"{name}, process {number}" if name else f"process {number}"
        for address in monitors_among(words):
            if isinstance(address, UnixAddress):
                address = UnixAddress(os.path.join(place, address.path))
                if not os.path.exists(address.path):
                    continue  # in another's name space, or -daemonize has left its folder
            yield Monitor(address, owner)


def _processes() -> list[str]:
    try:
        return [name for name in os.listdir(_PROCESSES) if name.isdecimal()]
    except OSError:
        return []


def monitors_among(words: Sequence[str]) -> Iterator[Address]:
    """Read QEMU's options.

    Parameters:
        words: the words that it was started with.

    Returns:
        Where its monitors listen that speak QMP.
    """
    chardevs = dict(_sockets(words))
    for option, value in _options(words):
        text: str | None = None
        match option:
            case "qmp" | "qmp-pretty":
                text = chardevs.get(value.removeprefix("chardev:"), value)
            case "mon" if "mode=control" in value:
                text = chardevs.get(_split(value, "chardev").get("chardev", ""))
            case "monitor":
                text = chardevs.get(_split(value, "").get("chardev", ""))
        try:
            if text:
                yield parse_address(text, exists=lambda _: False)
        except AddressError:
            continue


def machine_name(words: Sequence[str]) -> str:
    """Return the name that a QEMU was given; an empty one where it wasn't."""
    for option, value in _options(words):
        if option == "name":
            return _split(value, "guest").get("guest", "")
    return ""


def _options(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    for option, value in pairwise(words):
        if option.startswith("-"):
            yield option.lstrip("-"), value


def _split(value: str, first: str) -> dict[str, str]:
    """Split ``a=b,c=d``, where the first value may lack its name."""
    found: dict[str, str] = {}
    for part in value.replace(",,", "\0").split(","):
        name, equals, text = part.partition("=")
        if not (found or equals):
            name, text = first, part
        found[name] = text.replace("\0", ",")
    return found


def _sockets(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Return the addresses of character devices that are sockets, by their names."""
    for option, value in _options(words):
        options = _split(value, "backend")
        if option != "chardev" or options.get("backend") != "socket":
            continue
        if "path" in options:
            abstract = ",abstract=on" if options.get("abstract") == "on" else ""
            yield options.get("id", ""), f"{UnixAddress(options['path'])}{abstract}"
        elif "port" in options:
            host = options.get("host", "")
            host = f"[{host}]" if ":" in host else host
            yield options.get("id", ""), f"tcp:{host}:{options['port']}"
