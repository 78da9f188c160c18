"""What the prompt says of the machine: its name and its run state, kept current by events."""

from __future__ import annotations

from qmpshell.client import Client
from qmpshell.errors import ConnectionLost
from qmpshell.protocol import ErrorReply, Event, Return
from qmpshell.render import escape

#: The run state that an event leads to, as far as it says; the server is asked as well.
_STATE_AFTER = {
    "GUEST_PANICKED": "guest-panicked",
    "MIGRATION": None,
    "RESET": None,
    "RESUME": "running",
    "SHUTDOWN": "shutdown",
    "STOP": "paused",
    "SUSPEND": "suspended",
    "WAKEUP": "running",
    "WATCHDOG": None,
}


#: What stands for the name of a machine, or of a guest, that has none.
UNNAMED = ("QEMU", "guest")

#: A state that a machine is in for a moment, and leaves without an event (tried on 7.2).
_MIGRATED_SOON = "finish-migrate"


class Machine:
    """The name and run state of the machine behind a client.

    Attributes:
        name: the name it was given with ``-name``, or ``QEMU``; of a guest, which its agent
            tells, the host name. It is safe for a terminal.
        state: its run state such as ``running``, or ``""`` while it isn't known, as it never
            is of a guest.
    """

    def __init__(self, client: Client) -> None:
        self.name = UNNAMED[client.is_agent]
        self.state = ""
        self._client = client
        self._naming = False
        self._asking = False
        self._outdated = False

    @property
    def known(self) -> bool:
        """Whether no answer is awaited: each question that was asked has one, whatever it is."""
        return not (self._naming or self._asking)

    @property
    def finishes_migration(self) -> bool:
        """Whether it is about to be in another state, which it has to be asked for."""
        return self.state == _MIGRATED_SOON

    def ask(self) -> None:
        """Ask for both; the answers come when the client reads them."""
        self._naming = True
        if self._client.is_agent:
            self._client.submit({"execute": "guest-get-host-name"}, on_reply=self._take_name)
            return
        self._client.submit({"execute": "query-name"}, on_reply=self._take_name)
        self.ask_state()

    def on_event(self, event: Event) -> None:
        """Take note of an event that changes the run state."""
        if event.name not in _STATE_AFTER:
            return
        self.state = _STATE_AFTER[event.name] or self.state
        self._outdated = True
        self.ask_state()

    def ask_state(self) -> None:
        """Ask for the run state, but never twice at the same time."""
        if self._asking:
            return
        self._asking, self._outdated = True, False
        try:
            self._client.submit({"execute": "query-status"}, on_reply=self._take_state)
        except ConnectionLost:
            self._asking = False

    def _take_name(self, reply: Return | ErrorReply) -> None:
        self._naming = False
        match reply:
            case Return(value={"name": str(name)} | {"host-name": str(name)}) if name:
                self.name = escape(name)

    def _take_state(self, reply: Return | ErrorReply) -> None:
        self._asking = False
        match reply:
            case Return(value={"status": str(status)}):
                self.state = escape(status)
                if self._outdated:
                    self.ask_state()
