"""A command as a program: ours beside QEMU's own shell, other clients, and Python's imports.

``qom-get`` is typed: it needs the server's schema, which is kept on disk since the first round.
What is only imported is what any such program in Python needs. socat knows neither QMP nor JSON.
"""

from __future__ import annotations

import contextlib
import functools
import json
import shutil
import sys
import tempfile
from collections.abc import Callable

from benchmarks.measuring import (
    PROGRAMS,
    Section,
    bounds,
    compile_us,
    environment,
    running_qemu,
    table,
    take_turns,
)
from benchmarks.peers import libvirts_machine, python_with, qemus_shell
from benchmarks.programs import Cost, run

ROUNDS = 20

#: The client in the package qemu.qmp, and the older package qmp, are used in the same way.
CLIENT = """
import json, sys
from {module} import QEMUMonitorProtocol
monitor = QEMUMonitorProtocol(sys.argv[1])
monitor.connect()
print(json.dumps(monitor.cmd("query-status")))
"""

QEMUS, IMPORTS = "QEMU's qmp-shell", "`import click, json, socket`"
STATUS, TYPED = "qmp-shell query-status", "qmp-shell qom-get"


def report(rounds: int) -> Section:
    """Measure.

    Parameters:
        rounds: how often each is measured.
    """
    compile_us()
    with contextlib.ExitStack() as stack:
        (monitor,) = stack.enter_context(running_qemu())
        home = stack.enter_context(tempfile.TemporaryDirectory())
        ours = [str(PROGRAMS / "qmp-shell"), monitor]
        start = functools.partial(run, env=environment(home))
        ways: dict[str, Callable[[], Cost]] = {
            **peers(monitor, start),
            STATUS: lambda: start([*ours, "query-status"]),
            TYPED: lambda: start([*ours, "qom-get", "path=/machine", "property=type"]),
            IMPORTS: lambda: start([sys.executable, "-c", "import click, json, socket"]),
        }
        measured = take_turns(ways, rounds)
    wall = {name: [1000 * one.seconds for one in costs] for name, costs in measured.items()}
    processor = {name: [1000 * one.processor for one in costs] for name, costs in measured.items()}
    memory = {name: [one.megabytes for one in costs] for name, costs in measured.items()}
    return Section(
        [
            table("the whole program", wall, "ms"),
            table("its processor's time", processor, "ms"),
            table("its memory", memory, "MB"),
        ],
        bounds(
            wall,
            "ms",
            [
                ("`qmp-shell ADDRESS query-status`", STATUS, QEMUS, 0.65),
                ("`qmp-shell ADDRESS query-status`", STATUS, IMPORTS, 1.4),
                ("`qmp-shell ADDRESS qom-get ...`", TYPED, QEMUS, 0.65),
                ("`qmp-shell ADDRESS qom-get ...`", TYPED, IMPORTS, 1.4),
            ],
        ),
    )


def peers(monitor: str, start: Callable[..., Cost]) -> dict[str, Callable[[], Cost]]:
    """Return what asks for the status with each peer that is there."""
    ways: dict[str, Callable[[], Cost]] = {}
    if shell := qemus_shell():
        ways[QEMUS] = lambda: start([shell, monitor], "query-status\n")
    for package, module in (("qemu.qmp", "qemu.qmp.legacy"), ("qmp", "qmp")):
        if python := python_with(package):
            code = CLIENT.format(module=module)
            ways[f"{module}, a script"] = functools.partial(start, [python, "-c", code, monitor])
    if shutil.which("socat"):
        lines = '{"execute": "qmp_capabilities"}\n{"execute": "query-status"}\n'
        ways["socat"] = lambda: start(["socat", "-t0.01", "-", f"UNIX-CONNECT:{monitor}"], lines)
    if machine := libvirts_machine():
        request = json.dumps({"execute": "query-status"})
        ways["virsh"] = lambda: start(["virsh", "qemu-monitor-command", machine, request])
    return ways
