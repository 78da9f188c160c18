"""Commands about the object tree and the types that objects have."""

from __future__ import annotations

from typing import Any

from qmpshell.errors import CommandError
from qmpshell.simulator import objects, recorded
from qmpshell.simulator.commands.table import command
from qmpshell.simulator.machine import Machine

_EXPECTED = {"bool": (bool, "boolean"), "int": (int, "integer"), "string": (str, "string")}


@command("qom-list")
def _qom_list(machine: Machine, arguments: dict[str, Any]) -> Any:
    found = objects.find(machine, arguments["path"])
    listed = [{"name": "type", "type": "string"}]
    listed += [{"name": name, "type": p.type} for name, p in found.properties.items()]
    listed += [{"name": name, "type": f"child<{o.type}>"} for name, o in found.children.items()]
    return listed


@command("qom-get")
def _qom_get(machine: Machine, arguments: dict[str, Any]) -> Any:
    found, name = objects.find(machine, arguments["path"]), arguments["property"]
    if name == "type":
        return found.type
    if name in found.children:
        return found.children[name].path
    return _property(found, name).value


@command("qom-set")
def _qom_set(machine: Machine, arguments: dict[str, Any]) -> None:
    found, name = objects.find(machine, arguments["path"]), arguments["property"]
    if name == "type" or name in found.children:
        raise CommandError("GenericError", f"Property '{found.type}.{name}' is not writable")
    known = _property(found, name)
    if found.device is not None:
        raise CommandError(
            "GenericError",
            f"Attempt to set property '{name}' on device '{found.device.id}'"
            f" (type '{found.type}') after it was realized",
        )
    if known.settings is None:
        raise CommandError("GenericError", f"Property '{found.type}.{name}' is not writable")
    kind, expected = _EXPECTED[known.type]
    if type(arguments["value"]) is not kind:
        raise CommandError(
            "GenericError", f"Invalid parameter type for '{name}', expected: {expected}"
        )
    known.settings[name] = arguments["value"]


def _property(found: objects.Object, name: str) -> objects.Property:
    if name not in found.properties:
        raise CommandError("GenericError", f"Property '{found.type}.{name}' not found")
    return found.properties[name]


@command("qom-list-types")
def _qom_list_types(_machine: Machine, arguments: dict[str, Any]) -> Any:
    wanted = arguments.get("implements", "object")
    return [
        entry
        for entry in recorded.types()
        if wanted in _ancestry(entry["name"])
        and (arguments.get("abstract") or not entry.get("abstract"))
    ]


def _ancestry(name: str) -> list[str]:
    parents = {entry["name"]: entry.get("parent") for entry in recorded.types()}
    line = []
    following: str | None = name
    while following is not None:
        line.append(following)
        following = parents.get(following)
    return line


@command("device-list-properties")
def _device_list_properties(_machine: Machine, arguments: dict[str, Any]) -> Any:
    name = arguments["typename"]
    if name in recorded.device_properties():
        return recorded.device_properties()[name]
    ancestry = _ancestry(name)
    if len(ancestry) == 1:
        raise CommandError("DeviceNotFound", f"Device '{name}' not found")
    if "device" not in ancestry or any(
        entry["name"] == name and entry.get("abstract") for entry in recorded.types()
    ):
        raise CommandError(
            "GenericError", "Parameter 'typename' expects a non-abstract device type"
        )
    return []


@command("qom-list-properties")
def _qom_list_properties(_machine: Machine, arguments: dict[str, Any]) -> Any:
    name = arguments["typename"]
    if len(_ancestry(name)) == 1 and name != "object":
        raise CommandError("DeviceNotFound", f"Class '{name}' not found")
    return [{"name": "type", "type": "string"}, *recorded.device_properties().get(name, [])]
