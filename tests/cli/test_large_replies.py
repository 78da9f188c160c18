"""Replies of many megabytes: written while they are made, in bounded memory."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from qmpshell.simulator import Faults, Simulator

Simulate = Callable[..., Simulator]

pytestmark = pytest.mark.usefixtures("home")

DISKS = [
    {
        "device": f"virtio{n}",
        "locked": False,
        "type": "unknown",
        "size": 2**30 + n,
        "qdev": f"/machine/peripheral/disk{n}/virtio-backend",
    }
    for n in range(80_000)
]
NESTED = {
    "a": [
        {"text": 'tab\t and "quotes"' * 50, "list": [[n, {"deep": {"down": ["é" * 40, None]}}]]}
        for n in range(9_000)
    ]
}


#: Runs a program and says how much memory it took, in KiB. A small process has to: what is
#: started by a large one is said to have been as large.
MEASURE = """
import resource, subprocess, sys
subprocess.run(sys.argv[2:], check=True, stdout=open(sys.argv[1], "wb"))
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def peak_memory(
    simulator: Simulator, value: Any, folder: Path, *options: str
) -> tuple[float, bytes]:
    """Return a program's peak memory, in parts of its reply's size, and what it wrote."""
    out = folder / "out"
    program = ["qmp-shell", *options, simulator.path, "query-block"]
    command = [sys.executable, "-c", MEASURE, str(out), *program]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        # Were the simulator to write it, that would take longer than all the rest.
        id_ = json.dumps(simulator.wait_for("query-block")["id"]).encode()
        document = b'{"return": ' + json.dumps(value).encode() + b', "id": ' + id_ + b"}\r\n"
        assert len(document) > 10_000_000
        simulator.send_raw(document)
        kibibytes, _ = process.communicate()
    assert process.returncode == 0
    return int(kibibytes) * 1024 / len(document), out.read_bytes()


@pytest.mark.parametrize("value", [DISKS, NESTED], ids=["many objects", "long strings"])
@pytest.mark.parametrize("form", ["pretty", "json", "flat"])
def test_memory_is_bounded(simulate: Simulate, tmp_path: Path, value: Any, form: str) -> None:
    simulator = simulate(faults=Faults(held=frozenset({"query-block"})))
    ratio, written = peak_memory(simulator, value, tmp_path, "--output", form)
    assert ratio < 12
    if form in ("pretty", "json"):
        assert json.loads(written) == value


def test_memory_is_bounded_in_colour(simulate: Simulate, tmp_path: Path) -> None:
    simulator = simulate(faults=Faults(held=frozenset({"query-block"})))
    ratio, written = peak_memory(simulator, DISKS, tmp_path, "--color", "always")
    assert ratio < 12
    assert written.count(b"\x1b[") > len(DISKS)
