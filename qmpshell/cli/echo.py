"""``-v`` without a prompt: every message, on standard error."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

from qmpshell.client import Direction, Traffic
from qmpshell.render import compact_json


def with_echo(log: Traffic | None) -> Traffic:
    """Show every message on standard error as well, as QEMU's documentation writes them."""

    def echo(direction: Direction, members: Mapping[str, Any]) -> None:
        print("->" if direction == "sent" else "<-", compact_json(members), file=sys.stderr)
        if log:
            log(direction, members)

    return echo
