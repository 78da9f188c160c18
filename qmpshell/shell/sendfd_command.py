"""``/sendfd`` at the prompt."""

from __future__ import annotations

from typing import Any

from qmpshell.language.sendfd_words import read_sendfd
from qmpshell.protocol import Return
from qmpshell.render import escape
from qmpshell.shell.descriptors import send_file
from qmpshell.shell.session import Session


def send_descriptor(session: Session, rest: str) -> None:
    """Open a file and hand it over to QEMU.

    Parameters:
        session: whose QEMU.
        rest: what stands behind ``/sendfd``.

    Raises:
        LineError: it isn't understood.
        Error: as :func:`send_file`.
    """
    wanted = read_sendfd(rest)
    session.connection.raise_if_closed()

    def ask(members: dict[str, Any], descriptors: list[int]) -> Return:
        return session.request(members, descriptors=descriptors)

    sent = send_file(session.client, ask, wanted)
    session.printer.note(f"QEMU has {escape(wanted.file)} as {sent.name}")
