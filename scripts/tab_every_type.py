"""Asks for the properties of every device type as Tab does, and sees that the machine lives.

    python scripts/tab_every_type.py SOCKET

It prints how many types the machine was asked about, how many a twin, and how many nobody.
"""

from __future__ import annotations

import select
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import qmpshell
from qmpshell.client.names import LiveNames, find_sources


def main(socket: str) -> None:
    """Ask about all types, one after the other."""
    asked: set[str] = set()

    def note(direction: str, members: object) -> None:
        match members:
            case {"execute": "device-list-properties", "arguments": {"typename": str(name)}}:
                asked.add(name)

    with qmpshell.connect(socket, traffic=note) as client:
        types = client.execute("qom-list-types", implements="device", abstract=False)
        names = LiveNames(client, came=lambda: None)
        counts: Counter[str] = Counter()
        for name in sorted(type_["name"] for type_ in types):
            found = ask(client, names, name)
            counts["machine" if name in asked else "twin" if found else "nobody"] += 1
            client.execute("query-status")
    print(f"{len(types)} types, and the machine lives; answered by: {dict(counts)}")


def ask(client: qmpshell.Client, names: LiveNames, driver: str) -> bool:
    """Ask for a driver's properties until they have come; say whether there are any."""
    sources = find_sources("device_add", (), members=True, given={("driver",): driver})
    while True:
        found, complete = names.names(sources)
        if complete:
            return bool(found)
        if names.twin:
            select.select([names.twin], [], [], 10)
        else:
            client.wait(lambda: client.idle, timeout=10)


if __name__ == "__main__":
    main(sys.argv[1])
