"""How an address is read: what its first word says, and who reads the rest."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable

from qmpshell.address.kinds import Address, DeviceAddress, UnixAddress
from qmpshell.address.qemu_forms import read_qemu_form, split_options
from qmpshell.errors import AddressError

FORMS = (
    "a socket's path, unix:PATH, @ABSTRACT-NAME, HOST:PORT, tcp:HOST:PORT, [IPv6]:PORT,"
    " tls:HOST:PORT,"
    " ssh://HOST/PATH, exec:COMMAND, fd:N, pty:PATH, pipe:PATH, vsock:CID:PORT,"
    " listen:ADDRESS, libvirt:DOMAIN or libvirt:URI#DOMAIN"
)

#: The words of ``own_forms``, which is imported when there is one.
OWN_FORM = r"(ssh|exec|fd|listen|tls|libvirt):"
_OTHER_SCHEME = r"(ws|wss|websocket|telnet|http|https|file):"

#: The terminals that QEMU makes: what isn't there any more was one all the same.
_PTY = r"/dev/pts/[0-9]+"


def parse_address(text: str, *, exists: Callable[[str], bool] = os.path.lexists) -> Address:
    """Read an address.

    Parameters:
        text: one of the forms in ``FORMS``, with QEMU's ``,server=on,wait=off`` or not.
        exists: says whether a path exists: a file that is really called ``@x`` or
            ``host:1`` wins over what its name could also mean.

    Raises:
        AddressError: it is none of them.
    """
    if not text:
        raise AddressError(f"the address is empty; write {FORMS}")
    if "\0" in text:
        raise AddressError("an address can't hold a NUL character")
    if exists(text):
        return _at_path(text)
    if form := re.match(OWN_FORM, text):
        from qmpshell.address.own_forms import OWN_READERS

        return OWN_READERS[form[1]](text[form.end() :])
    if other := re.match(_OTHER_SCHEME, text):
        raise AddressError(f"{other[1]}: is no kind of address that works here; write {FORMS}")
    rest, _ = split_options(text)
    if exists(rest):
        return _at_path(rest)
    address = read_qemu_form(text)
    if isinstance(address, UnixAddress) and not text.startswith("unix:"):
        return _at_path(address.path)
    return address


def _at_path(path: str) -> Address:
    """Say what a path leads to: a socket, or there may be one, unless a device is there."""
    device = re.fullmatch(_PTY, path) or _is_device(path)
    return DeviceAddress(path) if device else UnixAddress(path)


def _is_device(path: str) -> bool:
    try:
        return stat.S_ISCHR(os.stat(path).st_mode)
    except OSError:
        return False
