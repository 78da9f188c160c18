"""How fast commands go through each kind of transport, beside a plain Unix socket.

usage: python -m benchmarks.transports [COMMANDS]

10,000 commands are sent one after another, each when the reply to the one before is there, and
as many at once, which is more than any buffer on the way holds. Each kind has a QEMU of its own.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.measuring import PROGRAMS
from tests.libvirt_daemon import LibvirtDaemon
from tests.ssh_server import SSHServer
from tests.transport.far_ends import FAR_ENDS, FarEnd, Place

#: Prints how many seconds it took in both ways.
COMMANDS = """\
import sys, time, qmpshell
many = int(sys.argv[1])
replies = []
with qmpshell.connect(sys.argv[2]) as machine:
    start = time.perf_counter()
    for _ in range(many):
        machine.execute("query-name")
    between = time.perf_counter()
    for _ in range(many):
        machine.submit({"execute": "query-name"}, on_reply=replies.append)
    machine.wait(lambda: len(replies) == many, timeout=120)
    end = time.perf_counter()
    assert {str(reply.value) for reply in replies} == {"{'name': 'web1'}"}
print(between - start, end - between)
"""


@contextlib.contextmanager
def far_end(name: str, server: SSHServer) -> Iterator[FarEnd]:
    """Start a QEMU that is reached in this way.

    Parameters:
        name: the kind of transport.
        server: takes us to other hosts.
    """
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        place = Place(Path(folder), server, lambda: stack.enter_context(LibvirtDaemon()))
        yield from FAR_ENDS[name](place)


def report(many: int) -> str:
    """Measure, and return a table.

    Parameters:
        many: how many commands.
    """
    lines = [f"| {many:,} commands | one by one | at once |", "|---|---:|---:|"]
    with tempfile.TemporaryDirectory() as folder, SSHServer(Path(folder)) as server:
        path = f"{server.bin}:{PROGRAMS}:{os.environ['PATH']}"
        for name in FAR_ENDS:
            try:
                with far_end(name, server) as end:
                    command = end.command(sys.executable, "-c", COMMANDS, str(many))
                    done = subprocess.run(
                        command,
                        env={**os.environ, "PATH": path},
                        capture_output=True,
                        text=True,
                        check=True,
                    )
            except pytest.skip.Exception as reason:
                lines.append(f"| {name} | {reason} | |")
                continue
            lines.append(
                f"| {name} |{''.join(f' {float(s):.1f} s |' for s in done.stdout.split())}"
            )
    return "\n".join(lines)


if __name__ == "__main__":
    print(report(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000))
