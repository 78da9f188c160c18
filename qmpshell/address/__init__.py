"""``"tcp:host:4444"`` → :data:`Address`: where a monitor is, as a person writes it.

``kinds`` has what addresses are, ``reading`` how one is read: ``qemu_forms`` those that QEMU's
own options take, so that what was given to ``-qmp`` can be pasted, commas and all, and
``own_forms`` the others.
"""

from qmpshell.address.kinds import (
    DEMO,
    AbstractAddress,
    Address,
    CommandAddress,
    DescriptorAddress,
    DeviceAddress,
    LibvirtAddress,
    ListenAddress,
    PipeAddress,
    SSHAddress,
    TCPAddress,
    TLSAddress,
    UnixAddress,
    VsockAddress,
    may_be_looked_at,
    name_of,
    short_text,
    trusts_anybody,
)
from qmpshell.address.reading import FORMS, parse_address

__all__ = [
    "DEMO",
    "FORMS",
    "AbstractAddress",
    "Address",
    "CommandAddress",
    "DescriptorAddress",
    "DeviceAddress",
    "LibvirtAddress",
    "ListenAddress",
    "PipeAddress",
    "SSHAddress",
    "TCPAddress",
    "TLSAddress",
    "UnixAddress",
    "VsockAddress",
    "may_be_looked_at",
    "name_of",
    "parse_address",
    "short_text",
    "trusts_anybody",
]
