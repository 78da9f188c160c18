"""Commands about devices, objects, and what devices are connected to."""

from __future__ import annotations

from collections.abc import Container
from typing import Any

from qmpshell.errors import CommandError
from qmpshell.simulator import recorded
from qmpshell.simulator.commands.table import command
from qmpshell.simulator.machine import MONITOR, Device, Machine

_BUSES = {"usb-bus.0": "usb", "pci.0": "pci", "ide.0": "ide", "ide.1": "ide", "scsi.0": "scsi"}

#: What the values of a device property of each type are in JSON; any other is text.
_KINDS = {
    "bool": (bool, "boolean"),
    "size": (int, "integer"),
    **{f"{sign}int{bits}": (int, "integer") for sign in ("", "u") for bits in (8, 16, 32, 64)},
}


@command("device_add")
def _device_add(machine: Machine, arguments: dict[str, Any]) -> None:
    driver, id_ = arguments["driver"], arguments.get("id", "")
    _check_driver(driver)
    _check_bus(driver, arguments.get("bus"))
    if id_ and not id_[0].isalpha():
        raise CommandError("GenericError", "Parameter 'id' expects an identifier")
    if id_ and any(device.id == id_ for device in machine.devices.values()):
        raise CommandError("GenericError", f"Duplicate device ID '{id_}'")
    own = {name: v for name, v in arguments.items() if name not in ("driver", "id", "bus")}
    for name, value in own.items():
        _check_property(machine, driver, name, value)
    if driver in ("virtio-blk-pci", "ide-hd", "scsi-hd") and "drive" not in own:
        raise CommandError("GenericError", "drive property not set")
    parent = "peripheral" if id_ else "peripheral-anon"
    path = f"/machine/{parent}/{id_ or f'device[{machine.number()}]'}"
    machine.devices[path] = Device(id_, driver, own, path)


def _check_driver(driver: str) -> None:
    if driver in recorded.device_properties():
        return
    entry = next((entry for entry in recorded.types() if entry["name"] == driver), None)
    if entry is None:
        raise CommandError("GenericError", f"'{driver}' is not a valid device model name")
    raise CommandError("GenericError", "Parameter 'driver' expects a non-abstract device type")


def _bus_of(driver: str) -> str:
    """Return the kind of bus that a driver's devices go on."""
    kind = driver.split("-")[0]
    return kind if kind in ("usb", "ide", "scsi") else "pci"


def _check_bus(driver: str, bus: str | None) -> None:
    kind = _bus_of(driver)
    if bus is not None and bus not in _BUSES:
        raise CommandError("GenericError", f"Bus '{bus}' not found")
    if bus is not None and _BUSES[bus] != kind:
        found = _BUSES[bus].upper()
        raise CommandError("GenericError", f"Device '{driver}' can't go on {found} bus")
    if kind == "ide":
        raise CommandError("GenericError", f"Bus '{bus or 'ide.0'}' does not support hotplugging")


def _check_property(machine: Machine, driver: str, name: str, value: Any) -> None:
    properties = {entry["name"]: entry for entry in recorded.device_properties()[driver]}
    if name not in properties:
        raise CommandError("GenericError", f"Property '{driver}.{name}' not found")
    kind, expected = _KINDS.get(properties[name]["type"], (str, "string"))
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is int):
        raise CommandError(
            "GenericError", f"Invalid parameter type for '{name}', expected: {expected}"
        )
    backends: dict[str, Container[str]] = {
        "drive": machine.nodes,
        "netdev": machine.netdevs,
        "chardev": machine.chardevs,
    }
    if name in backends:
        _check_backend(machine, f"{driver}.{name}", backends[name], str(value))


def _check_backend(machine: Machine, where: str, backends: Container[str], value: str) -> None:
    if value not in backends:
        raise CommandError("GenericError", f"Property '{where}' can't find value '{value}'")
    name = where.rpartition(".")[2]
    if any(device.properties.get(name) == value for device in machine.devices.values()):
        raise CommandError(
            "GenericError", f"Property '{where}' can't take value '{value}', it's in use"
        )


@command("device_del")
def _device_del(machine: Machine, arguments: dict[str, Any]) -> None:
    device = machine.find_device(arguments["id"])
    kind = _bus_of(device.driver)
    if kind == "ide":
        raise CommandError("GenericError", "Bus 'ide.1' does not support hotplugging")
    if kind == "pci":
        if not device.unplugging:
            device.unplugging = True
            machine.ask_guest(lambda: machine.unplugged(device))
    else:
        machine.timetable.later(0, lambda: machine.unplugged(device))


@command("object-add")
def _object_add(machine: Machine, arguments: dict[str, Any]) -> None:
    kind, id_ = arguments["qom-type"], arguments["id"]
    if kind == "secret" and not {"data", "file"} & arguments.keys():
        raise CommandError("GenericError", "Either 'file' or 'data' must be provided")
    if id_ in machine.objects:
        raise CommandError(
            "GenericError",
            f"attempt to add duplicate property '{id_}' to object (type 'container')",
        )
    properties = {name: v for name, v in arguments.items() if name not in ("qom-type", "id")}
    machine.objects[id_] = (kind, properties)


@command("object-del")
def _object_del(machine: Machine, arguments: dict[str, Any]) -> None:
    if machine.objects.pop(arguments["id"], None) is None:
        raise CommandError("GenericError", f"object '{arguments['id']}' not found")


@command("netdev_add")
def _netdev_add(machine: Machine, arguments: dict[str, Any]) -> None:
    if arguments["id"] in machine.netdevs:
        raise CommandError("GenericError", f"Duplicate ID '{arguments['id']}'")
    machine.netdevs[arguments["id"]] = arguments["type"]


@command("netdev_del")
def _netdev_del(machine: Machine, arguments: dict[str, Any]) -> None:
    if machine.netdevs.pop(arguments["id"], None) is None:
        raise CommandError("DeviceNotFound", f"Device '{arguments['id']}' not found")


@command("set_link")
def _set_link(machine: Machine, arguments: dict[str, Any]) -> None:
    name = arguments["name"]
    if name not in machine.netdevs and "netdev" not in _properties_of(machine, name):
        raise CommandError("DeviceNotFound", f"Device '{name}' not found")


def _properties_of(machine: Machine, id_: str) -> dict[str, Any]:
    found = [device for device in machine.devices.values() if device.id == id_]
    return found[0].properties if found else {}


@command("query-chardev")
def _query_chardev(machine: Machine, _arguments: dict[str, Any]) -> Any:
    return [
        {"frontend-open": label == MONITOR, "filename": filename, "label": label}
        for label, filename in machine.chardevs.items()
    ]


@command("chardev-add")
def _chardev_add(machine: Machine, arguments: dict[str, Any]) -> Any:
    id_ = arguments["id"]
    if id_ in machine.chardevs:
        raise CommandError("GenericError", f"Chardev with id '{id_}' already exists")
    machine.chardevs[id_] = arguments["backend"]["type"]
    return {}


@command("chardev-remove")
def _chardev_remove(machine: Machine, arguments: dict[str, Any]) -> None:
    id_ = arguments["id"]
    if id_ not in machine.chardevs:
        raise CommandError("GenericError", f"Chardev '{id_}' not found")
    if id_ == MONITOR:
        raise CommandError("GenericError", f"Chardev '{id_}' is busy")
    del machine.chardevs[id_]


@command("balloon")
def _balloon(machine: Machine, arguments: dict[str, Any]) -> None:
    _find_balloon(machine).properties["actual"] = arguments["value"]
    machine.ask_guest(lambda: machine.emit("BALLOON_CHANGE", {"actual": arguments["value"]}))


@command("query-balloon")
def _query_balloon(machine: Machine, _arguments: dict[str, Any]) -> Any:
    return {"actual": _find_balloon(machine).properties.get("actual", 64 * 2**20)}


def _find_balloon(machine: Machine) -> Device:
    for device in machine.devices.values():
        if device.driver == "virtio-balloon-pci":
            return device
    raise CommandError("DeviceNotActive", "No balloon device has been activated")
