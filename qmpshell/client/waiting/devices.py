"""The end of a device: the guest lets go of it, or refuses to."""

from __future__ import annotations

import re

from qmpshell.client.waiting.ending import SUCCESS, Ending, Failure, Outcome
from qmpshell.progress import Progress
from qmpshell.protocol import Event

_REFUSALS = ("DEVICE_UNPLUG_GUEST_ERROR", "MEM_UNPLUG_ERROR")


class DeviceEnding(Ending):
    """Ends when a device is gone.

    Parameters:
        name: its id, or its path in the object tree.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self.meanwhile = f"the guest may still let go of {name}: DEVICE_DELETED tells it"

    @property
    def progress(self) -> Progress | None:
        """Who is waited for."""
        return Progress(self._name, "waiting for the guest")

    def on_event(self, event: Event) -> None:
        """Take note of an event, whichever device it is about."""
        if event.name == "DEVICE_DELETED" and self._is_about_it(event):
            self.outcome = SUCCESS
        elif event.name in _REFUSALS and self._is_about_it(event):
            message = event.data.get("msg")
            reason = f": {message}" if isinstance(message, str) else ""
            desc = f"the guest refuses to let go of {self._name}{reason}"
            self.outcome = Outcome(Failure("DeviceUnplugRefused", desc))

    def _is_about_it(self, event: Event) -> bool:
        """A part of the device has an event of its own, with a path below the device's."""
        # QEMU takes a path with doubled slashes, and a slash at its end.
        path = re.sub("/+", "/", self._name).rstrip("/")
        return event.data.get("device") == self._name or (
            event.data.get("path") in (path, f"/machine/peripheral/{path}")
        )
