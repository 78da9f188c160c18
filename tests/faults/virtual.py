"""A simulated machine in this thread, in a time that passes only when nothing else happens.

Thousands of sessions can go wrong in a few seconds this way: there is no socket, no other
thread, and nobody waits for anything.
"""

import functools
import importlib
import os
from types import SimpleNamespace
from typing import Any

import pytest

from qmpshell.client import deadline
from qmpshell.simulator import Faults, ManualClock, recorded
from qmpshell.simulator.answers import answer
from qmpshell.simulator.clock import Timetable
from qmpshell.simulator.conversation import Conversation
from qmpshell.simulator.documents import event_members
from qmpshell.simulator.machine import Machine
from qmpshell.simulator.stream import OutputStream

#: How much time passes at a look that finds nothing, in seconds.
LOOK_SECONDS = 0.25

#: Who has looked for so long, in seconds, and found nothing, has no time limit: the person
#: then presses Ctrl-C.
PATIENCE = 60.0


class VirtualMachines:
    """Simulated machines, one at a time, that every connection of this process leads to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.suffer(Faults())
        monkeypatch.setattr(deadline, "time", SimpleNamespace(monotonic=lambda: self._clock()))
        # The package has a function of the same name as this module.
        connect = importlib.import_module("qmpshell.client.connect")
        monkeypatch.setattr(connect, "open_stream", lambda *_: self._open())

    def suffer(self, faults: Faults) -> None:
        """Say what the next connections suffer. All that go alike say the same bytes."""
        self._faults = faults
        self._clock = ManualClock()

    def _open(self) -> "VirtualStream":
        return VirtualStream(self._clock, self._faults)


class VirtualStream:
    """A stream to a simulated machine of its own.

    Parameters:
        clock: its time.
        faults: what the connection suffers.
    """

    def __init__(self, clock: ManualClock, faults: Faults) -> None:
        self._clock = clock
        self._faults = faults
        self._timetable = Timetable(clock)
        self._machine = Machine("sim", "demo", recorded.greeting(), self._timetable, self._emit)
        self._conversation = Conversation()
        self._output = OutputStream(faults)
        self._looked = 0.0
        self._output.greet(self._machine.greeting)

    def fileno(self) -> int:
        return _always_ready()

    def send(self, data: bytes) -> int:
        if self._over:
            raise BrokenPipeError
        self._conversation.receive(data)
        self._serve()
        return len(data)

    def recv(self, size: int) -> bytes:
        if not self._output.pending and not self._over:
            self._let_time_pass()
        data = bytes(self._output.pending[:size])
        del self._output.pending[:size]
        if data:
            self._looked = 0.0
        elif not self._over:
            raise BlockingIOError
        return data

    def close(self) -> None:
        pass

    @property
    def _over(self) -> bool:
        return not self._output.pending and (self._machine.ended or self._output.finished)

    def _let_time_pass(self) -> None:
        self._looked += LOOK_SECONDS
        if self._looked > PATIENCE:
            raise KeyboardInterrupt
        self._clock.advance(LOOK_SECONDS)
        self._timetable.run_due()

    def _serve(self) -> None:
        while not self._machine.ended:
            said = self._conversation.next_urgent() or self._conversation.next_waiting()
            if said is None:
                return
            self._output.reply(answer(said, self._conversation, self._machine, self._faults))
            self._timetable.run_due()

    def _emit(self, name: str, data: dict[str, Any]) -> None:
        if self._conversation.negotiated:
            self._output.say(event_members(name, data, self._timetable.now()))


@functools.cache
def _always_ready() -> int:
    """Return a descriptor that can always be read: the stream itself knows whether it is true."""
    readable, other = os.pipe()
    os.close(other)
    return readable
