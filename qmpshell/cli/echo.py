"""``-v`` without a prompt: every message, on standard error."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

from qmpshell.client import Direction, Traffic
from qmpshell.render import compact_json


def with_echo(log: Traffic | None) -> Traffic:
    """Show every message on standard error as well, as QEMU's documentation writes them."""
    from qmpshell.secrets import hiding_traffic  # few programs need it

    def show(direction: Direction, members: Mapping[str, Any]) -> None:
        print("->" if direction == "sent" else "<-", compact_json(members), file=sys.stderr)

    show_hidden = hiding_traffic(show)

    def echo(direction: Direction, members: Mapping[str, Any]) -> None:
        show_hidden(direction, members)
        if log:
            log(direction, members)

    return echo
