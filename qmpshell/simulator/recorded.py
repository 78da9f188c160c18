"""What was recorded from real servers: read when it is first asked for.

``qemu-10.0.json.xz`` is one server's word: its greeting, the names of its commands and its
schema. ``qemu-7.2-machine.json.xz`` has what no schema says, from an older one: device
properties, the tree of types, and the help text of its human monitor. ``answers.json`` has
answers that don't change while the simulator runs, shortened by hand and made to fit the
schema of 10.0.
"""

from __future__ import annotations

import functools
import json
import lzma
from importlib import resources
from typing import Any


def greeting() -> dict[str, Any]:
    """Return what QEMU 10.0 greets with."""
    found: dict[str, Any] = _server()["greeting"]
    return found


def commands() -> list[dict[str, Any]]:
    """Return its answer to ``query-commands``."""
    found: list[dict[str, Any]] = _server()["commands"]
    return found


def schema() -> list[dict[str, Any]]:
    """Return its answer to ``query-qmp-schema``."""
    found: list[dict[str, Any]] = _server()["schema"]
    return found


def device_properties() -> dict[str, list[dict[str, Any]]]:
    """Return the answers to ``device-list-properties``, by driver."""
    found: dict[str, list[dict[str, Any]]] = _machine()["properties"]
    return found


def types() -> list[dict[str, Any]]:
    """Return the part of ``qom-list-types`` that the simulator's machine is made of."""
    found: list[dict[str, Any]] = _machine()["types"]
    return found


def hmp_help(*, of_info: bool = False) -> str:
    """Return the text of the human monitor's ``help``.

    Parameters:
        of_info: that of ``info`` instead.
    """
    return str(_machine()["hmp-info" if of_info else "hmp-help"])


@functools.cache
def answers() -> dict[str, Any]:
    """Return the answers that never change, by command."""
    read: dict[str, Any] = json.loads(_file("answers.json"))
    return read


@functools.cache
def _server() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(lzma.decompress(_file("qemu-10.0.json.xz")))
    return read


@functools.cache
def _machine() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(lzma.decompress(_file("qemu-7.2-machine.json.xz")))
    return read


def _file(name: str) -> bytes:
    return resources.files("qmpshell.simulator").joinpath("captures", name).read_bytes()
