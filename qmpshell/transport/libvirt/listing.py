"""The process that says which domains run on this host; one that hangs can be ended."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

_SYSTEM, _SESSION = "qemu:///system", "qemu:///session"

#: What a daemon's socket is called: the one for all, and the newer one for QEMU alone.
_SOCKETS = ("libvirt-sock", "virtqemud-sock")


def main() -> None:
    """Write a line of JSON for each libvirt that is there: an object, by UUID.

    Each domain is its name and the URI that it takes to reach it, ``""`` for none.
    """
    import libvirt

    libvirt.registerErrorHandler(lambda *_: None, None)
    default = os.environ.get("LIBVIRT_DEFAULT_URI") or (_SESSION if os.geteuid() else _SYSTEM)
    for uri in dict.fromkeys((default, _SYSTEM, _SESSION)):
        # Without a daemon, libvirt would start one.
        if any(map(os.path.exists, _sockets(uri))):
            try:
                connection = libvirt.openReadOnly(uri)
                domains = connection.listAllDomains(libvirt.VIR_CONNECT_LIST_DOMAINS_ACTIVE)
            except libvirt.libvirtError:
                continue
            written = "" if uri == default else uri
            found = {domain.UUIDString(): (domain.name(), written) for domain in domains}
            print(json.dumps(found), flush=True)


def _sockets(uri: str) -> Iterator[str]:
    """Return where the daemon of this host may listen, if a URI means this host."""
    parts = urlsplit(uri)
    if parts.scheme not in ("qemu", "qemu+unix") or parts.netloc:
        return
    if named := parse_qs(parts.query).get("socket"):
        yield named[0]
        return
    folder = "/run" if parts.path == "/system" else os.environ.get("XDG_RUNTIME_DIR", "")
    for socket in _SOCKETS:
        yield f"{folder or os.path.expanduser('~/.cache')}/libvirt/{socket}"
