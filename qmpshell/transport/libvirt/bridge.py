"""The process between us and libvirt: QMP on its standard input, which is a socket.

Its standard error gets one line, and that at its end: why it is over. Ours is the only one that
comes to a person, so whatever the library and its programs say there beside goes nowhere.
"""

from __future__ import annotations

import os
import socket
import sys

from qmpshell.errors import WrongAddress
from qmpshell.transport.libvirt.refusal import Refusal

INSTALLING = (
    "`pip install 'qmpshell[libvirt]'` installs it, given libvirt's headers (libvirt-dev or"
    " libvirt-devel) and a compiler"
)


def main(uri: str, name: str) -> None:
    """Be the bridge to a domain.

    Parameters:
        uri: which libvirt has it; ``""`` for its own choice.
        name: its name, UUID or number.
    """
    said = os.dup(sys.stderr.fileno())
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stderr.fileno())

    def say(text: str) -> None:
        os.write(said, f"{' '.join(text.split())}\n".encode(errors="replace"))

    try:
        import libvirt
        import libvirt_qemu  # noqa: F401 (to see whether it is there)
    except ImportError as error:
        missing = f"Python's package libvirt-python is missing ({error})"
        say(str(Refusal(WrongAddress, missing, INSTALLING)))
        return
    from qmpshell.transport.libvirt.conversation import Conversation

    # What it has to say comes as exceptions as well.
    libvirt.registerErrorHandler(lambda *_: None, None)
    libvirt.virEventRegisterDefaultImpl()
    stream = socket.socket(fileno=os.dup(sys.stdin.fileno()))
    # Nobody else holds the socket open when we end.
    os.dup2(nowhere, sys.stdout.fileno())
    Conversation(stream, uri, name, say).run()
