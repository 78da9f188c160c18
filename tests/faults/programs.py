"""The programs, run in this process against machines in this thread."""

import functools
import io
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import pytest

from qmpshell.cli import one_shot, qom, shell
from qmpshell.simulator import recorded

#: What does nothing to a terminal but show.
_HARMLESS = re.compile(r"[^\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]*")

_ADDRESS = "unix:sim"


class Run(NamedTuple):
    """What became of a program: its exit status, and what it wrote."""

    status: int
    out: str
    err: str


class Program(NamedTuple):
    """A program and its arguments.

    Attributes:
        main: runs it.
        args: its arguments.
        limited: whether it has a time limit, for whatever it does.
    """

    main: Callable[[Sequence[str], Mapping[str, str]], int]
    args: Sequence[str]
    limited: bool = True

    def run(self, env: Mapping[str, str]) -> Run:
        """Run it to its end."""
        streams = [io.TextIOWrapper(io.BytesIO(), "utf-8") for _ in range(3)]
        with pytest.MonkeyPatch.context() as patch:
            for name, stream in zip(("stdin", "stdout", "stderr"), streams, strict=True):
                patch.setattr(sys, name, stream)
            status = self.main(self.args, env)
            for stream in streams[1:]:
                stream.flush()
        out, err = (stream.buffer.getvalue().decode() for stream in streams[1:])
        return Run(status, out, err)


def is_harmless(text: str) -> bool:
    """Say whether a text does nothing to a terminal."""
    return bool(_HARMLESS.fullmatch(text))


_LINES = (
    "query-status --timeout 2",
    "query-name --timeout 2 --output table",
    "query-status --timeout 2 --output flat",
    '{"execute": "query-name"} --timeout 2 --select name',
    "query-status --timeout 2 | cat >&2",
    "cont --timeout 2",
    "device_add usb-tablet id=usb1 --timeout 2",
    "device_del usb1 --timeout 2 --wait",
    "device_del nope --timeout 2",
    "device_del idd=nope --timeout 2",
    "blockdev-backup job-id=job1 device=scratch target=target sync=full --timeout 2 --wait",
    "query-nam --timeout 2",
    "query-jobs --timeout 2 --output pretty",
)


def _qmp_shell(*args: str) -> Program:
    return Program(shell.main, (_ADDRESS, "--connect-timeout", "2", *args))


def _qmp(*args: str) -> Program:
    return Program(one_shot.main, ("--path", _ADDRESS, *args), limited=False)


def _qom(name: str, *args: str) -> Program:
    return Program(functools.partial(qom.main, name), ("-s", _ADDRESS, *args), limited=False)


PROGRAMS: Mapping[str, Program] = {
    "qmp-shell with lines": _qmp_shell(
        "--keep-going", *(arg for line in _LINES for arg in ("-c", line))
    ),
    "qmp-shell with -v and --no-check": _qmp_shell(
        "-v", "--no-check", "device_add", "usb-tablet", "id=5", "--timeout", "2"
    ),
    "qmp-shell that is raw": _qmp_shell("--output", "raw", "query-status", "--timeout", "2"),
    "qmp-shell that watches": _qmp_shell(
        "--watch", "STO*", "--until", "SHUTDOWN", "--timeout", "1"
    ),
    "qmp": _qmp("query-status"),
    "qmp with arguments": _qmp("device_del", "--id=nope"),
    "qmp that helps": _qmp("blockdev-backup", "--help"),
    "qom-list": _qom("qom-list", "/machine/peripheral"),
    "qom-get": _qom("qom-get", "/machine/peripheral/net0.mac"),
    "qom-set": _qom("qom-set", "/machine/peripheral/net0.mac", "52:54:00:12:34:57"),
    "qom-tree": _qom("qom-tree", "/machine/peripheral"),
}

_COMMANDS = (
    *("query-status", "query-name", "cont", "device_add", "device_del", "blockdev-backup"),
    *("query-jobs", "query-qmp-schema", "query-commands", "qom-list", "qom-get", "qom-set"),
)


@functools.cache
def small_schema() -> dict[str, Any]:
    """Return as much of a schema as the programs need, as what commands return."""
    entries = {entry["name"]: entry for entry in recorded.schema()}
    names = dict.fromkeys([*_COMMANDS, "STOP", "SHUTDOWN"])
    while missing := [n for name in names for n in _references(entries[name]) if n not in names]:
        names |= dict.fromkeys(missing)
    return {
        "query-qmp-schema": [entries[name] for name in names],
        "query-commands": [{"name": name} for name in _COMMANDS],
    }


def _references(entry: Mapping[str, Any]) -> Iterable[str]:
    below = [*entry.get("members", ()), *entry.get("variants", ())]
    named = [entry.get(key) for key in ("arg-type", "ret-type", "element-type")]
    return [
        name for name in (*named, *(member["type"] for member in below if "type" in member)) if name
    ]
