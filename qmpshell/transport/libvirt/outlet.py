"""The bridge's end of the stream, towards us: any of its threads writes, and none waits for it."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable

import libvirt


class Outlet:
    """What is still to be sent: libvirt's event loop does that, as far as it can't be done at once.

    Parameters:
        stream: the socket.
        closed: is called when the other end is closed, and when everything is sent after
            :meth:`end`.
    """

    def __init__(self, stream: socket.socket, closed: Callable[[], None]) -> None:
        self._stream = stream
        self._closed = closed
        self._lock = threading.Lock()
        self._outgoing = bytearray()
        self._ending = False
        self._awaited = libvirt.VIR_EVENT_HANDLE_HANGUP
        self._watch = libvirt.virEventAddHandle(stream.fileno(), self._awaited, self._ready, None)

    def write(self, data: bytes) -> None:
        """Send bytes, behind those of before."""
        with self._lock:
            self._outgoing += data
            self._send()

    def end(self) -> None:
        """Call ``closed`` when all is sent."""
        with self._lock:
            self._ending = True
            self._send()

    def _send(self) -> None:
        # That the other end is closed is told otherwise.
        with contextlib.suppress(OSError):
            while self._outgoing:
                del self._outgoing[: self._stream.send(self._outgoing, socket.MSG_DONTWAIT)]
        events = libvirt.VIR_EVENT_HANDLE_HANGUP
        if self._outgoing or self._ending:
            events |= libvirt.VIR_EVENT_HANDLE_WRITABLE
        if events != self._awaited:
            self._awaited = events
            libvirt.virEventUpdateHandle(self._watch, events)

    def _ready(self, _watch: int, _descriptor: int, events: int, _opaque: object) -> None:
        with self._lock:
            self._send()
            ended = self._ending and not self._outgoing
        if ended or events & ~libvirt.VIR_EVENT_HANDLE_WRITABLE:
            self._closed()
