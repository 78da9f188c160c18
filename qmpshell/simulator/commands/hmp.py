"""The human monitor, as far as ``human-monitor-command`` shows it here."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from qmpshell.errors import CommandError
from qmpshell.simulator import recorded
from qmpshell.simulator.commands.table import HANDLERS, command
from qmpshell.simulator.machine import Machine

#: Gets the machine; returns the text that it shows.
_Shows = Callable[[Machine], str]

_COMMANDS: dict[str, _Shows] = {}

#: A command of the help text: its name, perhaps another, and what it takes.
_HELP_LINE = re.compile(r"^(?P<names>\S+)[ \t].*?(?=^\S|\Z)", re.MULTILINE | re.DOTALL)


def _hmp(*lines: str) -> Callable[[_Shows], _Shows]:
    def enter(shows: _Shows) -> _Shows:
        for line in lines:
            _COMMANDS[line] = shows
        return shows

    return enter


@command("human-monitor-command")
def _human_monitor_command(machine: Machine, arguments: dict[str, Any]) -> str:
    if arguments.get("cpu-index", 0) != 0:
        raise CommandError("GenericError", "Parameter 'cpu-index' expects a CPU number")
    words = arguments["command-line"].split()
    if not words:
        return ""
    if words[0] in ("help", "?"):
        return _help(words[1:])
    return _run(machine, words)


def _run(machine: Machine, words: list[str]) -> str:
    length = 2 if words[0] == "info" else 1
    name, rest = " ".join(words[:length]), words[length:]
    if name in _COMMANDS:
        if not rest:
            return _COMMANDS[name](machine)
        return (
            f"{words[length - 1]}: extraneous characters at the end of line\r\n"
            f'Try "help {name}" for more information\r\n'
        )
    if _help_of(name):
        return f"The simulator doesn't do '{name}'; on a real QEMU it would run\r\n"
    return f"unknown command: '{name}'\r\n"


def _help(words: list[str]) -> str:
    if not words:
        return recorded.hmp_help()
    if words == ["info"]:
        return recorded.hmp_help(of_info=True)
    return (
        _help_of(" ".join(words[:2]))
        or _help_of(words[0])
        or (f"unknown command: '{words[0]}'\r\n")
    )


def _help_of(name: str) -> str:
    """Return the lines about a command, or "" when there is none of that name."""
    is_info = name.startswith("info ")
    text = recorded.hmp_help(of_info=is_info).replace("\r\n", "\n")
    wanted = name.removeprefix("info ")
    for found in _HELP_LINE.finditer(re.sub(r"^info ", "", text, flags=re.MULTILINE)):
        if wanted in found["names"].split("|"):
            return ("info " if is_info else "") + found[0].replace("\n", "\r\n")
    return ""


@_hmp("info")
def _info(_machine: Machine) -> str:
    return recorded.hmp_help(of_info=True)


@_hmp("info status")
def _info_status(machine: Machine) -> str:
    status = "running" if machine.running else f"paused ({machine.status})"
    return f"VM status: {status.removesuffix(' (paused)')}\r\n"


@_hmp("info version")
def _info_version(machine: Machine) -> str:
    version = machine.greeting["QMP"]["version"]
    number = version["qemu"]
    return f"{number['major']}.{number['minor']}.{number['micro']}{version['package']}\r\n"


@_hmp("info name")
def _info_name(machine: Machine) -> str:
    return f"{machine.name}\r\n"


@_hmp("info uuid")
def _info_uuid(_machine: Machine) -> str:
    return f"{recorded.answers()['query-uuid']['UUID']}\r\n"


@_hmp("info kvm")
def _info_kvm(_machine: Machine) -> str:
    return "kvm support: disabled\r\n"


@_hmp("info cpus")
def _info_cpus(_machine: Machine) -> str:
    return f"* CPU #0: thread_id={recorded.answers()['query-cpus-fast'][0]['thread-id']}\r\n"


@_hmp("info chardev")
def _info_chardev(machine: Machine) -> str:
    return "".join(f"{label}: filename={name}\r\n" for label, name in machine.chardevs.items())


@_hmp("info block")
def _info_block(machine: Machine) -> str:
    lines = []
    for device in machine.devices.values():
        node = machine.nodes.get(device.properties.get("drive", ""))
        if node is not None:
            lines += [
                f"{node.name}: {node.filename} ({node.driver})",
                f"    Attached to:      {device.id or device.path}",
                "    Cache mode:       writeback",
            ]
    return "".join(f"{line}\r\n" for line in lines)


def _enter_same_as(qmp: str, *names: str) -> None:
    """Enter a command that does what the one of QMP does, without a word."""

    def run(machine: Machine) -> str:
        HANDLERS[qmp](machine, {})
        return ""

    _hmp(*names)(run)


_enter_same_as("stop", "stop", "s")
_enter_same_as("cont", "cont", "c")
_enter_same_as("system_reset", "system_reset")
_enter_same_as("system_powerdown", "system_powerdown")
_enter_same_as("quit", "quit", "q")
