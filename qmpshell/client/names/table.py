"""Which names fit an argument: the one table of it.

The commands and members were tried on QEMU 7.2; a server without one of them answers with an
error, and then there are no names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from qmpshell.client.names.source import (
    OWN_DESCRIPTORS,
    Names,
    Source,
    ask,
    ask_hmp,
    children,
    entries,
    keys,
    matches,
    members,
    properties,
)
from qmpshell.named_tuple import NamedTuple

Path = tuple[str, ...]


class Place(NamedTuple):
    """Where a name is wanted.

    Attributes:
        typed: what stands there already.
        given: the values of the other arguments, by path.
    """

    typed: str
    given: Mapping[Path, str]


#: What finds sources: they may depend on what was typed, and on the other arguments.
Finder = Callable[[Place], Sequence[Source]]


def _always(*sources: Source) -> Finder:
    return lambda _: sources


def _bitmaps(place: Place) -> Sequence[Source]:
    """The bitmaps of the node that was given; all where none, or a device, was."""
    node = place.given.get(("node",))

    def read(answer: Any) -> Names:
        nodes = list(entries(answer))
        own = [entry for entry in nodes if entry.get("node-name") == node]
        return members("name", below=("dirty-bitmaps",), beside="granularity")(own or nodes)

    return [Source(_ASK_NODES, read)]


def _paths(place: Place) -> Sequence[Source]:
    """The next step of the path that is being typed."""
    above = place.typed[: place.typed.rfind("/") + 1] or "/"
    return [Source(ask("qom-list", path=above), children(prefix=above))]


def _properties(place: Place) -> Sequence[Source]:
    path = place.given.get(("path",))
    return [Source(ask("qom-list", path=path), properties)] if path else []


def _driver_properties(place: Place) -> Sequence[Source]:
    driver = place.given.get(("driver",))
    question = ask("device-list-properties", lasting=True, typename=driver)
    return [Source(question, properties)] if driver else []


def _property_values(place: Place, name: str) -> Sequence[Source]:
    """What one of a driver's properties allows, as far as its type says so."""

    def read(answer: Any) -> Names:
        types = dict(properties(answer))
        return [(value, types[name]) for value in _SWITCHES.get(types.get(name, ""), ())]

    return [Source(source.question, read) for source in _driver_properties(place)]


def _cpu_properties(place: Place) -> Sequence[Source]:
    name = place.given.get(("model", "name"))
    question = ask("query-cpu-model-expansion", lasting=True, type="full", model=(("name", name),))
    return [Source(question, keys("model", "props"))] if name else []


def _objects(pattern: str = "") -> Finder:
    return _always(Source(ask("qom-list", path="/objects"), children(pattern)))


_SWITCHES = {"bool": ("true", "false"), "OnOffAuto": ("auto", "on", "off")}

_ASK_NODES = ask("query-named-block-nodes", flat=True)
_ASK_BLOCK = ask("query-block")
_INFO_NETWORK = ask_hmp("info network")
_NET = r"^\s*(?:\\ )?(?P<name>[^:\n]+): index=\d+,type=(?P<beside>"

_NODE = Source(_ASK_NODES, members("node-name", beside="drv"))
_BLOCK_DEVICE = Source(_ASK_BLOCK, members("device"))
_FRONT_END = Source(_ASK_BLOCK, members("qdev", beside="device"))
_SNAPSHOT = Source(_ASK_NODES, lambda answer: _snapshots(answer, "name"))
_SNAPSHOT_ID = Source(_ASK_NODES, lambda answer: _snapshots(answer, "id"))
_JOB = Source(ask("query-jobs"), members("id", beside="status"))
_BLOCK_JOB = Source(ask("query-block-jobs"), members("device", beside="type"))
_EXPORT = Source(ask("query-block-exports"), members("id", beside="node-name"))
_CHARDEV = Source(ask("query-chardev"), members("label", beside="filename"))
_NETDEV = Source(_INFO_NETWORK, matches(_NET + r"(?!nic\b)[^,\s]*)"))
_NIC = Source(_INFO_NETWORK, matches(_NET + r"nic\b)"))
_DEVICE = Source(ask("qom-list", path="/machine/peripheral"), children())
_NAMELESS = Source(
    ask("qom-list", path="/machine/peripheral-anon"),
    children(prefix="/machine/peripheral-anon/"),
)
_DRIVER = Source(
    ask_hmp("device_add help", lasting=True),
    matches(r'^name "(?P<name>[^"\n]+)"(?:.*desc "(?P<beside>[^"\n]*)")?'),
)
_BUS = Source(ask_hmp("info qtree"), matches(r"^\s*bus: (?P<name>\S+)\s+type (?P<beside>\S+)"))
_DEVICE_TYPE = Source(
    ask("qom-list-types", lasting=True, implements="device", abstract=False),
    members("name", beside="parent"),
)
_TYPE = Source(ask("qom-list-types", lasting=True, abstract=True), members("name", beside="parent"))
_MACHINE = Source(ask("query-machines", lasting=True), members("name", "alias"))
_CPU_MODEL = Source(ask("query-cpu-definitions", lasting=True), members("name", beside="typename"))
_CPU = Source(ask("query-cpus-fast"), members("cpu-index", beside="qom-path"))
_CPU_PATH = Source(ask("query-cpus-fast"), members("qom-path"))
_IOTHREAD = Source(ask("query-iothreads"), members("id", beside="thread-id"))
_MEMORY = Source(ask("query-memdev"), members("id", beside="size"))
_TRACE = Source(
    ask("trace-event-get-state", lasting=True, name="*"), members("name", beside="state")
)
_FD_SET = Source(ask("query-fdsets"), members("fdset-id"))
_FD = Source(ask("query-fdsets"), members("fd", below=("fds",), beside="opaque"))
_DESCRIPTOR = Source(OWN_DESCRIPTORS, lambda names: [(name, "") for name in names])
_DESCRIPTOR_URI = Source(OWN_DESCRIPTORS, lambda names: [(f"fd:{name}", "") for name in names])
_VNC = Source(ask("query-vnc-servers"), members("id", beside="auth"))
_VIRTIO = Source(ask("x-query-virtio"), members("path", beside="name"))
_RX_FILTER = Source(ask("query-rx-filter"), members("name"))
_OPTION = Source(ask("query-command-line-options", lasting=True), members("option"))
_ROCKER = Source(ask("qom-list", path="/machine/peripheral"), children("rocker"))

_GUEST_USER = Source(ask("guest-get-users"), members("user"))
_MOUNT_POINT = Source(ask("guest-get-fsinfo"), members("mountpoint", beside="type"))
_GUEST_CPU = Source(ask("guest-get-vcpus"), members("logical-id", beside="online"))
_GUEST_MEMORY = Source(ask("guest-get-memory-blocks"), members("phys-index", beside="online"))

_nodes = _always(_NODE)
_disks = _always(_NODE, _BLOCK_DEVICE)
_jobs = _always(_JOB)
_block_jobs = _always(_BLOCK_JOB)
_none = _always()


def _snapshots(answer: Any, member: str) -> Names:
    images = [entry.get("image") for entry in entries(answer)]
    return members(member, below=("snapshots",), beside="date-sec")(images)


#: By a command's name and an argument's, or by an argument's alone. ``*`` stands for the
#: names of an object's members. Indices are left out.
_TABLE: Mapping[str, Finder] = {
    # Nodes, devices and what belongs to them.
    "node-name": _nodes,
    "node": _nodes,
    "image-node-name": _nodes,
    "base-node": _nodes,
    "top-node": _nodes,
    "bottom": _nodes,
    "overlay": _nodes,
    "parent": _nodes,
    "replaces": _nodes,
    "devices": _nodes,
    "vmstate": _nodes,
    "device": _disks,
    "blockdev-backup target": _nodes,
    "blockdev-mirror target": _nodes,
    "block-dirty-bitmap-merge target": _bitmaps,
    "block-dirty-bitmap-merge bitmaps": _bitmaps,
    "block-dirty-bitmap-merge bitmaps.name": _bitmaps,
    "block-dirty-bitmap-remove name": _bitmaps,
    "block-dirty-bitmap-clear name": _bitmaps,
    "block-dirty-bitmap-enable name": _bitmaps,
    "block-dirty-bitmap-disable name": _bitmaps,
    "x-debug-block-dirty-bitmap-sha256 name": _bitmaps,
    "bitmap": _bitmaps,
    "eject id": _always(_FRONT_END),
    "blockdev-open-tray id": _always(_FRONT_END),
    "blockdev-close-tray id": _always(_FRONT_END),
    "blockdev-remove-medium id": _always(_FRONT_END),
    "blockdev-insert-medium id": _always(_FRONT_END),
    "blockdev-change-medium id": _always(_FRONT_END),
    "block_set_io_throttle id": _always(_FRONT_END),
    "block-latency-histogram-set id": _always(_FRONT_END),
    "snapshot-load tag": _always(_SNAPSHOT),
    "snapshot-delete tag": _always(_SNAPSHOT),
    "blockdev-snapshot-delete-internal-sync name": _always(_SNAPSHOT),
    "blockdev-snapshot-delete-internal-sync id": _always(_SNAPSHOT_ID),
    "throttle-group": _objects("throttle-group"),
    "block_set_io_throttle group": _objects("throttle-group"),
    # What a block node stands on: another, by name.
    "blockdev-create options.file": _nodes,
    "blockdev-create options.data-file": _nodes,
    "blockdev-add node-name": _none,
    "blockdev-create options.node-name": _none,
    "blockdev-snapshot-sync snapshot-node-name": _none,
    # Jobs and exports.
    "job-cancel id": _jobs,
    "job-complete id": _jobs,
    "job-dismiss id": _jobs,
    "job-finalize id": _jobs,
    "job-pause id": _jobs,
    "job-resume id": _jobs,
    "block-job-cancel device": _block_jobs,
    "block-job-complete device": _block_jobs,
    "block-job-pause device": _block_jobs,
    "block-job-resume device": _block_jobs,
    "block-job-set-speed device": _block_jobs,
    "block-job-change id": _block_jobs,
    "block-job-dismiss id": _jobs,
    "block-job-finalize id": _jobs,
    "block-export-del id": _always(_EXPORT),
    "nbd-server-remove name": _always(_EXPORT),
    # Character devices and the network.
    "chardev": _always(_CHARDEV),
    "chardev-change id": _always(_CHARDEV),
    "chardev-remove id": _always(_CHARDEV),
    "chardev-send-break id": _always(_CHARDEV),
    "ringbuf-read device": _always(_CHARDEV),
    "ringbuf-write device": _always(_CHARDEV),
    "yank instances.id": _always(_CHARDEV),
    "netdev": _always(_NETDEV),
    "netdev_del id": _always(_NETDEV),
    "set_link name": _always(_NETDEV, _NIC),
    "query-rx-filter name": _always(_RX_FILTER),
    "announce-self interfaces": _always(_RX_FILTER),
    # Devices and objects.
    "device_add *": _driver_properties,
    "device_add id": _none,
    "device_add driver": _always(_DRIVER),
    "device_add drive": _disks,
    "device_add bus": _always(_BUS),
    "device_del id": _always(_DEVICE, _NAMELESS),
    "device-sync-config id": _always(_DEVICE),
    "screendump device": _always(_DEVICE),
    "input-send-event device": _always(_DEVICE),
    "object-del id": _objects(),
    "iothread": _always(_IOTHREAD),
    "memdev": _always(_MEMORY),
    "tls-creds": _objects("tls-creds-.*"),
    "tls-authz": _objects("authz-.*"),
    "authz": _objects("authz-.*"),
    "key-secret": _objects("secret.*"),
    "keyid": _objects("secret.*"),
    "password-secret": _objects("secret.*"),
    "rng": _objects("rng-.*"),
    # The object model.
    "qom-get path": _paths,
    "qom-list path": _paths,
    "qom-set path": _paths,
    "qom-get property": _properties,
    "qom-set property": _properties,
    "qom-list-types implements": _always(_TYPE),
    "qom-list-properties typename": _always(_TYPE),
    "device-list-properties typename": _always(_DEVICE_TYPE),
    # Processors, and the kinds of machines.
    "machine": _always(_MACHINE),
    "query-cpu-model-expansion model.name": _always(_CPU_MODEL),
    "query-cpu-model-expansion model.props *": _cpu_properties,
    "query-cpu-model-comparison modela.name": _always(_CPU_MODEL),
    "query-cpu-model-comparison modelb.name": _always(_CPU_MODEL),
    "query-cpu-model-baseline modela.name": _always(_CPU_MODEL),
    "query-cpu-model-baseline modelb.name": _always(_CPU_MODEL),
    "cpu-index": _always(_CPU),
    "vcpu": _always(_CPU),
    "vcpus": _always(_CPU_PATH),
    # What a guest's agent knows.
    "guest-fsfreeze-freeze-list mountpoints": _always(_MOUNT_POINT),
    "guest-set-memory-blocks mem-blks.phys-index": _always(_GUEST_MEMORY),
    "guest-set-user-password username": _always(_GUEST_USER),
    "guest-set-vcpus vcpus": _none,
    "guest-set-vcpus vcpus.logical-id": _always(_GUEST_CPU),
    "guest-ssh-add-authorized-keys username": _always(_GUEST_USER),
    "guest-ssh-get-authorized-keys username": _always(_GUEST_USER),
    "guest-ssh-remove-authorized-keys username": _always(_GUEST_USER),
    # The rest.
    "trace-event-get-state name": _always(_TRACE),
    "trace-event-set-state name": _always(_TRACE),
    "closefd fdname": _always(_DESCRIPTOR),
    "migrate uri": _always(_DESCRIPTOR_URI),
    "migrate-incoming uri": _always(_DESCRIPTOR_URI),
    "getfd fdname": _always(_DESCRIPTOR),
    "chardev-add backend.data.addr.data.str": _always(_DESCRIPTOR),
    "remove-fd fdset-id": _always(_FD_SET),
    "add-fd fdset-id": _always(_FD_SET),
    "remove-fd fd": _always(_FD),
    "display": _always(_VNC),
    "query-command-line-options option": _always(_OPTION),
    "query-rocker name": _always(_ROCKER),
    "query-rocker-ports name": _always(_ROCKER),
    "x-query-virtio-status path": _always(_VIRTIO),
    "x-query-virtio-queue-status path": _always(_VIRTIO),
    "x-query-virtio-queue-element path": _always(_VIRTIO),
    "x-query-virtio-vhost-queue-status path": _always(_VIRTIO),
}

#: Members of a block node's options that refer to another node, however deep they stand.
_NODE_REFERENCES = frozenset(
    {"backing", "children", "data-file", "file", "image", "log", "raw", "source", "target", "test"}
)
_BLOCK_OPTIONS = frozenset({"blockdev-add", "blockdev-reopen", "x-blockdev-amend"})


def find_sources(
    command: str,
    argument: Path,
    *,
    members: bool = False,
    typed: str = "",
    given: Mapping[Path, str] | None = None,
) -> Sequence[Source]:
    """Find what knows the names that fit an argument.

    Parameters:
        command: the command, or the action of a transaction.
        argument: the argument's path, or that of the object whose members are wanted.
        members: whether the names of an object's members are wanted.
        typed: what stands there already.
        given: the values of the other arguments, by path.
    """
    names = [part for part in argument if not part.isdecimal()]
    if command in _BLOCK_OPTIONS and names and names[-1] in _NODE_REFERENCES:
        return [_NODE]
    dotted = ".".join(names)
    if members:
        found = _TABLE.get(f"{command} {dotted} *" if dotted else f"{command} *")
    else:
        found = _TABLE.get(f"{command} {dotted}") or _TABLE.get(names[-1] if names else "")
    place = Place(typed, given or {})
    if command == "device_add" and len(names) == 1 and not found:
        return _property_values(place, names[0])
    return found(place) if found else ()
