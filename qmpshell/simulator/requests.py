"""What the client said: documents → requests, or what QEMU says to those that are none."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, NoReturn

from qmpshell.errors import CommandError

_SURROGATE = re.compile("[\ud800-\udfff]")
_DECODER = json.JSONDecoder()


@dataclass(frozen=True, slots=True)
class Request:
    """A request in the right shape; whether it may be executed is another matter.

    Attributes:
        command: its name.
        arguments: empty when there were none.
        out_of_band: it said ``exec-oob``.
        members: the whole request as it came, ``id`` among them.
    """

    command: str
    arguments: dict[str, Any]
    out_of_band: bool
    members: dict[str, Any]


def decode(document: bytes) -> dict[str, Any]:
    """Read the JSON of a request.

    Raises:
        CommandError: it is none; the error's answer has no id.
    """
    try:
        text = document.decode("utf-8")
        value = json.loads(text, object_pairs_hook=_unique_members, parse_constant=_refuse_constant)
    except ValueError:
        raise CommandError("GenericError", "JSON parse error, expecting value") from None
    if "\\u" in text:
        _refuse_surrogates(value)
    assert isinstance(value, dict)
    return value


def read_request(members: dict[str, Any], *, oob_enabled: bool) -> Request:
    """Check a request's own members, in the order in which they came.

    Parameters:
        members: the decoded request.
        oob_enabled: whether ``exec-oob`` was negotiated.

    Raises:
        CommandError: as QEMU would answer.
    """
    execute: str | None = None
    for name, value in members.items():
        if name == "execute" or (name == "exec-oob" and oob_enabled):
            if execute is not None:
                _refuse(f"QMP input member '{name}' clashes with '{execute}'")
            if not isinstance(value, str):
                _refuse(f"QMP input member '{name}' must be a string")
            execute = name
        elif name == "arguments":
            if not isinstance(value, dict):
                _refuse("QMP input member 'arguments' must be an object")
        elif name != "id":
            _refuse(f"QMP input member '{name}' is unexpected")
    if execute is None:
        _refuse("QMP input lacks member 'execute'")
    return Request(members[execute], members.get("arguments", {}), execute == "exec-oob", members)


def split_stray(data: bytes) -> tuple[str, bytes]:
    """Say what QEMU says to bytes that begin no object, and return those behind them.

    Parameters:
        data: what came; its first byte begins something else than an object.
    """
    text = data.decode("latin-1")
    try:
        _, end = _DECODER.raw_decode(text)
    except (ValueError, RecursionError):
        start = text.find("{", 1)
        return "JSON parse error, expecting value", data[start:] if start > 0 else b""
    return "QMP input must be a JSON object", data[end:]


def _unique_members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        _refuse("JSON parse error, duplicate key")
    return members


def _refuse_constant(name: str) -> NoReturn:
    _refuse(f"JSON parse error, stray '{name[0]}'")


def _refuse_surrogates(value: Any) -> None:
    text = json.dumps(value, ensure_ascii=False)
    if found := _SURROGATE.search(text):
        _refuse(f"JSON parse error, \\u{ord(found[0]):x} is not a valid Unicode character")


def _refuse(desc: str) -> NoReturn:
    raise CommandError("GenericError", desc)
