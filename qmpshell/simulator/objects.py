"""The object tree (QOM): drawn up from the machine whenever somebody looks at it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from qmpshell.errors import CommandError
from qmpshell.simulator import recorded
from qmpshell.simulator.machine import MONITOR, Device, Machine

#: What a property of a type holds that nobody set and that has no default.
_EMPTY: dict[str, Any] = {"bool": False, "str": "", "string": ""}

_MACHINE_TYPE = "pc-i440fx-10.0-machine"


@dataclass(slots=True)
class Property:
    """A property of an object.

    Attributes:
        type: as QEMU calls it: ``bool``, ``link<bus>``.
        value: what it holds.
        settings: where a new value goes; ``None`` when it can't be set.
    """

    type: str
    value: Any
    settings: dict[str, Any] | None = None


@dataclass(slots=True)
class Object:
    """An object of the tree.

    Attributes:
        type: its class.
        device: the device that it is, if it is one that a person knows.
        path: where it is in the tree.
    """

    type: str
    properties: dict[str, Property] = field(default_factory=dict)
    children: dict[str, Object] = field(default_factory=dict)
    device: Device | None = None
    path: str = "/"


def draw_tree(machine: Machine) -> Object:
    """Return the root of the tree as it is now."""
    chardevs = {
        label: Object(
            "chardev-socket" if label == MONITOR else f"chardev-{kind}",
            {"connected": Property("bool", value=True)},
        )
        for label, kind in machine.chardevs.items()
    }
    objects = {
        name: Object(kind, {k: Property(_type_of(v), v) for k, v in properties.items()})
        for name, (kind, properties) in machine.objects.items()
    }
    root = Object(
        "container",
        children={
            "machine": _draw_machine(machine),
            "objects": Object("container", children=objects),
            "chardevs": Object("container", children=chardevs),
            "backend": Object("container"),
        },
    )
    for node in _all_below(root):
        for name, child in node.children.items():
            child.path = f"{node.path.rstrip('/')}/{name}"
    return root


def find(machine: Machine, path: str) -> Object:
    """Find an object by its path, or by a part of it that only one path ends with.

    Raises:
        CommandError: there is none, or more than one.
    """
    root = draw_tree(machine)
    parts = [part for part in path.split("/") if part]
    if path.startswith("/"):
        found = _descend(root, parts)
        matches = [] if found is None else [found]
    else:
        starts = _all_below(root)
        matches = [found for start in starts if (found := _descend(start, parts)) is not None]
    if len(matches) > 1:
        raise CommandError("GenericError", f"Path '{path}' is ambiguous")
    if not matches:
        raise CommandError("DeviceNotFound", f"Device '{path}' not found")
    return matches[0]


def _descend(start: Object, parts: list[str]) -> Object | None:
    node: Object | None = start
    for part in parts:
        node = node.children.get(part) if node is not None else None
    return node


def _all_below(root: Object) -> list[Object]:
    """Return an object and all that is below it, parents first."""
    nodes = [root]
    for node in nodes:
        nodes += node.children.values()
    return nodes


def _draw_machine(machine: Machine) -> Object:
    named: dict[str, Object] = {}
    nameless: dict[str, Object] = {}
    for device in machine.devices.values():
        where = named if device.id else nameless
        where[device.path.rpartition("/")[2]] = _draw_device(device)
    own = {
        name: Property(_type_of(value), value, machine.settings)
        for name, value in machine.settings.items()
    }
    host = Object("i440FX-pcihost", children={"pci.0": Object("PCI")})
    return Object(
        _MACHINE_TYPE,
        {**own, "acpi": Property("OnOffAuto", "auto"), "kernel": Property("string", "")},
        {
            "peripheral": Object("container", children=named),
            "peripheral-anon": Object("container", children=nameless),
            "unattached": Object("container", children=_unattached()),
            "i440fx": host,
        },
    )


def _unattached() -> dict[str, Object]:
    cpu = Object(
        "qemu64-x86_64-cpu",
        {
            "realized": Property("bool", value=True),
            "hotplugged": Property("bool", value=False),
            "vendor": Property("string", "AuthenticAMD"),
            "family": Property("int", 15),
            "model": Property("int", 107),
            "model-id": Property("string", "QEMU Virtual CPU version 2.5+"),
        },
    )
    return {
        "device[0]": cpu,
        "device[17]": Object(
            "piix3-ide",
            children={"ide.0": Object("IDE"), "ide.1": Object("IDE")},
        ),
        "device[18]": Object("piix3-usb-uhci", children={"usb-bus.0": Object("usb-bus")}),
        "sysbus": Object("System"),
    }


def _draw_device(device: Device) -> Object:
    properties = {
        "parent_bus": Property("link<bus>", _bus_path(device.driver)),
        "realized": Property("bool", value=True),
        "hotplugged": Property("bool", value=False),
        "hotpluggable": Property("bool", value=not device.driver.startswith("ide")),
    }
    for entry in recorded.device_properties()[device.driver]:
        name, kind = entry["name"], entry["type"]
        if not kind.startswith(("child<", "link<")):
            value = entry.get("default-value", _EMPTY.get(kind, 0))
            properties[name] = Property(kind, device.properties.get(name, value))
    return Object(device.driver, properties, device=device)


def _bus_path(driver: str) -> str:
    if driver.startswith("usb-"):
        return "/machine/unattached/device[18]/usb-bus.0"
    if driver.startswith("ide-"):
        return "/machine/unattached/device[17]/ide.0"
    return "/machine/i440fx/pci.0"


def _type_of(value: Any) -> str:
    match value:
        case bool():
            return "bool"
        case int():
            return "int"
        case str():
            return "string"
    return "any"
