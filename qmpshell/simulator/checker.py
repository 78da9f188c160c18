"""What QEMU says to arguments that its schema doesn't allow, in QEMU's words.

It walks ``query-qmp-schema`` as QEMU's own visitors walk the types: member by member in
the schema's order, the first fault ends it, and members that nobody asked for come last.
"""

from __future__ import annotations

from typing import Any, NoReturn

from qmpshell.errors import CommandError

Entry = dict[str, Any]

#: Commands that read their arguments themselves: their schema isn't all they take.
_OPEN = {"device_add"}

_BUILTINS: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}


class Checker:
    """Checks values against a schema.

    Parameters:
        schema: the answer to ``query-qmp-schema``.
    """

    def __init__(self, schema: list[Entry]) -> None:
        self._entries: dict[str, Entry] = {entry["name"]: entry for entry in schema}

    def command(self, name: str) -> Entry | None:
        """Return a command's entry, or ``None`` when there is none of that name."""
        entry = self._entries.get(name)
        return entry if entry is not None and entry["meta-type"] == "command" else None

    def check_arguments(self, name: str, arguments: dict[str, Any]) -> None:
        """Refuse what QEMU would refuse.

        Parameters:
            name: a command that exists.
            arguments: what was given to it.

        Raises:
            CommandError: as QEMU would answer.
        """
        entry = self._entries[self._entries[name]["arg-type"]]
        seen = self._check_members(entry, arguments, "")
        if name not in _OPEN:
            _refuse_others(arguments, seen, "")

    def check_answer(self, name: str, value: Any) -> None:
        """Refuse an answer that the command's schema doesn't promise.

        Raises:
            CommandError: what a client would find wrong.
        """
        self._check(self._entries[name]["ret-type"], value, "return", "return")

    def check_event(self, name: str, data: dict[str, Any]) -> None:
        """Refuse an event's data that its schema doesn't promise.

        Raises:
            CommandError: what a client would find wrong.
        """
        self._check(self._entries[name]["arg-type"], data, "data", "data")

    def _check(self, type_name: str, value: Any, path: str, leaf: str | None) -> None:
        """Check a value of any type.

        Parameters:
            type_name: its type's name.
            value: the value.
            path: where it is, such as ``file.children[0]``.
            leaf: the name of its member; ``None`` for an array's element. QEMU's texts
                for enums and alternates have only this.
        """
        entry = self._entries[type_name]
        match entry["meta-type"]:
            case "builtin":
                _check_builtin(entry["json-type"], value, path)
            case "enum":
                _check_enum(entry, value, path, leaf)
            case "array":
                _expect(list, "array", value, path)
                for index, element in enumerate(value):
                    self._check(entry["element-type"], element, f"{path}[{index}]", None)
            case "alternate":
                self._check_alternate(entry, value, path, leaf)
            case _:
                _expect(dict, "object", value, path)
                _refuse_others(value, self._check_members(entry, value, f"{path}."), f"{path}.")

    def _check_members(self, entry: Entry, value: dict[str, Any], prefix: str) -> set[str]:
        """Check an object's members; return the names that may be there."""
        allowed = set()
        for member in entry["members"]:
            name = member["name"]
            allowed.add(name)
            if name in value:
                self._check(member["type"], value[name], prefix + name, name)
            elif "default" not in member:
                raise CommandError("GenericError", f"Parameter '{prefix}{name}' is missing")
        if "tag" in entry:
            tag = value.get(entry["tag"])
            for variant in entry["variants"]:
                if variant["case"] == tag:
                    inner = self._entries[variant["type"]]
                    allowed |= self._check_members(inner, value, prefix)
        return allowed

    def _check_alternate(self, entry: Entry, value: Any, path: str, leaf: str | None) -> None:
        kinds = {}
        for member in entry["members"]:
            kinds[self._json_type(member["type"])] = member["type"]
        kind = _json_type_of(value)
        if kind not in kinds:
            expected = self._name_of_alternate(kinds)
            _refuse_type(leaf or "null", expected)
        self._check(kinds[kind], value, path, leaf)

    def _json_type(self, type_name: str) -> str:
        entry = self._entries[type_name]
        kinds = {"builtin": entry.get("json-type"), "enum": "string", "array": "array"}
        return str(kinds.get(entry["meta-type"], "object"))

    def _name_of_alternate(self, kinds: dict[str, str]) -> str:
        """Return the name in QEMU's C, which its texts leak and the schema hides."""
        if "object" not in kinds:
            return "StrOrNull" if "null" in kinds else "StatsValue"
        if "null" in kinds:
            return "BlockdevRefOrNull"
        if "tag" in self._entries[kinds["object"]]:
            return "BlockdevRef"
        is_enum = self._entries[kinds["string"]]["meta-type"] == "enum"
        return "Qcow2OverlapChecks" if is_enum else "BlockDirtyBitmapOrStr"


def _check_builtin(json_type: str, value: Any, path: str) -> None:
    if json_type == "value":
        return
    if json_type == "int":
        if type(value) is not int or not -(2**63) <= value < 2**64:
            _refuse_type(path, "integer")
    elif not isinstance(value, _BUILTINS[json_type]) or (
        json_type == "number" and isinstance(value, bool)
    ):
        _refuse_type(path, json_type)


def _check_enum(entry: Entry, value: Any, path: str, leaf: str | None) -> None:
    _expect(str, "string", value, path)
    if all(member["name"] != value for member in entry["members"]):
        name = leaf or "null"
        raise CommandError("GenericError", f"Parameter '{name}' does not accept value '{value}'")


def _refuse_others(value: dict[str, Any], allowed: set[str], prefix: str) -> None:
    for name in value:
        if name not in allowed:
            raise CommandError("GenericError", f"Parameter '{prefix}{name}' is unexpected")


def _json_type_of(value: Any) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int():
            return "int"
        case float():
            return "number"
        case str():
            return "string"
        case list():
            return "array"
    return "object"


def _expect(kind: type, name: str, value: Any, path: str) -> None:
    if not isinstance(value, kind):
        _refuse_type(path, name)


def _refuse_type(path: str, expected: str) -> NoReturn:
    raise CommandError("GenericError", f"Invalid parameter type for '{path}', expected: {expected}")
