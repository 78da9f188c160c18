"""``qom-list``, ``qom-get``, ``qom-set`` and ``qom-tree``: the machine's objects, one call each."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from qmpshell.cli.program import complain_of_line, run_program
from qmpshell.cli.qom_words import PropertyPlace, one_path, property_and_value, property_places
from qmpshell.cli.status import Status
from qmpshell.cli.tool import Tool, read_tool
from qmpshell.client import Client
from qmpshell.client.qom import Node, Property
from qmpshell.errors import CommandError, Error, LineError
from qmpshell.named_tuple import NamedTuple
from qmpshell.render.flat import flat
from qmpshell.render.qom import ShownProperty, lost_node_lines, node_lines, property_name


def main(program: str, args: Sequence[str], env: Mapping[str, str]) -> int:
    """Run one of the four programs and return its exit status."""
    return run_program(program, functools.partial(_run, program, args, env))


def _run(program: str, args: Sequence[str], env: Mapping[str, str]) -> Status:
    tool = read_tool(program, args, env)
    return _PROGRAMS[program](tool) if tool else Status.OK


def _list(tool: Tool) -> Status:
    path = one_path(tool.words)
    with tool.connect() as client:
        properties = client.qom.list(path)
    if tool.wants_json:
        tool.show_json([_described(property_) for property_ in properties])
        return Status.OK
    for property_ in properties:
        tool.show(property_name(property_.name, property_.type))
    return Status.OK


def _described(property_: Property) -> dict[str, Any]:
    described = {"name": property_.name, "type": property_.type}
    if property_.description is not None:
        described["description"] = property_.description
    return described


def _get(tool: Tool) -> Status:
    places = property_places(tool.words)
    with tool.connect() as client:
        path, name = places[0] if len(places) == 1 else _find(client, places).place
        value = client.qom.get(path, name)
    if tool.wants_json:
        tool.show_json(value)
    else:
        tool.show(flat(value))
    return Status.OK


def _set(tool: Tool) -> Status:
    places, text = property_and_value(tool.words)
    from qmpshell.language.lone_value import read_lone_value
    from qmpshell.schema.property_types import property_type

    with tool.connect() as client:
        (path, name), type_ = _find(client, places)
        whole = " ".join(tool.words)
        try:
            value = read_lone_value(text, len(whole) - len(text), name, property_type(type_))
        except LineError as error:
            complain_of_line(tool.name, whole, error)
            return Status.USAGE
        client.qom.set(path, name, value)
    if tool.wants_json:
        tool.show_json({})
    return Status.OK


class _Found(NamedTuple):
    place: PropertyPlace
    type: str


def _find(client: Client, places: Sequence[PropertyPlace]) -> _Found:
    """Find out which of several readings of a path and a property is there.

    Returns:
        The place, and the property's type: the first place, with no type, when there is an
        object but no such property.

    Raises:
        CommandError: none of the objects is there.
    """
    errors: list[CommandError] = []
    objects: list[PropertyPlace] = []
    for place in places:
        try:
            properties = client.qom.list(place.path)
        except CommandError as error:
            errors.append(error)
            continue
        objects.append(place)
        for property_ in properties:
            if property_.name == place.name:
                return _Found(place, property_.type)
    if not objects:
        raise errors[0]
    return _Found(objects[0], "")


def _tree(tool: Tool) -> Status:
    path = one_path(tool.words)
    with tool.connect() as client:
        show_lost = functools.partial(_show_lost_node, tool)
        for node in client.qom.walk(path, on_error=show_lost):
            _show_node(tool, client, node)
    return Status.OK


def _show_node(tool: Tool, client: Client, node: Node) -> None:
    named = [property_ for property_ in node.properties if not property_.is_child]
    values = client.qom.get_all(node.path, [property_.name for property_ in named])
    if not tool.wants_json:
        shown = [
            ShownProperty(property_.name, property_.type, value)
            for property_, value in zip(named, values, strict=True)
        ]
        tool.show(node_lines(node.path, shown))
        return
    members = {
        property_.name: _as_json(value) for property_, value in zip(named, values, strict=True)
    }
    entries = [
        {**_described(property_), **members.get(property_.name, {})}
        for property_ in node.properties
    ]
    tool.show_json({"path": node.path, "properties": entries})


def _as_json(value: Any) -> dict[str, Any]:
    if isinstance(value, CommandError):
        return {"error": {"class": value.error_class, "desc": value.desc}}
    if isinstance(value, Error):
        return {"error": {"class": type(value).__name__, "desc": str(value)}}
    return {"value": value}


def _show_lost_node(tool: Tool, path: str, error: Error) -> None:
    if tool.wants_json:
        tool.show_json({"path": path, **_as_json(error)})
    else:
        tool.show(lost_node_lines(path, error))


_PROGRAMS: dict[str, Callable[[Tool], Status]] = {
    "qom-list": _list,
    "qom-get": _get,
    "qom-set": _set,
    "qom-tree": _tree,
}
