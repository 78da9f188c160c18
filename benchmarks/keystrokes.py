"""What a keystroke costs: from the key to what the menu shows, without drawing it.

Every prefix of fifty lines is completed and coloured, as at a prompt, with the schema of QEMU
7.2 recorded in tests/data, and the simulator's machine for live names. A frame is 16 ms.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path

from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document

import qmpshell
from benchmarks.measuring import Bound, Section, amount
from qmpshell.schema import Schema
from qmpshell.shell.lexer import LineLexer
from qmpshell.shell.qmp_completer import QMPCompleter
from qmpshell.shell.replies import Replies
from qmpshell.shell.server import Server
from qmpshell.simulator import Simulator
from tests.schema.recorded import schema

ROUNDS = 1

#: Seconds between two pictures of a terminal.
FRAME = 0.016

LINES = [
    "query-status",
    "query-named-block-nodes flat=true",
    "qom-list /machine/peripheral",
    "qom-list path=/machine/unattached/device[0]",
    "qom-get path=/machine property=type",
    "qom-set path=/machine property=x value=1",
    "device_add driver=e1000 id=net1 netdev=net0 mac=52:54:00:12:34:56 bus=pci.0",
    "device_add virtio-net-pci id=n2 mac=52:54:00:12:34:57 netdev=net0 mq=on",
    "device_add driver=usb-tablet id=tab bus=usb.0",
    "device_del id=net1",
    "device_del net1",
    "object-add qom-type=secret id=sec0 data=abc format=raw",
    "object-add memory-backend-ram id=m0 size=64M share=on",
    "object-del id=sec0",
    "netdev_add type=user id=net1 hostfwd.0.str=tcp::2222-:22",
    "netdev_del id=net1",
    "set_link name=net0 up=off",
    "balloon value=512M",
    "chardev-add id=c0 backend.type=socket backend.data.addr.type=unix",
    "chardev-add id=c1 backend.type=socket backend.data.addr.data.path=/tmp/x",
    "chardev-remove id=c0",
    "blockdev-add driver=qcow2 node-name=d file.driver=file file.filename='my disk.qcow2'",
    "blockdev-add driver=qcow2 node-name=n file.driver=nbd file.server.type=inet "
    "file.server.host=localhost file.server.port=10809",
    "blockdev-add driver=raw node-name=r file.driver=luks file.file.driver=file",
    "blockdev-add driver=quorum vote-threshold=1 children.0.driver=file children.1.driver=nbd",
    "blockdev-del node-name=d",
    "block_resize node-name=d size=4G",
    "blockdev-mirror device=d target=n sync=full job-id=j speed=1M on-target-error=stop",
    "block-commit device=d top-node=a base-node=b job-id=c",
    "block-dirty-bitmap-add node=d name=b0 granularity=65536 persistent=on",
    "block-dirty-bitmap-remove node=d name=b0",
    "block-export-add type=nbd id=e node-name=d writable=on bitmaps=[]",
    "block-job-cancel device=j force=true",
    "job-cancel id=j",
    "migrate uri=tcp:localhost:4444 detach=true",
    "migrate-set-parameters multifd-compression=zstd max-bandwidth=100M",
    "migrate-set-capabilities capabilities.0.capability=events capabilities.0.state=on",
    "send-key keys.0.type=qcode keys.0.data=ctrl keys.1.type=qcode keys.1.data=alt",
    "screendump filename=/tmp/a.png format=png",
    "query-cpu-model-expansion type=full model.name=qemu64",
    "set_password protocol=vnc password=x",
    "trace-event-set-state name=qmp_* enable=true",
    "human-monitor-command command-line='info block'",
    "query-block --timeout 5",
    '{"execute": "blockdev-add", "arguments": {"driver": "qcow2", "node-name": "d", '
    '"file": {"driver": "nbd", "server": {"type": "inet", "host": "a", "port": "1"}}}}',
    '{"execute": "device_add", "arguments": {"driver": "e1000", "mac": "52:54:00:12:34:56"}}',
    '{"execute": "transaction", "arguments": {"actions": [{"type": "abort", "data": {}}]}}',
    "transaction( blockdev-backup device=d target=t sync=full ; abort ) --dry-run",
    "transaction(\n block-dirty-bitmap-add node=d name=b\n blockdev-snapshot node=d overlay=o\n)",
    "/help device_add",
]


def report(rounds: int) -> Section:
    """Measure.

    Parameters:
        rounds: how often each is measured.
    """
    times = sorted(time for _ in range(rounds) for time in measure(schema("7.2")))
    most = times[len(times) * 99 // 100]
    cells = [f"{1000 * time:.1f} ms" for time in (statistics.median(times), most, times[-1])]
    lines = [
        f"| {len(times):,} keystrokes | median | 99 % are under | most |",
        "|---|---:|---:|---:|",
        f"| completed and coloured | {' | '.join(cells)} |",
    ]
    frame = Bound(
        "99 % of keystrokes", amount(1000 * most, "ms"), "a frame", "16 ms", most / FRAME, 1.0
    )
    return Section(["\n".join(lines)], [frame])


def measure(known: Schema) -> list[float]:
    """Type all lines at a shell that is connected to a simulated machine.

    Parameters:
        known: the schema that lines are completed from.

    Returns:
        How many seconds each keystroke cost.
    """
    with (
        tempfile.TemporaryDirectory() as folder,
        Simulator(Path(folder, "monitor")) as simulator,
        qmpshell.connect(simulator.path) as client,
    ):
        server = Server()
        completer = QMPCompleter(server, Replies())
        completer.begin(client)
        client.wait(lambda: client.idle, timeout=10)
        server.commands, server.schema = list(known.commands), known
        server.on_answer()
        lexer = LineLexer()
        return [
            keystroke(completer, lexer, line[:end])
            for line in LINES
            for end in range(len(line) + 1)
        ]


def keystroke(completer: QMPCompleter, lexer: LineLexer, text: str) -> float:
    """Return how many seconds a text costs when its last key is pressed."""
    document = Document(text)
    start = time.perf_counter()
    list(completer.get_completions(document, CompleteEvent(completion_requested=True)))
    lexer.lex_document(document)
    return time.perf_counter() - start
