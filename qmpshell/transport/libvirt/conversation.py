"""QMP on one side, libvirt on the other.

The bridge's main thread runs libvirt's event loop, without which no event comes; a second one
reads requests, and waits for libvirt's answers. When the socket's other end is closed, however
that came about, the process ends at once.
"""

from __future__ import annotations

import json
import os
import socket
import threading
import time
from collections.abc import Callable
from typing import Any, NoReturn

import libvirt
import libvirt_qemu

from qmpshell.protocol.documents import DocumentSplitter
from qmpshell.transport.libvirt.domain import (
    error_text,
    find_domain,
    is_tainted,
    open_connection,
)
from qmpshell.transport.libvirt.outlet import Outlet
from qmpshell.transport.libvirt.refusal import Refusal
from qmpshell.transport.libvirt.relay import (
    Relayed,
    read_request,
    write_error,
    write_event,
    write_reply,
    write_return,
)

_NEGOTIATION = "qmp_capabilities"
_VERSION = '{"execute": "query-version"}'

_READ_SIZE = 64 * 1024

#: How long after a domain's monitor has ended libvirt may take to say why, in seconds.
_REASON_SECONDS = 5.0

#: An event of ours; the specification has such names for what isn't QEMU's.
_TAINT_EVENT = "__org.libvirt_TAINTED"
_TAINT = {"taint": "custom-monitor", "meaning": "others than libvirt command it"}

#: Why a domain isn't there any more (``virDomainEventStoppedDetailType``).
_ENDINGS = {
    libvirt.VIR_DOMAIN_EVENT_STOPPED_SHUTDOWN: "was shut down",
    libvirt.VIR_DOMAIN_EVENT_STOPPED_DESTROYED: "was destroyed",
    libvirt.VIR_DOMAIN_EVENT_STOPPED_CRASHED: "crashed",
    libvirt.VIR_DOMAIN_EVENT_STOPPED_MIGRATED: "was migrated to another host",
    libvirt.VIR_DOMAIN_EVENT_STOPPED_SAVED: "was saved and stopped",
    libvirt.VIR_DOMAIN_EVENT_STOPPED_FAILED: "failed",
}


class Conversation:
    """A QMP server whose machine is a domain.

    Parameters:
        stream: where it is spoken to.
        uri: which libvirt has the domain; ``""`` for its own choice.
        name: the domain's name, UUID or number.
        say: is given, at the end, why it is over.
    """

    def __init__(
        self, stream: socket.socket, uri: str, name: str, say: Callable[[str], None]
    ) -> None:
        self._uri = uri
        self._name = name
        self._say = say
        self._splitter = DocumentSplitter()
        self._stream = stream
        self._outlet = Outlet(stream, _leave)
        self._ended = threading.Event()
        self._ending = "libvirt lost its monitor"
        self._quit_accepted = False
        self._taints = False

    def run(self) -> None:
        """Serve until either side ends; this thread runs libvirt's event loop."""
        threading.Thread(target=self._work, daemon=True).start()
        while True:
            libvirt.virEventRunDefaultImpl()

    def _work(self) -> None:
        """Do what may have to wait for libvirt."""
        try:
            self._open()
            while (request := self._next_request()) and self._answer(request):
                pass
        except Refusal as refusal:
            self._refuse(str(refusal))
        except libvirt.libvirtError as error:
            self._refuse(error_text(error))
        except Exception as error:
            # Without this thread, nobody would answer or say why.
            self._refuse(f"{type(error).__name__}: {error}")
        self._ended.wait(_REASON_SECONDS)
        self._say(self._ending)
        self._outlet.end()

    def _next_request(self) -> Relayed | None:
        """Wait for the next request; there is none when the domain has ended."""
        while not (document := self._splitter.next_document()):
            data = self._stream.recv(_READ_SIZE)
            if not data and not self._ended.is_set():
                _leave()
            if not data:
                return None
            self._splitter.feed(data)
        return read_request(document)

    def _refuse(self, reason: str) -> NoReturn:
        self._say(reason)
        os._exit(1)

    def _open(self) -> None:
        connection = open_connection(self._uri)
        self._domain = find_domain(connection, self._uri, self._name)
        self._taints = not is_tainted(self._domain)
        connection.registerCloseCallback(self._on_close, None)
        connection.domainEventRegisterAny(
            self._domain, libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE, self._on_lifecycle, None
        )
        # Nothing may come before the greeting.
        version = json.loads(self._command(_VERSION))["return"]
        greeting = {"QMP": {"version": version, "capabilities": []}}
        self._outlet.write(json.dumps(greeting).encode() + b"\r\n")
        libvirt_qemu.qemuMonitorEventRegister(
            connection, self._domain, None, self._on_event, None, 0
        )
        # Who doesn't hold it loses it.
        self._connection = connection

    def _tell_of_taint(self) -> None:
        microseconds = time.time_ns() // 1000
        self._outlet.write(
            write_event(_TAINT_EVENT, *divmod(microseconds, 1_000_000), json.dumps(_TAINT))
        )

    def _answer(self, request: Relayed) -> bool:
        """Answer a request; say whether the domain is still there."""
        if request.command == _NEGOTIATION:
            # libvirt has negotiated, and nothing that we could add.
            reply = write_return({}, request.id)
        elif not request.command:
            # libvirt would wait for an answer to it without an end.
            reply = write_error("libvirt passes on what has an 'execute' in it only", request.id)
        else:
            try:
                reply = write_reply(self._command(request.text), request.id)
            except libvirt.libvirtError as error:
                if not self._is_there(error):
                    return self._end_in(request)
                reply = write_error(f"libvirt: {error_text(error)}", request.id)
        self._outlet.write(reply)
        if self._taints:
            # Before the negotiation is done, an event isn't heeded.
            self._taints = False
            self._tell_of_taint()
        return True

    def _end_in(self, request: Relayed) -> bool:
        self._ended.wait(_REASON_SECONDS)
        if self._quit_accepted and request.command == "quit":
            # QEMU has said that it ends for this; its reply is what libvirt didn't read any more.
            self._outlet.write(write_return({}, request.id))
        return False

    def _command(self, text: str) -> str:
        return str(libvirt_qemu.qemuMonitorCommand(self._domain, text, 0))

    def _is_there(self, error: libvirt.libvirtError) -> bool:
        """Say whether the domain's monitor still answers, after an error of libvirt's own."""
        if error.get_error_code() == libvirt.VIR_ERR_OPERATION_TIMEOUT:
            # Something else has the domain for itself, and libvirt waited for that to end.
            return True
        try:
            self._command(_VERSION)
        except libvirt.libvirtError:
            return False
        return True

    def _on_event(self, *event: Any) -> None:
        _connection, _domain, name, seconds, microseconds, data, _opaque = event
        self._quit_accepted |= name == "SHUTDOWN" and "host-qmp-quit" in (data or "")
        self._outlet.write(write_event(name, seconds, microseconds, data))

    def _on_lifecycle(self, *event: Any) -> None:
        _connection, domain, kind, detail, _opaque = event
        if kind == libvirt.VIR_DOMAIN_EVENT_STOPPED:
            self._end(f"the domain {domain.name()} {_ENDINGS.get(detail, 'stopped')}")

    def _on_close(self, *_: Any) -> None:
        self._end("libvirtd closed it, or is gone")

    def _end(self, reason: str) -> None:
        if not self._ended.is_set():
            self._ending = reason
            self._ended.set()
            # Who waits for a request need not do so any longer.
            self._stream.shutdown(socket.SHUT_RD)


def _leave() -> NoReturn:
    os._exit(0)
