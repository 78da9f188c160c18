"""The machine behind the simulator: what is in it, how it runs, what it reports."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from qmpshell.errors import CommandError
from qmpshell.simulator import recorded
from qmpshell.simulator.clock import Appointment, Timetable

Emit = Callable[[str, dict[str, Any]], None]

GIB = 2**30

#: What QEMU calls the first monitor of its command line.
MONITOR = "compat_monitor0"

#: How long a guest takes to shut down, or to let go of a device, in seconds.
GUEST_DELAY = 0.5


@dataclass(slots=True)
class Device:
    """A device that a person added, or that the machine was started with."""

    id: str
    driver: str
    properties: dict[str, Any]
    path: str
    unplugging: bool = False


@dataclass(slots=True)
class BlockNode:
    """A node of the block graph."""

    name: str
    driver: str
    size: int
    filename: str
    file: str | None = None
    backing: str | None = None
    read_only: bool = False
    bitmaps: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Job:
    """A job; its progress is known as it was at the time ``since``.

    Attributes:
        pivots: whether the devices use the target when it ends well.
    """

    id: str
    type: str
    length: int
    speed: int
    source: str
    target: str | None
    since: float
    auto_finalize: bool = True
    auto_dismiss: bool = True
    pivots: bool = True
    status: str = "created"
    offset: int = 0
    error: str | None = None
    paused: bool = False
    appointment: Appointment | None = None


class Machine:
    """A virtual machine as QEMU starts it with ``-S``.

    Parameters:
        monitor: the path of its monitor's socket.
        name: as ``-name`` gives it.
        greeting: of the QEMU that it runs on.
        timetable: its time.
        emit: called with each event's name and data.

    Attributes:
        status: the run state.
        picture: what ``screendump`` writes; ``None`` for a picture.
        ended: whether QEMU has ended.
    """

    def __init__(
        self,
        monitor: str,
        name: str,
        greeting: dict[str, Any],
        timetable: Timetable,
        emit: Emit,
    ) -> None:
        self.name = name
        self.greeting = greeting
        self.timetable = timetable
        self.emit = emit
        self.status = "prelaunch"
        self.ended = False
        self.picture: bytes | None = None
        self.settings: dict[str, Any] = {"usb": True, "graphics": True, "dump-guest-core": True}
        self.migration_capabilities = {
            entry["capability"]: entry["state"]
            for entry in recorded.answers()["query-migrate-capabilities"]
        }
        self.migration_parameters = dict(recorded.answers()["query-migrate-parameters"])
        self.netdevs = {"net0-backend": "user"}
        self.chardevs = {MONITOR: f"unix:{monitor},server=on"}
        self.objects: dict[str, tuple[str, dict[str, Any]]] = {
            "pc.ram": ("memory-backend-ram", {"size": 64 * 2**20})
        }
        self.nodes = {"scratch": BlockNode("scratch", "null-co", GIB, "null-co://")}
        self.jobs: dict[str, Job] = {}
        self.devices: dict[str, Device] = {}
        for id_, driver, properties in (
            ("disk0", "ide-hd", {"drive": "scratch"}),
            ("net0", "e1000", {"netdev": "net0-backend", "mac": "52:54:00:12:34:56"}),
            ("tab", "usb-tablet", {}),
        ):
            path = f"/machine/peripheral/{id_}"
            self.devices[path] = Device(id_, driver, properties, path)
        self._count = 0
        self._waits_for_guest: list[Callable[[], None]] = []

    @property
    def running(self) -> bool:
        """Whether the guest runs."""
        return self.status == "running"

    def number(self) -> int:
        """Return a number that wasn't used before, for names that QEMU makes up."""
        self._count += 1
        return self._count

    def resume(self) -> None:
        """Let the guest run, and do what waited for it."""
        if self.running:
            return
        self.status = "running"
        self.emit("RESUME", {})
        for action in self._waits_for_guest:
            self.timetable.later(GUEST_DELAY, action)
        self._waits_for_guest.clear()

    def pause(self) -> None:
        """Stop the guest, if it runs."""
        if self.running:
            self.status = "paused"
            self.emit("STOP", {})

    def ask_guest(self, action: Callable[[], None]) -> None:
        """Let the guest do something: a moment later, or once it runs."""
        if self.running:
            self.timetable.later(GUEST_DELAY, action)
        else:
            self._waits_for_guest.append(action)

    def shut_down(self, *, guest: bool, reason: str) -> None:
        """End QEMU.

        Parameters:
            guest: whether the guest asked for it.
            reason: as the event tells it.
        """
        if not self.ended:
            self.ended = True
            self.emit("SHUTDOWN", {"guest": guest, "reason": reason})

    def find_device(self, name: str) -> Device:
        """Find a device by its id, or by its path in the object tree.

        Raises:
            CommandError: there is none.
        """
        for device in self.devices.values():
            if name in (device.id, device.path):
                return device
        raise CommandError("DeviceNotFound", f"Device '{name}' not found")

    def unplugged(self, device: Device) -> None:
        """Take a device out of the machine."""
        if self.devices.pop(device.path, None) is None:
            return
        if device.driver.startswith("virtio-"):
            self.emit("DEVICE_DELETED", {"path": f"{device.path}/virtio-backend"})
        named = {"device": device.id} if device.id else {}
        self.emit("DEVICE_DELETED", {**named, "path": device.path})

    def find_node(self, name: str) -> BlockNode:
        """Find a block node by its name, or by the device that it is attached to.

        Raises:
            CommandError: there is none.
        """
        if name in self.nodes:
            return self.nodes[name]
        for device in self.devices.values():
            if name and name == device.id and "drive" in device.properties:
                return self.nodes[device.properties["drive"]]
        raise CommandError("GenericError", f"Cannot find device='{name}' nor node-name='{name}'")

    def users_of(self, node: BlockNode) -> list[str]:
        """Return who uses a block node: devices, other nodes, jobs."""
        devices = [d.id for d in self.devices.values() if d.properties.get("drive") == node.name]
        nodes = [n.name for n in self.nodes.values() if node.name in (n.file, n.backing)]
        jobs = [j.id for j in self.jobs.values() if node.name in (j.source, j.target)]
        return devices + nodes + jobs
