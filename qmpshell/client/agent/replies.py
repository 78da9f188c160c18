"""What stands in an agent's replies, which may be anything."""

from __future__ import annotations

import base64
import binascii
from typing import Any, TypeVar

from qmpshell.errors import ProtocolError

T = TypeVar("T")


def member(value: Any, name: str, kind: type[T], command: str) -> T:
    """Return a member of what a command returned.

    Parameters:
        value: what it returned.
        name: the member's name.
        kind: its type.
        command: the command's name.

    Raises:
        ProtocolError: there is no such member.
    """
    found = value.get(name) if isinstance(value, dict) else None
    if not isinstance(found, kind):
        raise strange(command)
    return found


def decoded(text: Any, command: str) -> bytes:
    """Return the bytes that a command returned in base64.

    Parameters:
        text: what it returned.
        command: the command's name.

    Raises:
        ProtocolError: it isn't base64.
    """
    try:
        return base64.b64decode(text, validate=True)
    except (TypeError, ValueError, binascii.Error):
        raise strange(command) from None


def strange(command: str) -> ProtocolError:
    """Return what to raise when a command returned what it never does."""
    return ProtocolError(f"{command} returned what no guest agent does")
