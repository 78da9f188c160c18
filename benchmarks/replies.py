"""Replies of any size, and a server that has one of them."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from qmpshell.simulator import Faults, Simulator


def objects(size: int) -> list[Any]:
    """Return as many small objects as make so many bytes of JSON."""

    def disk(number: int) -> dict[str, Any]:
        return {
            "device": f"virtio{number}",
            "locked": False,
            "removable": False,
            "type": "unknown",
            "size": 2**30 + number,
            "qdev": f"/machine/peripheral/disk{number}",
        }

    return list(repeated(disk, size))


def nested(size: int) -> dict[str, Any]:
    """Return nested values with long strings that make so many bytes of JSON."""

    def branch(number: int) -> dict[str, Any]:
        text = 'a "long" text,\twith é and /' * (1 + number * 37 % 400)
        deep = {"deep": {"deeper": {"deepest": [number, None, 1.5, {}]}}}
        return {"level": number, "text": text, "list": [[{"x": ["y" * (number % 100), deep]}]]}

    return {"all": {"of": {"it": list(repeated(branch, size))}}}


def repeated(make: Callable[[int], Any], size: int) -> Iterator[Any]:
    number = 0
    while size > 0:
        yield (value := make(number))
        size -= len(json.dumps(value)) + 2
        number += 1


class Server:
    """A server that answers ``query-block`` with prepared bytes, as fast as they are taken."""

    def __init__(self, value: bytes) -> None:
        self._value = value
        self._folder = tempfile.TemporaryDirectory()
        self.simulator = Simulator(
            Path(self._folder.name) / "monitor", faults=Faults(held=frozenset({"query-block"}))
        )

    def __enter__(self) -> Server:
        self.simulator.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.simulator.stop()
        self._folder.cleanup()

    def answer(self) -> None:
        id_ = json.dumps(self.simulator.wait_for("query-block")["id"]).encode()
        self.simulator.send_raw(b'{"return": %b, "id": %b}\r\n' % (self._value, id_))
