"""Commands about how the machine runs, what it is called, and what it is."""

from __future__ import annotations

from typing import Any

from qmpshell.errors import CommandError
from qmpshell.simulator import recorded
from qmpshell.simulator.commands.table import command
from qmpshell.simulator.machine import Machine


@command("query-status")
def _query_status(machine: Machine, _arguments: dict[str, Any]) -> Any:
    return {"status": machine.status, "running": machine.running}


@command("query-name")
def _query_name(machine: Machine, _arguments: dict[str, Any]) -> Any:
    return {"name": machine.name}


@command("query-version")
def _query_version(machine: Machine, _arguments: dict[str, Any]) -> Any:
    return machine.greeting["QMP"]["version"]


@command("query-commands")
def _query_commands(_machine: Machine, _arguments: dict[str, Any]) -> Any:
    return recorded.commands()


@command("query-qmp-schema")
def _query_qmp_schema(_machine: Machine, _arguments: dict[str, Any]) -> Any:
    return recorded.schema()


@command("cont")
def _cont(machine: Machine, _arguments: dict[str, Any]) -> None:
    machine.resume()


@command("stop")
def _stop(machine: Machine, _arguments: dict[str, Any]) -> None:
    machine.pause()


@command("system_reset")
def _system_reset(machine: Machine, _arguments: dict[str, Any]) -> None:
    machine.emit("RESET", {"guest": False, "reason": "host-qmp-system-reset"})
    for device in list(machine.devices.values()):
        if device.unplugging:
            machine.unplugged(device)


@command("system_powerdown")
def _system_powerdown(machine: Machine, _arguments: dict[str, Any]) -> None:
    machine.emit("POWERDOWN", {})
    machine.ask_guest(lambda: machine.shut_down(guest=True, reason="guest-shutdown"))


@command("system_wakeup")
def _system_wakeup(_machine: Machine, _arguments: dict[str, Any]) -> None:
    raise CommandError("GenericError", "Unable to wake up: guest is not in suspended state")


@command("quit")
def _quit(machine: Machine, _arguments: dict[str, Any]) -> None:
    machine.shut_down(guest=False, reason="host-qmp-quit")


@command("send-key", "input-send-event", "inject-nmi", "watchdog-set-action", "set-action")
def _do_nothing_to_be_seen(_machine: Machine, _arguments: dict[str, Any]) -> None:
    pass


@command("yank")
def _yank(_machine: Machine, arguments: dict[str, Any]) -> None:
    for instance in arguments["instances"]:
        if instance not in recorded.answers()["query-yank"]:
            raise CommandError("DeviceNotFound", "Instance not found")
    if arguments["instances"]:
        raise CommandError(
            "GenericError", "The simulator doesn't cut its own monitor; on a real QEMU it would"
        )


@command("query-command-line-options")
def _query_command_line_options(_machine: Machine, arguments: dict[str, Any]) -> Any:
    options = recorded.answers()["query-command-line-options"]
    if "option" not in arguments:
        return options
    found = [option for option in options if option["option"] == arguments["option"]]
    if not found:
        raise CommandError("GenericError", f"invalid option name: {arguments['option']}")
    return found


@command("query-iothreads")
def _query_iothreads(machine: Machine, _arguments: dict[str, Any]) -> Any:
    polling = {"poll-shrink": 0, "aio-max-batch": 0, "poll-grow": 0, "poll-max-ns": 32768}
    return [
        {"id": name, "thread-id": 4800 + index, **polling}
        for index, (name, (kind, _)) in enumerate(machine.objects.items())
        if kind == "iothread"
    ]


@command("query-memdev")
def _query_memdev(machine: Machine, _arguments: dict[str, Any]) -> Any:
    same = {
        "share": False,
        "reserve": True,
        "prealloc": False,
        "host-nodes": [],
        "merge": True,
        "dump": True,
        "policy": "default",
    }
    return [
        {"id": name, "size": properties["size"], **same}
        for name, (kind, properties) in machine.objects.items()
        if kind.startswith("memory-backend-")
    ]
