"""Commands that take more than their schema says: the one list of them.

QEMU reads their arguments by hand (``'gen': false`` in its QAPI files). ``object-add`` and
``netdev_add`` have had a complete schema since 6.0, which then is a union; without one, the
properties of the object that is made are not in it.
"""

from __future__ import annotations

_READ_BY_HAND = frozenset({"device_add", "netdev_add", "object-add"})


def takes_more(command: str, *, has_variants: bool) -> bool:
    """Say whether a command takes arguments that its schema doesn't have.

    Parameters:
        command: its name.
        has_variants: whether its arguments are a union in the schema.
    """
    return command in _READ_BY_HAND and not has_variants
