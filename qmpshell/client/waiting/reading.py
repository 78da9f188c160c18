"""What a server told, read with care: it may be of another version, or hostile."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qmpshell.client.waiting.ending import Answer
from qmpshell.protocol import Return


def count(value: object) -> int:
    """Return a number of bytes or steps; 0 for what is none."""
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 2**64:
        return int(value)
    return 0


def members_of(answer: Answer) -> Mapping[str, Any]:
    """Return the object that was answered; an empty one for what is none."""
    if isinstance(answer, Return) and isinstance(answer.value, dict):
        return answer.value
    return {}
