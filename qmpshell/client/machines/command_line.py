"""What QEMU's command line says of its name and its sockets. Pure.

The options are those of ``qemu-system-*`` and ``qemu-storage-daemon`` (QEMU's manual,
"Invocation"), with the older spellings that still parse: ``-qmp unix:PATH,server,nowait``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from qmpshell.address import AbstractAddress, Address, TCPAddress, UnixAddress
from qmpshell.client.machines.values import TLS, Language
from qmpshell.named_tuple import NamedTuple

STORAGE_DAEMON = "qemu-storage-daemon"

#: What the file of QEMU's program is called, in whichever distribution. What else begins
#: with ``qemu-`` (qemu-img, qemu-ga) is no machine.
_PROGRAM = re.compile(r"qemu-system-.+|qemu-kvm|kvm|qemu|qemu-storage-daemon")

#: QEMU gives a guest agent's port this name (docs/interop/qemu-ga.rst), and so everybody does.
_AGENT_PORT = "org.qemu.guest_agent.0"

_ON = ("on", "yes", "true", "y")
_EVERYWHERE = {"": "localhost", "0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104

Options = Mapping[str, str]


class ServerSocket(NamedTuple):
    """A socket that the command line makes QEMU listen on.

    Attributes:
        language: what is spoken there.
        address: where, as written: a path may be relative; ``None`` if only ``fd`` tells.
        fd: the descriptor that was handed to QEMU in place of an address.
        wrapping: what surrounds the language, such as ``TLS``; ``""`` for nothing.
    """

    language: Language
    address: Address | None
    fd: int | None = None
    wrapping: str = ""


class CommandLine(NamedTuple):
    """What a command line says.

    Attributes:
        name: the machine's; ``""`` for none.
        sockets: where it makes QEMU listen, but for displays, migration and the like.
        uuid: the machine's, in small letters; ``""`` for none.
    """

    name: str
    sockets: tuple[ServerSocket, ...]
    uuid: str = ""


def program_name(*candidates: str) -> str | None:
    """Return the file name that is QEMU's, of several that a process gives; else ``None``."""
    for candidate in candidates:
        name = candidate.rpartition("/")[2].removesuffix(" (deleted)")
        if _PROGRAM.fullmatch(name):
            return name
    return None


def read_command_line(words: Sequence[str], program: str = "") -> CommandLine:
    """Read a command line.

    Parameters:
        words: the program and its arguments.
        program: the program's file name, as ``--monitor`` means something else to
            ``qemu-storage-daemon``.
    """
    reading = _Reading(is_storage_daemon=program == STORAGE_DAEMON)
    uuid = ""
    for name, value in _options(words[1:]):
        if name == "uuid":
            uuid = value.lower()
        reading.take(name, value)
    return CommandLine(reading.name, tuple(reading.sockets()), uuid)


def split_options(text: str, first: str) -> dict[str, str]:
    """Split ``a,b=c,d`` as QEMU does: a doubled comma is one in a value.

    Parameters:
        text: an option's value.
        first: the key that the first part may leave out.
    """
    options: dict[str, str] = {}
    for number, part in enumerate(text.replace(",,", "\0").split(",")):
        key, equals, value = part.replace("\0", ",").partition("=")
        if number == 0 and not equals:
            options[first] = key
        elif equals:
            options[key] = value
        elif key.startswith("no") and key != "nodelay":
            options[key.removeprefix("no")] = "off"
        else:
            options[key] = "on"
    return options


def _options(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Pair each option with the word behind it, which is its value if it takes one."""
    for number, word in enumerate(words):
        if not word.startswith("-"):
            continue
        name, equals, value = word.lstrip("-").partition("=")
        if not equals and number + 1 < len(words):
            value = words[number + 1]
        yield name, value


class _Reading:
    """What has been read so far. What refers to a chardev may stand before it."""

    def __init__(self, *, is_storage_daemon: bool) -> None:
        self.name = ""
        self._is_storage_daemon = is_storage_daemon
        self._chardevs: dict[str, Options] = {}
        self._languages: dict[str, Language] = {}
        self._inline: list[tuple[Language, Options]] = []

    def take(self, option: str, value: str) -> None:
        """Take note of an option."""
        match option:
            case "name":
                self.name = split_options(value, "guest").get("guest", self.name)
            case "chardev":
                options = _structured(value, "backend")
                self._chardevs[options.get("id", "")] = options
            case "mon":
                self._take_monitor(_structured(value, "chardev"), "readline")
            case "monitor" if self._is_storage_daemon:
                self._take_monitor(_structured(value, "chardev"), "control")
            case "qmp" | "qmp-pretty":
                self._take_device(Language.QMP, value)
            case "monitor":
                self._take_device(Language.HMP, value)
            case "serial" | "parallel":
                # ``mon:`` puts the human monitor and the port on one socket.
                language = Language.HMP if value.startswith("mon:") else Language.OTHER
                self._take_device(language, value.removeprefix("mon:"))
            case "device":
                options = _structured(value, "driver")
                if options.get("name") == _AGENT_PORT and "chardev" in options:
                    self._languages[options["chardev"]] = Language.AGENT

    def sockets(self) -> Iterator[ServerSocket]:
        """Return the sockets that QEMU listens on."""
        for language, options in self._inline:
            yield from _server_socket(language, options)
        for name, options in self._chardevs.items():
            yield from _server_socket(self._languages.get(name, Language.OTHER), options)

    def _take_monitor(self, options: Options, default_mode: str) -> None:
        control = options.get("mode", default_mode) == "control"
        language = Language.QMP if control else Language.HMP
        self._languages[options.get("chardev", "")] = language

    def _take_device(self, language: Language, value: str) -> None:
        """Take a character device in the spelling of ``-qmp`` and ``-serial``."""
        kind, _, rest = value.partition(":")
        if kind == "chardev":
            self._languages[rest] = language
        elif kind == "unix":
            self._inline.append((language, {"backend": "socket", **split_options(rest, "path")}))
        elif kind in ("tcp", "telnet", "websocket"):
            options = split_options(rest, "place")
            host, _, port = options.get("place", "").rpartition(":")
            self._inline.append(
                (language, {"backend": "socket", **options, "host": host, "port": port, kind: "on"})
            )


def _structured(text: str, first: str) -> Options:
    """Read an option's value in either of its forms, ``a,b=c`` or JSON, which may nest."""
    if not text.startswith("{"):
        return split_options(text, first)
    try:
        members = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return {key: value for key, value in members.items() if isinstance(value, str)}


def _is_on(options: Options, name: str) -> bool:
    return options.get(name, "off") in _ON


def _server_socket(language: Language, options: Options) -> Iterator[ServerSocket]:
    if options.get("backend") != "socket" or not _is_on(options, "server"):
        return
    fd = options.get("fd", "")
    known = fd.isascii() and fd.isdigit() and len(fd) < 8
    address = _address(options)
    if known or address:
        yield ServerSocket(language, address, int(fd) if known else None, _wrapping(options))


def _wrapping(options: Options) -> str:
    if _is_on(options, "websocket"):
        return "WebSocket over TLS" if options.get("tls-creds") else "WebSocket"
    if options.get("tls-creds"):
        return TLS
    return "telnet" if _is_on(options, "telnet") else ""


def _address(options: Options) -> Address | None:
    if path := options.get("path"):
        if _is_on(options, "abstract"):
            return AbstractAddress(path, tight=options.get("tight", "on") in _ON)
        return UnixAddress(path)
    port = options.get("port", "")
    if port.isascii() and port.isdigit() and 0 < int(port[:6]) < 65536:
        host = options.get("host", "").strip("[]")
        return TCPAddress(_EVERYWHERE.get(host, host), int(port))
    return None
